"""The outline of a query: its pieces, and what the database is to be asked about them, once, before planning."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

from bot.search.analyzer import words
from bot.search.glossary import Glossary
from bot.search.people import name_words
from bot.search.pieces import Piece, pieces, terms_of
from bot.search.query import ByAuthor, Clause, Either, Handle, InSection, InTitle, Not, Query, Word
from bot.search.stemming import stem

MOST_PIECES = 24
"""Pieces of a query that are looked for."""

SHORTEST_SPLIT = 7
"""Letters of a word that may be two words written as one."""

_SHORTEST_HALF = 3

Run = tuple[Piece, ...]
"""Pieces that stand side by side."""


@dataclass(frozen=True, slots=True)
class Lookups:
    """What has to be known before planning."""

    terms: frozenset[str]
    """How many entries have these?"""
    words: frozenset[str]
    """How many have these, as spelled? They may be misspelt."""
    halves: frozenset[str]
    """Are these words at all?"""
    beginnings: frozenset[str]
    """Which words begin so?"""
    names: frozenset[str]
    """Who has these in their names?"""
    authors: frozenset[str]
    """Those among them that can be nothing but names."""
    sections: bool
    """Which sections are there?"""


@dataclass(frozen=True, slots=True)
class Outline:
    """A query as runs of pieces and clauses of other kinds, in order."""

    items: tuple[Run | Clause, ...]
    lookups: Lookups


def outline(query: Query, glossary: Glossary) -> Outline:
    """Divide a query into pieces, and say what has to be known about them."""
    items: list[Run | Clause] = []
    left = MOST_PIECES
    for clause in query.clauses:
        if not isinstance(clause, Word):
            items.append(clause)
            continue
        found = tuple(pieces(clause.text, glossary, prefix=clause.prefix))[:left]
        left -= len(found)
        if items and isinstance(items[-1], tuple):
            items[-1] = (*items[-1], *found)
        else:
            items.append(found)
    return Outline(tuple(items), _lookups(query, items, glossary))


def halves(word: str) -> Iterator[tuple[str, str]]:
    """Yield the pairs of words that a word might be made of."""
    if len(word) >= SHORTEST_SPLIT and word.isascii() and word.isalpha():
        for cut in range(_SHORTEST_HALF, len(word) - _SHORTEST_HALF + 1):
            yield word[:cut], word[cut:]


def joined_pair(first: Piece, second: Piece) -> str:
    """Return the term of two pieces written as one word, "" where they are not both English words."""
    plain = not (first.chinese or second.chinese or first.weak or second.weak) and len(first.terms + second.terms) == 2
    return stem(first.text + second.text) if plain else ""


def _lookups(query: Query, items: Iterable[Run | Clause], glossary: Glossary) -> Lookups:
    runs = [item for item in items if isinstance(item, tuple)]
    alone = [clause for item in query.clauses if isinstance(item, Not | Either) for clause in _inside(item)]
    alone += [clause.said for clause in (*query.clauses, *alone) if isinstance(clause, InTitle)]
    runs += [tuple(pieces(word.text, glossary, prefix=word.prefix)) for word in alone if isinstance(word, Word)]
    every = [piece for run in runs for piece in run]
    latin = [piece for piece in every if not (piece.chinese or piece.weak or piece.prefix)]
    terms = {term for piece in every for term in (*piece.terms, *([stem(piece.joined)] if piece.joined else ()))}
    for run in runs:
        terms.update(filter(None, (joined_pair(first, second) for first, second in pairwise(run))))
        for name in names_within(run, glossary):
            terms.update(term for other in glossary.synonyms.get(name, ()) for term in other)
    named = [clause.name for clause in (*query.clauses, *alone) if isinstance(clause, ByAuthor | Handle)]
    authors = {word for name in named for word in (*name_words(name), name.lower().removeprefix("@"))}
    typed = {word for piece in latin for word in words(piece.text)}
    return Lookups(
        frozenset(terms),
        frozenset(typed),
        frozenset(half for word in typed for pair in halves(word) for half in pair),
        frozenset(piece.beginning for piece in every if piece.beginning),
        frozenset(typed | authors),
        frozenset(authors),
        any(isinstance(clause, InSection) for clause in (*query.clauses, *alone)),
    )


def names_within(run: Run, glossary: Glossary) -> Iterator[tuple[str, ...]]:
    """Yield what of the glossary stands in a run of pieces, as terms."""
    for start in range(len(run)):
        for end in range(start + 1, min(start + glossary.longest, len(run)) + 1):
            if glossary.knows(terms := terms_of(run[start:end])):
                yield terms


def _inside(clause: Not | Either) -> tuple[Clause, ...]:
    return clause.choices if isinstance(clause, Either) else (clause.clause,)
