"""The tables. Times are UTC; JSON columns hold whole values (`codec`).

Content is stored once per edition (an issue as one platform and layout takes it), whatever the number of chats: a
publication ties a chat to an edition, and each of its parts is one row of state.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    Column,
    Date,
    DateTime,
    Dialect,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)

metadata = MetaData()


class UtcDateTime(TypeDecorator[datetime]):
    """A moment: aware in Python, UTC without zone in the database, so that moments compare as they sort."""

    impl = DateTime
    cache_ok = True

    def process_bind_param(self, value: datetime | None, _dialect: Dialect) -> datetime | None:
        """Turn an aware moment into UTC."""
        return None if value is None else value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: Any, _dialect: Dialect) -> datetime | None:
        """Give the moment its zone back."""
        return None if value is None else value.replace(tzinfo=UTC)


def _id() -> Column[int]:
    return Column("id", Integer, primary_key=True)


def _belongs_to(table: str, name: str, **options: Any) -> Column[int]:
    return Column(name, ForeignKey(f"{table}.id", ondelete="CASCADE"), nullable=False, **options)


issues = Table(
    "issues",
    metadata,
    _id(),
    Column("number", Integer, nullable=False, unique=True),
    Column("title", Text, nullable=False),
    Column("starts_on", Date),
    Column("ends_on", Date),
    Column("preface", Text, nullable=False),
    Column("base", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False),
    # When the scheduler is to publish it; None for one that was there before anybody could have waited for it.
    Column("publish_at", UtcDateTime),
    Column("published_at", UtcDateTime),
    Column("held", Text, nullable=False, server_default=""),  # why it waits for a person, "" where it does not
    Index("ix_issues_publish_at", "publish_at", sqlite_where=text("published_at IS NULL")),
)

sections = Table(
    "sections",
    metadata,
    _id(),
    _belongs_to("issues", "issue_id", index=True),
    Column("position", Integer, nullable=False),
    Column("title", Text, nullable=False),
)

entries = Table(
    "entries",
    metadata,
    _id(),
    _belongs_to("issues", "issue_id"),
    _belongs_to("sections", "section_id", index=True),
    Column("position", Integer, nullable=False),  # within the issue
    Column("title", Text, nullable=False),
    Column("source_url", Text),
    Column("content", Text, nullable=False),  # the whole Entry
    Index("ix_entries_issue", "issue_id", "position"),
)

last_ids = Table(
    "last_ids",
    metadata,
    Column("name", Text, primary_key=True),  # of a table whose rows are named in buttons and links
    Column("last", Integer, nullable=False),
)

sources = Table(
    "sources",
    metadata,
    Column("source", Text, primary_key=True),
    Column("state", Text, nullable=False),  # what the source gave to be asked less next time (ETags)
    Column("checked_at", UtcDateTime, nullable=False),
)

source_files = Table(
    "source_files",
    metadata,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("version", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("issue_id", ForeignKey("issues.id", ondelete="SET NULL")),
    Column("error", Text, nullable=False, server_default=""),
    Column("gone_at", UtcDateTime),
)

chats = Table(
    "chats",
    metadata,
    _id(),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False, server_default=""),
    Column("chat", Text, nullable=False),
    Column("thread", Text, nullable=False, server_default=""),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False, server_default=""),
    Column("preferences", Text, nullable=False),
    # Both follow from the preferences: which edition of an issue it takes, and when it wants it.
    Column("variant", Text, nullable=False),
    Column("timing", Text, nullable=False),
    Column("status", Text),  # None: known, never subscribed
    Column("reason", Text, nullable=False, server_default=""),
    Column("suspended_with", Text, nullable=False, server_default=""),  # the chat alone, or its whole workspace
    Column("subscribed_at", UtcDateTime),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("platform", "workspace", "chat", "thread"),
    Index("ix_chats_variant", "status", "platform", "variant", "timing"),
)

editions = Table(
    "editions",
    metadata,
    _id(),
    _belongs_to("issues", "issue_id"),
    Column("platform", Text, nullable=False),
    Column("variant", Text, nullable=False),
    Column("content_hash", String(64), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("issue_id", "platform", "variant", "content_hash"),
)

edition_parts = Table(
    "edition_parts",
    metadata,
    _belongs_to("editions", "edition_id", primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("section", Integer),  # index of the issue's section; None: the header
    Column("title", Text, nullable=False, server_default=""),  # of the section
    Column("entries", Text, nullable=False, server_default="[]"),  # ids of those that begin in it
    Column("payload", Text, nullable=False),
    Column("post", Text),  # of a header: what it was composed of, with anchors for its links
)

publications = Table(
    "publications",
    metadata,
    _id(),
    _belongs_to("issues", "issue_id"),
    _belongs_to("chats", "chat_id"),
    _belongs_to("editions", "edition_id", index=True),
    Column("token", String(32), nullable=False, unique=True),  # opaque: names its parts outside
    Column("created_at", UtcDateTime, nullable=False),
    Column("finished_at", UtcDateTime),
    Column("shut", Text, nullable=False, server_default="{}"),  # threads that could not be written to, and why
    Column("link_at", UtcDateTime),  # when its header is to be linked to its sections; None: it is not, or is done
    Column("link_tries", Integer, nullable=False, server_default="0"),
    UniqueConstraint("issue_id", "chat_id"),
    Index("ix_publications_chat", "chat_id", "id"),
    Index("ix_publications_open", "chat_id", "id", sqlite_where=text("finished_at IS NULL")),
    Index("ix_publications_unlinked", "link_at", sqlite_where=text("link_at IS NOT NULL")),
)

parts = Table(
    "parts",
    metadata,
    _id(),
    _belongs_to("publications", "publication_id"),
    Column("position", Integer, nullable=False),
    Column("status", String(16), nullable=False),
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("searches", Integer, nullable=False, server_default="0"),  # how often it was looked for while uncertain
    Column("degradation", String(16), nullable=False, server_default="none"),
    Column("message_ids", Text, nullable=False, server_default="[]"),
    Column("thread", Text),  # where in the chat it was sent; None: the chat's own address
    Column("error", Text, nullable=False, server_default=""),
    Column("updated_at", UtcDateTime, nullable=False),  # while its fate is open: when its call was made
    UniqueConstraint("publication_id", "position"),
    Index(
        "ix_parts_open",
        "publication_id",
        "position",
        sqlite_where=text("status IN ('pending', 'sending', 'uncertain')"),
    ),
)

# A lane is a chat that has something to receive: who is due next is one look at one index.
lanes = Table(
    "lanes",
    metadata,
    _belongs_to("chats", "chat_id", primary_key=True, autoincrement=False),
    Column("platform", Text, nullable=False),
    Column("workspace", Text, nullable=False, server_default=""),
    Column("due_at", UtcDateTime, nullable=False),
    Column("leased_until", UtcDateTime),
    Column("lease", String(32)),
    Index("ix_lanes_due", "platform", "due_at"),
    Index("ix_lanes_lease", "lease"),
)

# A platform that asked everybody to wait, or one workspace of it: kept here, so that a restart waits, too.
pauses = Table(
    "pauses",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("workspace", Text, primary_key=True),  # "*": the whole platform
    Column("until", UtcDateTime, nullable=False),
    Column("reason", Text, nullable=False),
)

# Who sends on a platform, of all processes on this database: one at a time, so that its limits hold for all together.
duties = Table(
    "duties",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("worker", Text, nullable=False),  # "": the last one has left
    Column("rank", Integer, nullable=False),
    Column("until", UtcDateTime, nullable=False),
    Column("wanted", Integer),  # the lowest rank that waits for it
)

# Messages the bot has seen, on a platform that shows no history: where a lost one can stand, and where not.
sightings = Table(
    "sightings",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("sequence", Text, primary_key=True),  # what the platform numbers its messages in
    Column("message_id", Integer, primary_key=True, autoincrement=False),
    Column("seen_at", UtcDateTime, nullable=False),
    Column("reference", Text, nullable=False, server_default=""),
    Index("ix_sightings_seen", "seen_at"),
)

files = Table(
    "files",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("address", Text, primary_key=True),
    Column("file_id", Text, nullable=False),
)

# What people keep. An entry that has gone leaves its title behind, so that its keeper can be told.
saved = Table(
    "saved",
    metadata,
    _id(),
    Column("person", Text, nullable=False),  # the address of a user
    Column("entry_id", ForeignKey("entries.id", ondelete="SET NULL"), index=True),
    Column("issue", Integer, nullable=False),  # its number
    Column("title", Text, nullable=False),
    Column("saved_at", UtcDateTime, nullable=False),
    UniqueConstraint("person", "entry_id"),
    Index("ix_saved_person", "person", "id"),
)

topic_requests = Table(
    "topic_requests",
    metadata,
    Column("topic", Text, primary_key=True),
    Column("times", Integer, nullable=False),
)

# The words of a question whose answer has buttons: a button carries its id, 64 bytes being too few for words.
questions = Table(
    "questions",
    metadata,
    _id(),
    Column("text", Text, nullable=False, unique=True),
    Column("asked_at", UtcDateTime, nullable=False),
)

# What was handled already, since platforms deliver some twice.
updates = Table(
    "updates",
    metadata,
    Column("key", Text, primary_key=True),
    Column("seen_at", UtcDateTime, nullable=False, index=True),
)

# What was taken from a platform and is not handled yet, where that takes long.
parked_updates = Table(
    "parked_updates",
    metadata,
    _id(),
    Column("key", Text, nullable=False, unique=True),
    Column("content", Text, nullable=False),
    Column("parked_at", UtcDateTime, nullable=False),
    Column("owner", Text, nullable=False, server_default=""),  # the process that handles it
)
