"""Related entries: a plan that asks for what one entry says and few others do."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence

from bot.search.folding import has_cjk
from bot.search.indexing import FIELDS
from bot.search.pieces import COMMON_STEMS
from bot.search.plan import Alternative, Facts, Group, Plan, Unit

_FIELD_WEIGHTS = {"title": 3, "body": 1, "labels": 1}
_MOST_CONSIDERED = 80
_MOST_TELLING = 14
_SHORTEST = 3
_TOPIC_WEIGHT = 0.6
_AUTHOR_WEIGHT = 0.4


def telling_terms(fields: Sequence[str]) -> Mapping[str, int]:
    """Return the terms of an entry that may tell what it is about, with how much it speaks of them."""
    counts: Counter[str] = Counter()
    for name, text in zip(FIELDS, fields, strict=True):
        if weight := _FIELD_WEIGHTS.get(name):
            for term in text.split():
                if _can_tell(term):
                    counts[term] += weight
    return dict(counts.most_common(_MOST_CONSIDERED))


def related_plan(fields: Sequence[str], counts: Mapping[str, int], facts: Facts, topics: Mapping[str, int]) -> Plan:
    """Ask for an entry's most telling terms, its topics (with how many entries each has) and its authors."""
    worth = {
        term: (1 + math.log(count)) * facts.rarity(frequency)
        for term, count in counts.items()
        if (frequency := facts.frequencies.get(term, 0)) > 1
    }
    units = [
        Unit((Alternative((term,)),), weight)
        for term, weight in sorted(worth.items(), key=lambda item: -item[1])[:_MOST_TELLING]
    ]
    for facet in dict(zip(FIELDS, fields, strict=True))["facets"].split():
        kind, _, name = facet.partition(":")
        if kind == "topic":
            units.append(Unit((Alternative((facet,)),), _TOPIC_WEIGHT * facts.rarity(topics.get(name, 1))))
        elif kind == "by":
            units.append(Unit((Alternative((facet,)),), _AUTHOR_WEIGHT * facts.rarity(1)))
    return Plan(tuple(Group((unit,)) for unit in units))


def _can_tell(term: str) -> bool:
    if has_cjk(term):
        return len(term) > 1
    return len(term) >= _SHORTEST and not term.isdigit() and term not in COMMON_STEMS
