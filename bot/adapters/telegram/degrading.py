"""Plainer forms of a payload, for when Telegram refuses it: without pictures, then as nothing but text. Pure."""

from __future__ import annotations

from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from bot.adapters.telegram import limits
from bot.adapters.telegram.payloads import (
    ALBUM,
    TEXT,
    Media,
    caption_of,
    is_local,
    large_preview,
    media_kind,
    pictures_of,
    text_payload,
)
from bot.adapters.telegram.rendering import linkable, render
from bot.adapters.telegram.writer import Rich
from bot.model.delivery import Degradation, Payload
from bot.model.richtext import Image


def degrade(payload: Payload, keep: Degradation) -> Payload | None:
    """Return the payload without pictures to load (they become links), or as plain text; None where nothing changes."""
    match keep:
        case Degradation.NONE:
            return None
        case Degradation.NO_IMAGES:
            return _without_images(payload)
        case Degradation.PLAIN:
            plain = _plain(_without_images(payload) or payload)
            return plain if plain != payload else None


def _without_images(payload: Payload) -> Payload | None:
    if payload["method"] == TEXT:
        if payload["link_preview_options"].get("is_disabled"):
            return None
        return {**payload, "link_preview_options": {"is_disabled": True}}
    text, entities = caption_of(payload)
    images = [Image(url, _file_name(url)) for url in pictures_of(payload)]
    if payload["method"] == ALBUM and all("caption" in item for item in payload["media"]):  # each has its description
        text, entities = "", []
        images = [Image(item["media"], item["caption"]) for item in payload["media"]]
    names, offset = render(images), _utf16(text) + 2 if text else 0
    moved = [{**entity, "offset": entity["offset"] + offset} for entity in names.json()]
    # A preview cannot fail the message, so one of the pictures may still be tried that way.
    remote = [image.url for image in images if linkable(image.url) and media_kind(image.url) is Media.PHOTO]
    preview = large_preview(remote[0], above=True) if remote else None
    message = text_payload(Rich(f"{text}\n\n{names.text}" if text else names.text), preview)
    message["entities"] = [*entities, *moved][: limits.ENTITIES]
    return message | ({"reply_markup": payload["reply_markup"]} if "reply_markup" in payload else {})


def _file_name(url: str) -> str:
    return PurePosixPath(unquote(urlsplit(url).path)).name if is_local(url) else ""


def _plain(payload: Payload) -> Payload:
    text, taken = payload["text"], 0
    units = text.encode("utf-16-le")
    room = limits.TEXT - len(text)
    pieces = []
    for entity in payload["entities"]:
        end = entity["offset"] + entity["length"]
        words = units[2 * entity["offset"] : 2 * end].decode("utf-16-le")
        note = f" ({entity['url']})" if entity["type"] == "text_link" and entity["url"] != words else ""
        if note and len(note) <= room:
            pieces += [units[taken : 2 * end].decode("utf-16-le"), note]
            taken, room = 2 * end, room - len(note)
    pieces.append(units[taken:].decode("utf-16-le"))
    return text_payload(Rich("".join(pieces)))


def _utf16(text: str) -> int:
    return len(text.encode("utf-16-le")) // 2
