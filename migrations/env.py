"""Runs the migrations on the connection that `bot.storage.migrate` passes in, inside its transaction."""

from __future__ import annotations

from alembic import context

from bot.storage.tables import metadata


def is_ours(name: str | None, kind: str, _parents: object) -> bool:
    """Leave out the full-text index: its shadow tables are SQLite's business."""
    return not (kind == "table" and name is not None and name.startswith("entry_fts"))


context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    include_name=is_ours,
    render_as_batch=True,
)
context.run_migrations()
