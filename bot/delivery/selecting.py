"""Selecting: which entries of an issue come to a chat that chose topics, and which are marked for what it watches.

A choice of sections and a choice of topics each narrow what comes; standing queries mark, and narrow only where a chat
asked for nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Protocol

from bot.model.chat import Variant
from bot.model.selection import Match, Selection


class Index(Protocol):
    """What selecting needs of the search index."""

    async def entries_on(self, topics: Sequence[str], issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that belong to any of these topics."""
        ...

    async def entries_matching(self, query: str, issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that have all a standing query asks for."""
        ...


def choose(variant: Variant, on_topic: frozenset[int], matches: Sequence[Match]) -> Selection:
    """Decide what comes; `on_topic` are the entries of the topics chosen, `matches` what each standing query found."""
    found = Selection(on_topic if variant.topics else None, tuple(match for match in matches if match.entries))
    if not (variant.watched_only and variant.watches):
        return found
    return replace(found, wanted=found.watched if found.wanted is None else found.wanted & found.watched)


def narrow(variant: Variant, selection: Selection) -> Variant:
    """Return the variant without the standing queries that find nothing: it takes the same edition."""
    if variant.watched_only and not selection.matches:
        return variant
    return replace(variant, watches=tuple(match.query for match in selection.matches))


class Selector:
    """Asks the index about one issue, each question once."""

    def __init__(self, index: Index, issue: int) -> None:
        self._index = index
        self._issue = issue
        self._on: dict[tuple[str, ...], frozenset[int]] = {(): frozenset()}
        self._matching: dict[str, Match] = {}

    async def select(self, variant: Variant) -> Selection:
        """Return what of the issue a variant takes."""
        if variant.topics not in self._on:
            self._on[variant.topics] = await self._index.entries_on(variant.topics, self._issue)
        for query in variant.watches:
            if query not in self._matching:
                self._matching[query] = Match(query, await self._index.entries_matching(query, self._issue))
        return choose(variant, self._on[variant.topics], [self._matching[query] for query in variant.watches])
