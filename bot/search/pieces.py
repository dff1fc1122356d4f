"""Pieces: the words that a query's text is made of, as units that can be asked for.

English is divided by spaces; a hyphenated word is one piece. Chinese is divided by the names that the glossary knows;
what is left between them is taken two characters at a time.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from bot.search.analyzer import join, query_terms
from bot.search.folding import CJK, fold
from bot.search.glossary import Glossary
from bot.search.stemming import stem

_ASKING = """
a an the and or of in on at to for from with without by as is are was were be been being am do does did done can could
should would will shall may might must i me my we us our you your he him his she her it its they them their this that
these those there here what which who whom whose when where why how if then than so such not no nor about into onto
over under up down out off again all any both each few more most other some own same very just too also has have had
having get got use using used via per etc vs let lets make makes made want need know find show tell give please some
someone something anything thing things way ways good best like im ive id
"""
STOP_WORDS = frozenset(_ASKING.split())
"""English words that ask rather than tell what is asked for."""

COMMON_STEMS = frozenset(map(stem, STOP_WORDS))
"""Their terms."""

_CHINESE_STOP = re.compile(
    "基于|有没有|是什么|为什么|怎么样|怎么|怎样|如何|什么|哪些|哪个|哪里|有哪些|多少|请问|可以|能够|能不能|一下|一些|一个|"
    "关于|有关|相关|方面|以及|或者|还是|我们|大家|[的了和与及在是吗呢吧啊呀把被给让对从向于之其而并且也都就还又很更最"
    "我你他她它们这那有要想找请做用到会能好个没得着过里]"
)
"""Chinese words that ask rather than tell what is asked for."""

_PART = re.compile(rf"(?P<cjk>[{CJK}]+)|(?P<other>[^{CJK}]+)")
_HYPHEN = re.compile(r"[-\u2010-\u2013_]")


@dataclass(frozen=True, slots=True)
class Piece:
    """A word, or a Chinese name. `joined` is a hyphenated word without hyphens."""

    text: str
    terms: tuple[str, ...]
    joined: str = ""
    prefix: bool = False
    chinese: bool = False
    weak: bool = False
    """It asks rather than tells what is asked for."""
    beginning: str = ""
    """What the words it stands for begin with, as they are spelled."""


def pieces(text: str, glossary: Glossary, *, prefix: bool = False) -> Iterator[Piece]:
    """Divide a word as typed, without spaces, into its pieces."""
    for match in _PART.finditer(fold(text)):
        if match["cjk"]:
            yield from _chinese(match["cjk"], glossary)
            continue
        terms = tuple(query_terms(match["other"]))
        if not terms:
            continue
        word = match["other"].strip(" .'-_")
        joined = join(word) if len(terms) > 1 and _HYPHEN.search(word) else ""
        weak = not prefix and word.replace("'", "") in STOP_WORDS
        begins = prefix and match.end() == len(match.string)
        yield Piece(word, terms, joined, begins, weak=weak, beginning=word if begins and len(terms) == 1 else "")


def terms_of(run: Sequence[Piece]) -> tuple[str, ...]:
    """Return the query terms of pieces read as one name."""
    if not any(piece.chinese for piece in run):
        return tuple(term for piece in run for term in piece.terms)
    return tuple(query_terms("".join(piece.text if piece.chinese else f" {piece.text} " for piece in run)))


def _chinese(run: str, glossary: Glossary) -> Iterator[Piece]:
    if len(run) == 1:
        yield _name(run)
        return
    position = rest = 0
    found: list[Piece] = []
    while position < len(run):
        if name := _longest_name(run, position, glossary):
            found += [*_between(run[rest:position]), *map(_name, _parts(name, glossary) or [name])]
            position = rest = position + len(name)
        else:
            position += 1
    found += _between(run[rest:])
    yield from found or [Piece(run, tuple(query_terms(run)), chinese=True)]


def _longest_name(run: str, position: int, glossary: Glossary) -> str:
    for length in range(min(glossary.longest_chinese, len(run) - position), 1, -1):
        if (name := run[position : position + length]) in glossary.chinese:
            return name
    return ""


def _parts(name: str, glossary: Glossary) -> list[str]:
    """Return the shorter names that a name is put together of, if it is: 人体 and 重建 of 人体重建."""
    for length in range(len(name) - 2, 1, -1):
        first, rest = name[:length], name[length:]
        if first in glossary.chinese:
            if rest in glossary.chinese:
                return [first, rest]
            if parts := _parts(rest, glossary):
                return [first, *parts]
    return []


def _between(text: str) -> Iterator[Piece]:
    """Yield what stands between names: two characters at a time, three at the end; one alone tells little."""
    for part in _CHINESE_STOP.split(text):
        for start in range(0, max(len(part) - 1, 1), 2):
            end = start + 2 if len(part) - start > 3 else len(part)
            if start < end:
                yield replace(_name(part[start:end]), weak=len(part) == 1)
            if end == len(part):
                break


def _name(text: str) -> Piece:
    return Piece(text, tuple(query_terms(text)), chinese=True, prefix=len(text) == 1)
