"""What platforms told the bot: which updates were handled, and those that are taken and not handled yet.

Platforms deliver some updates twice, and a killed process leaves some half-way. So an update is noted as handled when
its answer is given, and what was noted is not handled again. One that takes long can be parked: it is kept here until
it is handled, and its platform need not keep it any more.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from datetime import datetime
from functools import partial

from sqlalchemy import Connection, bindparam, delete, select, text, update
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.gathering import Gathering
from bot.storage.tables import parked_updates, updates

_SEEN = select(updates.c.key).where(updates.c.key == bindparam("k"))
_SEEN_OF = text("SELECT key FROM updates WHERE key IN (SELECT value FROM json_each(:keys))")
_NOTE = insert(updates).values(key=bindparam("k"), seen_at=bindparam("now")).on_conflict_do_nothing()
_FORGET = delete(updates).where(updates.c.seen_at < bindparam("before"))
_PARK = (
    insert(parked_updates)
    .values(key=bindparam("k"), content=bindparam("content"), parked_at=bindparam("now"), owner=bindparam("me"))
    .on_conflict_do_nothing()
)
_PARKED = (
    select(parked_updates.c.key, parked_updates.c.content, parked_updates.c.owner)
    .where(parked_updates.c.key.startswith(bindparam("beginning"), autoescape=False))
    .order_by(parked_updates.c.id)
)
_OWN = update(parked_updates).where(parked_updates.c.key == bindparam("k")).values(owner=bindparam("me"))
_RELEASE = delete(parked_updates).where(parked_updates.c.key == bindparam("k"))


class Updates:
    """The updates of all platforms, each by a key that names its platform, too."""

    def __init__(
        self, database: Database, *, owner: str = "", is_running: Callable[[str], bool] = lambda _owner: False
    ) -> None:
        """`owner` names this process; `is_running` tells whether another one, by its name, is still there."""
        self._database = database
        self._owner = owner
        self._is_running = is_running
        self._under_way: set[str] = set()
        self._looking = Gathering(self._which_are_handled)
        self._unwritten: dict[str, datetime] = {}
        self._writing = asyncio.Lock()
        self._parked: set[str] = set()

    @asynccontextmanager
    async def once(self, key: str, *, now: datetime) -> AsyncIterator[bool]:
        """Guard the handling of an update: false where it is under way or was handled, and nothing is to be done.

        It is noted as handled at the end of the block, unless an exception passes. An empty key guards nothing.
        """
        if not key:
            yield True
        elif key in self._under_way:
            yield False
        else:
            self._under_way.add(key)  # before anything is waited for: the same may come again meanwhile
            try:
                if await self._is_handled(key):
                    yield False
                    return
                yield True
                await self._note(key, now)
            finally:
                self._under_way.discard(key)

    async def park(self, key: str, content: str, *, now: datetime) -> None:
        """Keep an update until it is handled. One that was handled meanwhile is not kept."""
        async with self._database.write() as connection:
            if await connection.scalar(_SEEN, {"k": key}) is None:
                await connection.execute(_PARK, {"k": key, "content": content, "now": now, "me": self._owner})
                self._parked.add(key)

    async def take_up(self, beginning: str) -> tuple[tuple[str, str], ...]:
        """Make what is kept and handled by nobody this process's own.

        Return its keys, which begin so, and its contents, in the order in which it came. What another process handles
        is left to that one; of two that take up at once, one gets each.
        """
        async with self._database.write() as connection:
            rows = (await connection.execute(_PARKED, {"beginning": beginning})).all()
            free = [row for row in rows if self._is_free(row.key, row.owner)]
            if free:
                await connection.execute(_OWN, [{"k": row.key, "me": self._owner} for row in free])
        self._parked.update(row.key for row in free)
        return tuple((row.key, row.content) for row in free)

    def _is_free(self, key: str, owner: str) -> bool:
        return key not in self._under_way and (owner == self._owner or not self._is_running(owner))

    async def forget(self, *, before: datetime) -> None:
        """Drop the notes of updates that no platform repeats any more."""
        async with self._database.write() as connection:
            await connection.execute(_FORGET, {"before": before})

    async def _is_handled(self, key: str) -> bool:
        return await self._looking.join(key, None)

    async def _which_are_handled(self, keys: Mapping[str, None]) -> dict[str, bool]:
        asked = {"keys": json.dumps(list(keys))}
        handled = await self._database.ask(lambda connection: set(connection.scalars(_SEEN_OF, asked)))
        return {key: key in handled for key in keys}

    async def _note(self, key: str, now: datetime) -> None:
        """Write a note; whoever comes while one is written is written together with the others who wait."""
        self._unwritten[key] = now
        async with self._writing:
            if key not in self._unwritten:
                return
            batch, self._unwritten = self._unwritten, {}
            try:
                await self._database.change(partial(_write, batch, [one for one in batch if one in self._parked]))
            except BaseException:
                self._unwritten = batch | self._unwritten
                raise
            self._parked.difference_update(batch)


def _write(notes: Mapping[str, datetime], released: Sequence[str], connection: Connection) -> None:
    connection.execute(_NOTE, [{"k": key, "now": at} for key, at in notes.items()])
    if released:
        connection.execute(_RELEASE, [{"k": key} for key in released])
