"""Which messages of a chat the bot has seen, and when: where a platform shows no history, this is what is known of it.

A *sequence* is what a platform numbers its messages in: a chat, or several together. Not every message is kept; the
newest of each moment is, and those that could be mistaken for a lost one.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.model.delivery import Sighting
from bot.storage.engine import Database
from bot.storage.tables import sightings

MOST = 2000
"""Sightings returned at most."""

_NOTE = (
    insert(sightings)
    .values({name: bindparam(name) for name in ("platform", "sequence", "message_id", "seen_at", "reference")})
    .on_conflict_do_nothing()
)
_here = (sightings.c.platform == bindparam("platform"), sightings.c.sequence == bindparam("sequence"))
_FLOOR = (
    select(func.max(sightings.c.message_id)).where(*_here, sightings.c.seen_at <= bindparam("before")).scalar_subquery()
)
_FROM_FLOOR = (
    select(sightings.c.message_id, sightings.c.seen_at, sightings.c.reference)
    .where(*_here, sightings.c.message_id >= func.coalesce(_FLOOR, 0))
    .order_by(sightings.c.message_id)
    .limit(MOST)
)
_newer = sightings.alias()
_FORGET = delete(sightings).where(
    sightings.c.seen_at < bindparam("before"),
    # The newest of all stays, however old: the next message is behind it.
    sightings.c.message_id
    < select(func.max(_newer.c.message_id))
    .where(_newer.c.platform == sightings.c.platform, _newer.c.sequence == sightings.c.sequence)
    .scalar_subquery(),
)


class SightingStore:
    """Keeps sightings."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def note(self, platform: str, seen: Sequence[tuple[str, Sighting]]) -> None:
        """Keep sightings, each with its sequence."""
        if not seen:
            return
        rows = [
            {
                "platform": platform,
                "sequence": sequence,
                "message_id": sighting.message_id,
                "seen_at": sighting.seen_at,
                "reference": sighting.reference,
            }
            for sequence, sighting in seen
        ]
        async with self._database.write() as connection:
            await connection.execute(_NOTE, rows)

    async def recall(self, platform: str, sequence: str, *, before: datetime) -> tuple[Sighting, ...]:
        """Return the newest message that was seen before a moment, and what is known of those behind it, in order."""
        asked = {"platform": platform, "sequence": sequence, "before": before}
        async with self._database.read() as connection:
            rows = (await connection.execute(_FROM_FLOOR, asked)).all()
        return tuple(Sighting(row.message_id, row.seen_at, row.reference) for row in rows)

    async def forget(self, *, before: datetime) -> None:
        """Drop what was seen before a moment."""
        async with self._database.write() as connection:
            await connection.execute(_FORGET, {"before": before})
