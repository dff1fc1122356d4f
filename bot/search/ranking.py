"""Ranking: how well an entry answers a plan.

The database proposes candidates; here their fields are weighed. All that stands for one unit counts as one word (BM25
over weighed fields), so that a concept with many names is worth no more than one with a single name.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from bot.search.indexing import FIELDS
from bot.search.plan import Alternative, Plan

_LENGTH_MATTERS = 0.5
"""A word counts for less in a long field. Of names, more are not less."""


class _Measure(NamedTuple):
    """What a word in a field counts: its weight, less in a field longer than typical (characters, 0: any length)."""

    weight: float
    typical: int

    def worth(self, length: int) -> float:
        norm = 1 - _LENGTH_MATTERS + _LENGTH_MATTERS * length / self.typical if self.typical else 1.0
        return self.weight / norm


_MEASURES = {
    "title": _Measure(3.0, 60),
    "authors": _Measure(3.0, 0),
    "body": _Measure(1.0, 400),
    "discussion": _Measure(0.35, 600),
    "labels": _Measure(1.0, 80),
    "facets": _Measure(2.0, 0),
}
_IN_ORDER = tuple(_MEASURES[name] for name in FIELDS)

_SATURATION = 2.0
_NEARBY = 0.3
_COMPLETE = 1.6
"""How much better an entry is for having everything."""

_ENOUGH = {2: 0.5, 3: 0.34}
_ENOUGH_OF_MANY = 0.3


def enough(plan: Plan) -> float:
    """Return the share of a query's weight that an entry must have to be found without having all of it.

    Of two words, the more telling one; of a long question, a third of what it says.
    """
    return _ENOUGH.get(sum(len(group.units) for group in plan.groups), _ENOUGH_OF_MANY)


@dataclass(frozen=True, slots=True)
class Relevance:
    """How an entry does: the share of the query's weight that it has, and its score."""

    coverage: float
    score: float


class _Sought(NamedTuple):
    """An alternative as it is looked for in a field."""

    first: str
    """A term the field must have to be looked at more closely, "" for the beginning of one."""
    phrase: str
    others: tuple[str, ...]
    """Phrases that must be somewhere, too."""
    factor: float


class Ranker:
    """Scores candidates of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._groups = tuple(
            (_sought(group.alternatives), tuple((unit.weight, _sought(unit.alternatives)) for unit in group.units))
            for group in plan.groups
        )
        self._nearby = tuple((_NEARBY * pair.factor, _sought((replace(pair, factor=1.0),))) for pair in plan.nearby)
        self._total = sum(group.weight for group in plan.groups)
        every = chain.from_iterable((together, *(sought for _, sought in units)) for together, units in self._groups)
        self._firsts = frozenset(one.first for sought in every for one in sought)

    def judge(self, fields: Sequence[str]) -> Relevance:
        """Score an entry by its fields, in the order of `FIELDS`, padded with spaces."""
        # Most of what might stand for a word does not: one look at all terms spares a search through every field.
        has = self._firsts.intersection(" ".join(fields).split())
        weighed = [(text, measure.worth(len(text))) for text, measure in zip(fields, _IN_ORDER, strict=True) if text]
        score = covered = 0.0
        complete = True
        for together, units in self._groups:
            shared = _strength(together, has, weighed) if together else 0.0
            for weight, sought in units:
                strength = max(shared, _strength(sought, has, weighed))
                score += weight * strength
                if strength:
                    covered += weight
                else:
                    complete = False
        for weight, sought in self._nearby:
            score += weight * _strength(sought, has, weighed)
        coverage = covered / self._total if self._total else 1.0
        return Relevance(coverage, score * _COMPLETE if complete else score)


def _sought(alternatives: Iterable[Alternative]) -> tuple[_Sought, ...]:
    found = []
    for one in alternatives:
        phrases = [f" {term} " for term in one.terms] if one.scattered else [f" {' '.join(one.terms)} "]
        if one.prefix:
            found.append(_Sought("", phrases[0][:-1], (), one.factor))
        else:
            found.append(_Sought(one.terms[0], phrases[0], tuple(phrases[1:]), one.factor))
    return tuple(found)


def _strength(sought: Iterable[_Sought], has: AbstractSet[str], weighed: Iterable[tuple[str, float]]) -> float:
    """Return how strongly any of the alternatives is in an entry, from 0 to nearly 1."""
    best = total = 0.0
    for first, phrase, others, factor in sought:
        if first and first not in has:
            continue
        found = _weigh(phrase, weighed)
        for other in others:
            found = min(found, _weigh(other, weighed))
        if found:
            best = max(best, factor)
            total += factor * found
    return best * total / (total + _SATURATION) if total else 0.0


def _weigh(phrase: str, weighed: Iterable[tuple[str, float]]) -> float:
    found = 0.0
    for text, worth in weighed:
        if phrase in text:
            found += worth * text.count(phrase)
    return found
