"""Reading the search index: the entries that match a plan, ranked or newest first, and the hits of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.search import Hit, Place, Sort
from bot.search.highlight import Highlighter
from bot.search.indexing import FIELDS
from bot.search.plan import Plan
from bot.search.query import After, Before, InIssues, Span
from bot.search.ranking import Ranker, enough
from bot.search.related import related_plan, telling_terms
from bot.storage.codec import ENTRY
from bot.storage.search_facts import fetch_frequencies
from bot.storage.search_match import match_all, match_any, match_excluded, match_some
from bot.storage.search_tables import entry_fts, search_entries
from bot.storage.search_topics import fetch_counts
from bot.storage.tables import entries, issues, sections

CANDIDATES = 200
"""Entries that are ranked with care; those that match besides are counted."""

NEWEST = 2000
"""Entries that compete to be candidates, or are listed, where more match: the last that came."""

# A rough order for choosing candidates; ranking looks closer.
_RANK: ColumnElement[float] = literal_column("bm25(entry_fts, 4.0, 4.0, 1.0, 0.5, 1.0, 1.0)")
_TABLE: ColumnElement[Any] = literal_column("entry_fts")


_FEW = 10
"""Hits that are too few to leave out what answers a query in part."""

_ENOUGH_IN_COMMON = 0.1
"""Share of an entry's telling terms that a related one has."""

