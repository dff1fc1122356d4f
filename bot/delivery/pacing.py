"""Pacing: never faster than a platform allows, never slower than it does; answers to readers go first.

Two measures hold at once. A gate lets a bot's calls through at its platform's rate, the most urgent first. A chat's
window says when that chat may get its next call. Nothing here is kept beyond the windows' length.

A platform counts a call when it arrives, which is some time after it was made. What is known is how long it took: a
call that took longer than the shortest ones is taken to have arrived that much later. So no call is too early, and
none waits for the way there and back of the one before.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from bot.clock import Clock
from bot.delivery.gate import Gate, Urgency
from bot.model.chat import Address, ChatKind
from bot.model.delivery import Limits, Scope

SLOWER, SLOWEST, RECOVERY = 1.5, 8.0, 0.98
"""How much slower the pace gets when a platform complains, at the most, and what of that is left after each call."""
CHATS_FOR_ALL = 3
"""So many chats in a row that are told to wait, and none that is served between them, are a complaint about all."""
_CHATS_BEFORE_PRUNING = 4096
_ROUND = timedelta(seconds=1)
_CLOSING_SECONDS = 1.0
"""How soon somebody who waits for a chat's window learns that deliveries are given up."""


@dataclass(frozen=True, slots=True)
class Turn:
    """A call that may be made now; `Pacer.ended` wants to know when it has ended."""

    chat: Address
    weight: int
    begun_at: datetime
    counted_at: datetime


