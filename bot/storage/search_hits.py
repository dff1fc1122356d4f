"""The hits of a page: the entries that were found, read whole, with their places and snippets."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from sqlalchemy import Connection

from bot.model.digest import Entry
from bot.model.search import Hit, Place
from bot.search.highlight import Highlighter
from bot.storage.codec import ENTRY
from bot.storage.engine import ask_driver
from bot.storage.search_read import Found

_HITS = """
    WITH wanted AS (
        SELECT entry_id, paper FROM search_entries WHERE entry_id IN (SELECT value FROM json_each(:ids))
        UNION SELECT entry_id, paper FROM search_entries WHERE paper IN (SELECT value FROM json_each(:papers)))
    SELECT entries.id, wanted.paper, issues.number, sections.title AS section,
        CASE WHEN entries.id IN (SELECT value FROM json_each(:ids)) THEN entries.content END AS content
    FROM wanted JOIN entries ON entries.id = wanted.entry_id
    JOIN issues ON issues.id = entries.issue_id JOIN sections ON sections.id = entries.section_id
    ORDER BY issues.number DESC, entries.position
"""


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
    stands: dict[int, Place] = {}
    contents: dict[int, str] = {}
    places = defaultdict[str, list[Place]](list)
    for entry_id, paper, number, section, content in ask_driver(connection, _HITS, wanted):
        stands[entry_id] = Place(number, section, entry_id)
        contents[entry_id] = content
        if paper:
            places[paper].append(stands[entry_id])
    hits = []
    for one in page:
        entry = replace(_entry(contents[one.entry_id]), id=one.entry_id)
        place = stands[one.entry_id]
        others = (other for other in places[one.paper or ""] if other != place)
        hits.append(Hit(entry, place, round(one.score, 4), highlighter.snippet(entry), (place, *others)))
    return tuple(hits)
