"""What can go wrong with a call, on request: the faults, and the script that says when they strike.

A fault is plain data and means the same on every platform; each fake turns it into its platform's own words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from random import Random
from typing import Any


@dataclass(frozen=True, slots=True)
class TooMany:
    """429: try again after so many seconds."""

    retry_after: int = 1


@dataclass(frozen=True, slots=True)
class Refuse:
    """Refused with the platform's own words: a Telegram description, a Slack error code.

    Telegram's status code follows from the text ("Forbidden: ..." is 403), and "Bad Request: " may be left away.
    `details` are Slack's `errors`.
    """

    reason: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Migrate:
    """Telegram alone: the group was upgraded, and has another id."""

    to: int


@dataclass(frozen=True, slots=True)
class Unauthorized:
    """The token is not valid (any more)."""


@dataclass(frozen=True, slots=True)
class Html:
    """A page of a proxy in place of an answer; `accepted` tells whether the call was carried out all the same."""

    status: int = 502
    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Hang:
    """No answer at all, until the client gives up or the fake stops."""

    accepted: bool = False


@dataclass(frozen=True, slots=True)
class Reset:
    """The connection breaks before the call was accepted."""


@dataclass(frozen=True, slots=True)
class AnswerLost:
    """The call is carried out, then the connection breaks before the answer."""


@dataclass(frozen=True, slots=True)
class Slow:
    """The call is answered as always, only later (on the fake's clock)."""

    seconds: float


@dataclass(frozen=True, slots=True, eq=False)
class Held:
    """The call waits until `FakeServer.release` lets it go on, then it is answered as always.

    Each one is its own: one that is released lets nobody else go on.
    """


Fault = TooMany | Refuse | Migrate | Unauthorized | Html | Hang | Reset | AnswerLost | Slow | Held
Parameters = Mapping[str, Any]


@dataclass(slots=True, eq=False)
class Rule:
    """A line of the script. `hits` counts how often it struck."""

    fault: Fault
    method: str = "*"
    chat: int | str | None = None
    times: int | None = 1
    after: int = 0
    probability: float = 1.0
    where: Callable[[Parameters], bool] | None = None
    random: Random = field(default_factory=Random)
    hits: int = 0
    _seen: int = 0

    def strikes(self, method: str, chat: int | str | None, parameters: Parameters) -> bool:
        """Decide about one call, and count it."""
        if self.times is not None and self.hits >= self.times:
            return False
        if not fnmatchcase(method, self.method) or (self.chat is not None and str(self.chat) != str(chat)):
            return False
        if self.where is not None and not self.where(parameters):
            return False
        self._seen += 1
        if self._seen <= self.after or self.random.random() >= self.probability:
            return False
        self.hits += 1
        return True


class FaultScript:
    """The rules in force; the first that strikes decides."""

    def __init__(self) -> None:
        self._rules: list[Rule] = []

    def add(self, rule: Rule) -> Rule:
        self._rules.append(rule)
        return rule

    def remove(self, rule: Rule) -> None:
        self._rules.remove(rule)

    def clear(self) -> None:
        self._rules.clear()

    def draw(self, method: str, chat: int | str | None, parameters: Parameters) -> Fault | None:
        """Return the fault that befalls this call, if any."""
        for rule in self._rules:
            if rule.strikes(method, chat, parameters):
                return rule.fault
        return None
