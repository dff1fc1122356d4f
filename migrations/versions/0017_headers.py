"""What an edition's header was composed of: its links are made from what was delivered, whatever the file says now."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0017"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition_parts", sa.Column("post", sa.Text(), nullable=True))


def downgrade() -> None:
    op.drop_column("edition_parts", "post")
