"""What of an issue a chat wants: which of its entries come, and which of those it watches for."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Match:
    """A standing query, and the ids of an issue's entries that match it."""

    query: str
    entries: frozenset[int]


@dataclass(frozen=True, slots=True)
class Selection:
    """The ids of the entries that are wanted (None: all of them), and what standing queries found among all."""

    wanted: frozenset[int] | None = None
    matches: tuple[Match, ...] = ()

    @property
    def watched(self) -> frozenset[int]:
        """The ids of the entries that match any standing query."""
        return frozenset[int]().union(*(match.entries for match in self.matches))


EVERYTHING = Selection()