class Pacer:
    """The pace of every platform and chat."""

    def __init__(self, clock: Clock, limits: Mapping[str, Limits]) -> None:
        self._clock = clock
        self._limits = dict(limits)
        self._gates: dict[tuple[str, str], Gate] = {}
        self._sent: dict[str, deque[datetime]] = {}
        self._edits: dict[tuple[str, str], deque[datetime]] = {}
        self._recalled: set[str] = set()
        self._kinds: dict[str, ChatKind] = {}
        self._slowness: dict[str, float] = {}
        self._complaining: dict[tuple[str, str], set[str]] = {}
        self._closing = False

    def learn(self, chat: Address, kind: ChatKind) -> None:
        """Note what kind of chat an address is: its window depends on it."""
        self._kinds[_key(chat)] = kind

    def knows(self, chat: Address) -> bool:
        """Tell whether all calls into a chat are counted; what another process did can be told by `recall`."""
        return _key(chat) in self._recalled

    def recall(self, chat: Address, calls: Iterable[tuple[datetime, int]] = ()) -> None:
        """Count calls (when, and for how many messages) that another process made into a chat.

        Those that were made here and are told again count twice: rather too slow for a minute than too fast.
        """
        count, _ = self._window(chat)
        sent = self._sent.setdefault(_key(chat), deque(maxlen=count))
        told = [moment for moment, weight in calls for _ in range(weight)]
        if told:
            told = sorted([*sent, *told])
            sent.clear()
            sent.extend(told)
        self._recalled.add(_key(chat))

    def forget(self, platform: str) -> None:
        """Note that another process may have made calls on a platform."""
        self._recalled = {key for key in self._recalled if not key.startswith(f"{platform}:")}

    def horizon(self, platform: str) -> datetime:
        """Return the moment before which no call on a platform matters any more."""
        return self._clock.now() - self._longest(platform)

    async def deliver(self, chat: Address, *, weight: int = 1) -> Turn | None:
        """Wait for the platform's gate; the chat's own window was waited out in the outbox.

        None where deliveries were given up meanwhile: nothing may be sent then.
        """
        return await self._pass(chat, Urgency.DELIVERY, weight)

    def ended(self, turn: Turn) -> None:
        """Note that a delivery's call has ended."""
        gate = self._gate(turn.chat)
        late = gate.end(turn.begun_at, turn.weight)
        sent = self._sent.get(_key(turn.chat))
        if sent and late:
            others = [moment for moment in sent if moment != turn.counted_at]
            sent.clear()
            sent.extend(sorted([*others, *[turn.counted_at + late] * turn.weight]))
        gate.slowness = max(gate.slowness * RECOVERY, 1.0)
        if (slow := self._slowness.get(_key(turn.chat))) is not None:
            self._slowness[_key(turn.chat)] = max(slow * RECOVERY, 1.0)

    def served(self, chat: Address) -> None:
        """Note that a call went well: whoever complained before did so for itself."""
        self._complaining.pop(_house(chat), None)

    def complain(self, chat: Address, scope: Scope) -> Scope:
        """Take a platform's word that it was too fast, and return whom that is about; the pace comes back with time.

        A platform that means everybody says the same to one chat after the other.
        """
        complaining = self._complaining.setdefault(_house(chat), set())
        complaining.add(_key(chat))
        if scope is Scope.CHAT and len(complaining) >= CHATS_FOR_ALL:
            scope = Scope.WORKSPACE
            complaining.clear()
        if scope is Scope.CHAT:
            self._slowness[_key(chat)] = min(self._slowness.get(_key(chat), 1.0) * SLOWER, SLOWEST)
        else:
            for gate in self._gates_of(chat, scope):
                gate.slowness = min(gate.slowness * SLOWER, SLOWEST)
        return scope

    def pause(self, chat: Address, scope: Scope, wait: timedelta) -> None:
        """Shut the gate of a chat's workspace, or of its whole platform, for a while."""
        for gate in self._gates_of(chat, scope):
            gate.shut(self._clock.now() + wait)

    def give_up_deliveries(self) -> None:
        """Send away the deliveries that wait; a stopping process does not sit out a pause."""
        self._closing = True
        for gate in self._gates.values():
            gate.give_up(Urgency.GLANCE)

    async def answer(self, chat: Address) -> None:
        """Wait for the chat's window, then go ahead of every delivery."""
        while (wait := (self.free_at(chat) - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(wait)
        await self._pass(chat, Urgency.ANSWER, 1)

    async def glance(self, chat: Address) -> bool:
        """Wait until a call may be made that most likely changes nothing in a chat; false where there is no time left.

        It is none of the chat's calls until `touched` says so, but one of the bot's.
        """
        while not self._closing and (wait := (self.free_at(chat) - self._clock.now()).total_seconds()) > 0:
            await self._clock.sleep(min(wait, _CLOSING_SECONDS))
        return not self._closing and await self._gate(chat).enter(Urgency.GLANCE, 1) is not None

    def touched(self, chat: Address) -> None:
        """Count a call that did reach a message of a chat."""
        self._count(chat, 1, self._clock.now())

    def free_at(self, chat: Address, *, weight: int = 1) -> datetime:
        """Return when a chat may get its next call, which makes `weight` messages.

        What is more than a window's worth takes the time of several.
        """
        now = self._clock.now()
        count, window = self._window(chat)
        sent = self._sent.get(_key(chat), ())
        over = min(len(sent) + weight - count, len(sent))
        return now if over <= 0 else max(now, sent[over - 1] + window * ceil(weight / count))

    def next_turn(self, chat: Address) -> datetime:
        """Return when a chat is to come again: when it is free, and a second after its last call while others wait.

        So those that may get several at once leave the slots to those that get one a second.
        """
        free_at = self.free_at(chat)
        sent = self._sent.get(_key(chat))
        return max(free_at, sent[-1] + _ROUND) if sent and self._gate(chat).is_crowded else free_at

    def wait_to_edit(self, chat: Address) -> timedelta:
        """Return how long an edit in a chat has to wait; one that has not to is counted, and to be made at once."""
        free_at = self.free_at(chat)
        made: deque[datetime] | None = None
        if (limit := self._limits[chat.platform].edits) is not None:
            count, seconds = limit
            made = self._edits.setdefault(_house(chat), deque(maxlen=count))
            if len(made) == count:
                free_at = max(free_at, made[0] + timedelta(seconds=seconds))
        now = self._clock.now()  # asked last: what is free now must not seem to be so a moment later
        if free_at > now:
            return free_at - now
        if made is not None:
            made.append(now)
        return timedelta(0)

    async def _pass(self, chat: Address, urgency: Urgency, weight: int) -> Turn | None:
        count, window = self._window(chat)
        # The end of a delivery belongs to chats that get one call at a time: whoever can get more makes room for them.
        head_start = window if count == 1 else timedelta(0)
        begun_at = await self._gate(chat).enter(urgency, weight, head_start=head_start)
        if begun_at is None:
            return None
        return Turn(chat, weight, begun_at, self._count(chat, weight, begun_at))

    def _count(self, chat: Address, weight: int, moment: datetime) -> datetime:
        """Count a call into a chat, and return the moment from which on it counts."""
        count, window = self._window(chat)
        counted_at = moment + window * (ceil(weight / count) - 1)
        self._sent.setdefault(_key(chat), deque(maxlen=count)).extend([counted_at] * weight)
        if len(self._sent) > _CHATS_BEFORE_PRUNING:
            self._prune(moment)
        return counted_at

    def _window(self, chat: Address) -> tuple[int, timedelta]:
        limits = self._limits[chat.platform]
        kind = self._kinds.get(_key(chat), ChatKind.GROUP)
        count, seconds = {
            ChatKind.PRIVATE: limits.private,
            ChatKind.GROUP: limits.group,
            ChatKind.CHANNEL: limits.channel,
        }[kind]
        return count, timedelta(seconds=seconds * self._slowness.get(_key(chat), 1.0))

    def _gate(self, chat: Address) -> Gate:
        key = _house(chat)
        if key not in self._gates:
            self._gates[key] = Gate(self._clock, self._limits[chat.platform].per_second)
        return self._gates[key]

    def _gates_of(self, chat: Address, scope: Scope) -> list[Gate]:
        self._gate(chat)
        return [
            gate
            for (platform, workspace), gate in self._gates.items()
            if platform == chat.platform and (scope is Scope.PLATFORM or workspace == chat.workspace)
        ]

    def _longest(self, platform: str) -> timedelta:
        limits = self._limits[platform]
        return timedelta(seconds=max(seconds for _, seconds in (limits.private, limits.group, limits.channel)))

    def _prune(self, now: datetime) -> None:
        longest = max(map(self._longest, self._limits))
        self._sent = {chat: sent for chat, sent in self._sent.items() if sent and sent[-1] > now - longest}
        self._recalled &= self._sent.keys()
        self._slowness = {chat: slow for chat, slow in self._slowness.items() if chat in self._sent and slow > 1.0}
        self._kinds = {chat: kind for chat, kind in self._kinds.items() if chat in self._sent}


def _key(chat: Address) -> str:
    """Return what a platform counts by: the chat, whatever its thread."""
    return f"{chat.platform}:{chat.workspace}/{chat.chat}"


def _house(chat: Address) -> tuple[str, str]:
    """Return what a bot's budget is counted by: each workspace has its own."""
    return chat.platform, chat.workspace
