"""What a platform offers the house (`Platform`, `Adapter`), and what the house lends it (`Services`).

A platform is one package beside this file. Its `__init__` holds a `Platform` that touches no network and imports no
SDK; `Platform.open` imports the rest.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from bot.clock import Clock
from bot.errors import PlainError
from bot.locales import Words
from bot.model.cards import Cards, Inquiry
from bot.model.chat import Address, ChatKind, Managers, Place, User
from bot.model.command import Ability, Command, CommandInfo, Introduction, Membership, Reply
from bot.model.delivery import Degradation, Finding, Limits, Outcome, Payload, Post, Trace
from bot.model.form import Answers, FormOption, Mistakes
from bot.model.home import HomePart
from bot.settings import Settings
from bot.storage.installations import InstallationRows
from bot.storage.rooms import RoomStore
from bot.storage.sightings import SightingStore
from bot.storage.updates import Updates
from bot.storage.workspaces import WorkspaceStore

if TYPE_CHECKING:
    # The site is imported where it is served, not by every command.
    from starlette.routing import BaseRoute


class AdapterError(PlainError):
    """A platform that cannot be used at all. Its text is one plain line: what is wrong, what to do; never a secret."""


@dataclass(frozen=True, slots=True)
class Services:
    """What the house lends an adapter; all of it is injected by the composition root."""

    respond: Callable[[Command], Awaitable[Reply | None]]
    """Answer a command; None means silence. Never raises: a fault inside becomes a plain apology."""
    follow: Callable[[Membership], Awaitable[Reply | None]]
    """Take note of what happened to the bot in a chat; a reply, if any, is said there."""
    deal: Callable[[Inquiry], Awaitable[Cards | None]]
    """Find what one can choose from while writing; None: nothing is answered. Never raises."""
    changes: Callable[[Command], bool]
    """Tell whether a command changes what is kept: it must not be lost, and nobody repeats it for another."""
    turn: Callable[[Address], Awaitable[None]]
    """Wait until an answer may be sent to this chat: answers go ahead of deliveries in the same pacing."""
    fill_in: Callable[[Command, Answers], Awaitable[Reply | Mistakes | None]]
    """Take a form back, filled in: None where all is well, what is wrong by field, or a refusal. Never raises."""
    suggest: Callable[[Command, str, str], Awaitable[Sequence[FormOption]]]
    """What can be chosen of a field (its name) that has too much to show, for what somebody has typed."""
    show_home: Callable[[Command, Sequence[Address]], Awaitable[Sequence[HomePart]]]
    """The front page of whoever gives a command in their private chat; the addresses are the chats they are in."""
    glance: Callable[[Address], Awaitable[bool]]
    """Wait until a call may be made that most likely changes nothing in this chat; false where no time is left."""
    touched: Callable[[Address], None]
    """Count such a call in the chat's pace, since it did reach a message there."""
    words: Callable[[Command], Awaitable[Words]]
    """The words in the language that whoever gave a command is spoken to."""
    menu: Callable[[str], Sequence[CommandInfo]]
    """The commands, topics included, described in a language."""
    introduce: Callable[[str], Introduction]
    """What the bot is for, in a language."""
    recall_file: Callable[[str, str], Awaitable[str | None]]
    """The platform's id of a file uploaded before: (platform, file address) -> id."""
    remember_file: Callable[[str, str, str], Awaitable[None]]
    """Keep the id of an uploaded file: (platform, file address, id)."""
    updates: Updates
    """Which updates were handled: one that comes twice, or again after a crash, is handled once."""
    sightings: SightingStore
    """Which of a chat's messages the bot has seen, and when."""
    rooms: RoomStore
    """The rooms of the local web chat."""
    workspaces: WorkspaceStore
    """What is known of workspaces, for a platform that has them."""
    installations: InstallationRows
    """Where Slack's library keeps the app's installations."""
    clock: Clock


