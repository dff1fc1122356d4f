"""A clock turned by hand: the bot's parts and the fakes read the same time, and nobody waits for it."""

from __future__ import annotations

import asyncio
import heapq
from datetime import UTC, datetime, timedelta
from itertools import count


class HandClock:
    """A `bot.clock.Clock` that stands still until it is advanced.

    Who sleeps on it wakes, in the order of their times, when the clock is moved past them. It belongs to one event
    loop.
    """

    def __init__(self, start: datetime = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)) -> None:
        self._now = start
        self._order = count()
        self._someone = asyncio.Event()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []

    def now(self) -> datetime:
        return self._now

    @property
    def sleepers(self) -> int:
        """How many wait for this clock."""
        return sum(not future.done() for _, _, future in self._sleepers)

    async def sleep(self, seconds: float) -> None:
        if seconds <= 0:
            await asyncio.sleep(0)
            return
        future = asyncio.get_running_loop().create_future()
        heapq.heappush(self._sleepers, (self._now + timedelta(seconds=seconds), next(self._order), future))
        self._someone.set()
        await future

    async def asleep(self, *, least: int = 1) -> None:
        """Wait until so many sleep on this clock."""
        while self.sleepers < least:
            self._someone.clear()
            await self._someone.wait()

    def advance(self, seconds: float) -> None:
        """Move on, and wake whoever slept until then."""
        self._now += timedelta(seconds=seconds)
        while self._sleepers and self._sleepers[0][0] <= self._now:
            future = heapq.heappop(self._sleepers)[2]
            if not future.done():
                future.set_result(None)
