"""Small joinery of text that every answer needs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from unicodedata import east_asian_width

from bot.model.richtext import Block, Byline, Document, Paragraph, Span, Spans, italic, paragraph
from bot.renderers.plain import one_line

DOT = Span(" · ")
"""Stands between things of one line."""

BREAK = Span("\n")
"""Stands between lines that belong closely together: the lines of one item."""


def clip(text: str, limit: int) -> str:
    """Return a text in one line of at most `limit` characters."""
    return one_line(Document((paragraph(text),)), limit=limit)


def measure(text: str) -> int:
    """Return how wide a text is, in columns: a Chinese character takes two."""
    return len(text) if text.isascii() else sum(map(_width, text))


def fit(text: str, columns: int) -> str:
    """Return a text in one line of at most so many columns."""
    if measure(text) <= columns:
        return clip(text, columns)
    room, fitting = columns - 1, 0  # one is for the sign that something is missing
    for fitting, sign in enumerate(text):  # noqa: B007 - how far it goes is what is asked for
        room -= _width(sign)
        if room < 0:
            break
    return clip(text, fitting + 1)


def _width(sign: str) -> int:
    return 1 + (east_asian_width(sign) in "WF")


def join(groups: Iterable[Spans], between: Span = DOT) -> Spans:
    """Join groups of runs, leaving out empty ones."""
    joined: list[Span] = []
    for group in groups:
        if group:
            joined.extend((between, *group) if joined else group)
    return tuple(joined)


def line(groups: Iterable[Spans]) -> tuple[Byline, ...]:
    """Make a line of small print of groups joined by dots; nothing where all are empty."""
    spans = join(groups)
    return (Byline(spans),) if spans else ()


def note(text: str) -> Paragraph:
    """Make a paragraph that is said aside."""
    return paragraph(italic(text))


def labelled(label: Spans, blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Put a label in front of the first words of some blocks."""
    match blocks:
        case (Paragraph(spans=spans), *rest):
            return (Paragraph((*label, *spans)), *rest)
        case _:
            return (Paragraph(label), *blocks) if label else tuple(blocks)
