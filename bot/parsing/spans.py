"""Small, pure operations on runs of text: cutting, trimming, joining."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby

from bot.model.richtext import Block, Heading, Paragraph, Span, Spans

BLANK = " \t\r\n\xa0\u3000\u200b\u200c\u200d\ufeff"
"""White space, and the characters of no width that copying from web pages leaves behind."""

_BLANKS = re.compile(f"[{BLANK}]+")


def text_of(spans: Iterable[Span]) -> str:
    """Return the bare words."""
    return "".join(span.text for span in spans)


def squeeze(text: str) -> str:
    """Return a text in one line, with single spaces."""
    return _BLANKS.sub(" ", text).strip()


def join(spans: Iterable[Span]) -> Spans:
    """Leave out empty runs and make one of neighbours in the same style."""
    joined: list[Span] = []
    for span in spans:
        if not span.text:
            continue
        if joined and joined[-1].href == span.href and joined[-1].marks == span.marks:
            joined[-1] = replace(span, text=joined[-1].text + span.text)
        else:
            joined.append(span)
    return tuple(joined)


def cut(spans: Spans, start: int, end: int | None = None) -> Spans:
    """Return what stands between two offsets of the text."""
    pieces: list[Span] = []
    offset = 0
    for span in spans:
        low = max(start - offset, 0)
        high = len(span.text) if end is None else min(end - offset, len(span.text))
        if low < high:
            pieces.append(span if high - low == len(span.text) else replace(span, text=span.text[low:high]))
        offset += len(span.text)
    return tuple(pieces)


def split_at(spans: Iterable[Span], offsets: Sequence[int]) -> list[Spans]:
    """Cut at each of some rising offsets of the text; there is one part more than there are offsets."""
    parts: list[list[Span]] = [[]]
    index = base = 0
    for span in spans:
        start = 0
        while index < len(offsets) and (end := offsets[index] - base) <= len(span.text):
            if end > start:
                parts[-1].append(replace(span, text=span.text[start:end]))
            parts.append([])
            start = end
            index += 1
        if start < len(span.text):
            parts[-1].append(replace(span, text=span.text[start:]) if start else span)
        base += len(span.text)
    return [tuple(part) for part in parts]


def strip(spans: Spans, *, left: str = BLANK, right: str = BLANK) -> Spans:
    """Trim characters off both ends."""
    if spans and spans[0].text and spans[0].text[0] not in left and spans[-1].text and spans[-1].text[-1] not in right:
        return spans
    text = text_of(spans)
    start = len(text) - len(text.lstrip(left))
    return cut(spans, start, max(start, len(text.rstrip(right))))


def lines_of(spans: Spans) -> list[Spans]:
    """Split at line breaks, trimmed; empty lines are left out."""
    lines: list[Spans] = []
    line: list[Span] = []
    for span in spans:
        first, *others = span.text.split("\n")
        line.append(replace(span, text=first) if others else span)
        for text in others:
            lines.append(tuple(line))
            line = [replace(span, text=text)]
    lines.append(tuple(line))
    return [trimmed for line_ in lines if (trimmed := join(strip(line_)))]


def join_lines(lines: Iterable[Spans], between: str = "\n") -> Spans:
    """Put lines under one another again."""
    joined: list[Span] = []
    for line in lines:
        if joined:
            joined.append(Span(between))
        joined.extend(line)
    return join(joined)


def find(spans: Spans, pattern: re.Pattern[str]) -> re.Match[str] | None:
    """Search the bare words."""
    return pattern.search(text_of(spans))


@dataclass(frozen=True, slots=True)
class Run:
    """Neighbouring spans that lead to the same address, or to none, and where they end in the text."""

    text: str
    href: str | None
    end: int


def runs(spans: Iterable[Span]) -> Iterator[Run]:
    """Yield the linked and the plain runs of a text in turn."""
    end = 0
    for href, group in groupby(spans, lambda span: span.href):
        text = text_of(group)
        end += len(text)
        yield Run(text, href, end)


def links_in(spans: Iterable[Span]) -> Iterator[tuple[str, str]]:
    """Yield address and words of every link."""
    return ((run.href, run.text) for run in runs(spans) if run.href is not None)


def first_line(blocks: Sequence[Block]) -> Spans:
    """Return the first line of words."""
    match blocks:
        case (Heading(spans=spans) | Paragraph(spans=spans), *_):
            return next(iter(lines_of(spans)), ())
        case _:
            return ()
