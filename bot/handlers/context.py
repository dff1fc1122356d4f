"""What handlers work with, and what a handler is."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from bot.clock import Clock
from bot.locales import Words
from bot.model.chat import Address, Managers, Place, User
from bot.model.command import Ability, Audience, Command, Reply
from bot.model.digest import Issue
from bot.model.search import Topic
from bot.settings import Settings
from bot.storage.chats import ChatStore
from bot.storage.issues import IssueStore
from bot.storage.questions import Questions
from bot.storage.requests import TopicRequests
from bot.storage.search import SearchIndex
from bot.storage.settling import SettlingStore
from bot.storage.shelf import ShelfStore
from bot.storage.summaries import SummaryStore


@dataclass(frozen=True, slots=True)
class Context:
    """Everything a handler may use; injected by the composition root."""

    issues: IssueStore
    chats: ChatStore
    questions: Questions
    index: SearchIndex
    shelf: ShelfStore
    summaries: SummaryStore
    settling: SettlingStore
    requests: TopicRequests
    topics: Callable[[], tuple[Topic, ...]]
    """The topics as they are now: their file may change while the bot runs."""
    settings: Settings
    clock: Clock
    publish: Callable[[Issue], Awaitable[int]]
    """Publishes an issue now, to everybody; returns to how many chats it goes."""
    audience: Callable[[int], Awaitable[Mapping[str, int]]]
    """Tells how many chats would get an issue if it were published now, by platform."""
    is_tried: Callable[[int], Awaitable[bool]]
    """Tells whether an issue arrived whole in the canary chat, if there is one."""
    missed: Callable[[Address], Awaitable[tuple[int, ...]]]
    """Tells which published issues did not reach a chat."""
    catch_up: Callable[[Address], Awaitable[tuple[int, ...]]]
    """Sends a chat what it missed; returns the issues' numbers."""
    able: Callable[[Address], frozenset[Ability]]
    """Tells what a chat's platform can do beyond the common."""
    standing: Callable[[Address, int], Awaitable[str]]
    """Returns the address of the message in a chat that holds an entry (its id), "" where there is none."""
    administers: Callable[[Address, User], Awaitable[bool]]
    """Tells whether a person may change a chat's settings; asks the platform."""
    managers: Callable[[Address], Awaitable[Managers | None]]
    """Tells who these are: None where the chat has administrators of its own."""
    look_up: Callable[[Address, str], Awaitable[Place | None]]
    """Finds the chat that somebody names, on the platform of the chat in which they name it."""
    is_admin: Callable[[User], bool]
    """Tells whether a person is among those who run the bot."""
    has_threads: Callable[[Address], bool]
    """Tells whether the sections of an issue can answer its header in a thread there."""


Answer = Callable[[Command, Words, Context], Awaitable[Reply | None]]


@dataclass(frozen=True, slots=True)
class Handler:
    """One command. Without a `summary` it stands in no menu: it is for buttons.

    One that `changes` what is kept (a subscription, a setting, what was saved) must not be lost on its way, and is
    nobody's to repeat.
    """

    name: str
    answer: Answer
    summary: Callable[[Words], str] | None = None
    hint: Callable[[Words], str] | None = None
    audience: Audience = Audience.EVERYBODY
    changes: bool = False
