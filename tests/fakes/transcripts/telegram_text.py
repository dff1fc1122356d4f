"""A Telegram text with its entities, as HTML."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from tests.fakes.transcripts.markup import element, join

JSON = dict[str, Any]

_BLOCKS = frozenset({"blockquote", "expandable_blockquote", "pre"})
_TAGS = {
    "bold": "strong",
    "italic": "em",
    "underline": "u",
    "strikethrough": "s",
    "code": "code",
}
_FOUND = frozenset({"url", "mention", "hashtag", "cashtag", "bot_command", "email", "phone_number"})
_NESTING = ("text_link", "url", "bold", "italic", "underline", "strikethrough", "spoiler", "code")


def draw_text(text: str, entities: list[JSON]) -> Markup:
    """Draw a text: blocks are set apart, styles run within them."""
    units = text.encode("utf-16-le")
    blocks = sorted((each for each in entities if each["type"] in _BLOCKS), key=lambda each: each["offset"])
    inline = [each for each in entities if each["type"] not in _BLOCKS]
    parts: list[Markup] = []
    position, end = 0, len(units) // 2
    for block in blocks:
        start, stop = block["offset"], block["offset"] + block["length"]
        parts.append(_run(units, inline, position, _before(units, start, position)))
        parts.append(_block(block, _run(units, inline, start, stop)))
        position = _behind(units, stop, end)
    parts.append(_run(units, inline, position, end))
    return join(parts)


def _before(units: bytes, start: int, least: int) -> int:
    """Leave away the line break that a block makes by itself."""
    return start - 1 if start > least and units[2 * start - 2 : 2 * start] == b"\n\x00" else start


def _behind(units: bytes, stop: int, most: int) -> int:
    return stop + 1 if stop < most and units[2 * stop : 2 * stop + 2] == b"\n\x00" else stop


def _block(block: JSON, inner: Markup) -> Markup:
    if block["type"] == "pre":
        language = block.get("language")
        head = element("span", language, class_="language") if language else Markup("")
        return element("pre", head, inner)
    folded = block["type"] == "expandable_blockquote"
    return element("blockquote", element("div", inner), class_="folded" if folded else None)


def _run(units: bytes, entities: list[JSON], start: int, end: int) -> Markup:
    pieces = []
    for left, right, active in _segments(entities, start, end):
        piece: Markup | str = units[2 * left : 2 * right].decode("utf-16-le", "replace")
        for each in sorted(active, key=lambda each: _rank(each["type"]), reverse=True):
            piece = _styled(each, piece)
        pieces.append(Markup("{}").format(piece))
    return join(pieces)


def _rank(kind: str) -> int:
    return _NESTING.index(kind) if kind in _NESTING else 0


def _segments(entities: list[JSON], start: int, end: int) -> Iterator[tuple[int, int, list[JSON]]]:
    edges = {start, end}
    for each in entities:
        edges |= {edge for edge in (each["offset"], each["offset"] + each["length"]) if start < edge < end}
    ordered = sorted(edges)
    for left, right in pairwise(ordered):
        active = [each for each in entities if each["offset"] <= left and right <= each["offset"] + each["length"]]
        yield left, right, active


def _styled(entity: JSON, inner: Markup | str) -> Markup:
    kind = entity["type"]
    if kind in _TAGS:
        return element(_TAGS[kind], inner)
    if kind == "text_link":
        return element("a", inner, href=entity["url"])
    if kind in _FOUND:
        return element("a", inner, href="#")
    return element("span", inner, class_=kind)
