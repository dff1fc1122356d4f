"""Messages the bot has seen, and an index for what a chat was given before."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "sightings",
        sa.Column("platform", sa.Text(), nullable=False),
        sa.Column("sequence", sa.Text(), nullable=False),
        sa.Column("message_id", sa.Integer(), nullable=False),
        sa.Column("seen_at", sa.DateTime(), nullable=False),
        sa.Column("reference", sa.Text(), nullable=False, server_default=""),
        sa.PrimaryKeyConstraint("platform", "sequence", "message_id"),
    )
    op.create_index("ix_sightings_seen", "sightings", ["seen_at"])
    op.create_index("ix_publications_chat", "publications", ["chat_id", "id"])


def downgrade() -> None:
    op.drop_index("ix_publications_chat", "publications")
    op.drop_table("sightings")
