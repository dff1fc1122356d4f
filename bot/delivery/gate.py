"""The gate: all calls of one bot, at its platform's rate, the most urgent first."""

from __future__ import annotations

import asyncio
import heapq
import itertools
from bisect import insort
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import IntEnum

from bot.clock import Clock

_SECOND = timedelta(seconds=1)
_AT_ONCE = timedelta(0)
_LONG_AGO = datetime.min.replace(tzinfo=UTC)
_FORGETTING = 1.001
"""How much longer than the shortest call so far the next may take and count as the shortest: networks change."""
_LATEST = timedelta(milliseconds=100)
"""How late a call may be taken to have arrived; what takes longer is the platform's own work (fetching a picture)."""
_SHORT = timedelta(seconds=33)
"""How long a crowd goes second by second, which saves up to a second in the end: three in a hundred of this."""
_ATTENTIVE = timedelta(minutes=1)
"""For how long after an answer the next one is expected."""
_LAG_WEIGHT, _MOST_LAG = 0.1, timedelta(milliseconds=100)
"""How much the last late awakening counts for what is usual, and the most that counts."""


class Urgency(IntEnum):
    """Who goes first."""

    ANSWER = 0
    GLANCE = 1
    DELIVERY = 2


@dataclass(slots=True)
class Gate:
    """Lets through so many messages in any second.

    What fits into the second goes at once. Where more is waiting, a second's worth goes together, and the next a second
    later, as long as that saves a noticeable part of the whole, and nobody asks anything; then it follows evenly, so
    that the next slot, which an answer takes before any delivery, is never far.
    """

    clock: Clock
    per_second: float
    slowness: float = 1.0
    _shut_until: datetime = _LONG_AGO
    _asked_at: datetime = _LONG_AGO
    _crowded_since: datetime | None = None
    _slot_at: datetime = _LONG_AGO
    _counted: list[tuple[datetime, int]] = field(default_factory=list)
    _shortest: timedelta | None = None
    _lag: timedelta = _AT_ONCE
    _waiting: list[tuple[Urgency, datetime, int, int, asyncio.Future[datetime | None]]] = field(default_factory=list)
    _order: itertools.count[int] = field(default_factory=itertools.count)
    _pump: asyncio.Task[None] | None = None

    async def enter(self, urgency: Urgency, weight: int, *, head_start: timedelta = _AT_ONCE) -> datetime | None:
        """Wait for a turn of so many messages, and return when it came; None where it was given up meanwhile.

        A `head_start` is to have waited for so long already, among those of the same urgency.
        """
        turn: asyncio.Future[datetime | None] = asyncio.get_running_loop().create_future()
        now = self.clock.now()
        if urgency is Urgency.ANSWER:
            self._asked_at = now
        heapq.heappush(self._waiting, (urgency, now - head_start, next(self._order), weight, turn))
        if self._pump is None or self._pump.done():
            self._pump = asyncio.create_task(self._let_through())
        return await turn

    def end(self, begun_at: datetime, weight: int) -> timedelta:
        """Note that a call that was let through has ended; returns how late it must be taken to have arrived."""
        took = self.clock.now() - begun_at
        self._shortest = took if self._shortest is None else min(took, self._shortest * _FORGETTING)
        late = max(took - self._shortest, _AT_ONCE)
        if late and (begun_at, weight) in self._counted:
            self._counted.remove((begun_at, weight))
            insort(self._counted, (begun_at + min(late, _LATEST), weight))
        return late

    @property
    def shut_until(self) -> datetime:
        """When a pause ends; in the past where there is none."""
        return self._shut_until

    @property
    def is_crowded(self) -> bool:
        """Whether somebody waits."""
        return any(not turn.done() for *_, turn in self._waiting)

    def shut(self, until: datetime) -> None:
        """Let nobody through until then."""
        self._shut_until = max(self._shut_until, until)

    def give_up(self, urgency: Urgency) -> None:
        """Send away those who wait with this urgency, or with less."""
        for waiting, *_, turn in self._waiting:
            if waiting >= urgency and not turn.done():
                turn.set_result(None)

    async def _let_through(self) -> None:
        while self._waiting:
            *_, weight, turn = self._waiting[0]
            if turn.done():
                heapq.heappop(self._waiting)
                continue
            wait = (self._open_at(weight) - self.clock.now()).total_seconds()
            if wait > 0:
                await self._sleep(wait)
                continue  # somebody more urgent may have come meanwhile, or the gate may have been shut for longer
            heapq.heappop(self._waiting)
            turn.set_result(self._count(weight))

    async def _sleep(self, seconds: float) -> None:
        """Sleep, and note how late one wakes: on a busy machine calls arrive as unevenly."""
        wake_at = self.clock.now() + timedelta(seconds=seconds)
        await self.clock.sleep(seconds)
        lag = min(max(self.clock.now() - wake_at, _AT_ONCE), _MOST_LAG)
        self._lag += (lag - self._lag) * _LAG_WEIGHT

    def _open_at(self, weight: int) -> datetime:
        """Return when the next may pass."""
        now, window = self.clock.now(), self._window()
        while self._counted and self._counted[0][0] <= now - window:
            del self._counted[0]
        used = sum(counted for _, counted in self._counted)
        wanted = sum(each for *_, each, turn in self._waiting if not turn.done())
        open_at = max(now, self._shut_until)
        if used + wanted <= self.per_second:
            self._crowded_since = None
            return open_at
        # A call of more messages than a second takes has the second to itself.
        over = min(used + weight - self.per_second, used)
        for moment, counted in self._counted:
            if over <= 0:
                break
            over -= counted
            open_at = max(open_at, moment + window)
        if self._crowded_since is None:
            self._crowded_since = now
        is_short, is_calm = now - self._crowded_since < _SHORT, now - self._asked_at >= _ATTENTIVE
        return open_at if is_short and is_calm else max(open_at, self._slot_at)

    def _count(self, weight: int) -> datetime:
        now, spacing = self.clock.now(), self._window() / self.per_second
        insort(self._counted, (now, weight))
        # Counted from the slot, so that a late wake-up is not paid for twice; idle time is not saved up.
        self._slot_at = (self._slot_at if self._slot_at > now - spacing else now) + spacing * weight
        return now

    def _window(self) -> timedelta:
        return _SECOND * self.slowness + 2 * self._lag
