"""Reading the search index: the entries that match a plan, best or newest first, and the hits of a page."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import TextClause, bindparam, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.search import Hit, Place, Sort
from bot.search.highlight import Highlighter
from bot.search.indexing import FIELDS
from bot.search.plan import Plan
from bot.search.query import After, Before, InIssues
from bot.search.ranking import Ranker, enough
from bot.search.related import related_plan, telling_terms
from bot.storage.codec import ENTRY
from bot.storage.search_facts import fetch_frequencies
from bot.storage.search_match import match_all, match_any, match_excluded, match_some
from bot.storage.search_tables import entry_fts, search_entries
from bot.storage.search_topics import fetch_counts

CANDIDATES = 50
"""Entries that are ranked with care; those that match besides are counted, and ranked when a reader gets so far."""

_SPARE = 10
"""Candidates beyond a page: some are about the same paper and are found once."""

NEWEST = 1000
"""Entries that compete to be candidates, or are listed, where more match: the last that came."""

_FEW = 10
"""Hits that are too few to leave out what answers a query in part."""

_ENOUGH_IN_COMMON = 0.1
"""Share of an entry's telling terms that a related one has."""

_ANY_ISSUE = 2**31


@dataclass(frozen=True, slots=True)
class Found:
    """An entry that answers, not read yet: what it is about, how new it is, how well it does."""

    entry_id: int
    paper: str | None
    issue: int
    position: int
    score: float = 0.0
    coverage: float = 1.0


# The conditions stand in every statement and are skipped by their flags: so each statement is prepared once. The plus
# keeps SQLite from asking the full-text index anew for every entry of those issues.
_CONDITIONS = """
    AND (NOT :is_bounded OR +{id} IN (
        SELECT entry_id FROM search_entries JOIN issues ON issues.id = search_entries.issue_id
        WHERE issues.number BETWEEN :first AND :last
            AND (:after IS NULL OR issues.starts_on >= :after) AND (:before IS NULL OR issues.starts_on < :before)))
"""
# ruff: noqa: S608 - put together of constants alone; whatever a reader types is a parameter
_MATCHING = f"""
    FROM entry_fts WHERE entry_fts MATCH :match {_CONDITIONS.format(id="rowid")}
    AND (NOT :is_exact OR NOT EXISTS (SELECT 1 FROM json_each(:exact) WHERE instr(surface, value) = 0))
"""
_EVERYTHING = f"""
    FROM search_entries WHERE TRUE {_CONDITIONS.format(id="entry_id")}
    AND (:match = '' OR entry_id NOT IN (SELECT rowid FROM entry_fts WHERE entry_fts MATCH :match))
"""
_LISTED = """
    SELECT matches.id, paper, number, position FROM matches
    JOIN search_entries ON search_entries.entry_id = matches.id JOIN issues ON issues.id = search_entries.issue_id
    ORDER BY number DESC, position LIMIT :newest
"""
_RANK = text(f"""
    WITH matches AS (
        SELECT rowid AS id, bm25(entry_fts, 4.0, 4.0, 1.0, 0.5, 1.0, 1.0) AS rank {_MATCHING}
        ORDER BY rowid DESC LIMIT :newest),
    best AS (SELECT id FROM matches ORDER BY rank LIMIT :candidates)
    SELECT (SELECT count(*) FROM matches),
        (SELECT count(*) - count(paper) + count(DISTINCT paper) FROM matches
            JOIN search_entries ON search_entries.entry_id = matches.id),
        best.id, paper, number, position,
        {", ".join(f"entry_fts.{name}" for name in FIELDS)}
    FROM best JOIN entry_fts ON entry_fts.rowid = best.id JOIN search_entries ON search_entries.entry_id = best.id
    JOIN issues ON issues.id = search_entries.issue_id
""")
_IDS_MATCHING = text(f"SELECT rowid {_MATCHING}")
_IDS_EVERYTHING = text(f"SELECT entry_id {_EVERYTHING}")
_LIST_MATCHING = text(f"WITH matches AS (SELECT rowid AS id {_MATCHING}) {_LISTED}")
_LIST_EVERYTHING = text(f"WITH matches AS (SELECT entry_id AS id {_EVERYTHING}) {_LISTED}")
_COUNT_MATCHING = text(f"SELECT count(*) {_MATCHING}")
_COUNT_EVERYTHING = text(f"SELECT count(*) {_EVERYTHING}")


