"""Rich text's smallest parts: styled runs, and the sections they stand in.

https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any
from urllib.parse import SplitResult, urlsplit

import regex

from bot.adapters.slack import limits
from bot.model.richtext import Mark, Span, Spans

JSON = dict[str, Any]

_LINKABLE = frozenset({"http", "https", "mailto"})
_STYLES = {
    Mark.BOLD: "bold",
    Mark.ITALIC: "italic",
    Mark.UNDERLINE: "underline",
    Mark.STRIKE: "strike",
    Mark.CODE: "code",
}
_GLYPHS = regex.compile(r"\X")
_LONGEST_GLYPH = 64  # a family of emoji takes a dozen characters


def runs_of(spans: Spans, *, bold: bool = False) -> list[JSON]:
    """Return spans as runs."""
    return [run for span in spans for run in _runs(span, bold=bold)]


def plain_run(text: str) -> JSON:
    """Return a run without a style."""
    return {"type": "text", "text": text}


def linked_run(text: str, href: str | None, style: JSON | None = None) -> JSON:
    """Return a run that leads somewhere, if Slack takes the address for one."""
    styled = {"style": style} if style else {}
    if href and is_linkable(href):
        return {"type": "link", "url": href, "text": text, **styled}
    return {"type": "text", "text": text, **styled}


def is_linkable(href: str) -> bool:
    """Tell whether Slack takes an address for a link or a button."""
    return len(href) <= limits.URL and split_address(href).scheme in _LINKABLE


def joined(before: list[JSON], runs: list[JSON], joint: str) -> list[JSON]:
    """Return runs behind others, with a joint where there are both."""
    return [*before, plain_run(joint), *runs] if before and runs else before or runs


def section(runs: Iterable[JSON]) -> JSON:
    """Return a section of rich text."""
    return {"type": "rich_text_section", "elements": list(runs)}


def rich_text(elements: Iterable[JSON]) -> JSON:
    """Return a block of rich text."""
    return {"type": "rich_text", "elements": list(elements)}


def split_address(url: str) -> SplitResult:
    """Return an address in parts, empty ones for what is none, such as ``http://[``."""
    try:
        return urlsplit(url)
    except ValueError:
        return SplitResult("", "", "", "", "")


def _runs(span: Span, *, bold: bool) -> Iterator[JSON]:
    marks = span.marks | {Mark.BOLD} if bold else span.marks
    style = {name: True for mark, name in _STYLES.items() if mark in marks}
    for piece in _pieces(span.text):
        yield linked_run(piece, span.href, style)


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that one run holds, none ending within a glyph; runs side by side read as one."""
    while len(text) > limits.ELEMENT_TEXT:
        end = _glyph_end(text, limits.ELEMENT_TEXT)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _glyph_end(text: str, limit: int) -> int:
    """Return where the last whole glyph before a limit ends."""
    near = max(0, limit - _LONGEST_GLYPH)
    ends = [glyph.end() for glyph in _GLYPHS.finditer(text, near, limit + _LONGEST_GLYPH)]
    return max((end for end in ends if near < end <= limit), default=limit)