_ONE = (
    select(search_entries.c.paper, *(entry_fts.c[name] for name in FIELDS))
    .join(entry_fts, entry_fts.c.rowid == search_entries.c.entry_id)
    .where(search_entries.c.entry_id == bindparam("entry_id"))
)


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that answers, not read yet: what it is about, how new it is, how well it does."""

    entry_id: int
    paper: str | None
    issue: int
    position: int
    score: float = 0.0
    coverage: float = 1.0


def matching(plan: Plan, match: str) -> Select[Any]:
    """Return the statement for the ids of what matches, with a rough rank."""
    if match:
        identity = entry_fts.c.rowid
        statement = select(identity.label("id"), _RANK.label("rank")).where(_TABLE.op("MATCH")(match))
    else:
        identity = search_entries.c.entry_id
        statement = select(identity.label("id"), literal(0.0).label("rank"))
        if excluded := match_excluded(plan):
            statement = statement.where(identity.not_in(select(entry_fts.c.rowid).where(_TABLE.op("MATCH")(excluded))))
    for exact in plan.exact:
        statement = statement.where(func.instr(entry_fts.c.surface, exact) > 0)
    if plan.spans:
        within = select(entries.c.id).join(issues, issues.c.id == entries.c.issue_id)
        statement = statement.where(identity.in_(within.where(*(_within(span) for span in plan.spans))))
    return statement


def _within(span: Span) -> ColumnElement[bool]:
    match span:
        case InIssues(first=first, last=last):
            return issues.c.number.between(0 if first is None else first, 2**31 if last is None else last)
        case After(day=day):
            return issues.c.starts_on >= day
        case Before(day=day):
            return issues.c.starts_on < day


async def find(connection: AsyncConnection, plan: Plan, sort: Sort) -> tuple[list[Found], int, bool]:
    """Return the entries that answer a plan, how many there are, and whether some of its words had to be enough.

    Where few have all words, those that have most of what the words weigh follow.
    """
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
    if total >= _FEW or sum(len(group.units) for group in plan.groups) == 1:
        return found, total, False
    share = enough(plan)
    known = {one.entry_id for one in found}
    others = await rank(connection, matching(plan, match_some(plan, share)), plan)
    others = [one for one in others if one.coverage >= share and one.entry_id not in known]
    if sort is Sort.NEWEST:
        others.sort(key=lambda one: (-one.issue, one.position))
    together = sorted([*found, *others], key=_order) if sort is Sort.BEST else [*found, *others]
    return together, total + len(others), not found


async def find_related(connection: AsyncConnection, entry_id: int) -> tuple[Plan, list[Found]]:
    """Return the entries most like one, best first, and the plan that asked for them."""
    row = (await connection.execute(_ONE, {"entry_id": entry_id})).one_or_none()
    if row is None:
        return Plan(), []
    paper, *fields = row
    terms = telling_terms(fields)
    plan = related_plan(fields, terms, await fetch_frequencies(connection, terms), await fetch_counts(connection))
    asked = [alternative for group in plan.groups for unit in group.units for alternative in unit.alternatives]
    if not asked:
        return plan, []
    found = await rank(connection, matching(plan, match_any(asked)), plan)
    return plan, [
        one
        for one in once_a_paper(found)
        if one.entry_id != entry_id and one.coverage >= _ENOUGH_IN_COMMON and (paper is None or one.paper != paper)
    ]


async def count(connection: AsyncConnection, statement: Select[Any]) -> int:
    """Return how many entries match."""
    return await connection.scalar(select(func.count()).select_from(statement.subquery())) or 0


async def rank(connection: AsyncConnection, statement: Select[Any], plan: Plan) -> list[Found]:
    """Return the best of what matches, best first, newer first among equals."""
    newest = statement.order_by(literal_column("1").desc()).limit(NEWEST).subquery()
    best = select(newest).order_by(newest.c.rank).limit(CANDIDATES).subquery()
    candidates = (
        select(
            best.c.id,
            search_entries.c.paper,
            issues.c.number,
            entries.c.position,
            *(entry_fts.c[name] for name in FIELDS),
        )
        .join(entry_fts, entry_fts.c.rowid == best.c.id)
        .join(search_entries, search_entries.c.entry_id == best.c.id)
        .join(entries, entries.c.id == best.c.id)
        .join(issues, issues.c.id == entries.c.issue_id)
    )
    ranker = Ranker(plan)
    found = []
    for entry_id, paper, issue, position, *fields in await connection.execute(candidates):
        relevance = ranker.judge(fields)
        found.append(Found(entry_id, paper, issue, position, relevance.score, relevance.coverage))
    return sorted(found, key=_order)


async def newest(connection: AsyncConnection, statement: Select[Any]) -> list[Found]:
    """Return what matches, newest first."""
    matches = statement.subquery()
    listed = (
        select(matches.c.id, search_entries.c.paper, issues.c.number, entries.c.position)
        .join(search_entries, search_entries.c.entry_id == matches.c.id)
        .join(entries, entries.c.id == matches.c.id)
        .join(issues, issues.c.id == entries.c.issue_id)
        .order_by(issues.c.number.desc(), entries.c.position)
        .limit(NEWEST)
    )
    return [Found(*row) for row in await connection.execute(listed)]


def once_a_paper(found: Iterable[Found]) -> list[Found]:
    """Leave one entry of those about the same paper, the first."""
    seen: set[str] = set()
    kept = []
    for one in found:
        if one.paper is None or one.paper not in seen:
            kept.append(one)
        if one.paper is not None:
            seen.add(one.paper)
    return kept


_ENTRIES = (
    select(entries.c.id, entries.c.content, issues.c.number, sections.c.title)
    .join(issues, issues.c.id == entries.c.issue_id)
    .join(sections, sections.c.id == entries.c.section_id)
    .where(entries.c.id.in_(bindparam("ids", expanding=True)))
)
_PLACES = (
    select(search_entries.c.paper, entries.c.id, issues.c.number, sections.c.title)
    .join(entries, entries.c.id == search_entries.c.entry_id)
    .join(issues, issues.c.id == entries.c.issue_id)
    .join(sections, sections.c.id == entries.c.section_id)
    .where(search_entries.c.paper.in_(bindparam("papers", expanding=True)))
    .order_by(issues.c.number.desc(), entries.c.position)
)


async def read_hits(connection: AsyncConnection, page: Sequence[Found], highlighter: Highlighter) -> tuple[Hit, ...]:
    """Return the hits of a page, with the places of their papers."""
    if not page:
        return ()
    rows = {row.id: row for row in await connection.execute(_ENTRIES, {"ids": [one.entry_id for one in page]})}
    places = defaultdict[str, list[Place]](list)
    if papers := [one.paper for one in page if one.paper]:
        for row in await connection.execute(_PLACES, {"papers": papers}):
            places[row.paper].append(Place(row.number, row.title, row.id))
    hits = []
    for one in page:
        row = rows[one.entry_id]
        entry = replace(ENTRY.decode(row.content), id=row.id)
        place = Place(row.number, row.title, row.id)
        others = (other for other in places[one.paper or ""] if other != place)
        hits.append(Hit(entry, place, round(one.score, 4), highlighter.snippet(entry), (place, *others)))
    return tuple(hits)


def _order(found: Found) -> tuple[float, int, int]:
    return -round(found.score, 2), -found.issue, found.position