async def find(connection: AsyncConnection, plan: Plan, sort: Sort, *, needed: int) -> tuple[list[Found], int, bool]:
    """Return the entries that answer a plan, how many there are, and whether some of its words had to be enough.

    At least so many as are `needed`, if there are; of those about the same paper, one. Where few have all words, those
    that have most of what the words weigh come with them.
    """
    if not plan or not plan.possible:
        return [], 0, False
    if not plan.groups or sort is Sort.NEWEST:
        found, total = await _list(connection, plan, needed=needed)
        if found or not plan.groups:
            return found, total, False
    else:
        found, total = await _rank(connection, plan, match_all(plan), needed=needed)
    if total >= _FEW or sum(len(group.units) for group in plan.groups) == 1:
        return found, total, False
    share = enough(plan)
    partial, _ = await _rank(connection, plan, match_some(plan, share), needed=needed)
    order = _best_first if sort is Sort.BEST else _newest_first
    together = {one.entry_id: one for one in (*found, *(one for one in partial if one.coverage >= share))}
    unique = _once_a_paper(sorted(together.values(), key=order))
    return unique, len(unique), not found


async def find_ids(connection: AsyncConnection, plan: Plan) -> frozenset[int]:
    """Return the ids of all entries that have everything a plan asks for."""
    if not plan or not plan.possible:
        return frozenset()
    match = match_all(plan)
    statement = _IDS_MATCHING if match else _IDS_EVERYTHING
    return frozenset(await connection.scalars(statement, _parameters(plan, match or match_excluded(plan))))


async def find_related(connection: AsyncConnection, entry_id: int) -> tuple[Plan, list[Found]]:
    """Return the entries most like one, best first, and the plan that asked for them."""
    row = (await connection.execute(_ONE, {"entry_id": entry_id})).one_or_none()
    if row is None:
        return Plan(), []
    paper, *fields = row
    terms = telling_terms(fields)
    plan = related_plan(fields, terms, await fetch_frequencies(connection, terms), await fetch_counts(connection))
    asked = [alternative for group in plan.groups for unit in group.units for alternative in unit.alternatives]
    found, _ = await _rank(connection, plan, match_any(asked), needed=0) if asked else ([], 0)
    return plan, [
        one
        for one in found
        if one.entry_id != entry_id and one.coverage >= _ENOUGH_IN_COMMON and (paper is None or one.paper != paper)
    ]


async def _rank(connection: AsyncConnection, plan: Plan, match: str, *, needed: int) -> tuple[list[Found], int]:
    """Return the best of what matches, best first, newer first among equals; and how many match."""
    considered = max(NEWEST, needed)
    candidates = CANDIDATES if needed <= CANDIDATES - _SPARE else considered
    parameters = _parameters(plan, match) | {"newest": considered, "candidates": candidates}
    rows = (await connection.execute(_RANK, parameters)).all()
    if not rows:
        return [], 0
    ranker = Ranker(plan)
    found = []
    for _, _, entry_id, paper, issue, position, *fields in rows:
        relevance = ranker.judge(fields)
        found.append(Found(entry_id, paper, issue, position, relevance.score, relevance.coverage))
    matched, total, *_ = rows[0]
    if matched == considered:
        total = await _count(connection, _COUNT_MATCHING, parameters)
    return _once_a_paper(sorted(found, key=_best_first)), total


