"""A header is to lead to the messages of its sections, once they stand."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("publications", sa.Column("link_at", sa.DateTime(), nullable=True))
    op.add_column("publications", sa.Column("link_tries", sa.Integer(), server_default="0", nullable=False))
    op.create_index(
        "ix_publications_unlinked", "publications", ["link_at"], sqlite_where=sa.text("link_at IS NOT NULL")
    )


def downgrade() -> None:
    op.drop_index("ix_publications_unlinked", "publications")
    op.drop_column("publications", "link_tries")
    op.drop_column("publications", "link_at")
