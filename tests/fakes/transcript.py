"""What stood in every chat, and when: the record a test reads and the drawing tool draws."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, overload

Id = int | str
"""A chat or a message as its platform names it: numbers on Telegram, strings on Slack."""


class Action(StrEnum):
    """What happened to a message."""

    SENT = "sent"
    EDITED = "edited"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Button:
    """A button as a reader sees it; pressing it sends `data`, or opens `url`."""

    label: str
    data: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class Record:
    """One thing that happened to one message.

    `text` is what a reader reads, `content` the message as the platform's own JSON, `audience` the only user who sees
    it ("" for all).
    """

    number: int
    at: float
    action: Action
    chat: Id
    message_id: Id
    author: str
    by_bot: bool
    text: str
    content: Mapping[str, Any]
    thread: Id | None = None
    buttons: tuple[tuple[Button, ...], ...] = ()
    audience: str = ""

    @property
    def key(self) -> tuple[Id, Id]:
        """Which message this is about."""
        return self.chat, self.message_id

    def button(self, label: str) -> Button:
        """Return the button with this label. Raises LookupError."""
        for row in self.buttons:
            for button in row:
                if button.label == label:
                    return button
        labels = [button.label for row in self.buttons for button in row]
        raise LookupError(f"no button {label!r} below this message, only {labels}")


class Transcript(Sequence[Record]):
    """Everything that happened, in order."""

    def __init__(self, records: Iterable[Record] = ()) -> None:
        self._records = list(records)

    @overload
    def __getitem__(self, index: int) -> Record: ...

    @overload
    def __getitem__(self, index: slice) -> Transcript: ...

    def __getitem__(self, index: int | slice) -> Record | Transcript:
        if isinstance(index, slice):
            return Transcript(self._records[index])
        return self._records[index]

    def __len__(self) -> int:
        return len(self._records)

    def __iter__(self) -> Iterator[Record]:
        # A copy: another thread may be adding while a test reads.
        return iter(tuple(self._records))

    def append(self, record: Record) -> None:
        self._records.append(record)

    def where(self, condition: Callable[[Record], bool]) -> Transcript:
        """Return the records that meet a condition."""
        return Transcript(record for record in self if condition(record))

    def of(self, chat: Id, thread: Id | None = None) -> Transcript:
        """Return what happened in a chat, or in one thread of it."""
        return self.where(lambda record: record.chat == chat and (thread is None or record.thread == thread))

    @property
    def from_bot(self) -> Transcript:
        return self.where(lambda record: record.by_bot)

    @property
    def sent(self) -> Transcript:
        return self.where(lambda record: record.action is Action.SENT)

    @property
    def edited(self) -> Transcript:
        return self.where(lambda record: record.action is Action.EDITED)

    @property
    def deleted(self) -> Transcript:
        return self.where(lambda record: record.action is Action.DELETED)

    @property
    def texts(self) -> list[str]:
        return [record.text for record in self]

    def standing(self, chat: Id | None = None, thread: Id | None = None) -> Transcript:
        """Return the messages that stand now, as they stand now, in the order in which they were sent."""
        latest: dict[tuple[Id, Id], Record] = {}
        for record in self if chat is None else self.of(chat, thread):
            if record.action is Action.DELETED:
                latest.pop(record.key, None)
            else:
                latest[record.key] = record
        return Transcript(latest.values())


@dataclass(frozen=True, slots=True)
class ChatCard:
    """What the drawing tool needs to know about a chat."""

    id: Id
    title: str
    kind: str


def save(path: Path, platform: str, chats: Iterable[ChatCard], transcript: Transcript) -> None:
    """Write a transcript as JSON."""
    document = {
        "platform": platform,
        "chats": [asdict(card) for card in chats],
        "records": [asdict(record) for record in transcript],
    }
    path.write_text(json.dumps(document, ensure_ascii=False, indent=1), encoding="utf-8")


def load(path: Path) -> tuple[str, list[ChatCard], Transcript]:
    """Read what `save` wrote."""
    document = json.loads(path.read_text(encoding="utf-8"))
    records = (
        Record(**{**fields, "action": Action(fields["action"]), "buttons": _buttons(fields["buttons"])})
        for fields in document["records"]
    )
    return document["platform"], [ChatCard(**card) for card in document["chats"]], Transcript(records)


def _buttons(rows: list[list[dict[str, str]]]) -> tuple[tuple[Button, ...], ...]:
    return tuple(tuple(Button(**button) for button in row) for row in rows)
