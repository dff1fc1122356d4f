"""Ranking: how well an entry answers a plan.

The database proposes candidates; here their fields are weighed. All that stands for one unit counts as one word (BM25
over weighed fields), so that a concept with many names is worth no more than one with a single name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import chain
from typing import NamedTuple

from bot.search.indexing import FIELDS
from bot.search.plan import Alternative, Plan

_WEIGHTS = {"title": 3.0, "authors": 3.0, "body": 1.0, "discussion": 0.35, "labels": 1.0, "facets": 2.0}
_FIELD_WEIGHTS = tuple(_WEIGHTS[name] for name in FIELDS)

_TYPICAL = {"title": 60, "body": 400, "discussion": 600, "labels": 80}
_TYPICAL_CHARACTERS = tuple(_TYPICAL.get(name, 0) for name in FIELDS)
"""How long a field usually is: a word counts for less in a longer one. Of names, more are not less."""
_LENGTH_MATTERS = 0.5
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
        has |= {""}
        weighed = [
            (text, weight / norm)
            for text, weight, norm in zip(fields, _FIELD_WEIGHTS, _norms(fields), strict=True)
            if text
        ]
        score = covered = 0.0
        complete = True
        for together, units in self._groups:
            shared = _strength(together, has, weighed)
            for weight, sought in units:
                strength = max(shared, _strength(sought, has, weighed))
                score += weight * strength
                covered += weight if strength else 0.0
                complete = complete and strength > 0
        for weight, sought in self._nearby:
            score += weight * _strength(sought, has, weighed)
        coverage = covered / self._total if self._total else 1.0
        return Relevance(coverage, score * _COMPLETE if complete else score)


def _sought(alternatives: Iterable[Alternative]) -> tuple[_Sought, ...]:
    return tuple(
        _Sought("" if one.prefix else one.terms[0], f" {' '.join(one.terms)}{'' if one.prefix else ' '}", one.factor)
        for one in alternatives
    )


def _strength(sought: Iterable[_Sought], has: AbstractSet[str], weighed: Iterable[tuple[str, float]]) -> float:
    """Return how strongly any of the alternatives is in an entry, from 0 to nearly 1."""
    best = total = 0.0
    for first, phrase, factor in sought:
        if first in has and (found := sum([weight * text.count(phrase) for text, weight in weighed])):
            best = max(best, factor)
            total += factor * found
    return best * total / (total + _SATURATION)


def _norms(fields: Sequence[str]) -> Iterator[float]:
    for text, typical in zip(fields, _TYPICAL_CHARACTERS, strict=True):
        yield 1 - _LENGTH_MATTERS + _LENGTH_MATTERS * len(text) / typical if typical else 1.0
