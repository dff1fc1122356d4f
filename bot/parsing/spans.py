"""Small, pure operations on runs of text: cutting, trimming, joining."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from bot.model.richtext import Block, Heading, Paragraph, Span, Spans

BLANK = " \t\r\n\xa0\u3000\u200b\u200c\u200d\ufeff"
"""White space, and the characters of no width that copying from web pages leaves behind."""

_COUNT = re.compile(r"\s*(?:[(（]?(?P<digits>\d{1,3})(?:[)）、]|[.．](?!\d))|(?P<circled>[①-⑳]))")
_NUMBER = re.compile(r"\s*(?:[(（]\d{1,3}[)）]|\d{1,3}(?:、|[.．)）](?!\d))|[①-⑳])\s*(?=\S)")
_JOINERS = "\u200c\u200d"  # they hold a family of emoji together, and letters apart: no blanks but at an edge
_BLANKS = re.compile(f"[{BLANK.translate(dict.fromkeys(map(ord, _JOINERS)))}]+")


def text_of(spans: Iterable[Span]) -> str:
    """Return the bare words."""
    return "".join([span.text for span in spans])


def squeeze(text: str) -> str:
    """Return a text in one line, with single spaces."""
    if text.isascii():  # by far the most, and much faster
        return " ".join(text.split())
    return _BLANKS.sub(" ", text).strip(BLANK)


def with_text(span: Span, text: str) -> Span:
    """Return a run in the same style with other words (`dataclasses.replace` takes four times as long)."""
    return Span(text, span.marks, span.href)


def join(spans: Iterable[Span]) -> Spans:
    """Leave out empty runs and make one of neighbours in the same style."""
    joined: list[Span] = []
    texts: list[str] = []
    for span in spans:
        if not span.text:
            continue
        if joined and joined[-1].href == span.href and joined[-1].marks == span.marks:
            texts.append(span.text)
            continue
        if len(texts) > 1:
            joined[-1] = with_text(joined[-1], "".join(texts))
        joined.append(span)
        texts = [span.text]
    if len(texts) > 1:
        joined[-1] = with_text(joined[-1], "".join(texts))
    return tuple(joined)


def cut(spans: Spans, start: int, end: int | None = None) -> Spans:
    """Return what stands between two offsets of the text."""
    pieces: list[Span] = []
    offset = 0
    for span in spans:
        low = max(start - offset, 0)
        high = len(span.text) if end is None else min(end - offset, len(span.text))
        if low < high:
            pieces.append(span if high - low == len(span.text) else with_text(span, span.text[low:high]))
        offset += len(span.text)
    return tuple(pieces)


def written_number(text: str) -> int | None:
    """Return the number that begins a text or is all of it, where it is written rather than marked up."""
    found = _COUNT.match(text)
    if found is None:
        return None
    return int(found["digits"]) if found["digits"] else ord(found["circled"]) - ord("①") + 1


def without_number(spans: Spans) -> Spans:
    """Take off a number that is written rather than marked up: ``1、``, ``(2)``, ``③``."""
    found = _NUMBER.match(text_of(spans))
    return cut(spans, found.end()) if found else spans


def split_at(spans: Iterable[Span], offsets: Sequence[int]) -> list[Spans]:
    """Cut at each of some rising offsets of the text; there is one part more than there are offsets."""
    parts: list[list[Span]] = [[]]
    index = base = 0
    for span in spans:
        start = 0
        while index < len(offsets) and (end := offsets[index] - base) <= len(span.text):
            if end > start:
                parts[-1].append(with_text(span, span.text[start:end]))
            parts.append([])
            start = end
            index += 1
        if start < len(span.text):
            parts[-1].append(with_text(span, span.text[start:]) if start else span)
        base += len(span.text)
    return [tuple(part) for part in parts]


def strip(spans: Spans, *, left: str = BLANK, right: str = BLANK) -> Spans:
    """Trim characters off both ends."""
    first, end = 0, len(spans)
    head = tail = ""
    while first < end and not (head := spans[first].text.lstrip(left)):
        first += 1
    while first < end and not (tail := spans[end - 1].text.rstrip(right)):
        end -= 1
    if first == end:
        return ()
    if first == end - 1:
        tail = head.rstrip(right)
        return spans if len(spans) == 1 and tail == spans[0].text else (with_text(spans[first], tail),)
    begin, last = spans[first], spans[end - 1]
    if len(head) == len(begin.text) and len(tail) == len(last.text) and end - first == len(spans):
        return spans
    return (with_text(begin, head), *spans[first + 1 : end - 1], with_text(last, tail))


def lines_of(spans: Spans) -> list[Spans]:
    """Split at line breaks, trimmed; empty lines are left out."""
    if not any("\n" in span.text for span in spans):
        return [line] if (line := strip(spans)) else []
    lines: list[Spans] = []
    part: list[Span] = []
    for span in spans:
        first, *others = span.text.split("\n")
        part.append(with_text(span, first) if others else span)
        for text in others:
            lines.append(tuple(part))
            part = [with_text(span, text)]
    lines.append(tuple(part))
    return [line for whole in lines if (line := strip(whole))]


def join_lines(lines: Iterable[Spans], between: str = "\n") -> Spans:
    """Put lines under one another again."""
    joined: list[Span] = []
    for line in lines:
        if joined:
            joined.append(Span(between))
        joined.extend(line)
    return join(joined)


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