async def _list(connection: AsyncConnection, plan: Plan, *, needed: int) -> tuple[list[Found], int]:
    """Return what matches, newest first, and how many that are."""
    match = match_all(plan)
    listing, counting = (_LIST_MATCHING, _COUNT_MATCHING) if match else (_LIST_EVERYTHING, _COUNT_EVERYTHING)
    considered = max(NEWEST, needed)
    parameters = _parameters(plan, match or match_excluded(plan)) | {"newest": considered}
    found = [Found(*row) for row in await connection.execute(listing, parameters)]
    unique = _once_a_paper(found)
    return unique, len(unique) if len(found) < considered else await _count(connection, counting, parameters)


async def _count(connection: AsyncConnection, statement: TextClause, parameters: Mapping[str, Any]) -> int:
    return await connection.scalar(statement, parameters) or 0


def _parameters(plan: Plan, match: str) -> dict[str, Any]:
    """Return what the conditions of every statement need."""
    bounds: dict[str, Any] = {"first": 0, "last": _ANY_ISSUE, "after": None, "before": None}
    for span in plan.spans:
        match span:
            case InIssues(first=first, last=last):
                bounds["first"] = max(bounds["first"], first or 0)
                bounds["last"] = min(bounds["last"], _ANY_ISSUE if last is None else last)
            case After(day=day):
                bounds["after"] = max(bounds["after"] or "", day.isoformat())
            case Before(day=day):
                bounds["before"] = min(bounds["before"] or "9999", day.isoformat())
    exact = {"is_exact": bool(plan.exact), "exact": json.dumps(plan.exact)}
    return {"match": match, "is_bounded": bool(plan.spans), **bounds, **exact}


def _best_first(found: Found) -> tuple[float, int, int]:
    # Scores that differ by less than this are equal to a reader.
    return -round(found.score, 2), -found.issue, found.position


def _newest_first(found: Found) -> tuple[int, int]:
    return -found.issue, found.position


def _once_a_paper(found: Iterable[Found]) -> list[Found]:
    """Leave one entry of those about the same paper, the first."""
    seen: set[str] = set()
    kept = []
    for one in found:
        if one.paper is None or one.paper not in seen:
            kept.append(one)
        if one.paper is not None:
            seen.add(one.paper)
    return kept


_ONE = (
    select(search_entries.c.paper, *(entry_fts.c[name] for name in FIELDS))
    .join(entry_fts, entry_fts.c.rowid == search_entries.c.entry_id)
    .where(search_entries.c.entry_id == bindparam("entry_id"))
)
_HITS = text("""
    WITH wanted AS (
        SELECT entry_id, paper FROM search_entries WHERE entry_id IN (SELECT value FROM json_each(:ids))
        UNION SELECT entry_id, paper FROM search_entries WHERE paper IN (SELECT value FROM json_each(:papers)))
    SELECT entries.id, wanted.paper, issues.number, sections.title AS section,
        CASE WHEN entries.id IN (SELECT value FROM json_each(:ids)) THEN entries.content END AS content
    FROM wanted JOIN entries ON entries.id = wanted.entry_id
    JOIN issues ON issues.id = entries.issue_id JOIN sections ON sections.id = entries.section_id
    ORDER BY issues.number DESC, entries.position
""")


async def read_hits(connection: AsyncConnection, page: Sequence[Found], highlighter: Highlighter) -> tuple[Hit, ...]:
    """Return the hits of a page, with the places of their papers."""
    if not page:
        return ()
    wanted = {
        "ids": json.dumps([one.entry_id for one in page]),
        "papers": json.dumps([one.paper for one in page if one.paper]),
    }
    rows = {row.id: row for row in await connection.execute(_HITS, wanted)}
    places = defaultdict[str, list[Place]](list)
    for row in rows.values():
        if row.paper:
            places[row.paper].append(Place(row.number, row.section, row.id))
    hits = []
    for one in page:
        row = rows[one.entry_id]
        entry = replace(ENTRY.decode(row.content), id=row.id)
        place = Place(row.number, row.section, row.id)
        others = (other for other in places[one.paper or ""] if other != place)
        hits.append(Hit(entry, place, round(one.score, 4), highlighter.snippet(entry), (place, *others)))
    return tuple(hits)
