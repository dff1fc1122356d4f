"""The tables of the search."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.execute(
        "CREATE VIRTUAL TABLE entry_fts USING fts5("
        "title, authors, body, discussion, labels, facets, surface UNINDEXED, "
        "tokenize = \"ascii tokenchars ':#@/._~?=&%+-'\")"
    )
    op.create_table(
        "search_entries",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("issue_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("paper", sa.Text(), nullable=True),
        sa.Column("fingerprint", sa.String(length=64), nullable=False),
        sa.PrimaryKeyConstraint("entry_id"),
    )
    op.create_index("ix_search_entries_issue_id", "search_entries", ["issue_id"])
    op.create_index("ix_search_entries_paper", "search_entries", ["paper"])
    op.create_table(
        "search_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("term", sa.Text(), nullable=False),
        sa.Column("entries", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("word"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_search_words_term", "search_words", ["term"])
    op.create_table(
        "search_compounds",
        sa.Column("part", sa.Text(), nullable=False),
        sa.Column("whole", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("part", "whole"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "entry_topics",
        sa.Column("topic", sa.Text(), nullable=False),
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("topic", "entry_id"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_entry_topics_entry_id", "entry_topics", ["entry_id"])
    op.create_table(
        "entry_people",
        sa.Column("entry_id", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("profile", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("entry_id", "name", "profile"),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "person_keys",
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_keys_person", "person_keys", ["person"])
    op.create_table(
        "person_words",
        sa.Column("word", sa.Text(), nullable=False),
        sa.Column("person", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("word", "person"),
        sqlite_with_rowid=False,
    )
    op.create_index("ix_person_words_person", "person_words", ["person"])


def downgrade() -> None:
    op.drop_table("person_words")
    op.drop_table("person_keys")
    op.drop_table("entry_people")
    op.drop_table("entry_topics")
    op.drop_table("search_compounds")
    op.drop_table("search_words")
    op.drop_table("search_entries")
    op.execute("DROP TABLE entry_fts")
