"""Chats: where they are, who speaks in them, what they asked to receive."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.errors import PlainError


class AddressError(PlainError, ValueError):
    """A chat address that cannot be read. Its text says what is wrong and what one looks like."""


@dataclass(frozen=True, slots=True)
class Address:
    """Where a chat is.

    Written ``platform:chat``, with ``/thread`` behind it (a Telegram forum topic) or ``workspace/`` before the
    chat (Slack with several workspaces). Each platform reads its own (`bot.adapters.parse_address`).
    """

    platform: str
    chat: str
    thread: str = ""
    workspace: str = ""

    def __str__(self) -> str:
        workspace = f"{self.workspace}/" if self.workspace else ""
        thread = f"/{self.thread}" if self.thread else ""
        return f"{self.platform}:{workspace}{self.chat}{thread}"


class ChatKind(StrEnum):
    """How many listen, and who may speak."""

    PRIVATE = "private"
    GROUP = "group"
    CHANNEL = "channel"


class Managers(StrEnum):
    """Who may change what the chats of a workspace receive: its members (guests are none), or its administrators.

    Either in chats that they are in. Elsewhere a chat has administrators of its own.
    """

    MEMBERS = "members"
    ADMINS = "admins"


@dataclass(frozen=True, slots=True)
class User:
    """A person as the platform knows them. `address` is like a chat's (``telegram:12345``, ``slack:T01/U0123``)."""

    address: str
    name: str = ""
    language: str = ""


class Layout(StrEnum):
    """How much of an issue a chat gets: an entry a message, sections packed tight, or titles alone."""

    FULL = "full"
    COMPACT = "compact"
    HEADLINES = "headlines"


class SubscriptionStatus(StrEnum):
    """Whether a chat receives. A suspended one keeps its settings and comes back."""

    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"


@dataclass(frozen=True, slots=True)
class Preferences:
    """What a chat asked for.

    Empty `sections` and `topics` mean everything; where both are chosen, an entry comes that is in one of the sections
    and on one of the topics. An empty `language`, `zone` or `post_at` is the bot's own. With
    `pace_minutes` a section comes so long after the one before it, with `hours` each at the next of these times of day
    (``09:00``); nothing comes from `quiet_from` to `quiet_until`.

    `watches` are standing queries whose entries are marked in what the chat receives; with `watched_only` it receives
    those alone, as far as it has such queries. `threads` send sections elsewhere in the chat: pairs of a section's
    title and a thread (a forum topic). With `threaded` an issue's sections answer its header where the platform has
    threads (Slack).
    """

    language: str = ""
    layout: Layout = Layout.COMPACT
    images: bool = True
    silent: bool = False
    sections: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    zone: str = ""
    post_at: str = ""
    pace_minutes: int = 0
    hours: tuple[str, ...] = ()
    quiet_from: str = ""
    quiet_until: str = ""
    watches: tuple[str, ...] = ()
    watched_only: bool = False
    threads: tuple[tuple[str, str], ...] = ()
    threaded: bool = True


@dataclass(frozen=True, slots=True)
class Variant:
    """What of an issue is shown and how: chats that agree in it are given the same edition, made once."""

    language: str = ""
    layout: Layout = Layout.COMPACT
    images: bool = True
    silent: bool = False
    sections: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    watches: tuple[str, ...] = ()
    watched_only: bool = False

    @classmethod
    def of(cls, preferences: Preferences) -> Variant:
        """Return the part of a chat's preferences that shapes what it receives."""
        return cls(
            language=preferences.language,
            layout=preferences.layout,
            images=preferences.images,
            silent=preferences.silent,
            sections=tuple(sorted(preferences.sections)),
            topics=tuple(sorted(preferences.topics)),
            watches=tuple(sorted(preferences.watches)),
            watched_only=preferences.watched_only and bool(preferences.watches),
        )


@dataclass(frozen=True, slots=True)
class Timing:
    """When a chat wants to receive; times of day are local to `zone`, empty ones are the bot's own or none."""

    zone: str = ""
    post_at: str = ""
    pace_minutes: int = 0
    hours: tuple[str, ...] = ()
    quiet_from: str = ""
    quiet_until: str = ""

    @classmethod
    def of(cls, preferences: Preferences) -> Timing:
        """Return the part of a chat's preferences that says when."""
        return cls(
            zone=preferences.zone,
            post_at=preferences.post_at,
            pace_minutes=preferences.pace_minutes,
            hours=tuple(sorted(preferences.hours)),
            quiet_from=preferences.quiet_from,
            quiet_until=preferences.quiet_until,
        )


@dataclass(frozen=True, slots=True)
class Routing:
    """Where in a chat sections go: threads by section title, else below the header where `threaded`."""

    threads: tuple[tuple[str, str], ...] = ()
    threaded: bool = True

    @classmethod
    def of(cls, preferences: Preferences) -> Routing:
        """Return the part of a chat's preferences that says where."""
        return cls(preferences.threads, preferences.threaded)

    def thread_of(self, section: str) -> str | None:
        """Return the thread that a section is to go to, None where it has none of its own."""
        wanted = section.casefold()
        return next((thread for title, thread in self.threads if title.casefold() == wanted), None)


@dataclass(frozen=True, slots=True)
class Place:
    """A chat as it is to the bot when somebody names it: where, what, and whether the bot may write there."""

    address: Address
    kind: ChatKind
    title: str
    is_open: bool


@dataclass(frozen=True, slots=True)
class Chat:
    """A chat the bot has met. `id` is the stored identity, 0 until stored."""

    address: Address
    kind: ChatKind = ChatKind.PRIVATE
    title: str = ""
    preferences: Preferences = Preferences()
    status: SubscriptionStatus | None = None
    reason: str = ""
    subscribed_at: datetime | None = None
    id: int = 0
