"""Which process handles an update that is parked: of two that start, one takes it up."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("parked_updates", sa.Column("owner", sa.Text(), server_default="", nullable=False))


def downgrade() -> None:
    op.drop_column("parked_updates", "owner")
