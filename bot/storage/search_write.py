"""Writing the search index: an issue's entries, and what they teach about words and people."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from typing import Any

from sqlalchemy import (
    BindParameter,
    Connection,
    Row,
    TableClause,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    text,
    union,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.search.folding import has_cjk
from bot.search.indexing import FIELDS, IndexRow, index_entry, paper_of
from bot.search.people import recognise
from bot.search.topics import Topics
from bot.storage.codec import ENTRY
from bot.storage.search_tables import (
    entry_fts,
    entry_people,
    entry_topics,
    person_keys,
    person_words,
    search_compounds,
    search_entries,
    search_words,
)
from bot.storage.tables import entries, sections

_COLUMNS = (*FIELDS, "surface")
_ISSUES: BindParameter[Sequence[int]] = bindparam("issues", expanding=True)
_IDS: BindParameter[Sequence[int]] = bindparam("ids", expanding=True)
_ENTRIES = (
    select(entries.c.id, entries.c.issue_id, entries.c.position, entries.c.content, sections.c.title.label("section"))
    .join(sections, sections.c.id == entries.c.section_id)
    .where(entries.c.issue_id.in_(_ISSUES))
)
_INDEXED = select(search_entries.c.entry_id).where(search_entries.c.issue_id.in_(_ISSUES))
_INDEXED_TERMS = select(*(entry_fts.c[name] for name in _COLUMNS)).where(entry_fts.c.rowid.in_(_IDS))
_PAIRS_OF = select(entry_people.c.name, entry_people.c.profile).where(entry_people.c.entry_id.in_(_IDS))
_FORGET = (
    delete(entry_fts).where(entry_fts.c.rowid.in_(_IDS)),
    *(delete(table).where(table.c.entry_id.in_(_IDS)) for table in (search_entries, entry_topics, entry_people)),
)
# An issue has a thousand words: as one list of JSON they are written in half the time that as many parameters take.
_COUNT_MORE = text(
    "INSERT INTO search_words (word, term, entries)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
    " FROM json_each(:words) WHERE true"
    " ON CONFLICT (word) DO UPDATE SET term = excluded.term, entries = entries + excluded.entries"
)
_COUNT_FEWER = (
    update(search_words)
    .where(search_words.c.word == bindparam("known"))
    .values(entries=search_words.c.entries - bindparam("fewer"))
)
_GONE_WORDS = delete(search_words).where(search_words.c.entries <= 0)
_GONE_COMPOUNDS = delete(search_compounds).where(search_compounds.c.whole.not_in(select(search_words.c.word)))
_ADD_COMPOUND = upsert(search_compounds).on_conflict_do_nothing()
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
    stored = list(connection.execute(_ENTRIES, {"issues": issue_ids}))
    known = [ENTRY.decode(row.content) for row in stored]
    rows = {row.id: index_entry(entry, row.section, topics) for row, entry in zip(stored, known, strict=True)}
    papers = [paper_of(entry) for entry in known]
    old_words, old_pairs = _forget(connection, issue_ids)
    _insert(
        connection,
        entry_fts,
        [{"rowid": key} | {name: getattr(row, name) for name in _COLUMNS} for key, row in rows.items()],
    )
    _insert(
        connection,
        search_entries,
        [
            {
                "entry_id": row.id,
                "issue_id": row.issue_id,
                "position": row.position,
                "paper": paper and str(paper),
                "fingerprint": fingerprint,
            }
            for row, paper in zip(stored, papers, strict=True)
        ],
    )
    _insert(
        connection, entry_topics, [{"entry_id": key, "topic": name} for key, row in rows.items() for name in row.topics]
    )
    people = {(key, mention.name, mention.profile) for key, row in rows.items() for mention in row.mentions}
    _insert(connection, entry_people, [{"entry_id": key, "name": name, "profile": url} for key, name, url in people])
    _count_words(connection, old_words, rows.values())
    return old_pairs != Counter((name, profile) for _, name, profile in people)


def _forget(connection: Connection, issue_ids: Sequence[int]) -> tuple[Counter[str], Counter[tuple[str, str]]]:
    """Take issues out of the index; returns how many of their entries had each word, and each name with a profile."""
    ids = list(connection.scalars(_INDEXED, {"issues": issue_ids}))
    words: Counter[str] = Counter()
    for row in connection.execute(_INDEXED_TERMS, {"ids": ids}):
        words.update(_vocabulary(row))
    pairs = Counter((row.name, row.profile) for row in connection.execute(_PAIRS_OF, {"ids": ids}))
    for statement in _FORGET:
        connection.execute(statement, {"ids": ids})
    return words, pairs


def _vocabulary(row: Row[Any]) -> set[str]:
    """Return the words that an indexed entry was counted for: those spelled, and the pairs of Chinese characters."""
    spelled = {word for word in row.surface.split() if word != "|" and not has_cjk(word)}
    pairs = {term for field in row[: len(FIELDS) - 1] for term in field.split() if len(term) == 2 and has_cjk(term)}
    return spelled | pairs


def _count_words(connection: Connection, before: Counter[str], rows: Iterable[IndexRow]) -> None:
    terms: dict[str, str] = {}
    change: Counter[str] = Counter()
    compounds: set[tuple[str, str]] = set()
    for row in rows:
        terms.update(row.vocabulary)
        change.update(row.vocabulary.keys())
        compounds.update(row.compounds)
    change.subtract(before)
    more = [(word, terms[word], count) for word, count in change.items() if count > 0]
    fewer = [{"known": word, "fewer": -count} for word, count in change.items() if count < 0]
    if more:
        connection.execute(_COUNT_MORE, {"words": json.dumps(more)})
    if fewer:
        connection.execute(_COUNT_FEWER, fewer)
        connection.execute(_GONE_WORDS)
        connection.execute(_GONE_COMPOUNDS)
    if compounds:
        connection.execute(_ADD_COMPOUND, [{"part": part, "whole": whole} for part, whole in compounds])


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
        _insert(connection, table, [{name.name: new, "person": person} for new, person in wanted - stored])


def _insert(connection: Connection, table: TableClause, rows: list[dict[str, Any]]) -> None:
    if rows:
        connection.execute(insert(table), rows)
