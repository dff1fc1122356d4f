"""Reading the search index: the entries that match a plan, best or newest first, and the hits of a page."""

from __future__ import annotations

import json
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, bindparam, select

from bot.model.search import Sort
from bot.search.indexing import FIELDS
from bot.search.plan import Plan
from bot.search.query import After, Before, InIssues, NotInIssues
from bot.search.ranking import Ranker, enough
from bot.search.related import related_plan, telling_terms
from bot.storage.engine import ask_driver
from bot.storage.search_facts import fetch_frequencies
from bot.storage.search_match import match_all, match_any, match_excluded, match_repeated, match_some, match_titled
from bot.storage.search_statements import Listing, Statements, statements
from bot.storage.search_tables import entry_fts, search_entries
from bot.storage.search_topics import fetch_sizes

CANDIDATES = 30
"""Entries that are ranked with care at a time; what matches besides is counted until a reader gets so far."""

_SPARE = 10
"""Candidates beyond a page: some are about the same paper and are found once."""

PLENTY = 500
"""Where so many match, those with the words in their titles are the candidates, then the newest."""

NEWEST = 1000
"""Entries that are looked at where more match, the last that came."""

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


def find(connection: Connection, plan: Plan, sort: Sort, *, needed: int) -> tuple[list[Found], int, int]:
    """Return the entries that answer a plan, how many there are, and how many of these have some of its words only.

    At least so many as are `needed`, if there are; of those about the same paper, one. Where few have all words, those
    that have most of what the words weigh come with them. The first ones are the same however many are needed.
    """
    if not plan or not plan.possible:
        return [], 0, 0
    if not plan.groups or sort is Sort.NEWEST:
        found, total = _list(connection, plan, needed=needed)
        if found or not plan.groups:
            return found, total, 0
    else:
        found, total = _rank(connection, plan, needed=needed)
    if total >= _FEW or sum(len(group.units) for group in plan.groups) == 1:
        return found, total, 0
    share = enough(plan)
    partial = _rank_alike(connection, plan, match_some(plan, share))
    order = _best_first if sort is Sort.BEST else _newest_first
    together = {one.entry_id: one for one in (*found, *(one for one in partial if one.coverage >= share))}
    unique = _once_a_paper(sorted(together.values(), key=order))
    return unique, len(unique), max(0, len(unique) - total)


def find_ids(connection: Connection, plan: Plan) -> frozenset[int]:
    """Return the ids of all entries that have everything a plan asks for."""
    if not plan or not plan.possible:
        return frozenset()
    match = match_all(plan)
    rows = ask_driver(connection, _listing(plan, match).ids, _parameters(plan, match or match_excluded(plan)))
    return frozenset(entry_id for (entry_id,) in rows)


def find_related(connection: Connection, entry_id: int) -> tuple[Plan, list[Found]]:
    """Return the entries most like one, best first, and the plan that asked for them."""
    row = connection.execute(_ONE, {"entry_id": entry_id}).one_or_none()
    if row is None:
        return Plan(), []
    paper, *fields = row
    terms = telling_terms(fields)
    belongs = [topic for facet in fields[-1].split() if (topic := facet.removeprefix("topic:")) != facet]
    plan = related_plan(fields, terms, fetch_frequencies(connection, terms), fetch_sizes(connection, belongs))
    asked = [alternative for group in plan.groups for unit in group.units for alternative in unit.alternatives]
    found = _rank_alike(connection, plan, match_any(asked)) if asked else []
    return plan, [
        one
        for one in found
        if one.entry_id != entry_id and one.coverage >= _ENOUGH_IN_COMMON and (paper is None or one.paper != paper)
    ]


