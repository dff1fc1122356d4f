"""How often a platform lets itself be called. Pure: the time is an argument, and a refusal is a number of seconds."""

from __future__ import annotations

from collections import deque
from collections.abc import Hashable
from dataclasses import dataclass

JITTER = 0.05
"""Seconds a caller who keeps the pace exactly may still arrive too early, for the network's sake."""


@dataclass(frozen=True, slots=True)
class Pace:
    """At most `calls` in any `seconds`."""

    calls: int
    seconds: float


class Meter:
    """Counts calls per key in sliding windows."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        self._stamps: dict[Hashable, deque[float]] = {}

    def wait(self, key: Hashable, now: float, cost: int = 1) -> float:
        """Return how many seconds `cost` more calls would have to wait, 0 where they may pass."""
        stamps = self._stamps.setdefault(key, deque())
        horizon = now - self._pace.seconds + JITTER
        while stamps and stamps[0] <= horizon:
            stamps.popleft()
        # What costs more than a whole window passes an empty one: an album is never too large for the pace as such.
        over = min(len(stamps) + cost - self._pace.calls, len(stamps))
        return max(stamps[over - 1] - horizon, 0.001) if over > 0 else 0.0

    def count(self, key: Hashable, now: float, cost: int = 1) -> None:
        """Note that calls passed."""
        self._stamps.setdefault(key, deque()).extend([now] * cost)
