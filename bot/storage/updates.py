"""Which updates were taken already: platforms deliver some of them twice."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import bindparam, delete
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import updates

_SEE = insert(updates).values(key=bindparam("k"), seen_at=bindparam("now")).on_conflict_do_nothing()
_FORGET = delete(updates).where(updates.c.seen_at < bindparam("before"))


class Updates:
    """Which updates were taken: platforms deliver some twice."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def take(self, key: str, *, now: datetime) -> bool:
        """Mark an update as taken; False where it already was."""
        async with self._database.write() as connection:
            return (await connection.execute(_SEE, {"k": key, "now": now})).rowcount > 0

    async def forget(self, *, before: datetime) -> None:
        """Drop the marks of updates that no platform repeats any more."""
        async with self._database.write() as connection:
            await connection.execute(_FORGET, {"before": before})
