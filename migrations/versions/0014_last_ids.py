"""Which ids were given to entries and to what stands on shelves: none is given twice, whatever is deleted."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0013"
branch_labels = None
depends_on = None

# Ids that were given to entries stand in many places that outlive an entry.
_GIVEN = {
    "entries": (
        "SELECT MAX(id) FROM entries",
        "SELECT MAX(entry_id) FROM saved",
        "SELECT MAX(entry_id) FROM search_entries",
        "SELECT MAX(each.value) FROM edition_parts, json_each(edition_parts.entries) AS each",
    ),
    "saved": ("SELECT MAX(id) FROM saved",),
}


def upgrade() -> None:
    table = op.create_table(
        "last_ids",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("last", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    connection = op.get_bind()
    for name, questions in _GIVEN.items():
        given = [int(connection.scalar(sa.text(question)) or 0) for question in questions]
        op.bulk_insert(table, [{"name": name, "last": max(given)}])


def downgrade() -> None:
    op.drop_table("last_ids")
