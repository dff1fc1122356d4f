"""What the index knows of topics: how many entries each has, when, together with which others."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Sequence

from sqlalchemy import Connection, bindparam, extract, func, select, text

from bot.search.glossary import Glossary
from bot.search.indexing import REPEATED, plain_text, without_urls
from bot.search.topic_suggestions import Usage, usage
from bot.storage.codec import ENTRY
from bot.storage.search_tables import entry_people, entry_topics, search_entries
from bot.storage.tables import entries, issues

# The full-text index counts what has a term quicker than a table its rows.
_SIZES = text("""
    SELECT value AS topic, (SELECT count(*) FROM entry_fts WHERE entry_fts MATCH '"topic:' || value || '"') AS entries
    FROM json_each(:topics)
""")
# Entries about the same paper are found once, and so counted once: in the year when they were last spoken of.
_REPEATS = text("""
    SELECT topic, count(*) - count(DISTINCT paper) AS entries
    FROM search_entries JOIN entry_topics ON entry_topics.entry_id = search_entries.entry_id
    WHERE search_entries.entry_id IN (SELECT rowid FROM entry_fts WHERE entry_fts MATCH :repeated) GROUP BY topic
""")
_PAPER = search_entries.c.paper
_LAST = (
    select(func.max(issues.c.starts_on).label("day"))
    .select_from(entry_topics)
    .join(search_entries, search_entries.c.entry_id == entry_topics.c.entry_id)
    .join(issues, issues.c.id == search_entries.c.issue_id)
    .where(entry_topics.c.topic == bindparam("topic"), issues.c.starts_on.is_not(None))
    .group_by(func.coalesce(_PAPER, search_entries.c.entry_id))
    .subquery()
)
_YEAR = extract("year", _LAST.c.day)
_YEARS = select(_YEAR.label("year"), func.count().label("entries")).group_by(_YEAR).order_by(_YEAR.desc())
_MEMBERS = select(entry_topics.c.entry_id).where(entry_topics.c.topic == bindparam("topic"))
_TOGETHER = (
    select(entry_topics.c.topic, func.count().label("entries"))
    .where(entry_topics.c.entry_id.in_(_MEMBERS), entry_topics.c.topic != bindparam("topic"))
    .group_by(entry_topics.c.topic)
)
_OF_ISSUE = (
    select(entry_topics.c.entry_id)
    .join(search_entries, search_entries.c.entry_id == entry_topics.c.entry_id)
    .join(issues, issues.c.id == search_entries.c.issue_id)
    .where(entry_topics.c.topic.in_(bindparam("topics", expanding=True)), issues.c.number == bindparam("issue_number"))
)
_MEMBERSHIPS = select(entry_topics.c.entry_id, entry_topics.c.topic)
_ENTRIES = select(entries.c.id, entries.c.content)
_NAMES = select(entry_people.c.name).distinct()


def fetch_counts(connection: Connection, topics: Collection[str]) -> dict[str, int]:
    """Return how many entries each of these topics has, those about the same paper as one."""
    repeats = {row.topic: row.entries for row in connection.execute(_REPEATS, {"repeated": f'"{REPEATED}"'})}
    return {topic: size - repeats.get(topic, 0) for topic, size in fetch_sizes(connection, topics).items()}


def fetch_sizes(connection: Connection, topics: Collection[str]) -> dict[str, int]:
    """Return how many entries each of these topics has, each for itself: quicker, and enough to compare topics."""
    return {row.topic: row.entries for row in connection.execute(_SIZES, {"topics": json.dumps(list(topics))})}


def fetch_years(connection: Connection, topic: str) -> tuple[tuple[int, int], ...]:
    """Return how many entries a topic has in each year, the last year first."""
    return tuple((row.year, row.entries) for row in connection.execute(_YEARS, {"topic": topic}))


def fetch_neighbours(connection: Connection, topic: str) -> dict[str, int]:
    """Return the topics that share entries with a topic, and how many, the most closely related first."""
    shared = {row.topic: row.entries for row in connection.execute(_TOGETHER, {"topic": topic})}
    sizes = fetch_sizes(connection, shared)
    # A topic that half of everything belongs to is related to nothing in particular.
    return dict(sorted(shared.items(), key=lambda item: -item[1] / math.sqrt(sizes[item[0]])))


def fetch_members(connection: Connection, topics: Sequence[str], issue: int) -> frozenset[int]:
    """Return the ids of an issue's entries that belong to any of these topics."""
    return frozenset(connection.scalars(_OF_ISSUE, {"topics": list(topics), "issue_number": issue}))


def fetch_usage(connection: Connection, glossary: Glossary) -> tuple[list[Usage], frozenset[str]]:
    """Return what every entry speaks of, and the names of all people, to suggest topics from."""
    topics: dict[int, set[str]] = {}
    for row in connection.execute(_MEMBERSHIPS):
        topics.setdefault(row.entry_id, set()).add(row.topic)
    found = []
    for row in connection.execute(_ENTRIES):
        entry = ENTRY.decode(row.content)
        said = without_urls("\n".join((entry.title, plain_text(entry.body), plain_text(entry.remark))))
        found.append(usage(said, topics.get(row.id, ()), glossary))
    return found, frozenset(connection.scalars(_NAMES))
