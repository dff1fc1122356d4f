"""The tables of the search: the full-text index, and what is known about words, people and topics.

None of them refers to the entries' own table: an entry that has gone is taken out of the index by what the index itself
remembers of it.
"""

from __future__ import annotations

from sqlalchemy import Column, Index, Integer, String, Table, Text, column, table

from bot.search.indexing import FIELDS
from bot.storage.tables import metadata

CREATE_INDEX = (
    "CREATE VIRTUAL TABLE entry_fts USING fts5("
    "title, authors, body, discussion, labels, facets, surface UNINDEXED, "
    # Terms come from the analyzer; facets have signs of their own inside.
    "tokenize = \"ascii tokenchars ':#@/._~?=&%+-'\")"
)
"""The full-text index: an entry's terms by field, under the entry's id. `surface` is its words as they are spelled."""

entry_fts = table("entry_fts", column("rowid", Integer), *(column(name, Text) for name in (*FIELDS, "surface")))

search_entries = Table(
    "search_entries",
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=False),
    Column("issue_id", Integer, nullable=False, index=True),
    Column("position", Integer, nullable=False),  # as in the entries, whose rows are long and far apart
    Column("paper", Text, index=True),  # what it is about: entries with the same one are found once
    Column("fingerprint", String(64), nullable=False),  # of the analyzer and topics it was indexed with
)

search_state = Table(
    "search_state",
    metadata,
    Column("id", Integer, primary_key=True),  # there is one row
    Column("version", Integer, nullable=False),  # another one with every change of the index
)

search_words = Table(
    "search_words",
    metadata,
    Column("word", Text, primary_key=True),  # as it is spelled
    Column("term", Text, nullable=False, index=True),
    Column("entries", Integer, nullable=False),
    sqlite_with_rowid=False,
)

search_compounds = Table(
    "search_compounds",
    metadata,
    Column("part", Text, primary_key=True),  # a term
    Column("whole", Text, primary_key=True),  # a word
    sqlite_with_rowid=False,
)

entry_topics = Table(
    "entry_topics",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("entry_id", Integer, primary_key=True, autoincrement=False),
    Index("ix_entry_topics_entry_id", "entry_id"),
    sqlite_with_rowid=False,
)

entry_people = Table(
    "entry_people",
    metadata,
    Column("entry_id", Integer, primary_key=True, autoincrement=False),
    Column("name", Text, primary_key=True),  # in folded words
    Column("profile", Text, primary_key=True),
    sqlite_with_rowid=False,
)

person_keys = Table(
    "person_keys",
    metadata,
    Column("key", Text, primary_key=True),
    Column("person", Text, nullable=False, index=True),
    sqlite_with_rowid=False,
)

person_words = Table(
    "person_words",
    metadata,
    Column("word", Text, primary_key=True),
    Column("person", Text, primary_key=True),
    Index("ix_person_words_person", "person"),
    sqlite_with_rowid=False,
)
