"""Pacing: never faster than a platform allows, never slower than it does; answers to readers go first.

Two measures hold at once. A gate lets calls through at the platform's rate for the whole bot, the most urgent first;
where a platform has workspaces, it counts in each for itself, and each has a gate of its own. A chat's window says when
that chat may get its next call. Nothing here is kept beyond the windows' length.
"""

from __future__ import annotations

import asyncio
import heapq
import itertools
from collections import deque
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import IntEnum
from math import ceil

from bot.clock import Clock
from bot.model.chat import Address, ChatKind
from bot.model.delivery import Limits, Scope

SLOWER, SLOWEST, RECOVERY = 1.5, 8.0, 0.98
"""How much slower the pace gets when a platform complains, at the most, and what of that is left after each call."""


class Urgency(IntEnum):
    """Who goes first through a platform's gate."""

    ANSWER = 0
    DELIVERY = 1


@dataclass(slots=True)
class _Gate:
    """Spaces a platform's calls evenly and lets the most urgent one through first."""

    clock: Clock
    spacing: timedelta
    free_at: datetime
    slowness: float = 1.0
    waiting: list[tuple[Urgency, int, int, asyncio.Future[bool]]] = field(default_factory=list)
    order: itertools.count[int] = field(default_factory=itertools.count)
    pump: asyncio.Task[None] | None = None

    async def enter(self, urgency: Urgency, weight: int) -> bool:
        """Wait for a turn; False where it was given up meanwhile."""
        turn: asyncio.Future[bool] = asyncio.get_running_loop().create_future()
        heapq.heappush(self.waiting, (urgency, next(self.order), weight, turn))
        if self.pump is None or self.pump.done():
            self.pump = asyncio.create_task(self._let_through())
        return await turn

    def give_up(self, urgency: Urgency) -> None:
        """Send away those who wait with this urgency."""
        for waiting, _, _, turn in self.waiting:
            if waiting is urgency and not turn.done():
                turn.set_result(False)

    async def _let_through(self) -> None:
        while self.waiting:
            wait = (self.free_at - self.clock.now()).total_seconds()
            if wait > 0:
                await self.clock.sleep(wait)
                continue  # somebody more urgent may have come meanwhile, or the gate may have been shut for longer
            _, _, weight, turn = heapq.heappop(self.waiting)
            if not turn.done():
                # Counted from the slot, so that a late wake-up is not paid for twice; idle time is not saved up.
                idle_from = self.clock.now() - self.spacing
                self.free_at = max(self.free_at, idle_from) + self.spacing * weight * self.slowness
                turn.set_result(True)


