"""How much anybody is answered: plenty, and then not for a moment. The same on every platform.

A person, and a chat of many, each have a bucket that a command takes from and time fills again. Who empties one is
asked, once, for a little patience; what comes meanwhile is met with silence.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from math import ceil
from typing import Final

from bot.clock import Clock
from bot.model.chat import ChatKind
from bot.model.command import Command, Origin


@dataclass(frozen=True, slots=True)
class Allowance:
    """So many commands at once, then one every `seconds`; after it was used up, none before `resume` are saved."""

    burst: float
    seconds: float
    resume: float


PERSON: Final = Allowance(burst=20, seconds=2.0, resume=5)
GROUP: Final = Allowance(burst=20, seconds=3.0, resume=3)
"""For all who write in a chat together: Telegram lets a bot say 20 things a minute in a group."""
TYPING: Final = Allowance(burst=40, seconds=0.5, resume=10)
"""For what is asked while one types: every letter asks."""

PRESS: Final = 0.5
"""What a pressed button takes: pages are turned quickly."""

_BUCKETS_BEFORE_PRUNING = 4096


class Silence(StrEnum):
    """No answer: who asks was asked for patience already."""

    KEPT = "kept"


@dataclass(frozen=True, slots=True)
class Patience:
    """The one answer that asks for patience, in seconds."""

    seconds: int


Verdict = Patience | Silence | None
"""None: it is answered."""


@dataclass(slots=True)
class _Bucket:
    level: float
    filled_at: datetime
    is_resting: bool = False


class Limiter:
    """The buckets of everybody who asked lately."""

    def __init__(self, clock: Clock, *, is_exempt: Callable[[str], bool]) -> None:
        """Prepare; `is_exempt` tells by their address who may ask as much as they like."""
        self._clock = clock
        self._is_exempt = is_exempt
        self._buckets: dict[tuple[str, Allowance], _Bucket] = {}

    def judge(self, command: Command) -> Verdict:
        """Tell whether a command is answered, and count it."""
        if self._is_exempt(command.user.address):
            return None
        cost = PRESS if command.origin is Origin.BUTTON else 1.0
        verdict = self._take(command.user.address, PERSON, cost)
        if verdict is None and command.kind is not ChatKind.PRIVATE:
            verdict = self._take(f"{command.chat.platform} {command.chat.workspace}/{command.chat.chat}", GROUP, cost)
        return verdict

    def may_type(self, user: str) -> bool:
        """Tell whether what somebody asks while typing is answered, and count it."""
        return self._is_exempt(user) or self._take(user, TYPING, 1.0) is None

    def _take(self, key: str, allowance: Allowance, cost: float) -> Verdict:
        now = self._clock.now()
        if len(self._buckets) > _BUCKETS_BEFORE_PRUNING:
            self._prune(now)
        bucket = self._buckets.setdefault((key, allowance), _Bucket(allowance.burst, now))
        bucket.level, bucket.filled_at = _level(bucket, allowance, now), now
        if bucket.is_resting and bucket.level < allowance.resume:
            return Silence.KEPT
        bucket.is_resting = bucket.level < cost
        if bucket.is_resting:
            return Patience(ceil((allowance.resume - bucket.level) * allowance.seconds))
        bucket.level -= cost
        return None

    def _prune(self, now: datetime) -> None:
        """Forget the buckets that are full: a new one is, too."""
        self._buckets = {
            key: bucket for key, bucket in self._buckets.items() if _level(bucket, key[1], now) < key[1].burst
        }


def _level(bucket: _Bucket, allowance: Allowance, now: datetime) -> float:
    passed = (now - bucket.filled_at).total_seconds()
    return min(allowance.burst, bucket.level + passed / allowance.seconds)
