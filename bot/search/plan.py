"""A plan: what an entry must have to be found, and what it is ranked by.

A query is a row of groups. A group is matched when each of its units is, or by something that stands for all of them
at once; a unit is matched by any of its alternatives: the word itself, another form, its name in the other language.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model.search import Notice
from bot.search.query import Span

Terms = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Alternative:
    """A phrase of terms (or one facet) that matches a unit; `factor` tells how well, 1 being the very word.

    Of a `prefix` the last term may be the beginning of one; `scattered` terms may stand anywhere, in any order; a
    `titled` one stands in the title.
    """

    terms: Terms
    factor: float = 1.0
    prefix: bool = False
    scattered: bool = False
    titled: bool = False

    @property
    def is_facet(self) -> bool:
        """Whether it is no text but something to filter by: facets have a sign inside, terms have none."""
        return not self.terms[0].isalnum()


@dataclass(frozen=True, slots=True)
class Unit:
    """One thing asked for; `weight` is how telling it is."""

    alternatives: tuple[Alternative, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class Group:
    """Units that something else may stand for together. A `required` one is never given up."""

    units: tuple[Unit, ...]
    alternatives: tuple[Alternative, ...] = ()
    required: bool = False

    @property
    def weight(self) -> float:
        """How telling all of it is."""
        return sum(unit.weight for unit in self.units)


@dataclass(frozen=True, slots=True)
class Plan:
    """What to find. `filters` are met by one of their alternatives each and do not rank; `exact` are literal texts."""

    groups: tuple[Group, ...] = ()
    filters: tuple[tuple[Alternative, ...], ...] = ()
    excluded: tuple[Alternative, ...] = ()
    spans: tuple[Span, ...] = ()
    exact: tuple[str, ...] = ()
    nearby: tuple[Alternative, ...] = ()
    """Words of the query that stand side by side: an entry where they do, too, is better."""
    notices: tuple[Notice, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.filters or self.excluded or self.spans)

    @property
    def possible(self) -> bool:
        """Whether anything can satisfy what was asked for; nothing has a section that is not there."""
        units = (unit for group in self.groups for unit in group.units)
        return all(self.filters) and all(unit.alternatives for unit in units)


@dataclass(frozen=True, slots=True)
class Facts:
    """What the corpus knows about the words of a query."""

    entries: int = 0
    frequencies: Mapping[str, int] = field(default_factory=dict)
    """How many entries have a term."""
    words: Mapping[str, int] = field(default_factory=dict)
    """How many entries have a word as it is spelled."""
    compounds: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """Names that hold a term: nerf -> hypernerf."""
    people: Mapping[str, frozenset[str]] = field(default_factory=dict)
    """Who has a word in their names: their ids."""
    keys: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """What the index knows somebody by."""
    beginnings: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    """The terms of the words that begin like something, the most frequent first."""
    corrections: Mapping[str, str] = field(default_factory=dict)
    """Known words for unknown ones."""
    sections: tuple[str, ...] = ()
    """The titles of sections."""

    def frequency(self, terms: Terms) -> int:
        """Return how many entries have a phrase, at most."""
        return min((self.frequencies.get(term, 0) for term in terms), default=0)

    def rarity(self, frequency: int) -> float:
        """Return how telling it is to have what so many entries have (the inverse document frequency of BM25)."""
        entries = max(self.entries, frequency)
        return math.log(1 + (entries - frequency + 0.5) / (frequency + 0.5))
