"""A post as the payloads of Bot API calls: one payload, one call. Pure.

A payload is ``{"method": …}`` with that method's own parameters, as JSON; a file to upload stands in it by its
``file:`` address. Where a picture may stand: in the preview of a message, which cannot fail the message; above a short
text, as a photo or an album with a caption; else in a part of its own. A text names every remote picture that it does
not carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from itertools import groupby
from pathlib import PurePosixPath
from typing import Any, Final
from urllib.parse import urlsplit

from bot.adapters.telegram import limits
from bot.adapters.telegram.rendering import cost, linkable, render
from bot.adapters.telegram.writer import CAPTION_LIMIT, LIMIT, Rich, fits
from bot.model.command import Button, Buttons
from bot.model.delivery import Degradation, Payload, Post
from bot.model.richtext import Block, Document, Image, paragraph, walk
from bot.renderers.plain import one_line
from bot.renderers.splitting import pack

ALBUM: Final = "sendMediaGroup"
TEXT: Final = "sendMessage"
_JOINT = (2, 0, 0)  # an empty line


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


def compose(post: Post) -> list[Payload]:
    """Turn a post into as few calls as the limits allow."""
    keyboard = _keyboard(post.buttons)
    if len(post.units) == 1:
        payloads = _compose_alone(post.units[0], with_keyboard=bool(keyboard))
    else:
        payloads = _compose_texts(pack(post.units, cost=cost, limit=LIMIT, joint=_JOINT), above=False)
    return _with_keyboard(payloads, keyboard)


def degrade(payload: Payload, keep: Degradation) -> Payload | None:
    """Return the payload without images (they become links), or as plain text; None where nothing changes."""
    match keep:
        case Degradation.NONE:
            return None
        case Degradation.NO_IMAGES:
            return _without_images(payload)
        case Degradation.PLAIN:
            plain = _plain(_without_images(payload) or payload)
            return plain if plain != payload else None


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


# Texts.


def _compose_texts(documents: Iterable[Document], *, above: bool) -> list[dict[str, Any]]:
    payloads = []
    for document in documents:
        rich = render(document.blocks)
        pictures = [block for block in walk(document.blocks) if isinstance(block, Image)]
        remote = [picture.url for picture in pictures if not is_local(picture.url) and _is_shown(picture)]
        preview = {"url": remote[0], "prefer_large_media": True, "show_above_text": above} if remote else None
        payloads += [text_payload(rich, preview)] if rich.text else []
        payloads += _compose_gallery([picture for picture in pictures if is_local(picture.url)])
    return payloads


def _compose_alone(unit: Document, *, with_keyboard: bool) -> list[dict[str, Any]]:
    """Compose a post that is one entry: its pictures are its own."""
    shown = [block for block in unit.blocks if isinstance(block, Image) and _is_shown(block)]
    local = [block for block in walk(unit.blocks) if isinstance(block, Image) and is_local(block.url)]
    gallery = list(dict.fromkeys((*shown, *local)))
    if not gallery or (len(gallery) == 1 and not local and media_kind(gallery[0].url) is Media.PHOTO):
        return _compose_texts(pack([unit], cost=cost, limit=LIMIT, joint=_JOINT), above=True)
    text = Document(tuple(block for block in unit.blocks if block not in shown))
    payloads, caption = _compose_gallery(gallery), render(text.blocks)
    if len(payloads) == 1 and fits(caption, CAPTION_LIMIT) and not (with_keyboard and payloads[0]["method"] == ALBUM):
        return [_with_caption(payloads[0], caption)]
    # Pictures that were shown are not shown again in a preview; local ones are not sent again.
    texts = [text_payload(render(piece.blocks)) for piece in pack([text], cost=cost, limit=LIMIT, joint=_JOINT)]
    return payloads + [payload for payload in texts if payload["text"]]


# Pictures.


def _is_shown(picture: Image) -> bool:
    """Tell whether Telegram can show a picture; another remote one stays a link."""
    return is_local(picture.url) or (linkable(picture.url) and media_kind(picture.url) is not Media.DOCUMENT)


def _compose_gallery(pictures: Sequence[Image]) -> list[dict[str, Any]]:
    """Send pictures by themselves: photos and videos together, everything else alone."""
    payloads: list[dict[str, Any]] = []
    for in_album, group in groupby(pictures, key=lambda one: media_kind(one.url) in {Media.PHOTO, Media.VIDEO}):
        run = list(group)
        step = limits.ALBUM if in_album else 1
        payloads += (_compose_pictures(run[at : at + step]) for at in range(0, len(run), step))
    return payloads


def _compose_pictures(pictures: Sequence[Image]) -> dict[str, Any]:
    match pictures:
        case [picture]:
            kind = media_kind(picture.url)
            payload = {"method": kind.method, str(kind): picture.url}
            title = render((paragraph(one_line(Document((paragraph(picture.alt),)), limit=limits.CAPTION)),))
            return _with_caption(payload, title)
        case _:
            media = [{"type": str(media_kind(picture.url)), "media": picture.url} for picture in pictures]
            return {"method": ALBUM, "media": media}


def _with_caption(payload: dict[str, Any], caption: Rich) -> dict[str, Any]:
    words = {"caption": caption.text, "caption_entities": caption.json()} if caption.text else {}
    if payload["method"] != ALBUM:
        return {key: value for key, value in payload.items() if not key.startswith("caption")} | words
    first, *others = payload["media"]
    return payload | {"media": [first | words, *others]}


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


# Plainer forms.


def _without_images(payload: Payload) -> Payload | None:
    if payload["method"] == TEXT:
        if payload["link_preview_options"].get("is_disabled"):
            return None
        return {**payload, "link_preview_options": {"is_disabled": True}}
    text, entities = caption_of(payload)
    names = render(_as_links(pictures_of(payload)))
    offset = _utf16(text) + 2 if text else 0
    moved = [{**entity, "offset": entity["offset"] + offset} for entity in names.json()]
    message = text_payload(Rich(f"{text}\n\n{names.text}" if text else names.text))
    message["entities"] = [*entities, *moved][: limits.ENTITIES]
    return message | ({"reply_markup": payload["reply_markup"]} if "reply_markup" in payload else {})


def _as_links(urls: Iterable[str]) -> list[Block]:
    return [Image(url, PurePosixPath(urlsplit(url).path).name if is_local(url) else "") for url in urls]


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


# Buttons.


def _keyboard(rows: Buttons) -> list[list[dict[str, str]]]:
    keyboard, room = [], limits.BUTTONS
    for row in rows:
        buttons = [shown for button in row if (shown := _button(button))][:room]
        room -= len(buttons)
        step = limits.BUTTONS_IN_ROW
        keyboard += [buttons[at : at + step] for at in range(0, len(buttons), step)]
    return keyboard


def _button(button: Button) -> dict[str, str] | None:
    if button.action:
        return {"text": button.label, "callback_data": button.action}
    return {"text": button.label, "url": button.url} if linkable(button.url) else None


def _with_keyboard(payloads: list[dict[str, Any]], keyboard: list[list[dict[str, str]]]) -> list[Payload]:
    """Put the buttons below the last message that can have any: an album cannot."""
    if keyboard:
        for payload in reversed(payloads):
            if payload["method"] != ALBUM:
                payload["reply_markup"] = {"inline_keyboard": keyboard}
                break
    return list(payloads)
