"""Search: the index of all entries, kept with them, and everything readers ask of it.

An answer takes several small statements and some thought: it is worked out in one go, beside the event loop.
"""

from __future__ import annotations

import hashlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from contextlib import asynccontextmanager
from functools import partial

from sqlalchemy import Connection

from bot.model.search import Hit, Results, Sort, Topic, TopicSuggestion
from bot.search.analyzer import ANALYZER_VERSION
from bot.search.glossary import Glossary
from bot.search.query import OnTopic
from bot.search.topics import Topics
from bot.storage.engine import Database
from bot.storage.search_answers import Answers
from bot.storage.search_memory import REMEMBERED, Memory, note_change
from bot.storage.search_topics import fetch_members, fetch_years
from bot.storage.search_write import fetch_stale, index_issues, optimize, recognise_people, rename_fingerprint

ISSUES_AT_ONCE = 20
"""Issues indexed in one transaction of a rebuild: few enough that deliveries do not wait for it."""

_FINGERPRINT = 16
"""Signs that tell one version of the index from another: each entry has them."""

_UNSETTLED = "?"
"""Behind the fingerprint of an entry whose people are not told yet."""


class SearchIndex:
    """The index of all entries: kept with them, asked by readers."""

    def __init__(
        self, database: Database, topics: Iterable[Topic], glossary: Glossary, *, remembered: int = REMEMBERED
    ) -> None:
        """Prepare; so many answers are `remembered`."""
        self._database = database
        self._remembered = remembered
        self._is_together = False
        self.adopt(topics, glossary)

    def adopt(self, topics: Iterable[Topic], glossary: Glossary) -> None:
        """Take other topics and another glossary; `ensure_current` then indexes anew what they change."""
        self._answers = Answers(Topics(topics), glossary)
        self._memory = Memory(self._remembered)
        known = repr((ANALYZER_VERSION, tuple(self._answers.topics)))
        self._fingerprint = hashlib.sha256(known.encode()).hexdigest()[:_FINGERPRINT]

    def index_issues(self, connection: Connection, issue_ids: Sequence[int]) -> None:
        """Bring the index of some issues up to date, inside the transaction that stored or removed their entries."""
        if self._is_together:
            self._index(connection, issue_ids, fingerprint=self._fingerprint + _UNSETTLED)
        elif self._index(connection, issue_ids, fingerprint=self._fingerprint):
            recognise_people(connection)
        note_change(connection)

    @asynccontextmanager
    async def together(self) -> AsyncIterator[None]:
        """Index several issues; who is who is told once, at their end. `ensure_current` mends what is broken off."""
        self._is_together = True
        try:
            yield
        finally:
            self._is_together = False
            await self._database.change(self._settle)

    async def ensure_current(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
        """Index anew what another version of the bot or other topics indexed; returns how many issues that were.

        `progress` is told how many of how many issues are done, none at first. May be broken off at any time, and
        goes on from there.
        """
        stale = await self._database.ask(lambda connection: fetch_stale(connection, self._fingerprint))
        if stale:
            progress(0, len(stale))
        for start in range(0, len(stale), ISSUES_AT_ONCE):
            some = stale[start : start + ISSUES_AT_ONCE]
            is_last = start + len(some) == len(stale)
            await self._database.change(partial(self._reindex, issue_ids=some, is_last=is_last))
            progress(start + len(some), len(stale))
        return len(stale)

    async def search(self, query: str, *, limit: int = 5, offset: int = 0, sort: Sort = Sort.BEST) -> Results:
        """Answer a query with one page of hits. Takes any text."""
        answers, memory = self._answers, self._memory

        def find(connection: Connection) -> Results:
            asked = (query, limit, offset, sort)
            answer = partial(answers.search, connection, query, limit=limit, offset=offset, sort=sort)
            return memory.recall(connection, asked, answer)

        return await self._database.ask(find)

    async def topic(self, name: str, *, limit: int = 5, offset: int = 0) -> Results:
        """Return a topic's entries, newest first."""
        return await self.search(str(OnTopic(name)), limit=limit, offset=offset, sort=Sort.NEWEST)

    async def topic_counts(self) -> tuple[tuple[Topic, int], ...]:
        """Return all topics with how many entries each has, in the order of their file."""
        return await self._database.ask(self._answers.count_topics)

    async def topic_years(self, name: str) -> tuple[tuple[int, int], ...]:
        """Return how many entries a topic has in each year, the last year first."""
        return await self._database.ask(lambda connection: fetch_years(connection, name))

    async def related_topics(self, name: str, *, limit: int = 5) -> tuple[tuple[Topic, int], ...]:
        """Return the topics that share entries with a topic, and how many, the most closely related first."""
        answers = self._answers
        return await self._database.ask(lambda connection: answers.related_topics(connection, name, limit=limit))

    async def related(self, entry_id: int, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the entries that are most like one, best first; none for an entry that is not there."""
        answers = self._answers
        return await self._database.ask(lambda connection: answers.related(connection, entry_id, limit=limit))

    async def entries_on(self, topics: Sequence[str], issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that belong to any of these topics."""
        return await self._database.ask(lambda connection: fetch_members(connection, topics, issue))

    async def entries_matching(self, query: str, issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that have all a standing query asks for. Takes any text."""
        answers = self._answers
        return await self._database.ask(lambda connection: answers.matching(connection, query, issue))

    async def suggest_topics(self) -> tuple[TopicSuggestion, ...]:
        """Propose aliases and topics from what the entries speak of often."""
        return await self._database.ask(self._answers.suggest_topics)

    def _reindex(self, connection: Connection, *, issue_ids: list[int], is_last: bool) -> None:
        self._index(connection, issue_ids, fingerprint=self._fingerprint)
        if is_last:
            recognise_people(connection)
            optimize(connection)
        note_change(connection)

    def _settle(self, connection: Connection) -> None:
        if rename_fingerprint(connection, self._fingerprint + _UNSETTLED, self._fingerprint):
            recognise_people(connection)
            optimize(connection)
            note_change(connection)

    def _index(self, connection: Connection, issue_ids: Sequence[int], *, fingerprint: str) -> bool:
        return index_issues(connection, issue_ids, topics=self._answers.topics, fingerprint=fingerprint)
