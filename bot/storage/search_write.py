"""Writing the search index: an issue's entries, and what they teach about words and people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import Connection, TableClause, and_, bindparam, delete, func, select, text, union, update

from bot.search.indexing import FIELDS, index_entry
from bot.search.people import recognise
from bot.search.topics import Topics
from bot.storage.codec import ENTRY
from bot.storage.search_papers import mark, mark_papers
from bot.storage.search_tables import entry_fts, entry_people, entry_topics, person_keys, person_words, search_entries
from bot.storage.search_vocabulary import count_words, vocabulary
from bot.storage.tables import entries

_COLUMNS = (*FIELDS, "surface")
_ENTRIES = text("""
    SELECT entries.id, entries.issue_id, entries.position, entries.content, sections.title AS section
    FROM entries JOIN sections ON sections.id = entries.section_id
    WHERE entries.issue_id IN (SELECT value FROM json_each(:issues))
""")
_INDEXED = text("SELECT entry_id, paper FROM search_entries WHERE issue_id IN (SELECT value FROM json_each(:issues))")
_INDEXED_TERMS = text(
    f"SELECT {', '.join(_COLUMNS)} FROM entry_fts"  # noqa: S608 - constants alone
    " WHERE rowid IN (SELECT value FROM json_each(:ids))"
)
_PAIRS_OF = text("SELECT name, profile FROM entry_people WHERE entry_id IN (SELECT value FROM json_each(:ids))")
_FORGET = (
    text("DELETE FROM entry_fts WHERE rowid IN (SELECT value FROM json_each(:ids))"),
    text("DELETE FROM search_entries WHERE entry_id IN (SELECT value FROM json_each(:ids))"),
    text("DELETE FROM entry_topics WHERE entry_id IN (SELECT value FROM json_each(:ids))"),
    text("DELETE FROM entry_people WHERE entry_id IN (SELECT value FROM json_each(:ids))"),
)
_PAIRS = select(entry_people.c.name, entry_people.c.profile, func.count().label("entries")).group_by(
    entry_people.c.name, entry_people.c.profile
)
_STALE = (
    select(entries.c.issue_id)
    .outerjoin(
        search_entries,
        and_(search_entries.c.entry_id == entries.c.id, search_entries.c.fingerprint == bindparam("fingerprint")),
    )
    .where(search_entries.c.entry_id.is_(None))
)
_ORPHANED = select(search_entries.c.issue_id).where(search_entries.c.entry_id.not_in(select(entries.c.id)))
_OPTIMIZE = text("INSERT INTO entry_fts(entry_fts) VALUES('optimize')")


def fetch_stale(connection: Connection, fingerprint: str) -> list[int]:
    """Return the issues whose entries are indexed otherwise than by this fingerprint, or not at all."""
    found = connection.scalars(union(_STALE, _ORPHANED), {"fingerprint": fingerprint})
    return sorted(found)


def rename_fingerprint(connection: Connection, old: str, new: str) -> bool:
    """Give the entries of one fingerprint another; returns whether there were any."""
    statement = update(search_entries).where(search_entries.c.fingerprint == old).values(fingerprint=new)
    return connection.execute(statement).rowcount > 0


def optimize(connection: Connection) -> None:
    """Merge the segments of the full-text index (https://sqlite.org/fts5.html#the_optimize_command).

    Every transaction adds one, SQLite merges small ones late, and a question looks for each of its words in each of
    them: a dozen issues make it several times as dear. This takes a second where a hundred thousand entries are stored.
    """
    connection.execute(_OPTIMIZE)


def index_issues(connection: Connection, issue_ids: Sequence[int], *, topics: Topics, fingerprint: str) -> bool:
    """Bring the index of these issues to what their entries say now; of those that have gone, to nothing.

    Returns whether other people are named in them than before, so that who is who has to be told anew.
    """
    stored = connection.execute(_ENTRIES, {"issues": json.dumps(list(issue_ids))}).all()
    known = [ENTRY.decode(row.content) for row in stored]
    rows = {row.id: index_entry(entry, row.section, topics) for row, entry in zip(stored, known, strict=True)}
    old_words, old_pairs, old_papers = _forget(connection, issue_ids)
    repeated = mark_papers(connection, old_papers, filter(None, (row.paper for row in rows.values())))
    rows |= {
        key: replace(row, facets=mark(row.facets, is_repeated=True))
        for key, row in rows.items()
        if row.paper in repeated
    }
    _insert(connection, entry_fts, [(key, *(getattr(row, name) for name in _COLUMNS)) for key, row in rows.items()])
    _insert(
        connection,
        search_entries,
        [(row.id, row.issue_id, row.position, rows[row.id].paper, fingerprint) for row in stored],
    )
    _insert(connection, entry_topics, [(topic, key) for key, row in rows.items() for topic in row.topics])
    people = {(key, mention.name, mention.profile) for key, row in rows.items() for mention in row.mentions}
    _insert(connection, entry_people, list(people))
    count_words(connection, old_words, rows.values())
    return old_pairs != Counter((name, profile) for _, name, profile in people)


def _forget(
    connection: Connection, issue_ids: Sequence[int]
) -> tuple[Counter[str], Counter[tuple[str, str]], frozenset[str]]:
    """Take issues out of the index.

    Returns how many of their entries had each word, how many each name with a profile, and what papers they were about.
    """
    words: Counter[str] = Counter()
    indexed = connection.execute(_INDEXED, {"issues": json.dumps(list(issue_ids))}).all()
    if not indexed:
        return words, Counter(), frozenset()
    ids = {"ids": json.dumps([row.entry_id for row in indexed])}
    for *fields, _, surface in connection.execute(_INDEXED_TERMS, ids):
        words.update(vocabulary(fields, surface))
    pairs = Counter((row.name, row.profile) for row in connection.execute(_PAIRS_OF, ids))
    for statement in _FORGET:
        connection.execute(statement, ids)
    return words, pairs, frozenset(row.paper for row in indexed if row.paper)


def recognise_people(connection: Connection) -> None:
    """Tell anew who is who, and write what is different from before."""
    pairs = {(row.name, row.profile): row.entries for row in connection.execute(_PAIRS)}
    people = recognise(pairs)
    keys = {(key, person.id) for person in people for key in person.keys}
    words = {(word, person.id) for person in people for word in person.words}
    for table, wanted in ((person_keys, keys), (person_words, words)):
        name = table.c[0]
        stored = {(row[0], row.person) for row in connection.execute(select(table))}
        gone = delete(table).where(name == bindparam("old"), table.c.person == bindparam("old_person"))
        if stored - wanted:
            connection.execute(gone, [{"old": old, "old_person": person} for old, person in stored - wanted])
        _insert(connection, table, list(wanted - stored))


def _insert(connection: Connection, table: TableClause, rows: Sequence[tuple[Any, ...]]) -> None:
    """Insert rows, each in the order of the table's columns.

    Said to the driver itself: making named parameters of a row costs more than writing it.
    """
    if rows:
        marks = ", ".join("?" * len(table.c))
        names = ", ".join(table.c.keys())
        connection.exec_driver_sql(f"INSERT INTO {table.name} ({names}) VALUES ({marks})", list(rows))  # noqa: S608
