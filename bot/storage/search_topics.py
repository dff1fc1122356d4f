"""What the index knows of topics: how many entries each has, when, together with which others."""

from __future__ import annotations

import math
from collections.abc import Sequence

from sqlalchemy import Connection, bindparam, extract, func, select

from bot.search.glossary import Glossary
from bot.search.indexing import plain_text, without_urls
from bot.search.topic_suggestions import Usage, usage
from bot.storage.codec import ENTRY
from bot.storage.search_tables import entry_people, entry_topics, search_entries
from bot.storage.tables import entries, issues

_COUNTS = select(entry_topics.c.topic, func.count().label("entries")).group_by(entry_topics.c.topic)
_YEAR = extract("year", issues.c.starts_on)
_YEARS = (
    select(_YEAR.label("year"), func.count().label("entries"))
    .join(entries, entries.c.issue_id == issues.c.id)
    .join(entry_topics, entry_topics.c.entry_id == entries.c.id)
    .where(entry_topics.c.topic == bindparam("topic"), issues.c.starts_on.is_not(None))
    .group_by(_YEAR)
    .order_by(_YEAR.desc())
)
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


def fetch_counts(connection: Connection) -> dict[str, int]:
    """Return how many entries each topic has."""
    return {row.topic: row.entries for row in connection.execute(_COUNTS)}


def fetch_years(connection: Connection, topic: str) -> tuple[tuple[int, int], ...]:
    """Return how many entries a topic has in each year, the last year first."""
    return tuple((row.year, row.entries) for row in connection.execute(_YEARS, {"topic": topic}))


def fetch_neighbours(connection: Connection, topic: str) -> dict[str, int]:
    """Return the topics that share entries with a topic, and how many, the most closely related first."""
    sizes = fetch_counts(connection)
    shared = {row.topic: row.entries for row in connection.execute(_TOGETHER, {"topic": topic})}
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
        text = without_urls("\n".join((entry.title, plain_text(entry.body), plain_text(entry.remark))))
        found.append(usage(text, topics.get(row.id, ()), glossary))
    return found, frozenset(connection.scalars(_NAMES))
