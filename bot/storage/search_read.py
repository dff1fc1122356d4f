"""Reading the search index: the entries that match a plan, ranked or newest first, and the hits of a page."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import ColumnElement, Select, bindparam, func, literal, literal_column, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.search import Hit, Place
from bot.search.highlight import Highlighter
from bot.search.indexing import FIELDS
from bot.search.plan import Plan
from bot.search.query import After, Before, InIssues, Span
from bot.search.ranking import Ranker
from bot.storage.codec import ENTRY
from bot.storage.search_match import match_excluded
from bot.storage.search_tables import entry_fts, search_entries
from bot.storage.tables import entries, issues, sections

CANDIDATES = 200
"""Entries that are ranked with care; those that match besides are counted."""

NEWEST = 2000
"""Entries that compete to be candidates, or are listed, where more match: the last that came."""

# A rough order for choosing candidates; ranking looks closer.
_RANK: ColumnElement[float] = literal_column("bm25(entry_fts, 4.0, 4.0, 1.0, 0.5, 1.0, 1.0)")
_TABLE: ColumnElement[Any] = literal_column("entry_fts")


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that answers, not read yet: what it is about, how new it is, how well it does."""

    entry_id: int
    paper: str | None
    issue: int
    position: int
    score: float = 0.0
    complete: bool = True
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


async def count(connection: AsyncConnection, statement: Select[Any]) -> int:
    """Return how many entries match."""
    return await connection.scalar(select(func.count()).select_from(statement.subquery())) or 0


async def rank(connection: AsyncConnection, statement: Select[Any], plan: Plan) -> list[Found]:
    """Return the best of what matches, best first, newer first among equals."""
    newest = statement.order_by(literal_column("1").desc()).limit(NEWEST).subquery()
    best = select(newest).order_by(newest.c.rank).limit(CANDIDATES).subquery()
    candidates = (
        select(best.c.id, search_entries.c.paper, issues.c.number, entries.c.position, *_field_columns())
        .join(entry_fts, entry_fts.c.rowid == best.c.id)
        .join(search_entries, search_entries.c.entry_id == best.c.id)
        .join(entries, entries.c.id == best.c.id)
        .join(issues, issues.c.id == entries.c.issue_id)
    )
    ranker = Ranker(plan)
    found = []
    for entry_id, paper, issue, position, *fields in await connection.execute(candidates):
        relevance = ranker.judge(fields)
        found.append(Found(entry_id, paper, issue, position, relevance.score, relevance.complete, relevance.coverage))
    return sorted(found, key=lambda one: (-round(one.score, 2), -one.issue, one.position))


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


def _field_columns() -> Iterator[ColumnElement[Any]]:
    return (entry_fts.c[name] for name in FIELDS)
