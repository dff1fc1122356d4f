"""Search: everything readers ask of the entries that were delivered.

The database proposes candidates and counts; what a query means, how candidates rank and what of them is shown is
decided in `bot.search`.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.search import Notice, NoticeCode, Results, Sort, Topic
from bot.search.analyzer import ANALYZER_VERSION
from bot.search.glossary import Glossary
from bot.search.highlight import Highlighter
from bot.search.outline import outline
from bot.search.plan import Plan
from bot.search.planner import Planner, corrected
from bot.search.query import parse
from bot.search.ranking import ENOUGH
from bot.search.topics import Topics
from bot.storage.engine import Database
from bot.storage.search_facts import fetch_facts
from bot.storage.search_match import match_all, match_some
from bot.storage.search_read import CANDIDATES, NEWEST, Found, count, matching, newest, once_a_paper, rank, read_hits
from bot.storage.search_write import index_issues


class SearchIndex:
    """The index of all entries: kept with them, asked by readers."""

    def __init__(self, database: Database, topics: Iterable[Topic], glossary: Glossary) -> None:
        self._database = database
        self._topics = Topics(topics)
        self._glossary = glossary
        known = repr((ANALYZER_VERSION, tuple(self._topics)))
        self._fingerprint = hashlib.sha256(known.encode()).hexdigest()

    async def index_issue(self, connection: AsyncConnection, issue_id: int) -> None:
        """Bring the index of an issue up to date, inside the transaction that stored it."""
        await index_issues(connection, [issue_id], topics=self._topics, fingerprint=self._fingerprint)

    async def remove_issue(self, connection: AsyncConnection, issue_id: int) -> None:
        """Take an issue out of the index, inside the transaction that removed its entries."""
        await self.index_issue(connection, issue_id)

    async def search(self, query: str, *, limit: int = 5, offset: int = 0, sort: Sort = Sort.BEST) -> Results:
        """Answer a query with one page of hits. Takes any text."""
        parsed = parse(query)
        async with self._database.read() as connection:
            parts = outline(parsed, self._glossary)
            facts = await fetch_facts(connection, parts.lookups)
            better = corrected(parsed, facts)
            if better.clauses != parsed.clauses:
                parts = outline(better, self._glossary)
                facts = await fetch_facts(connection, parts.lookups)
            plan = Planner(self._glossary, self._topics, facts).plan(parts)
            found, total, widened = await _find(connection, plan, sort)
            unique = once_a_paper(found)
            hits = await read_hits(connection, unique[offset : offset + limit], Highlighter(plan))
        return Results(
            query=query,
            hits=hits,
            total=total - (len(found) - len(unique)),
            offset=offset,
            did_you_mean=str(better) if better.clauses != parsed.clauses else "",
            notices=(*parsed.notices, *plan.notices, *(() if plan else (Notice(NoticeCode.NOTHING),))),
            widened=widened,
        )


async def _find(connection: AsyncConnection, plan: Plan, sort: Sort) -> tuple[list[Found], int, bool]:
    """Return the entries that answer a plan, how many there are, whether some words were enough."""
    if not plan or not plan.possible:
        return [], 0, False
    statement = matching(plan, match_all(plan))
    if not plan.groups or sort is Sort.NEWEST:
        found = await newest(connection, statement)
        if found or not plan.groups:
            return found, len(found) if len(found) < NEWEST else await count(connection, statement), False
    else:
        found = await rank(connection, statement, plan)
    total = len(found) if len(found) < CANDIDATES else await count(connection, statement)
    if total >= FEW or len([unit for group in plan.groups for unit in group.units]) == 1:
        return found, total, False
    known = {one.entry_id for one in found}
    others = await rank(connection, matching(plan, match_some(plan, ENOUGH)), plan)
    others = [one for one in others if one.coverage >= ENOUGH and one.entry_id not in known]
    return [*found, *others], total + len(others), not found


FEW = 10
