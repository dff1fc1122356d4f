"""The analyzer: text to the terms of the index. The same one reads entries and queries, so that they meet.

A Latin word becomes its stem. A run of Chinese, which no space divides, becomes its overlapping pairs of characters
and, in the index, its last character: so that a query of any length matches inside it. Words that writers join or
divide at will (real-time, realtime) get the other form beside their own.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import chain
from operator import add

from bot.search.folding import CJK, fold, fold_with_offsets
from bot.search.stemming import stem

ANALYZER_VERSION = 3
"""Raise it with every change of what the functions below return, or of what else the index keeps: stored indexes are
then built anew."""

LONGEST_WORD = 48
"""Longer runs of letters are no words but noise (encoded data); they are cut, so that an index term stays one."""

_LETTER = rf"[^\W_{CJK}]"
_RUN = re.compile(
    rf"(?P<cjk>[{CJK}]+)|(?P<word>(?<![^\W_])(?:c\+\+|[cf]\#)(?!\w)|{_LETTER}+(?:'{_LETTER}+)*"
    r"|[\u2600-\u27bf\U0001f300-\U0001faff])"
)
_ASCII_RUN = re.compile(r"(?<![a-z0-9])(?:c\+\+|[cf]\#)(?!\w)|[a-z0-9]+(?:'[a-z0-9]+)*", re.ASCII)
"""The same for what is plain ASCII and folded."""

_SHARP = {"c++": "cpp", "c#": "csharp", "f#": "fsharp"}
_HYPHEN = re.compile(r"[-\u2010-\u2013_]")
# Possessive, and from a word's beginning on: what has no hyphen behind it is looked at once.
_JOINED = re.compile(rf"(?<!{_LETTER}){_LETTER}++(?:{_HYPHEN.pattern}{_LETTER}++){{1,3}}")
_ASCII_JOINED = re.compile(r"(?<![a-z0-9])[a-z0-9]++(?:[-_][a-z0-9]++){1,3}", re.ASCII)
_NO_LETTER = re.compile(r"[\W_]+")
_NUMBERED = re.compile(r"(?<![^\W_])(?P<name>[a-z]{3,}+)(?P<number>\d{2,4})(?![^\W_])")
_MAY_BE_NUMBERED = re.compile(r"[a-z]\d\d")
# With a capital inside: the others are looked at once, from their beginning.
_NAME = re.compile(r"(?<![A-Za-z0-9])[0-9]*+([A-Za-z][a-z0-9]*+[A-Z][A-Za-z0-9]*+)", re.ASCII)
_CASE_BOUNDARY = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Z]{3})(?=[a-z]{3})", re.ASCII)
_HASHTAG = re.compile(r"[#＃](?P<tag>\w+)")


@dataclass(frozen=True, slots=True)
class Row:
    """Terms in the order of a text, and where in its folded form each begins and ends."""

    terms: list[str] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    ends: list[int] = field(default_factory=list)

    def add(self, terms: Sequence[str], start: int, length: int) -> None:
        """Append terms of one length, each a character further than the one before."""
        self.terms.extend(terms)
        self.starts.extend(range(start, start + len(terms)))
        self.ends.extend(range(start + length, start + length + len(terms)))


@dataclass(frozen=True, slots=True)
class Analysis:
    """What the index keeps of a text."""

    terms: list[str]
    """The terms, in order."""
    forms: list[str]
    """The terms of other spellings of its words: ``real-time`` realtime, ``CVPR2022`` cvpr 2022."""
    words: list[str]
    """The folded words as they are spelled; each Chinese character is one."""
    vocabulary: dict[str, str]
    """The term of every word, and of every pair of Chinese characters."""


def analyze(text: str) -> Analysis:
    """Analyze a text for the index."""
    if not text:
        return Analysis([], [], [], {})
    folded = fold(text)
    if folded.isascii():
        found = list(map(_word, _ASCII_RUN.findall(folded)))
        return Analysis([term for _, term in found], _forms(text, folded), [word for word, _ in found], dict(found))
    terms: list[str] = []
    words: list[str] = []
    vocabulary: dict[str, str] = {}
    for run, value in _RUN.findall(folded):
        if run:
            pairs = _pairs(run)
            terms += pairs
            terms.append(run[-1])
            words += run
            vocabulary.update(zip(pairs, pairs, strict=True))
        else:
            word, term = _word(value)
            terms.append(term)
            words.append(word)
            vocabulary[word] = term
    return Analysis(terms, _forms(text, folded), words, vocabulary)


def index_terms(text: str) -> list[str]:
    """Return the terms of a text for the index, as `analyze` does."""
    folded = fold(text)
    if folded.isascii():
        return [term for _, term in map(_word, _ASCII_RUN.findall(folded))]
    terms: list[str] = []
    for run, value in _RUN.findall(folded):
        if run:
            terms += _pairs(run)
            terms.append(run[-1])
        else:
            terms.append(_word(value)[1])
    return terms


def query_terms(text: str) -> list[str]:
    """Return a text's terms for a query: those of the index, but where it ends with Chinese, which may go on.

    There the last character is none, unless it is the only one.
    """
    runs = _RUN.findall(fold(text))
    return [term for at, run in enumerate(runs, start=1) for term in _asked(*run, last=at == len(runs))]


def words(text: str) -> list[str]:
    """Return the folded words as they are spelled; each Chinese character is one."""
    found: list[str] = []
    for run, value in _RUN.findall(fold(text)):
        found += run or (_word(value)[0],)
    return found


class Tokens:
    """A text's terms with their places, and the other terms that stand there, too.

    Those are the single characters of Chinese, and hyphenated words as one.
    """

    def __init__(self, text: str) -> None:
        folded, self._offsets = fold_with_offsets(text)
        self._end = len(text)
        self.row = Row()
        self.others = Row()
        for match in _RUN.finditer(folded):
            start, end = match.span()
            if match.lastgroup == "cjk":
                self.row.add(_pairs(match[0]), start, 2)
                self.row.add(match[0][-1], end - 1, 1)
                self.others.add(match[0][:-1], start, 1)
            else:
                self.row.add((_word(match[0])[1],), start, end - start)
        for match in _hyphenated(folded):
            self.others.add((stem(join(match[0])),), match.start(), len(match[0]))

    def place(self, start: int, end: int) -> tuple[int, int]:
        """Return where in the original text a stretch of the folded one begins and ends."""
        begin = self._offsets[start]
        return begin, max(self._offsets[end] if end < len(self._offsets) else self._end, begin + 1)


def join(text: str) -> str:
    """Return a folded compound as one word, without its hyphens, cut where it is too long to be one."""
    return _NO_LETTER.sub("", text)[:LONGEST_WORD]


def hashtags(text: str) -> list[str]:
    """Return the hashtags of a text as written, without their signs."""
    return _HASHTAG.findall(text) if "#" in text or "＃" in text else []


def compounds(text: str) -> Iterator[tuple[str, str]]:
    """Return (term of a part, whole word) for names that are made of others: ``HyperNeRF`` holds NeRF and Hyper."""
    return chain.from_iterable(map(_compounds, {name[:LONGEST_WORD] for name in _NAME.findall(text)}))


@lru_cache(maxsize=16384)
def _compounds(name: str) -> tuple[tuple[str, str], ...]:
    whole = name.lower()
    if name[1:] == whole[1:]:
        return ()
    cuts = [boundary.start() for boundary in _CASE_BOUNDARY.finditer(name)]
    parts = {part for cut in cuts for part in (name[:cut], name[cut:])}
    letters = (part.rstrip("0123456789").lower() for part in parts)
    return tuple((stem(part), whole) for part in letters if len(part) >= 3)


def _forms(text: str, folded: str) -> list[str]:
    # Most texts have none, and a look for the sign is quicker than one for the words around it.
    found = [stem(joined) for match in _hyphenated(folded) if len(joined := join(match[0])) > 3]
    for name, number in _NUMBERED.findall(folded) if _MAY_BE_NUMBERED.search(folded) else ():
        found += [stem(name), number]
    for tag in hashtags(text):
        parts = _CASE_BOUNDARY.split(tag)
        if len(parts) > 1:
            found += [term for part in parts for term in query_terms(part)]
    return found


@lru_cache(maxsize=65536)
def _word(value: str) -> tuple[str, str]:
    """Return a word (or C++, or an emoji) as it is spelled, and its term."""
    word = _spelled(value)
    return word, stem(word)


def _hyphenated(folded: str) -> Iterator[re.Match[str]]:
    if folded.isascii():
        return _ASCII_JOINED.finditer(folded) if "-" in folded or "_" in folded else iter(())
    return _JOINED.finditer(folded) if _HYPHEN.search(folded) else iter(())


def _spelled(value: str) -> str:
    if value in _SHARP:
        return _SHARP[value]
    if value[0].isalnum():
        return (value.removesuffix("'s").replace("'", "") if "'" in value else value)[:LONGEST_WORD]
    return f"u{ord(value):x}"


def _pairs(run: str) -> list[str]:
    return list(map(add, run, run[1:]))


def _asked(run: str, value: str, *, last: bool) -> list[str]:
    if run:
        return (_pairs(run) or [run]) if last else [*_pairs(run), run[-1]]
    return [_word(value)[1]]
