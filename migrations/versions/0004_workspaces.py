"""Several workspaces: a pause holds in one of them, and a chat is suspended with its workspace or for its own sake."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None

# What the platform said where a whole workspace was suspended.
_WORKSPACE_REASONS = ("account_inactive", "token_revoked", "team_access_not_granted")


def upgrade() -> None:
    op.add_column("chats", sa.Column("suspended_with", sa.Text(), server_default="", nullable=False))
    chats = sa.table("chats", sa.column("status"), sa.column("reason"), sa.column("suspended_with"))
    suspended = sa.update(chats).where(chats.c.status == "suspended")
    op.execute(suspended.values(suspended_with="chat"))
    op.execute(suspended.where(chats.c.reason.in_(_WORKSPACE_REASONS)).values(suspended_with="workspace"))
    pauses = sa.table("pauses", sa.column("workspace"))
    op.execute(sa.update(pauses).where(pauses.c.workspace == "").values(workspace="*"))


def downgrade() -> None:
    pauses = sa.table("pauses", sa.column("workspace"))
    op.execute(sa.delete(pauses).where(pauses.c.workspace == ""))
    op.execute(sa.update(pauses).where(pauses.c.workspace == "*").values(workspace=""))
    op.drop_column("chats", "suspended_with")
