"""Deliveries: what is planned for a chat, and how each part of it ends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from bot.model.chat import Address, Routing
from bot.model.command import Buttons
from bot.model.richtext import Document

Payload = Mapping[str, Any]
"""One platform call's content as JSON: composed, frozen and sent by one adapter, opaque to everybody else."""


class PartStatus(StrEnum):
    """Where a part stands. Only the first three move on by themselves; the last three are its ends."""

    PENDING = "pending"  # planned, not tried, or to be tried again
    SENDING = "sending"  # committed just before the call
    UNCERTAIN = "uncertain"  # the answer was lost: it is looked for before anything is sent again
    SENT = "sent"  # confirmed, with the platform's message ids
    SKIPPED = "skipped"  # refused even in its plainest form; reported
    FAILED = "failed"  # the chat cannot be written to; kept for when it comes back


@dataclass(frozen=True, slots=True)
class Post:
    """One thing to say in a delivery: an issue's header, a section, an entry.

    `section` is the index of the issue's section, None for the header. `units` are what a reader would call paragraphs
    of it (an entry each): they are packed into as few messages as the platform's limits allow, and cut only where one
    alone exceeds them. `buttons` stand below the last message. A `silent` one arrives without a
    sound, where the platform can. `entries` are the ids of the entries in it, in order.
    """

    section: int | None
    units: tuple[Document, ...]
    buttons: Buttons = ()
    silent: bool = False
    entries: tuple[int, ...] = ()


class Degradation(StrEnum):
    """How much of a part is left away after a refusal."""

    NONE = "none"
    NO_IMAGES = "no-images"
    PLAIN = "plain"


@dataclass(frozen=True, slots=True)
class Sent:
    """The platform confirmed the part; `message_ids` are its own names for it."""

    message_ids: tuple[str, ...]


class Scope(StrEnum):
    """Whom a platform's answer is about."""

    THREAD = "thread"
    CHAT = "chat"
    WORKSPACE = "workspace"
    PLATFORM = "platform"


@dataclass(frozen=True, slots=True)
class Later:
    """Not delivered, for certain; try again after `after` (None: the policy's own backoff)."""

    reason: str
    after: timedelta | None = None
    scope: Scope = Scope.CHAT


@dataclass(frozen=True, slots=True)
class Refused:
    """Not delivered, because of the content; `keep` is the most of it that may pass next time."""

    reason: str
    keep: Degradation = Degradation.PLAIN


@dataclass(frozen=True, slots=True)
class Closed:
    """The chat cannot be written to (blocked, kicked, archived, revoked): suspend it, delete nothing.

    With the scope `THREAD` it is only the thread that cannot: a closed or deleted forum topic.
    """

    reason: str
    scope: Scope = Scope.CHAT


@dataclass(frozen=True, slots=True)
class Moved:
    """The chat has a new address; the part was not delivered."""

    to: Address


@dataclass(frozen=True, slots=True)
class Uncertain:
    """It may or may not have arrived: no answer, or one that does not say."""

    reason: str


@dataclass(frozen=True, slots=True)
class Halt:
    """Nothing can be sent on this platform, or in this workspace (a wrong token): stop all sends there, and say so."""

    reason: str
    scope: Scope = Scope.PLATFORM


Outcome = Sent | Later | Refused | Closed | Moved | Uncertain | Halt


@dataclass(frozen=True, slots=True)
class Trace:
    """What is known of a part whose answer was lost.

    Its call was made at `called_at`, or a little later. `delivered` are the ids of the last messages that were
    delivered to its chat, whatever their thread, and when they were confirmed.
    """

    reference: str
    called_at: datetime
    delivered: Mapping[str, datetime] = field(default_factory=dict)

    @property
    def after(self) -> tuple[str, ...]:
        """The messages that stood in the chat before."""
        return tuple(key for key, confirmed_at in self.delivered.items() if confirmed_at <= self.called_at)


@dataclass(frozen=True, slots=True)
class Sighting:
    """A message the bot knows of since `seen_at`; `reference` is the part that it is, "" where it is none."""

    message_id: int
    seen_at: datetime
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Found:
    """An uncertain part did arrive."""

    message_ids: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Absent:
    """An uncertain part certainly did not arrive."""


@dataclass(frozen=True, slots=True)
class Undecided:
    """Nobody can tell; a person has to."""

    reason: str


@dataclass(frozen=True, slots=True)
class Postponed:
    """Nobody could look now: the platform cannot be reached, or asks to wait."""

    reason: str
    after: timedelta | None = None


Finding = Found | Absent | Undecided | Postponed


@dataclass(frozen=True, slots=True)
class Stop:
    """What decides where in its chat a part goes.

    `section` is the title of the part's section, "" in the header. `lead` is the message of the publication's first
    part: "" where it has none, None while nobody can tell. `shut` are threads that could not be written to.
    """

    chat: Address
    routing: Routing
    position: int
    section: str = ""
    lead: str | None = ""
    shut: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a publication: one platform call, one row. `reference` is an opaque id that names it anywhere.

    `chat` is who receives it; `thread` is where in the chat it goes, None for the chat's own address.
    """

    id: int
    reference: str
    chat: Address
    position: int
    payload: Payload
    status: PartStatus = PartStatus.PENDING
    attempts: int = 0
    degradation: Degradation = Degradation.NONE
    message_ids: tuple[str, ...] = ()
    error: str = ""
    thread: str | None = None

    @property
    def place(self) -> Address:
        """The address it is sent to."""
        return self.chat if self.thread is None else replace(self.chat, thread=self.thread)

    @property
    def is_led_away(self) -> bool:
        """Whether it goes to another thread than the chat's own."""
        return self.place != self.chat


@dataclass(frozen=True, slots=True)
class Limits:
    """A platform's pace as data: calls a second for the whole bot, and calls per window for one chat of each kind.

    `edits` are those of messages, per window for all of a workspace; None where they count like any other call.
    """

    per_second: float
    private: tuple[int, float]
    group: tuple[int, float]
    channel: tuple[int, float]
    edits: tuple[int, float] | None = None
