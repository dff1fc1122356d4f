"""What a payload is: ``{"method": …}`` with that Bot API method's own parameters, as JSON.

One payload is one call. A file to upload stands in it by its ``file:`` address.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from enum import StrEnum
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from bot.adapters.telegram.writer import Rich
from bot.model.command import Where
from bot.model.delivery import Payload

ALBUM: Final = "sendMediaGroup"
TEXT: Final = "sendMessage"


Rows = list[list[dict[str, str]]]
"""Buttons as Telegram takes them."""


class Media(StrEnum):
    """What a picture is to Telegram; the value names it in calls."""

    PHOTO = "photo"
    ANIMATION = "animation"
    VIDEO = "video"
    DOCUMENT = "document"

    @property
    def method(self) -> str:
        """Return the method that sends one."""
        return f"send{self.capitalize()}"


_KINDS = {
    ".gif": Media.ANIMATION,
    ".mp4": Media.VIDEO,
    ".mov": Media.VIDEO,
    ".webm": Media.DOCUMENT,
    ".svg": Media.DOCUMENT,
    ".pdf": Media.DOCUMENT,
    ".tif": Media.DOCUMENT,
    ".tiff": Media.DOCUMENT,
}


BOT_LINK: Final = "bot:"
"""How the address of a link into the bot begins in a payload: who the bot is, is known where payloads are sent."""

_START = re.compile(r"[A-Za-z0-9_-]{1,64}")  # https://core.telegram.org/bots/features#deep-linking


def bot_link(where: Where, action: str) -> str | None:
    """Return the address of a link into the bot; None where it has no room for the action."""
    start = action.replace(" ", "_")
    if where is Where.CHANNEL:
        return f"{BOT_LINK}startchannel&admin=post_messages+edit_messages"
    if not _START.fullmatch(start):
        return None
    return f"{BOT_LINK}{'startgroup' if where is Where.GROUP else 'start'}={start}"


def with_bot(rows: Rows, username: str) -> Rows:
    """Return buttons with the bot's name in their links into the bot."""
    return [
        [
            button | {"url": f"https://t.me/{username}?{button['url'].removeprefix(BOT_LINK)}"}
            if button.get("url", "").startswith(BOT_LINK)
            else button
            for button in row
        ]
        for row in rows
    ]


def media_kind(url: str) -> Media:
    """Tell by its name what a picture is to Telegram; one whose name says nothing is a photo."""
    return _KINDS.get(PurePosixPath(urlsplit(url).path).suffix.lower(), Media.PHOTO)


def is_local(url: str) -> bool:
    """Tell whether a picture lies on this machine and is to be uploaded."""
    return url.startswith("file:")


def text_payload(rich: Rich, preview: Mapping[str, Any] | None = None) -> dict[str, Any]:
    """Make a message of a text; without a preview of its own it has none."""
    options = dict(preview or {"is_disabled": True})
    return {"method": TEXT, "text": rich.text, "entities": rich.json(), "link_preview_options": options}


def large_preview(url: str, *, above: bool) -> dict[str, Any]:
    """Show a picture of the web large with a text: above it, or below."""
    return {"url": url, "prefer_large_media": True, "show_above_text": above}


def pictures_of(payload: Payload) -> list[str]:
    """Return the addresses of the pictures a payload sends."""
    if payload["method"] == ALBUM:
        return [item["media"] for item in payload["media"]]
    return [payload[kind] for kind in Media if payload["method"] == kind.method]


def caption_of(payload: Payload) -> tuple[str, list[dict[str, Any]]]:
    """Return the text and the entities of a message of any kind."""
    holder = payload["media"][0] if payload["method"] == ALBUM else payload
    field = "text" if payload["method"] == TEXT else "caption"
    entities = "entities" if payload["method"] == TEXT else "caption_entities"
    return holder.get(field, ""), list(holder.get(entities, ()))
