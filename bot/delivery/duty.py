"""Of several processes on one database, one at a time sends on a platform, so that its limits hold for all together.

Who is on duty is written in the database, and renewed while it lasts: a process that died is off duty when its lease
has run out. `bot run` keeps its duty as long as it lives, and `bot post` beside it looks on. Where `bot post` was
first, it makes way, and so does `bot run` for `bot amend`, which edits and is soon done.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Collection
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from enum import IntEnum
from functools import partial

from bot.clock import Clock
from bot.storage.duties import Duty, DutyStore
from bot.storage.engine import StorageError

BEAT = timedelta(seconds=2)
"""How often duty is attended to at most; one that is wanted elsewhere is left that soon."""
PAUSE = timedelta(seconds=1)
"""How long nobody sends when a duty changes hands: the window in which platforms count all of a bot's messages."""
_LONG_AGO = datetime.min.replace(tzinfo=UTC)


class Rank(IntEnum):
    """Who makes way for whom: everybody for one that ranks before."""

    AMENDING = 0
    RUNNING = 1
    POSTING = 2


def attend(duty: Duty | None, *, worker: str, rank: Rank, now: datetime, lease: timedelta, idle: bool) -> Duty | None:
    """Return what a duty becomes when a worker looks at it, None where it stays as it is. Pure.

    One that holds it renews it, or leaves it as soon as it is `idle` where somebody that ranks before wants it; one
    that does not takes it where it is free, or says that it wants it.
    """
    mine = Duty(worker, rank, now + lease)
    if duty is None:
        return mine
    if duty.worker == worker and duty.until > now:
        if is_wanted(duty, rank):
            return leave(duty, now) if idle else replace(duty, until=now + lease)
        is_fresh = duty.until - now > lease * 2 / 3 and duty.rank == rank
        return None if is_fresh else replace(mine, wanted=duty.wanted)
    if duty.until <= now:
        # Whoever it was left for goes first, but has to come.
        goes_first = duty.wanted is None or rank <= duty.wanted or duty.until + lease <= now
        return mine if goes_first else None
    is_news = rank < duty.rank and (duty.wanted is None or rank < duty.wanted)
    return replace(duty, wanted=int(rank)) if is_news else None


def leave(duty: Duty, now: datetime) -> Duty:
    """Return a duty that its worker has left: free for others when what was sent last counts no more."""
    return replace(duty, worker="", until=now + PAUSE)


def is_wanted(duty: Duty, rank: Rank) -> bool:
    """Tell whether somebody waits for a duty who ranks before its worker."""
    return duty.wanted is not None and duty.wanted < rank


class Roster:
    """This process's duties. What it holds it may claim, send and edit; the rest it leaves to whoever holds that."""

    def __init__(
        self,
        store: DutyStore,
        *,
        worker: str,
        rank: Rank,
        clock: Clock,
        lease: timedelta,
        taken_over: Callable[[str], None] = lambda _platform: None,
    ) -> None:
        """`taken_over` is told of each platform where others may have sent since this process last did."""
        self._store = store
        self._worker = worker
        self._rank = rank
        self._clock = clock
        self._lease = lease
        self._taken_over = taken_over
        self._duties: dict[str, Duty] = {}
        self._attended_at = _LONG_AGO
        self._under_way = 0
        self._attending = asyncio.Lock()

    def holds(self, platform: str) -> bool:
        """Tell whether this process may begin something on a platform."""
        duty = self._duties.get(platform)
        return duty is not None and self._is_mine(duty) and not is_wanted(duty, self._rank)

    def holder(self, platform: str) -> str:
        """Return the worker that is on duty on a platform in another process, "" where there is none."""
        duty = self._duties.get(platform)
        return "" if duty is None or duty.worker == self._worker or duty.until <= self._clock.now() else duty.worker

    def began(self, calls: int = 1) -> None:
        """Note calls that are under way: duty is not left before they have ended."""
        self._under_way += calls

    def ended(self, calls: int = 1) -> None:
        """Note calls that have ended."""
        self._under_way -= calls

    async def attend(self, platforms: Collection[str]) -> None:
        """Take, keep or leave the duty on these platforms; looks no more often than it has to."""
        async with self._attending:
            now = self._clock.now()
            known = self._duties.keys() >= set(platforms)
            if not platforms or (known and now - self._attended_at < min(BEAT, self._lease / 3)):
                return
            decide = partial(
                attend, worker=self._worker, rank=self._rank, now=now, lease=self._lease, idle=not self._under_way
            )
            with suppress(StorageError):  # then what is held lasts as long as was written
                standing = await self._store.attend(platforms, decide)
                self._attended_at = now
                for name, duty in standing.items():
                    was_mine = name in self._duties and self._is_mine(self._duties[name])
                    if duty is not None:
                        self._duties[name] = duty
                        if not was_mine and self._is_mine(duty):
                            self._taken_over(name)

    async def wait_for(self, platform: str) -> None:
        """Wait until this process is on duty on a platform."""
        await self.attend([platform])
        while not self.holds(platform):
            await self._clock.sleep(min(BEAT, self._lease / 3).total_seconds())
            await self.attend([platform])

    async def leave(self) -> None:
        """Leave every duty, at the end."""
        now = self._clock.now()
        mine = [name for name, duty in self._duties.items() if self._is_mine(duty)]
        self._duties.clear()

        def decide(duty: Duty | None) -> Duty | None:
            return leave(duty, now) if duty is not None and duty.worker == self._worker else None

        if mine:
            with suppress(StorageError):  # then it runs out
                await self._store.attend(mine, decide)

    def _is_mine(self, duty: Duty) -> bool:
        return duty.worker == self._worker and duty.until > self._clock.now()
