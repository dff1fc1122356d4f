"""The analyzer: text to the terms of the index. The same one reads entries and queries, so that they meet.

A Latin word becomes its stem. A run of Chinese, which no space divides, becomes its overlapping pairs of characters
and, in the index, its last character: so that a query of any length matches inside it. Words that writers join or
divide at will (real-time, realtime) get the other form beside their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.search.folding import CJK, fold, fold_with_offsets
from bot.search.stemming import stem

ANALYZER_VERSION = 1
"""Raise it with every change of what the functions below return: stored indexes are then built anew."""

LONGEST_WORD = 48
"""Longer runs of letters are no words but noise (encoded data); they are cut, so that an index term stays one."""

_RUN = re.compile(
    rf"(?P<cjk>[{CJK}]+)"
    r"|(?P<sharp>(?<![^\W_])(?:c\+\+|[cf]\#)(?!\w))"
    rf"|(?P<word>(?:(?![{CJK}])[^\W_])+(?:'(?:(?![{CJK}])[^\W_])+)*)"
    r"|(?P<emoji>[\u2600-\u27bf\U0001f300-\U0001faff])"
)
_SHARP = {"c++": "cpp", "c#": "csharp", "f#": "fsharp"}
_JOINED = re.compile(rf"(?:(?![{CJK}])[^\W_])+(?:[-\u2010-\u2013_](?:(?![{CJK}])[^\W_])+){{1,3}}")
_NUMBERED = re.compile(r"(?P<name>[a-z]{3,})(?P<number>\d{2,4})")
_WORD_WITH_CASE = re.compile(r"[A-Za-z][A-Za-z0-9]*[A-Z][A-Za-z0-9]*", re.ASCII)
_CASE_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])", re.ASCII)
_HASHTAG = re.compile(r"[#＃](?P<tag>\w+)")
_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'）】」，。、；]+", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Token:
    """A term and where in the original text it stands."""

    term: str
    start: int
    end: int


def without_urls(text: str) -> str:
    """Return the text with its web addresses blanked: their letters are no words of it."""
    return _URL.sub(" ", text) if "://" in text or "www." in text else text


def terms(text: str) -> list[str]:
    """Return a text's terms for the index, in order."""
    return [term for kind, value in _runs(fold(text)) for term in _indexed(kind, value)]


def query_terms(text: str) -> list[str]:
    """Return a text's terms for a query: as `terms`, without the last characters of Chinese runs of two and more."""
    return [term for kind, value in _runs(fold(text)) for term in _asked(kind, value)]


def tokens(text: str) -> Iterator[Token]:
    """Yield the terms with their places, every character of Chinese among them."""
    folded, offsets = fold_with_offsets(text)
    ends = (*offsets[1:], len(text))
    for match in _RUN.finditer(folded):
        kind, value, start = match.lastgroup or "", match[0], match.start()
        if kind == "cjk":
            for position in range(start, match.end()):
                first, last = offsets[position], ends[position]
                yield Token(folded[position], first, max(last, first + 1))
                if position + 1 < match.end():
                    yield Token(folded[position : position + 2], first, max(ends[position + 1], first + 1))
        else:
            first = offsets[start]
            for term in _asked(kind, value):
                yield Token(term, first, max(ends[match.end() - 1], first + 1))


def words(text: str) -> list[str]:
    """Return the folded words as they are spelled; each Chinese character is one."""
    found: list[str] = []
    for kind, value in _runs(fold(text)):
        if kind == "cjk":
            found.extend(value)
        else:
            found.append(_spelled(kind, value))
    return found


def forms(text: str) -> list[str]:
    """Return the terms of other spellings of a text's words: ``real-time`` realtime, ``CVPR2022`` cvpr 2022."""
    folded = fold(text)
    found = [stem(joined) for match in _JOINED.finditer(folded) if (joined := join(match[0])) and len(joined) > 3]
    for match in _NUMBERED.finditer(folded):
        if not folded[match.end() : match.end() + 1].isalnum():
            found += [stem(match["name"]), match["number"]]
    for tag in hashtags(text):
        parts = _CASE_BOUNDARY.split(tag)
        if len(parts) > 1:
            found += [term for part in parts for term in terms(part)]
    return found


def join(text: str) -> str:
    """Return a folded compound without its hyphens, cut where it is too long to be a word."""
    return re.sub(r"[\W_]+", "", text)[:LONGEST_WORD]


def hashtags(text: str) -> list[str]:
    """Return the hashtags of a text as written, without their signs."""
    return [match["tag"] for match in _HASHTAG.finditer(text)]


def compounds(text: str) -> Iterator[tuple[str, str]]:
    """Yield (term of a part, whole word) for names that are made of others: ``HyperNeRF`` holds NeRF and Hyper."""
    for match in _WORD_WITH_CASE.finditer(text):
        name = match[0][:LONGEST_WORD]
        cuts = [boundary.start() for boundary in _CASE_BOUNDARY.finditer(name)]
        whole = name.lower()
        for part in {part for cut in cuts for part in (name[:cut], name[cut:])}:
            letters = part.rstrip("0123456789").lower()
            if len(letters) >= 3:
                yield stem(letters), whole


def _runs(folded: str) -> Iterator[tuple[str, str]]:
    for match in _RUN.finditer(folded):
        yield match.lastgroup or "", match[0]


def _spelled(kind: str, value: str) -> str:
    match kind:
        case "sharp":
            return _SHARP[value]
        case "emoji":
            return f"u{ord(value):x}"
        case _:
            return value.removesuffix("'s").replace("'", "")[:LONGEST_WORD]


def _pairs(run: str) -> list[str]:
    return [run[position : position + 2] for position in range(len(run) - 1)]


def _indexed(kind: str, value: str) -> list[str]:
    if kind == "cjk":
        return [*_pairs(value), value[-1]]
    return [stem(_spelled(kind, value))]


def _asked(kind: str, value: str) -> list[str]:
    if kind == "cjk":
        return _pairs(value) or [value]
    return [stem(_spelled(kind, value))]
