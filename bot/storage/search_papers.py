"""Papers that several entries are about: of these an answer shows one, and so it counts one.

They carry a facet, so that the few that could count double are found beside whatever else is asked for. It is written
with the entries that make a paper stand twice, or once again.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable

from sqlalchemy import Connection, text

from bot.search.indexing import REPEATED

_ELSEWHERE = text("""
    SELECT paper, count(*), min(entry_id) FROM search_entries
    WHERE paper IN (SELECT value FROM json_each(:papers)) GROUP BY paper
""")
_FACETS = text("SELECT rowid, facets FROM entry_fts WHERE rowid IN (SELECT value FROM json_each(:ids))")
_REMARK = text("UPDATE entry_fts SET facets = :facets WHERE rowid = :entry_id")
_MARK = f"{REPEATED} "


def mark(facets: str, *, is_repeated: bool) -> str:
    """Return an entry's facets with the sign that its paper stands elsewhere, too, or without it."""
    plain = facets.replace(_MARK, "")
    return f"{plain}{_MARK}" if is_repeated else plain


def mark_papers(connection: Connection, before: Collection[str], now: Iterable[str]) -> frozenset[str]:
    """Mark the entries of other issues, given the papers of some issues `before` and `now`; these are out of the index.

    Returns the papers that several entries are about now.
    """
    counts = Counter(now)
    touched = json.dumps([*{*before, *counts}])
    repeated = {paper for paper, count in counts.items() if count > 1}
    is_alone: dict[int, bool] = {}
    for paper, count, entry_id in connection.execute(_ELSEWHERE, {"papers": touched}):
        if paper in counts:
            repeated.add(paper)
        if count == 1:
            is_alone[entry_id] = paper not in counts
    if is_alone:
        _remark(connection, is_alone)
    return frozenset(repeated)


def _remark(connection: Connection, is_alone: dict[int, bool]) -> None:
    changed = []
    for entry_id, facets in connection.execute(_FACETS, {"ids": json.dumps([*is_alone])}).all():
        wanted = mark(facets, is_repeated=not is_alone[entry_id])
        if wanted != facets:
            changed.append({"entry_id": entry_id, "facets": wanted})
    if changed:
        connection.execute(_REMARK, changed)