def _rank(connection: Connection, plan: Plan, *, needed: int) -> tuple[list[Found], int]:
    """Return the best of what has everything, best first, newer first among equals; and how many have it."""
    parameters = _parameters(plan, match_all(plan))
    asked = _statements(plan)
    matching = _number(connection, asked.matching.count, parameters)
    if not matching:
        return [], 0
    statement = asked.propose_alike if matching < PLENTY else asked.propose_titled
    parameters |= {"newest": PLENTY, "is_counted": True, "titled": match_titled(plan)}
    # Whole portions: what stands on a page does not depend on how far a reader got.
    candidates = CANDIDATES * math.ceil((needed + _SPARE) / CANDIDATES)
    while True:
        rows = ask_driver(connection, statement, parameters | {"candidates": candidates})
        found = _judge(rows, plan)
        if len(found) >= needed or len(rows) < candidates:
            return found, matching - rows[0][0]
        candidates *= 2


def _rank_alike(connection: Connection, plan: Plan, match: str) -> list[Found]:
    """Return the best of what may have only a part of a plan."""
    parameters = _parameters(plan, match) | {"candidates": CANDIDATES, "newest": NEWEST, "is_counted": False}
    return _judge(ask_driver(connection, _statements(plan).propose_alike, parameters), plan)


def _judge(proposed: Iterable[Sequence[Any]], plan: Plan) -> list[Found]:
    """Return proposed entries, best first, one of those about the same paper."""
    ranker = Ranker(plan)
    found = []
    for _, entry_id, paper, issue, position, *fields in proposed:
        relevance = ranker.judge(fields)
        found.append(Found(entry_id, paper, issue, position, relevance.score, relevance.coverage))
    portions = (found[start : start + CANDIDATES] for start in range(0, len(found), CANDIDATES))
    return _once_a_paper(one for portion in portions for one in sorted(portion, key=_best_first))


def _list(connection: Connection, plan: Plan, *, needed: int) -> tuple[list[Found], int]:
    """Return what matches, newest first, and how many that are."""
    match = match_all(plan)
    asked = _listing(plan, match)
    parameters = _parameters(plan, match or match_excluded(plan))
    matching = _number(connection, asked.count, parameters)
    considered = max(NEWEST, needed)
    while considered < matching:
        rows = ask_driver(connection, asked.newest_of_many, parameters | {"newest": considered})
        unique = _once_a_paper(Found(*row) for row in rows)
        if len(unique) >= needed:
            return unique, matching - _number(connection, asked.repeats, parameters)
        considered *= 2
    rows = ask_driver(connection, asked.newest, parameters | {"newest": matching})
    unique = _once_a_paper(Found(*row) for row in rows)
    return unique, len(unique)


def _number(connection: Connection, question: str, parameters: Mapping[str, Any]) -> int:
    ((number,),) = ask_driver(connection, question, parameters)
    return number or 0


def _listing(plan: Plan, match: str) -> Listing:
    asked = _statements(plan)
    return asked.matching if match else asked.everything


def _statements(plan: Plan) -> Statements:
    return statements(is_conditional=bool(plan.spans or plan.exact))


def _parameters(plan: Plan, match: str) -> dict[str, Any]:
    """Return what the conditions of every statement need."""
    bounds: dict[str, Any] = {"first": 0, "last": _ANY_ISSUE, "after": None, "before": None}
    left_out = []
    for span in plan.spans:
        match span:
            case NotInIssues(issues=issues):
                left_out.append((issues.first or 0, _ANY_ISSUE if issues.last is None else issues.last))
            case InIssues(first=first, last=last):
                bounds["first"] = max(bounds["first"], first or 0)
                bounds["last"] = min(bounds["last"], _ANY_ISSUE if last is None else last)
            case After(day=day):
                bounds["after"] = max(bounds["after"] or "", day.isoformat())
            case Before(day=day):
                bounds["before"] = min(bounds["before"] or "9999", day.isoformat())
    exact = {"is_exact": bool(plan.exact), "exact": json.dumps(plan.exact)}
    repeated = match_repeated(match)
    return {
        "match": match,
        "repeated": repeated,
        "is_bounded": bool(plan.spans),
        "left_out": json.dumps(left_out),
        **bounds,
        **exact,
    }


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
