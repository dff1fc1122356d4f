"""Ranking: how well an entry answers a plan.

The database proposes candidates; here their fields are weighed. All that stands for one unit counts as one word (BM25
over weighed fields), so that a concept with many names is worth no more than one with a single name.
"""

from __future__ import annotations

from collections.abc import Sequence
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

    def judge(self, fields: Sequence[str]) -> Relevance:
        """Score an entry by its fields, in the order of `FIELDS`, padded with spaces."""
        norms = [_norm(name, text) for name, text in zip(FIELDS, fields, strict=True)]
        score = covered = 0.0
        complete = True
        for group in self._plan.groups:
            together = self._strength(group.alternatives, fields, norms)
            for unit in group.units:
                strength = max(together, self._strength(unit.alternatives, fields, norms))
                score += unit.weight * strength
                covered += unit.weight if strength else 0.0
                complete = complete and strength > 0
        for pair in self._plan.nearby:
            score += _NEARBY * pair.factor * self._strength((Alternative(pair.terms),), fields, norms)
        coverage = covered / self._total if self._total else 1.0
        return Relevance(coverage, score * _COMPLETE if complete else score)

    def _strength(self, alternatives: Sequence[Alternative], fields: Sequence[str], norms: Sequence[float]) -> float:
        """Return how strongly any of the alternatives is in an entry, from 0 to nearly 1."""
        best = total = 0.0
        for alternative in alternatives:
            phrase = f" {' '.join(alternative.terms)}{'' if alternative.prefix else ' '}"
            found = sum(
                weight * count / norm
                for weight, text, norm in zip(FIELD_WEIGHTS.values(), fields, norms, strict=True)
                if (count := text.count(phrase))
            )
            if found:
                best = max(best, alternative.factor)
                total += alternative.factor * found
        return best * total / (total + _SATURATION)


def _norm(name: str, text: str) -> float:
    typical = _TYPICAL_CHARACTERS.get(name)
    return 1.0 if typical is None else 1 - _LENGTH_MATTERS + _LENGTH_MATTERS * len(text) / typical
