"""Which entries begin in a part: so an entry is found where it stands in a chat."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition_parts", sa.Column("entries", sa.Text(), server_default="[]", nullable=False))


def downgrade() -> None:
    op.drop_column("edition_parts", "entries")
