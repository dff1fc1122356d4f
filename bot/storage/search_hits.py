"""The hits of a page: the entries that were found, read whole, with their places and snippets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection, text

from bot.model.digest import Entry
from bot.model.search import Hit, Place
from bot.search.highlight import Highlighter
from bot.storage.codec import ENTRY
from bot.storage.search_read import Found

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


@lru_cache(maxsize=1024)
def _entry(content: str) -> Entry:
    return ENTRY.decode(content)


def read_hits(connection: Connection, page: Sequence[Found], highlighter: Highlighter) -> tuple[Hit, ...]:
    """Return the hits of a page, with the places of their papers."""
    if not page:
        return ()
    wanted = {
        "ids": json.dumps([one.entry_id for one in page]),
        "papers": json.dumps([one.paper for one in page if one.paper]),
    }
    rows = {row.id: row for row in connection.execute(_HITS, wanted)}
    places = defaultdict[str, list[Place]](list)
    for row in rows.values():
        if row.paper:
            places[row.paper].append(Place(row.number, row.section, row.id))
    hits = []
    for one in page:
        row = rows[one.entry_id]
        entry = replace(_entry(row.content), id=row.id)
        place = Place(row.number, row.section, row.id)
        others = (other for other in places[one.paper or ""] if other != place)
        hits.append(Hit(entry, place, round(one.score, 4), highlighter.snippet(entry), (place, *others)))
    return tuple(hits)
