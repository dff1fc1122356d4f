"""A post as the payloads of Bot API calls. Pure.

Where a picture may stand: in the preview of a message, which cannot fail the message; above a short text, as a photo or
an album with a caption; else in a part of its own. A text names every remote picture that it does not carry.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import groupby, pairwise
from typing import Any

from bot.adapters.telegram import limits
from bot.adapters.telegram.payloads import (
    ALBUM,
    Media,
    Rows,
    bot_link,
    is_local,
    large_preview,
    media_kind,
    text_payload,
)
from bot.adapters.telegram.rendering import cost, linkable, render
from bot.adapters.telegram.writer import CAPTION_LIMIT, LIMIT, Rich, fits
from bot.model.command import Button, Buttons, Where
from bot.model.delivery import Payload, Post
from bot.model.richtext import Block, Document, Heading, Image, Paragraph, bold, paragraph, spans_of, walk
from bot.renderers.plain import one_line
from bot.renderers.splitting import pack

_JOINT = (2, 0, 0)  # an empty line
_ENTRY = 3
"""The level of an entry's heading."""
_TITLE = 60
"""Characters of a title that is told again where its entry goes on in another message."""
_LIMIT_BESIDE_TITLE = tuple(
    most - used for most, used in zip(LIMIT, (_TITLE + 2 + _JOINT[0], 1, limits.ENTITY_OVERHEAD), strict=True)
)
_LONG_ENOUGH = 1500
"""Characters of a message behind which a picture may begin the next: about two screens of a phone."""


def compose(post: Post) -> list[Payload]:
    """Turn a post into as few calls as the limits allow."""
    rows = keyboard(post.buttons)
    if len(post.units) == 1:
        payloads = _compose_alone(post.units[0], with_keyboard=bool(rows))
    else:
        payloads = _compose_packed(post.units)
    return _with_keyboard(payloads, rows)


def compose_one(document: Document, buttons: Buttons) -> Payload:
    """Turn a document into one text message, whatever is left over; pictures of this machine are left out."""
    blocks = tuple(block for block in document.blocks if not (isinstance(block, Image) and is_local(block.url)))
    (first, rich), *_ = _messages([Document(blocks)])
    preview = next((large_preview(url, above=True) for url in _remote(first.blocks)), None)
    payload = text_payload(rich, preview)
    return _with_keyboard([payload], keyboard(buttons))[0]


# Texts.


def _messages(units: Sequence[Document]) -> list[tuple[Document, Rich]]:
    """Pack units into messages, each with its text; what may be a single one is tried first, and written only once."""
    whole = Document(tuple(block for unit in units for block in unit.blocks))
    if sum(len(span.text) for span in spans_of(whole.blocks)) <= limits.TEXT and fits(rich := render(whole.blocks)):
        return [(whole, rich)] if whole else []
    pieces = pack(units, cost=cost, limit=LIMIT, joint=_JOINT)
    if any(_cut_title(pieces, at) for at in range(len(pieces))):
        pieces = pack(units, cost=cost, limit=_LIMIT_BESIDE_TITLE, joint=_JOINT)
    named = (Document((*_cut_title(pieces, at), *piece.blocks)) for at, piece in enumerate(pieces))
    return [(piece, render(piece.blocks)) for piece in named]


def _cut_title(pieces: Sequence[Document], at: int) -> tuple[Paragraph, ...]:
    """Return what tells, where a piece begins amid an entry, which one that is."""
    if at == 0 or not pieces[at].blocks or isinstance(pieces[at].blocks[0], Heading):
        return ()
    before = (block for piece in reversed(pieces[:at]) for block in reversed(piece.blocks))
    heading = next((block for block in before if isinstance(block, Heading) and block.level == _ENTRY), None)
    if heading is None:
        return ()
    return (paragraph(bold(f"… {one_line(Document((heading,)), limit=_TITLE)}")),)


def _compose_packed(units: Sequence[Document]) -> list[dict[str, Any]]:
    """Compose a post of several units, in few messages.

    A preview stands at the edge of its message, so the picture in it belongs to whom the reader meets there: above the
    first unit, or below the last. So that more of the pictures are seen, a unit with one begins a message where the one
    before is long enough; and a unit whose picture is uploaded is its caption.
    """
    payloads = []
    for group in _grouped(units):
        if len(group) == 1 and (captioned := _compose_captioned(group[0])):
            payloads += captioned
            continue
        for document, rich in _messages(group):
            entries = _entries(document)
            above, below = _remote(entries[0]), _remote(entries[-1])
            preview = next((large_preview(url, above=True) for url in above), None)
            preview = preview or next((large_preview(url, above=False) for url in below), None)
            payloads += _compose_text(document, rich, preview)
    return payloads


def _grouped(units: Sequence[Document]) -> Iterator[list[Document]]:
    """Begin a group with a unit that has a picture to show, once the group before it is long enough."""
    group: list[Document] = []
    length = 0
    for unit in units:
        alone = bool(_compose_captioned(unit))
        if group and (alone or (length >= _LONG_ENOUGH and any(_remote(unit.blocks)))):
            yield group
            group, length = [], 0
        group.append(unit)
        length += render(unit.blocks).cost[0]
        if alone:
            yield group
            group, length = [], 0
    if group:
        yield group


def _compose_captioned(unit: Document) -> list[dict[str, Any]]:
    """Compose a unit as the caption of its uploaded pictures; nothing where it has none, or is too long for one."""
    if not any(isinstance(block, Image) and is_local(block.url) for block in unit.blocks):
        return []
    payloads = _compose_alone(unit, with_keyboard=False)
    return payloads if len(payloads) == 1 else []