class Pacer:
    """The pace of every platform and chat."""

    def __init__(self, clock: Clock, limits: Mapping[str, Limits]) -> None:
        self._clock = clock
        self._limits = dict(limits)
        self._gates: dict[tuple[str, str], _Gate] = {}
        self._sent: dict[str, deque[datetime]] = {}
        self._kinds: dict[str, ChatKind] = {}
        self._slowness: dict[str, float] = {}

    def learn(self, chat: Address, kind: ChatKind) -> None:
        """Note what kind of chat an address is: its window depends on it."""
        self._kinds[_key(chat)] = kind

    async def deliver(self, chat: Address, *, weight: int = 1) -> bool:
        """Wait for the platform's gate; the chat's own window was waited out in the outbox.

        False where deliveries were given up meanwhile: nothing may be sent then.
        """
        return await self._pass(chat, Urgency.DELIVERY, weight)

    def delivered(self, chat: Address, *, weight: int = 1) -> None:
        """Note that a delivery's call has ended: it was counted somewhere between its start and now."""
        sent = self._sent[_key(chat)]
        for _ in range(min(weight, len(sent))):
            sent.pop()
        self._count(chat, weight)
        gate = self._gate(chat)
        gate.slowness = max(gate.slowness * RECOVERY, 1.0)
        if _key(chat) in self._slowness:
            self._slowness[_key(chat)] = max(self._slowness[_key(chat)] * RECOVERY, 1.0)

    def give_up_deliveries(self) -> None:
        """Send away the deliveries that wait; a stopping process does not sit out a pause."""
        for gate in self._gates.values():
            gate.give_up(Urgency.DELIVERY)

    async def answer(self, chat: Address) -> None:
        """Wait for the chat's window, then go ahead of every delivery."""
        while (wait := (self.free_at(chat) - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(wait)
        await self._pass(chat, Urgency.ANSWER, 1)

    def free_at(self, chat: Address, *, weight: int = 1) -> datetime:
        """Return when a chat may get its next call, which makes `weight` messages.

        What is more than a window's worth takes the time of several.
        """
        now = self._clock.now()
        count, window = self._window(chat)
        sent = self._sent.get(_key(chat), ())
        over = min(len(sent) + weight - count, len(sent))
        return now if over <= 0 else max(now, sent[over - 1] + window * ceil(weight / count))

    def slow_down(self, chat: Address, scope: Scope) -> None:
        """Take a platform's word that it was too fast, for one chat or for all; the pace comes back call by call."""
        if scope is Scope.CHAT:
            self._slowness[_key(chat)] = min(self._slowness.get(_key(chat), 1.0) * SLOWER, SLOWEST)
        else:
            for gate in self._gates_of(chat, scope):
                gate.slowness = min(gate.slowness * SLOWER, SLOWEST)

    def pause(self, chat: Address, scope: Scope, wait: timedelta) -> None:
        """Shut the gates of a chat's workspace, or of its whole platform, for a while."""
        for gate in self._gates_of(chat, scope):
            gate.free_at = max(gate.free_at, self._clock.now() + wait)

    async def _pass(self, chat: Address, urgency: Urgency, weight: int) -> bool:
        if not await self._gate(chat).enter(urgency, weight):
            return False
        self._count(chat, weight)
        if len(self._sent) > _CHATS_BEFORE_PRUNING:
            self._prune(self._clock.now())
        return True

    def _count(self, chat: Address, weight: int) -> None:
        count, window = self._window(chat)
        stamp = self._clock.now() + window * (ceil(weight / count) - 1)
        self._sent.setdefault(_key(chat), deque(maxlen=count)).extend([stamp] * weight)

    def _window(self, chat: Address) -> tuple[int, timedelta]:
        limits = self._limits[chat.platform]
        kind = self._kinds.get(_key(chat), ChatKind.GROUP)
        count, seconds = {
            ChatKind.PRIVATE: limits.private,
            ChatKind.GROUP: limits.group,
            ChatKind.CHANNEL: limits.channel,
        }[kind]
        return count, timedelta(seconds=seconds * self._slowness.get(_key(chat), 1.0))

    def _gate(self, chat: Address) -> _Gate:
        key = (chat.platform, chat.workspace)
        if key not in self._gates:
            spacing = timedelta(seconds=1 / self._limits[chat.platform].per_second)
            self._gates[key] = _Gate(self._clock, spacing, self._clock.now())
        return self._gates[key]

    def _gates_of(self, chat: Address, scope: Scope) -> list[_Gate]:
        own = self._gate(chat)
        if scope is not Scope.PLATFORM:
            return [own]
        return [gate for (platform, _), gate in self._gates.items() if platform == chat.platform]

    def _prune(self, now: datetime) -> None:
        longest = timedelta(
            seconds=max(
                w for limits in self._limits.values() for _, w in (limits.private, limits.group, limits.channel)
            )
        )
        self._sent = {chat: sent for chat, sent in self._sent.items() if sent[-1] > now - longest}
        self._slowness = {chat: slow for chat, slow in self._slowness.items() if chat in self._sent and slow > 1.0}
        self._kinds = {chat: kind for chat, kind in self._kinds.items() if chat in self._sent}


_CHATS_BEFORE_PRUNING = 4096


def _key(chat: Address) -> str:
    """Return what a platform counts by: the chat, whatever its thread."""
    return f"{chat.platform}:{chat.workspace}/{chat.chat}"
