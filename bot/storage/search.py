"""Search: everything readers ask of the entries that were delivered.

The database proposes candidates and counts; what a query means, how candidates rank and what of them is shown is
decided in `bot.search`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.search import Hit, Notice, NoticeCode, Results, Sort, Topic, TopicSuggestion
from bot.search.analyzer import ANALYZER_VERSION
from bot.search.glossary import Glossary
from bot.search.highlight import Highlighter
from bot.search.outline import outline
from bot.search.parser import parse
from bot.search.plan import Facts, Plan
from bot.search.planner import Planner, with_corrections
from bot.search.query import InIssues, OnTopic, Query
from bot.search.topic_suggestions import suggest_topics
from bot.search.topics import Topics
from bot.storage.engine import Database
from bot.storage.search_facts import fetch_doubts, fetch_facts
from bot.storage.search_read import find, find_ids, find_related, read_hits
from bot.storage.search_topics import fetch_counts, fetch_members, fetch_neighbours, fetch_usage, fetch_years
from bot.storage.search_write import fetch_stale, index_issues, optimize, recognise_people

ISSUES_AT_ONCE = 20
"""Issues indexed in one transaction of a rebuild: few enough that deliveries do not wait for it."""

FEW_ENOUGH_TO_DOUBT = 2
"""Hits that make one wonder whether the query was misspelt."""

NEAREST_TOPICS = 3


class SearchIndex:
    """The index of all entries: kept with them, asked by readers."""

    def __init__(self, database: Database, topics: Iterable[Topic], glossary: Glossary) -> None:
        self._database = database
        self.adopt(topics, glossary)

    def adopt(self, topics: Iterable[Topic], glossary: Glossary) -> None:
        """Take other topics and another glossary; `ensure_current` then indexes anew what they change."""
        self._topics = Topics(topics)
        self._glossary = glossary
        known = repr((ANALYZER_VERSION, tuple(self._topics)))
        self._fingerprint = hashlib.sha256(known.encode()).hexdigest()

    async def index_issue(self, connection: AsyncConnection, issue_id: int) -> None:
        """Bring the index of an issue up to date, inside the transaction that stored or removed its entries."""
        if await index_issues(connection, [issue_id], topics=self._topics, fingerprint=self._fingerprint):
            await recognise_people(connection)

    async def remove_issue(self, connection: AsyncConnection, issue_id: int) -> None:
        """Take an issue out of the index, inside the transaction that has removed its entries."""
        await self.index_issue(connection, issue_id)

    async def ensure_current(self, progress: Callable[[int, int], None] = lambda _done, _total: None) -> int:
        """Index anew what another version of the bot or other topics indexed; returns how many issues that were.

        `progress` is told how many of how many issues are done. May be broken off at any time, and goes on from there.
        """
        async with self._database.read() as connection:
            stale = await fetch_stale(connection, self._fingerprint)
        for start in range(0, len(stale), ISSUES_AT_ONCE):
            some = stale[start : start + ISSUES_AT_ONCE]
            async with self._database.write() as connection:
                await index_issues(connection, some, topics=self._topics, fingerprint=self._fingerprint)
                if start + len(some) == len(stale):
                    await recognise_people(connection)
                    await optimize(connection)
            progress(start + len(some), len(stale))
        return len(stale)

    async def search(self, query: str, *, limit: int = 5, offset: int = 0, sort: Sort = Sort.BEST) -> Results:
        """Answer a query with one page of hits. Takes any text."""
        parsed = parse(query)
        async with self._database.read() as connection:
            facts, better, plan = await self._plan(connection, parsed)
            found, total, widened = await find(connection, plan, sort, needed=offset + limit)
            hits = await read_hits(connection, found[offset : offset + limit], Highlighter(plan))
            corrected = better.clauses != parsed.clauses
            if not corrected and total <= FEW_ENOUGH_TO_DOUBT:
                better = with_corrections(parsed, await fetch_doubts(connection, facts))
            nearest = () if total else await self._nearest(connection, query)
        return Results(
            query=query,
            hits=hits,
            total=total,
            offset=offset,
            did_you_mean=str(better) if better.clauses != parsed.clauses else "",
            corrected=corrected,
            notices=(*parsed.notices, *plan.notices) or (() if plan else (Notice(NoticeCode.NOTHING),)),
            widened=widened,
            nearest=nearest,
        )

    async def topic(self, name: str, *, limit: int = 5, offset: int = 0) -> Results:
        """Return a topic's entries, newest first."""
        return await self.search(str(OnTopic(name)), limit=limit, offset=offset, sort=Sort.NEWEST)

    async def topic_counts(self) -> tuple[tuple[Topic, int], ...]:
        """Return all topics with how many entries each has, in the order of their file."""
        async with self._database.read() as connection:
            counts = await fetch_counts(connection)
        return tuple((topic, counts.get(topic.name, 0)) for topic in self._topics)

    async def topic_years(self, name: str) -> tuple[tuple[int, int], ...]:
        """Return how many entries a topic has in each year, the last year first."""
        async with self._database.read() as connection:
            return await fetch_years(connection, name)

    async def related_topics(self, name: str, *, limit: int = 5) -> tuple[tuple[Topic, int], ...]:
        """Return the topics that share entries with a topic, and how many, the most closely related first."""
        async with self._database.read() as connection:
            shared = await fetch_neighbours(connection, name)
        known = {topic.name: topic for topic in self._topics}
        return tuple((known[other], count) for other, count in shared.items() if other in known)[:limit]

    async def related(self, entry_id: int, *, limit: int = 5) -> tuple[Hit, ...]:
        """Return the entries that are most like one, best first; none for an entry that is not there."""
        async with self._database.read() as connection:
            plan, found = await find_related(connection, entry_id)
            return await read_hits(connection, found[:limit], Highlighter(plan))

    async def entries_on(self, topics: Sequence[str], issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that belong to any of these topics."""
        async with self._database.read() as connection:
            return await fetch_members(connection, topics, issue)

    async def entries_matching(self, query: str, issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that have all a standing query asks for. Takes any text.

        Nobody looks on who could say that something else was meant: so no spelling is corrected, and no part is enough.
        """
        parts = outline(parse(query), self._glossary)
        async with self._database.read() as connection:
            facts = await fetch_facts(connection, parts.lookups, self._glossary.english)
            plan = Planner(self._glossary, self._topics, facts).plan(parts)
            if not plan:
                return frozenset()
            return await find_ids(connection, replace(plan, spans=(*plan.spans, InIssues(issue, issue))))

    async def suggest_topics(self) -> tuple[TopicSuggestion, ...]:
        """Propose aliases and topics from what the entries speak of often."""
        async with self._database.read() as connection:
            usage, people = await fetch_usage(connection, self._glossary)
        return suggest_topics(usage, self._topics, people)

    async def _plan(self, connection: AsyncConnection, query: Query) -> tuple[Facts, Query, Plan]:
        """Plan a query; where it has unknown words that are near known ones, the query with those."""
        parts = outline(query, self._glossary)
        facts = await fetch_facts(connection, parts.lookups, self._glossary.english)
        better = with_corrections(query, facts.corrections)
        if better.clauses != query.clauses:
            parts = outline(better, self._glossary)
            facts = await fetch_facts(connection, parts.lookups, self._glossary.english)
        return facts, better, Planner(self._glossary, self._topics, facts).plan(parts)

    async def _nearest(self, connection: AsyncConnection, query: str) -> tuple[Topic, ...]:
        """Return the topics that a query reminds of, else the largest."""
        if near := self._topics.remind(query, most=NEAREST_TOPICS):
            return near
        counts = await fetch_counts(connection)
        known = {topic.name: topic for topic in self._topics}
        largest = sorted(counts.keys() & known.keys(), key=lambda name: (-counts[name], name))
        return tuple(known[name] for name in largest[:NEAREST_TOPICS])
