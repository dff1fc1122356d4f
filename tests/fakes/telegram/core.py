"""What every Bot API method works on: the world, updates, files, menus, and how a message comes to stand."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.clock import Clock
from tests.fakes.rates import Meter, Pace
from tests.fakes.server import FakeServer
from tests.fakes.telegram.arguments import Arguments
from tests.fakes.telegram.entities import cut
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.keyboards import buttons_of
from tests.fakes.telegram.updates import Updates
from tests.fakes.telegram.world import JSON, Chat, Kind, Message, User, World
from tests.fakes.transcript import Action, Record

# https://core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this
OVERALL = Pace(30, 1.0)
PER_PRIVATE_CHAT = Pace(3, 3.0)
"""One a second; the short burst above it is not documented but real."""
PER_GROUP = Pace(20, 60.0)


@dataclass(slots=True)
class File:
    """A file Telegram keeps; `source` is where it came from, for whoever draws it."""

    id: str
    kind: str
    size: int
    name: str = ""
    width: int = 0
    height: int = 0
    source: str = ""


@dataclass(slots=True)
class Query:
    """A pressed button or an inline query that waits for its answer."""

    id: str
    asked_at: float
    user: User
    answer: JSON | None = None


@dataclass(slots=True)
class Profile:
    """What the bot says about itself: menus by (scope, chat, user, language), names and descriptions by language."""

    commands: dict[tuple[str, str, str, str], list[JSON]] = field(default_factory=dict)
    texts: dict[tuple[str, str], str] = field(default_factory=dict)
    menu_button: JSON = field(default_factory=lambda: {"type": "default"})


class TelegramCore(FakeServer):
    """The state behind the Bot API."""

    platform = "telegram"

    def __init__(self, *, clock: Clock | None = None, rates: bool = True, limits: bool = True) -> None:
        super().__init__(clock=clock)
        self.token = "987654321:AAFakeTokenForTheTestsOfThisBot_12345"
        self.token_valid = True
        self.rates = rates
        self.limits = limits
        self.privacy = True
        self.inline = True
        self.local_mode = False
        self.world = World()
        self.updates = Updates()
        self.files: dict[str, File] = {}
        self.queries: dict[str, Query] = {}
        self.inline_queries: dict[str, Query] = {}
        self.profile = Profile()
        self.broken_urls: dict[str, str] = {}
        self._overall = Meter(OVERALL)
        self._private = Meter(PER_PRIVATE_CHAT)
        self._group = Meter(PER_GROUP)

    def take_turn(self, method: str, chat: Chat, cost: int = 1) -> None:
        """Count a call that writes into a chat. Raises ApiError with 429 for one too many."""
        if not self.rates:
            return
        now = self.now()
        meter = self._private if chat.kind is Kind.PRIVATE else self._group
        wait = max(self._overall.wait("all", now, cost), meter.wait(chat.id, now, cost))
        if wait > 0:
            self.violated(method, chat.id, f"too often: {wait:.2f} s early")
            raise ApiError.flood(max(1, math.ceil(wait)))
        self._overall.count("all", now, cost)
        meter.count(chat.id, now, cost)

    def writable_chat(self, arguments: Arguments) -> Chat:
        """Find the chat a call writes into. Raises ApiError."""
        chat = self.world.find_chat(arguments.text("chat_id"))
        chat.check_writable()
        return chat

    def place(
        self,
        chat: Chat,
        author: User | None,
        body: JSON,
        *,
        kind: str = "text",
        thread: int | None = None,
        source: str = "",
    ) -> Message:
        """Let a message stand in a chat. Without an author it is the channel's own."""
        by_bot = author is self.world.bot
        in_topic = chat.forum and thread is not None
        json: JSON = {"message_id": next(chat.ids), "date": int(self.now()), "chat": chat.json()}
        if chat.kind is Kind.CHANNEL or author is None:
            json["sender_chat"] = chat.json()
        else:
            json["from"] = author.json()
        if in_topic:
            json |= {"message_thread_id": thread, "is_topic_message": True}
        json |= body
        message = Message(json["message_id"], chat, by_bot, kind, json, self.now(), source)
        chat.messages[message.id] = message
        self.note(Action.SENT, message, author)
        return message

    def change(self, message: Message, json: JSON) -> None:
        """Let a message stand with another content."""
        message.json = json
        self.note(Action.EDITED, message, None)

    def remove(self, message: Message) -> None:
        """Let a message stand no more."""
        del message.chat.messages[message.id]
        self.note(Action.DELETED, message, None)

    def note(self, action: Action, message: Message, author: User | None) -> None:
        """Write down what happened to a message."""
        json = message.json
        signed: JSON = json.get("from") or {}
        name = author.name if author else str(signed.get("first_name", message.chat.title))
        self.transcript.append(
            Record(
                number=len(self.transcript),
                at=self.now(),
                action=action,
                chat=message.chat.id,
                message_id=message.id,
                author=name,
                by_bot=message.by_bot,
                text=str(json.get("text", json.get("caption", ""))),
                content=dict(json) | ({"source": message.source} if message.source else {}),
                thread=json.get("message_thread_id"),
                buttons=buttons_of(json.get("reply_markup")),
            )
        )
        self.changed()

    def hears(self, chat: Chat, message: Message) -> bool:
        """Tell whether the bot is shown what somebody else writes."""
        if chat.kind is Kind.PRIVATE or chat.bot == "administrator":
            return True
        if chat.bot in {"left", "kicked"}:
            return False
        if not self.privacy or message.json.get("reply_to_message", {}).get("from", {}).get("is_bot"):
            return True
        text = str(message.json.get("text", message.json.get("caption", "")))
        commands = (cut(text, entity) for entity in message.json.get("entities", []) if entity["type"] == "bot_command")
        mine = f"@{self.world.bot.username}".casefold()
        return any("@" not in command or command.casefold().endswith(mine) for command in commands)

    def report(self, method: str, chat: Chat, rules: Sequence[str]) -> None:
        """Note rules that were not kept without a refusal."""
        for rule in rules:
            self.violated(method, chat.id, rule)


Result = Any
"""What a method returns: JSON."""
