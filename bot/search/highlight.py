"""Highlighting: the part of an entry's text that answers a query best, with what matches in bold.

Works on the structured text, with the terms of the analyzer, so that a Chinese name, an accent or another form of a
word is marked as it stands there.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import islice

import regex

from bot.model.digest import Entry
from bot.model.richtext import Document, Mark, Span, Spans
from bot.search.analyzer import Row, Tokens
from bot.search.folding import CJK
from bot.search.indexing import plain_text, without_urls
from bot.search.plan import Plan, Terms

SNIPPET_WIDTH = 180
"""Columns of text shown around a match; a Chinese character takes two."""

_BEFORE = 60
_MOST_TEXTS = 40
_MOST_CHARACTERS = 2000
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；])|\n")
_WIDE = re.compile(f"[{CJK}\u3000-\u303f\uff01-\uff60]")
_CHARACTER = regex.compile(r"\X")
_INSIDE_WORD = re.compile(r"[A-Za-z0-9]{2}")
_LONGEST_WORD = 30
_SPACE = re.compile(r"\s+")
_BOLD = frozenset({Mark.BOLD})


@dataclass(frozen=True, slots=True)
class _Match:
    start: int
    end: int
    unit: int
    worth: float


class Highlighter:
    """Marks what a plan asks for."""

    def __init__(self, plan: Plan) -> None:
        self._phrases = defaultdict[str, list[tuple[Terms, int, float]]](list)
        self._prefixes: list[tuple[Terms, int, float]] = []
        groups = [(group, unit) for group in plan.groups for unit in group.units]
        for number, (group, unit) in enumerate(groups):
            for alternative in (*unit.alternatives, *group.alternatives):
                worth = unit.weight * alternative.factor
                if alternative.prefix:
                    self._prefixes.append((alternative.terms, number, worth))
                    continue
                for terms in [(term,) for term in alternative.terms] if alternative.scattered else [alternative.terms]:
                    self._phrases[terms[0]].append((terms, number, worth))

    def snippet(self, entry: Entry) -> Spans:
        """Return the text around the best matches in an entry, its beginning where nothing matches."""
        best: tuple[float, int, str, list[_Match]] | None = None
        for text in islice(_texts(entry), _MOST_TEXTS):
            found = self._matches(text)
            worth, start = _window(found, _width(text))
            # An entry's own words come first, and before what is said about them when both match alike.
            if best is None or worth > best[0] * 1.05:
                best = worth, start, text, found
        return _cut(*best[1:]) if best else ()

    def mark(self, text: str) -> Spans:
        """Return a whole text (a title) with its matches in bold."""
        return _marked(text, 0, len(text), self._matches(text))

    def _matches(self, text: str) -> list[_Match]:
        tokens = _tokens(text)
        found = (match for row in (tokens.row, tokens.others) for match in self._in_row(tokens, row))
        return sorted(found, key=lambda match: (match.start, match.end))

    def _in_row(self, tokens: Tokens, row: Row) -> Iterator[_Match]:
        firsts = self._phrases.keys() & set(row.terms)
        for at, term in enumerate(row.terms) if firsts else ():
            for terms, unit, worth in self._phrases[term] if term in firsts else ():
                end = at + len(terms)
                if len(terms) == 1 or tuple(row.terms[at:end]) == terms:
                    yield _Match(*tokens.place(row.starts[at], row.ends[end - 1]), unit, worth)
        for (*before, beginning), unit, worth in self._prefixes:
            for end, term in enumerate(row.terms):
                at = end - len(before)
                if term.startswith(beginning) and row.terms[max(at, 0) : end] == before:
                    yield _Match(*tokens.place(row.starts[at], row.ends[end]), unit, worth)


@lru_cache(maxsize=2048)
def _tokens(text: str) -> Tokens:
    """Return the tokens of a line. An entry that was found is often found again, and reading it is most of the work."""
    return Tokens(without_urls(text))


def _texts(entry: Entry) -> Iterator[str]:
    texts = [*_lines(entry.body), *_lines(entry.remark)]
    texts += [f"{comment.speaker}: {text}" for comment in entry.comments for text in _lines(comment.body)]
    yield from texts


def _lines(document: Document) -> Iterator[str]:
    for line in plain_text(document).split("\n"):
        if without_urls(line).strip(" :：-–—·|"):
            yield line[:_MOST_CHARACTERS]


def _window(matches: Sequence[_Match], width: int) -> tuple[float, int]:
    """Return the worth of the best stretch of a text, counting each unit once, and where it begins."""
    best = 0.0, 0
    for position, first in enumerate(matches):
        worth: dict[int, float] = {}
        for match in matches[position:]:
            if match.end > first.start + width - _BEFORE // 2:
                break
            worth[match.unit] = max(match.worth, worth.get(match.unit, 0.0))
        best = max(best, (sum(worth.values()), -first.start))
    return best[0], -best[1]


def _width(text: str) -> int:
    """Return how many characters of a text make a snippet."""
    sample = text[:SNIPPET_WIDTH]
    wide = len(_WIDE.findall(sample))
    return SNIPPET_WIDTH * len(sample) // (len(sample) + wide) if sample else SNIPPET_WIDTH


def _cut(start: int, text: str, matches: Sequence[_Match]) -> Spans:
    """Return the snippet that shows what begins at `start`: from the sentence's beginning, if that is near."""
    width = _width(text)
    begin = 0
    if start > _BEFORE:
        ends = [match.end() for match in _SENTENCE.finditer(text, start - _BEFORE, start)]
        begin = ends[0] if ends else _word_boundary(text, start - _BEFORE // 2)
    begin = min(begin, max(0, len(text) - width))
    end = len(text) if begin + width >= len(text) else _word_boundary(text, begin + width)
    spans = _marked(text, begin, end, matches)
    dots = Span("…")
    return (*([dots] if begin else ()), *spans, *([dots] if end < len(text) else ()))


def _word_boundary(text: str, position: int) -> int:
    """Return a place at or little before a position that cuts no word, nor what is seen as one character."""
    characters = _CHARACTER.finditer(text, max(0, position - _LONGEST_WORD), position + _LONGEST_WORD)
    places = [match.start() for match in characters if match.start() <= position]
    between_words = (place for place in reversed(places) if not _INSIDE_WORD.match(text, max(0, place - 1)))
    return next(between_words, places[-1] if places else position)


def _marked(text: str, begin: int, end: int, matches: Iterable[_Match]) -> Spans:
    bold: list[tuple[int, int]] = []
    for match in matches:
        start, stop = max(match.start, begin), min(match.end, end)
        if bold and (start <= bold[-1][1] or text[bold[-1][1] : start].isspace()):
            bold[-1] = (bold[-1][0], max(stop, bold[-1][1]))
        elif start < stop:
            bold.append((start, stop))
    spans: list[Span] = []
    position = begin
    for start, stop in (*bold, (end, end)):
        spans += [Span(text[position:start]), Span(text[start:stop], _BOLD)]
        position = stop
    return tuple(Span(_SPACE.sub(" ", span.text), span.marks) for span in spans if span.text)
