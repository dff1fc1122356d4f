"""What a button asks for: the one place that writes the command line behind a button, and reads it again.

A line is a command's name and a few ids, so that it always fits a button (`DATA_LIMIT`). An offset, where there is one,
turns the page in place; without it the same thing is opened as a new message.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import MISSING, dataclass, fields
from enum import StrEnum
from typing import Any, get_args, get_type_hints

from bot.formatters.admin_actions import (
    AskUncertain,
    HoldIssue,
    OpenDeliveries,
    PostIssue,
    ReleaseIssue,
    RetryFailed,
    Settle,
)
from bot.formatters.panel_actions import DropThread, DropWatch, Set, Switch, SwitchSection, SwitchTopic, TurnPanel
from bot.model.command import Button, Purpose
from bot.model.search import Sort

LARGEST = 10**12
"""No id is larger: what is, was not written by the bot."""


@dataclass(frozen=True, slots=True)
class OpenIssue:
    """An issue's contents, as a new message."""

    number: int


@dataclass(frozen=True, slots=True)
class TurnToContents:
    """An issue's contents, in place."""

    number: int


@dataclass(frozen=True, slots=True)
class OpenSection:
    """The titles of a section, by its index in the issue."""

    number: int
    section: int
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class OpenIssues:
    """The list of issues."""

    offset: int | None = None


@dataclass(frozen=True, slots=True)
class OpenEntry:
    """One entry with all that belongs to it."""

    entry: int


@dataclass(frozen=True, slots=True)
class TurnToEntry:
    """The entry beside the one that is open, in place."""

    entry: int


@dataclass(frozen=True, slots=True)
class OpenDiscussion:
    """What was said about an entry, where that is too long to stand below it."""

    entry: int


class Way(StrEnum):
    """How an entry was come upon, where its buttons tell."""

    RANDOM = "random"


@dataclass(frozen=True, slots=True)
class Save:
    """An entry put on the presser's own shelf, or taken off it."""

    entry: int
    wanted: Switch
    way: Way | None = None


@dataclass(frozen=True, slots=True)
class OpenShelf:
    """The asker's saved entries."""

    offset: int | None = None


@dataclass(frozen=True, slots=True)
class DropSaved:
    """Something taken off the presser's shelf, by its id there; the list stays open where it was."""

    saved: int
    offset: int


class ExportKind(StrEnum):
    """The kinds of files a shelf can be had as."""

    BIBTEX = "bibtex"
    MARKDOWN = "markdown"


@dataclass(frozen=True, slots=True)
class ExportShelf:
    """The asker's saved entries as a file."""

    kind: ExportKind


@dataclass(frozen=True, slots=True)
class OpenRelated:
    """Entries like this one."""

    entry: int


@dataclass(frozen=True, slots=True)
class OpenTopic:
    """A topic's entries."""

    name: str
    offset: int | None = None


@dataclass(frozen=True, slots=True)
class TurnPage:
    """A page of the answer to a question that was asked before."""

    question: int
    offset: int
    sort: Sort


@dataclass(frozen=True, slots=True)
class SetLanguage:
    """The language the bot speaks in this chat."""

    language: str


@dataclass(frozen=True, slots=True)
class CatchUp:
    """The issues a chat missed, sent to it."""


@dataclass(frozen=True, slots=True)
class ChooseChat:
    """The asker's own channels and groups, to set one of them up."""

    purpose: Purpose


Action = (
    OpenIssue
    | TurnToContents
    | OpenSection
    | OpenIssues
    | OpenEntry
    | TurnToEntry
    | OpenDiscussion
    | Save
    | OpenShelf
    | DropSaved
    | ExportShelf
    | OpenRelated
    | OpenTopic
    | TurnPage
    | PostIssue
    | ReleaseIssue
    | HoldIssue
    | OpenDeliveries
    | RetryFailed
    | AskUncertain
    | Settle
    | CatchUp
    | ChooseChat
    | SetLanguage
    | TurnPanel
    | Set
    | SwitchSection
    | SwitchTopic
    | DropWatch
    | DropThread
)

_TYPES: dict[str, type[Action]] = {
    "issue": OpenIssue,
    "contents": TurnToContents,
    "section": OpenSection,
    "issues": OpenIssues,
    "entry": OpenEntry,
    "turn": TurnToEntry,
    "discussion": OpenDiscussion,
    "save": Save,
    "saved": OpenShelf,
    "drop": DropSaved,
    "export": ExportShelf,
    "related": OpenRelated,
    "topic": OpenTopic,
    "page": TurnPage,
    "post": PostIssue,
    "release": ReleaseIssue,
    "hold": HoldIssue,
    "deliveries": OpenDeliveries,
    "retry": RetryFailed,
    "uncertain": AskUncertain,
    "settle": Settle,
    "catchup": CatchUp,
    "choose": ChooseChat,
    "lang": SetLanguage,
    "panel": TurnPanel,
    "set": Set,
    "switch": SwitchSection,
    "pick": SwitchTopic,
    "dropwatch": DropWatch,
    "dropthread": DropThread,
}
_NAMES = {action: name for name, action in _TYPES.items()}


def write_action(action: Action) -> str:
    """Return the command line that stands for an action."""
    values = (getattr(action, field.name) for field in fields(action))
    return " ".join([_NAMES[type(action)], *(str(value) for value in values if value is not None)])


def read_action(name: str, argument: str) -> Action | None:
    """Return the action that a command line stands for; None where it is none, or is damaged."""
    action = _TYPES.get(name)
    words = argument.split()
    if action is None:
        return None
    readers = _readers(action)
    least = sum(field.default is MISSING for field in fields(action))
    if not least <= len(words) <= len(readers):
        return None
    try:
        return action(*(read(word) for read, word in zip(readers, words, strict=False)))
    except ValueError:
        return None


def write_start(name: str, argument: str) -> str:
    """Return what a link into the bot bears to open in private what a button opens, "" for what no link opens.

    A button that turns its own message has no such link: it works where it stands.
    """
    match read_action(name, argument):
        case OpenSection(offset=None) | OpenTopic(offset=None):
            opens = True
        case action:
            opens = isinstance(action, OpenIssue | OpenEntry | OpenDiscussion | OpenRelated)
    return "_".join((name, *argument.split())) if opens else ""


def button(label: str, action: Action) -> Button:
    """Make a button that asks for an action."""
    return Button(label, action=write_action(action))


def command_button(label: str, name: str) -> Button:
    """Make a button that gives a command without an argument."""
    return Button(label, action=name)


def _readers(action: type[Action]) -> tuple[Callable[[str], Any], ...]:
    hints = get_type_hints(action)
    kinds = (next(iter(get_args(hints[field.name])), hints[field.name]) for field in fields(action))
    return tuple(_read_number if kind is int else kind for kind in kinds)


def _read_number(word: str) -> int:
    if not (word.isascii() and word.isdigit() and len(word) <= len(str(LARGEST))):
        raise ValueError(word)
    return int(word)
