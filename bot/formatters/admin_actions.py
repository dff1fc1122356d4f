"""What the buttons of those who run the bot ask for; `bot.formatters.actions` writes and reads them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class PostIssue:
    """What would happen if an issue were published now, and the button that does it."""

    number: int


@dataclass(frozen=True, slots=True)
class ReleaseIssue:
    """An issue published now, to everybody."""

    number: int


@dataclass(frozen=True, slots=True)
class HoldIssue:
    """An issue that waits for a person, though its time comes."""

    number: int


@dataclass(frozen=True, slots=True)
class OpenDeliveries:
    """Who got an issue, and who did not."""

    number: int
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class RetryFailed:
    """What failed of an issue, sent again."""

    number: int


@dataclass(frozen=True, slots=True)
class AskUncertain:
    """The parts of an issue that may or may not have arrived, one by one, in place."""

    number: int
    offset: int = 0


class Word(StrEnum):
    """What a person saw in the chat."""

    ARRIVED = "arrived"
    LOST = "lost"


@dataclass(frozen=True, slots=True)
class Settle:
    """A person's word about one uncertain part of an issue."""

    number: int
    part: int
    word: Word