def _entries(document: Document) -> list[tuple[Block, ...]]:
    """Cut a document where an entry's heading stands; what is above the first belongs to it."""
    starts = [at for at, block in enumerate(document.blocks) if isinstance(block, Heading) and block.level == _ENTRY]
    edges = [0, *starts[1:], len(document.blocks)]
    return [document.blocks[start:end] for start, end in pairwise(edges)]


def _remote(blocks: Iterable[Block]) -> Iterator[str]:
    """Yield the pictures of some blocks that a preview can show."""
    for block in walk(blocks):
        if isinstance(block, Image) and not is_local(block.url) and _is_shown(block):
            yield block.url


def _compose_text(document: Document, rich: Rich, preview: Mapping[str, Any] | None) -> list[dict[str, Any]]:
    """Compose a message, and behind it the pictures of this machine that stand in it."""
    local = [block for block in walk(document.blocks) if isinstance(block, Image) and is_local(block.url)]
    return ([text_payload(rich, preview)] if rich.text else []) + _compose_gallery(local)


def _compose_alone(unit: Document, *, with_keyboard: bool) -> list[dict[str, Any]]:
    """Compose a post that is one entry: its pictures are its own."""
    shown = [block for block in unit.blocks if isinstance(block, Image) and _is_shown(block)]
    local = [block for block in walk(unit.blocks) if isinstance(block, Image) and is_local(block.url)]
    gallery = list(dict.fromkeys((*shown, *local)))
    payloads: list[dict[str, Any]] = []
    is_photo = len(gallery) == 1 and media_kind(gallery[0].url) is Media.PHOTO
    # An album has no buttons, and a message with buttons is turned into others: no picture must be left above it.
    if not gallery or (not local and (is_photo or (with_keyboard and len(gallery) > 1))):
        for document, rich in _messages([unit]):
            preview = next((large_preview(url, above=True) for url in _remote(document.blocks)), None)
            payloads += _compose_text(document, rich, preview)
        return payloads
    text = Document(tuple(block for block in unit.blocks if block not in shown))
    payloads, caption = _compose_gallery(gallery), render(text.blocks)
    if len(payloads) == 1 and fits(caption, CAPTION_LIMIT) and not (with_keyboard and payloads[0]["method"] == ALBUM):
        return [_with_caption(payloads[0], caption)]
    # Pictures that were shown are not shown again in a preview; local ones are not sent again.
    texts = [text_payload(rich) for _, rich in _messages([text])]
    return payloads + [payload for payload in texts if payload["text"]]


# Pictures.


def _is_shown(picture: Image) -> bool:
    """Tell whether Telegram can show a picture; another remote one stays a link."""
    return is_local(picture.url) or (linkable(picture.url) and media_kind(picture.url) is not Media.DOCUMENT)


def _compose_gallery(pictures: Sequence[Image]) -> list[dict[str, Any]]:
    """Send pictures by themselves: photos together, everything else alone.

    A video without sound, as figures are, is an animation to Telegram, and an album with one is refused:
    https://github.com/tdlib/telegram-bot-api/issues/301
    """
    payloads: list[dict[str, Any]] = []
    for in_album, group in groupby(pictures, key=lambda one: media_kind(one.url) is Media.PHOTO):
        run = list(group)
        step = limits.ALBUM if in_album else 1
        payloads += (_compose_pictures(run[at : at + step]) for at in range(0, len(run), step))
    return payloads


def _compose_pictures(pictures: Sequence[Image]) -> dict[str, Any]:
    """Send pictures with their descriptions, which an album shows one by one, as its pictures are opened."""
    items = [(media_kind(picture.url), picture.url, _described(picture)) for picture in pictures]
    if len(items) == 1:
        [(kind, url, title)] = items
        return {"method": kind.method, str(kind): url, **_captioned(title)}
    media = [{"type": str(kind), "media": url, **_captioned(title)} for kind, url, title in items]
    return {"method": ALBUM, "media": media}


def _described(picture: Image) -> Rich:
    return Rich(one_line(Document((paragraph(picture.alt),)), limit=limits.CAPTION))


def _with_caption(payload: dict[str, Any], caption: Rich) -> dict[str, Any]:
    """Put a text below the pictures. An album shows it only if no other of its pictures has one."""
    if not caption.text:
        return payload
    if payload["method"] != ALBUM:
        return _bare(payload) | _captioned(caption)
    first, *others = (_bare(item) for item in payload["media"])
    return payload | {"media": [first | _captioned(caption), *others]}


def _captioned(caption: Rich) -> dict[str, Any]:
    return {"caption": caption.text, "caption_entities": caption.json()} if caption.text else {}


def _bare(item: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in item.items() if not key.startswith("caption")}


# Buttons.


def keyboard(rows: Buttons) -> Rows:
    """Return buttons as Telegram takes them, as many as a keyboard holds."""
    lines: Rows = []
    room = limits.BUTTONS
    for row in rows:
        buttons = [shown for button in row if (shown := _button(button))][:room]
        room -= len(buttons)
        step = limits.BUTTONS_IN_ROW
        lines += [buttons[at : at + step] for at in range(0, len(buttons), step)]
    return lines


def _button(button: Button) -> dict[str, str] | None:
    if button.where is not Where.HERE:
        link = bot_link(button.where, button.action)
        return {"text": button.label, "url": link} if link else None
    if button.action:
        return {"text": button.label, "callback_data": button.action}
    return {"text": button.label, "url": button.url} if linkable(button.url) else None


def _with_keyboard(payloads: list[dict[str, Any]], rows: Rows) -> list[Payload]:
    """Put the buttons below the last message that can have any: an album cannot."""
    if rows:
        for payload in reversed(payloads):
            if payload["method"] != ALBUM:
                payload["reply_markup"] = {"inline_keyboard": rows}
                break
    return list(payloads)
