"""Sections go to threads: what they are called, where each part went, and which threads were shut."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("edition_parts", sa.Column("title", sa.Text(), server_default="", nullable=False))
    op.add_column("parts", sa.Column("thread", sa.Text(), nullable=True))
    op.add_column("publications", sa.Column("shut", sa.Text(), server_default="{}", nullable=False))
    op.execute(
        "UPDATE edition_parts SET title = coalesce((SELECT sections.title FROM sections "
        "JOIN editions ON editions.issue_id = sections.issue_id "
        "WHERE editions.id = edition_parts.edition_id AND sections.position = edition_parts.section), '')"
    )


def downgrade() -> None:
    op.drop_column("publications", "shut")
    op.drop_column("parts", "thread")
    op.drop_column("edition_parts", "title")