class Adapter(Protocol):
    """A connected platform. One process may hold it for sending alone (`bot post`)."""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the site serves for this platform (a chat page, webhooks)."""
        ...

    async def connect(self) -> None:
        """Make ready to send. Raises AdapterError where it never will (wrong token); waits out a dead network."""
        ...

    async def receive(self) -> None:
        """Begin to receive; return at once. What goes wrong later is logged, mended and reported by `health`."""
        ...

    async def close(self) -> None:
        """Stop receiving, let answers under way finish, close connections. Safe to call at any time, twice too."""
        ...

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        """Make one platform call for one part. Never raises; never retries; `reference` is the part's opaque id."""
        ...

    async def find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:
        """Look for a part whose answer was lost. Never raises."""
        ...

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace the content of a delivered part. An unchanged one counts as sent."""
        ...

    async def link_to(self, chat: Address, message_id: str) -> str:
        """Return the address of a message, which whoever reads the chat can open; "" where it has none. No call."""
        ...

    async def administers(self, chat: Address, user: User) -> bool:
        """Tell whether a user may change this chat's settings."""
        ...

    def health(self) -> str:
        """Return "" while the platform works in both directions, else one plain line."""
        ...


@runtime_checkable
class Governed(Protocol):
    """What an adapter can besides, whose platform's chats have no administrators of their own."""

    async def managers(self, chat: Address) -> Managers:
        """Return who may change a chat's settings. Never raises."""
        ...


@runtime_checkable
class Directory(Protocol):
    """What an adapter can besides, whose platform lets people offer the bot chats of theirs (`OFFER_CHATS`)."""

    async def look_up(self, name: str) -> Place | None:
        """Return the chat that somebody names as the platform does; None where the bot sees none. Never raises."""
        ...


class Condition(StrEnum):
    """How something stands."""

    WELL = "well"
    DOUBTFUL = "doubtful"  # it works, and somebody should look
    ILL = "ill"  # it does not work


@dataclass(frozen=True, slots=True)
class Checkup:
    """What was found about one thing that a platform needs: how it stands, and in one line what there is or to do."""

    subject: str
    condition: Condition
    said: str


@runtime_checkable
class Examined(Protocol):
    """What an adapter can besides, where being connected says not all: for `bot doctor`."""

    def examine(self) -> AsyncIterator[Checkup]:
        """Look at one thing after the other. Changes nothing, and never raises."""
        ...


class Platform(Protocol):
    """A platform's still half: addresses, composing, limits."""

    name: str
    limits: Limits
    abilities: frozenset[Ability]
    leaves_messages: bool
    """Whether a chat that moves to another address leaves its messages behind."""

    def parse_address(self, text: str) -> Address:
        """Read the part of an address behind the colon. Raises AddressError."""
        ...

    def read_message(self, text: str) -> str:
        """Read which message a link to it, as the platform's apps copy it, or its id names. Raises AddressError."""
        ...

    def kind_of(self, address: Address) -> ChatKind:
        """Guess what kind of chat an address is, before anybody wrote in it."""
        ...

    def is_configured(self, settings: Settings) -> bool:
        """Tell whether the settings hold what this platform needs."""
        ...

    def missing(self, settings: Settings) -> str:
        """Say in one line which settings are missing and where to get them."""
        ...

    def compose(self, post: Post) -> list[Payload]:
        """Turn a post into the payloads of as few calls as the platform's limits allow.

        Deterministic. Images have absolute addresses (``https:`` or ``file:``).
        """
        ...

    def degrade(self, payload: Payload, keep: Degradation) -> Payload | None:
        """Return the payload without images (they become links), or as plain text; None where nothing changes."""
        ...

    def text_of(self, payload: Payload) -> str:
        """Return the words of a payload, line by line."""
        ...

    def has_threads(self, chat: Address) -> bool:
        """Tell whether messages of a chat can be answered in a thread of their own, as an issue's header is."""
        ...

    def has_links(self, chat: Address) -> bool:
        """Tell whether messages of a chat have addresses."""
        ...

    def weight(self, payload: Payload) -> int:
        """Return how many calls a payload counts for in the platform's limits: as many as it makes messages."""
        ...

    def open(self, settings: Settings, services: Services) -> Adapter:
        """Make the adapter; no network yet."""
        ...
