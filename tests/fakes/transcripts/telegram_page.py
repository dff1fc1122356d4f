"""A Telegram chat as the app shows it, from what stands in a transcript."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from itertools import groupby
from typing import Any
from urllib.parse import urlsplit

from markupsafe import Markup

from tests.fakes.telegram.entities import cut
from tests.fakes.transcript import Button, ChatCard, Record, Transcript
from tests.fakes.transcripts.markup import element, join
from tests.fakes.transcripts.pictures import face, is_picture, name_colour, picture
from tests.fakes.transcripts.telegram_text import draw_text

_KINDS = {"private": "bot", "group": "group", "supergroup": "group", "channel": "channel"}


def draw_chat(card: ChatCard, transcript: Transcript) -> Markup:
    """Draw one chat: its head, and everything that stands in it."""
    records = list(transcript.standing(card.id))
    viewer = next((record.author for record in records if not record.by_bot and card.kind != "channel"), "")
    drawn: list[Markup] = []
    for day, of_day in groupby(records, key=lambda record: datetime.fromtimestamp(record.at, UTC).date()):
        drawn.append(element("div", element("span", f"{day:%B} {day.day}"), class_="note"))
        same_day = list(of_day)
        for _, album in groupby(same_day, key=_album):
            drawn.append(_message(card, list(album), viewer=viewer))
    title = "Digest" if card.kind == "private" else card.title
    names = element("span", element("b", title), element("small", _KINDS[card.kind]), class_="names")
    head = element("header", element("span", "‹", class_="back"), face(title, "face"), names, element("span", "⋮"))
    return element("section", head, element("div", join(drawn), class_="messages"), class_=f"chat {card.kind}")


def _album(record: Record) -> object:
    return record.content.get("media_group_id", record.number)


def _message(card: ChatCard, album: list[Record], *, viewer: str) -> Markup:
    """Draw a message, or an album, as whoever wrote first in the chat sees it: their own stand on the right."""
    first = album[0]
    service = _service(first.content)
    if service:
        return element("div", element("span", f"{first.author} {service}"), class_="note")
    mine = bool(viewer) and not first.by_bot and first.author == viewer
    bubble = element("div", _inside(card, album, mine=mine), class_="bubble")
    keyboard = join([_keyboard_row(row) for row in first.buttons])
    column = element("div", bubble, element("div", keyboard, class_="keyboard") if keyboard else "", class_="column")
    beside = face(first.author, "face small") if card.kind in {"group", "supergroup"} and not mine else ""
    return element("article", beside, column, class_="mine" if mine else "theirs")


def _inside(card: ChatCard, album: list[Record], *, mine: bool) -> Markup:
    first = album[0]
    parts: list[Markup] = []
    if card.kind != "private" and not mine:
        name = card.title if card.kind == "channel" else first.author
        parts.append(element("div", name, class_="name", style=f"color: {name_colour(name)}"))
    reply = first.content.get("reply_to_message")
    if reply:
        quoted = reply.get("text", reply.get("caption", ""))
        parts.append(
            element("div", element("b", reply.get("from", {}).get("first_name", card.title)), quoted, class_="reply")
        )
    pictures = [_picture(record.content) for record in album if _is_picture(record.content)]
    if pictures:
        alone = "" if any(record.text for record in album) else " alone"
        parts.append(element("div", *pictures, class_=f"album of{min(len(pictures), 4)}{alone}"))
    elif "document" in first.content:
        parts.append(_document(first.content["document"]))
    captioned = next((record for record in album if record.text), first)
    caption = _words(captioned.content)
    words = element("div", caption, class_="words") if captioned.text else Markup("")
    above = captioned.content.get("show_caption_above_media")
    parts.insert(0 if above else len(parts), words)
    preview, options = _preview(first.content), first.content.get("link_preview_options", {})
    parts.insert(len(parts) - 1 if options.get("show_above_text") else len(parts), preview)
    parts.append(_stamp(first, edited="edit_date" in first.content, mine=mine))
    return join(parts)


def _words(content: Mapping[str, Any]) -> Markup:
    if "text" in content:
        return draw_text(content["text"], content.get("entities", []))
    return draw_text(content.get("caption", ""), content.get("caption_entities", []))


def _is_picture(content: Mapping[str, Any]) -> bool:
    return bool({"photo", "animation", "video"} & content.keys())


def _picture(content: Mapping[str, Any]) -> Markup:
    shown = picture(content.get("source", ""), "", "photo")
    moving = "animation" in content and element("span", "GIF", class_="moving")
    return element("span", shown, moving or "", class_="frame")


def _document(document: Mapping[str, Any]) -> Markup:
    size = f"{max(document['file_size'] // 1000, 1)} kB"
    names = element("span", element("b", document["file_name"]), element("small", size), class_="names")
    return element("div", element("span", "↓", class_="file"), names, class_="document")


def _preview(content: Mapping[str, Any]) -> Markup:
    """Draw the preview Telegram would make of the first link, as far as it can be known without fetching it."""
    options = content.get("link_preview_options", {})
    url = options.get("url") or next(_addresses(content), "")
    if options.get("is_disabled") or not url or "text" not in content:
        return Markup("")
    above = " above" if options.get("show_above_text") else ""
    if is_picture(url):  # of a picture there is nothing to tell but itself
        return element("div", picture(url, "", "preview-picture"), class_=f"preview bare{above}")
    parts = urlsplit(url)
    small = options.get("prefer_small_media")
    shown = [element("b", parts.netloc.removeprefix("www.")), element("span", parts.path.strip("/") or parts.netloc)]
    large = "" if small else element("span", class_="preview-picture")
    return element("div", *shown, large, class_=f"preview{' small' if small else ''}{above}")


def _addresses(content: Mapping[str, Any]) -> Any:
    for entity in content.get("entities", []):
        if entity["type"] == "text_link":
            yield entity["url"]
        elif entity["type"] == "url":
            yield cut(content["text"], entity)


def _stamp(record: Record, *, edited: bool, mine: bool) -> Markup:
    time = f"{datetime.fromtimestamp(record.at, UTC):%H:%M}"
    return element("span", "edited " if edited else "", time, " ✓✓" if mine else "", class_="stamp")


def _keyboard_row(row: tuple[Button, ...]) -> Markup:
    keys = [element("span", button.label, class_="key link" if button.url else "key") for button in row]
    return element("div", *keys, class_="row")


def _service(content: Mapping[str, Any]) -> str:
    match content:
        case {"new_chat_members": [*members]}:
            return f"added {', '.join(member['first_name'] for member in members)}"
        case {"left_chat_member": member}:
            return f"removed {member['first_name']}"
        case {"new_chat_title": title}:
            return f"changed the name to “{title}”"
        case {"forum_topic_created": topic}:
            return f"created the topic “{topic['name']}”"
        case {"migrate_to_chat_id": _} | {"migrate_from_chat_id": _}:
            return "upgraded the group to a supergroup"
        case _:
            return ""
