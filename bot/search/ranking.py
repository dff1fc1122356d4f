"""Ranking: how well an entry answers a plan.

The database proposes candidates; here their fields are weighed. All that stands for one unit counts as one word (BM25
over weighed fields), so that a concept with many names is worth no more than one with a single name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

from bot.search.indexing import FIELDS
from bot.search.plan import Alternative, Plan

FIELD_WEIGHTS = dict(zip(FIELDS, (3.0, 3.0, 1.0, 0.35, 1.0, 2.0), strict=True))
_TYPICAL_CHARACTERS = {"title": 60, "body": 400, "discussion": 600, "labels": 80}
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


class Ranker:
    """Scores candidates of one plan."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._total = sum(group.weight for group in plan.groups)
        self._first = frozenset(term for one in _alternatives(plan) if not one.prefix for term in one.terms[:1])

    def judge(self, fields: Sequence[str]) -> Relevance:
        """Score an entry by its fields, in the order of `FIELDS`, padded with spaces."""
        entry = _Entry(fields, self._first)
        score = covered = 0.0
        complete = True
        for group in self._plan.groups:
            together = entry.strength(group.alternatives)
            for unit in group.units:
                strength = max(together, entry.strength(unit.alternatives))
                score += unit.weight * strength
                covered += unit.weight if strength else 0.0
                complete = complete and strength > 0
        for pair in self._plan.nearby:
            score += _NEARBY * pair.factor * entry.strength((Alternative(pair.terms),))
        coverage = covered / self._total if self._total else 1.0
        return Relevance(coverage, score * _COMPLETE if complete else score)


class _Entry:
    """A candidate's fields, to count phrases in."""

    def __init__(self, fields: Sequence[str], asked: AbstractSet[str]) -> None:
        weighed = zip(FIELDS, fields, strict=True)
        self._fields = [(text, FIELD_WEIGHTS[name] / _norm(name, text)) for name, text in weighed if text]
        # Most of what might stand for a word does not: one look at all terms spares a search through every field.
        self._has = asked & set(" ".join(fields).split())

    def strength(self, alternatives: Iterable[Alternative]) -> float:
        """Return how strongly any of the alternatives is in the entry, from 0 to nearly 1."""
        best = total = 0.0
        for alternative in alternatives:
            if alternative.prefix or alternative.terms[0] in self._has:
                phrase = f" {' '.join(alternative.terms)}{'' if alternative.prefix else ' '}"
                if found := sum(weight * text.count(phrase) for text, weight in self._fields):
                    best = max(best, alternative.factor)
                    total += alternative.factor * found
        return best * total / (total + _SATURATION)


def _alternatives(plan: Plan) -> Iterator[Alternative]:
    yield from plan.nearby
    for group in plan.groups:
        yield from group.alternatives
        for unit in group.units:
            yield from unit.alternatives


def _norm(name: str, text: str) -> float:
    typical = _TYPICAL_CHARACTERS.get(name)
    return 1.0 if typical is None else 1 - _LENGTH_MATTERS + _LENGTH_MATTERS * len(text) / typical
