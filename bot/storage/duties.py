"""Who is on duty on each platform: the one worker, in one process, that sends there for now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert as upsert

from bot.storage.engine import Database
from bot.storage.tables import duties

_TAKEN = select(duties).where(duties.c.platform.in_(bindparam("platforms", expanding=True)))
_INSERT = upsert(duties)
_STATE = ("worker", "rank", "until", "wanted")
_WRITE = _INSERT.on_conflict_do_update(
    index_elements=["platform"], set_={name: _INSERT.excluded[name] for name in _STATE}
)


@dataclass(frozen=True, slots=True)
class Duty:
    """Whose turn a platform is: `worker`'s until `until`, "" where the last one has left.

    The lower the `rank`, the sooner others make way; `wanted` is the lowest that waits for this duty.
    """

    worker: str
    rank: int
    until: datetime
    wanted: int | None = None


class DutyStore:
    """Keeps the duties of all processes of one database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def attend(
        self, platforms: Collection[str], decide: Callable[[Duty | None], Duty | None]
    ) -> dict[str, Duty | None]:
        """Let `decide` say what becomes of each platform's duty (None: it stays); returns how they stand now."""
        async with self._database.write() as connection:
            rows = await connection.execute(_TAKEN, {"platforms": list(platforms)})
            before: Mapping[str, Duty] = {row.platform: _duty(row) for row in rows}
            changes = {name: change for name in platforms if (change := decide(before.get(name))) is not None}
            if changes:
                await connection.execute(_WRITE, [_row(name, duty) for name, duty in changes.items()])
            return {name: changes.get(name, before.get(name)) for name in platforms}


def _duty(row: Any) -> Duty:
    return Duty(row.worker, row.rank, row.until, row.wanted)


def _row(platform: str, duty: Duty) -> dict[str, Any]:
    return {
        "platform": platform,
        "worker": duty.worker,
        "rank": duty.rank,
        "until": duty.until,
        "wanted": duty.wanted,
    }
