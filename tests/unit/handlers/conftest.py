"""A house with the real stores on a database of its own, and a reader to speak for."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest

from bot.handlers import Context, dispatch
from bot.model.chat import Address, Chat, ChatKind, Place, User
from bot.model.command import Ability, Command, Origin, Reply
from bot.model.digest import Issue
from bot.renderers.plain import render_plain
from bot.search.glossary import Glossary
from bot.search.topics import load_topics
from bot.settings import Settings
from bot.storage.chats import ChatStore
from bot.storage.closing import ClosingStore
from bot.storage.engine import Database
from bot.storage.issues import IssueStore
from bot.storage.migrate import upgrade
from bot.storage.publishing import PublicationStore, Target
from bot.storage.questions import Questions
from bot.storage.requests import TopicRequests
from bot.storage.search import SearchIndex
from bot.storage.settling import SettlingStore
from bot.storage.shelf import ShelfStore
from bot.storage.summaries import SummaryStore
from tests.fakes.clock import HandClock
from tests.unit.handlers.samples import ISSUES, TOPICS

READER = User("web:reader", "Reader")
PRIVATE = Address("web", "reader")
GROUP = Address("web", "lab")
THREADED = Address("web", "threaded")
"""A chat in which an issue's sections can answer its header."""


@dataclass
class Talk:
    """Speaks to the bot as one person in one chat."""

    context: Context
    closing: ClosingStore
    chat: Address = PRIVATE
    kind: ChatKind = ChatKind.PRIVATE
    user: User = READER
    administrators: set[str] = field(default_factory=set)
    places: dict[str, Place] = field(default_factory=dict)

    def in_group(self) -> Talk:
        return replace(self, chat=GROUP, kind=ChatKind.GROUP)

    async def hear(self, line: str, *, addressed: bool = True, origin: Origin = Origin.TEXT) -> Reply | None:
        """Say a line; one that begins with a slash is a command."""
        name, _, argument = line.removeprefix("/").partition(" ") if line.startswith("/") else ("", "", line)
        command = Command(
            name, argument, self.chat, self.kind, self.user, addressed=addressed, origin=origin, chat_title="Lab"
        )
        return await dispatch(command, self.context)

    async def say(self, line: str) -> Reply:
        """Say a line that is answered."""
        reply = await self.hear(line)
        assert reply is not None
        return reply

    async def press(self, action: str) -> Reply:
        """Press a button."""
        reply = await self.hear(f"/{action}", origin=Origin.BUTTON)
        assert reply is not None
        return reply

    async def chat_now(self) -> Chat | None:
        return await self.context.chats.get(self.chat)


def text(reply: Reply) -> str:
    return render_plain(reply.document)


def actions(reply: Reply) -> list[str]:
    return [button.action for row in reply.buttons for button in row]


@pytest.fixture
async def empty(tmp_path: Path) -> AsyncIterator[Talk]:
    """A bot that has read no issue yet."""
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    await upgrade(database)
    topics = load_topics(tmp_path / "topics.toml")
    index = SearchIndex(database, topics, Glossary())
    administrators: set[str] = set()
    places: dict[str, Place] = {}

    async def administers(_chat: Address, user: User) -> bool:
        return user.address in administrators

    async def no_managers(_chat: Address) -> None:
        return None

    async def publish(_issue: Issue) -> int:
        return 1

    async def audience(number: int) -> dict[str, int]:
        waiting = await PublicationStore(database).audiences(number, Target())
        return {one.platform: one.count for one in waiting}

    async def tried(_number: int) -> bool:
        return True

    async def nothing(_chat: Address) -> tuple[int, ...]:
        return ()

    async def standing(chat: Address, entry_id: int) -> str:
        return f"https://t.me/c/1/{entry_id}" if chat == THREADED else ""

    async def look_up(_here: Address, name: str) -> Place | None:
        return places.get(name)

    context = Context(
        issues=IssueStore(database, indexer=index.index_issues),
        chats=ChatStore(database),
        questions=Questions(database),
        index=index,
        shelf=ShelfStore(database),
        summaries=SummaryStore(database),
        settling=SettlingStore(database),
        requests=TopicRequests(database),
        topics=lambda: topics,
        settings=Settings(_env_file=None),
        clock=HandClock(),
        publish=publish,
        audience=audience,
        is_tried=tried,
        missed=nothing,
        catch_up=nothing,
        able=lambda chat: frozenset(Ability) if chat.platform == "telegram" else frozenset(),
        standing=standing,
        administers=administers,
        managers=no_managers,
        look_up=look_up,
        is_admin=lambda _: False,
        has_threads=lambda address: address == THREADED,
    )
    yield Talk(context, ClosingStore(database), administrators=administrators, places=places)
    await database.close()


@pytest.fixture
async def talk(empty: Talk) -> Talk:
    """A bot with a few issues."""
    for issue in ISSUES:
        now = empty.context.clock.now()
        await empty.context.issues.save(issue, content_hash=f"{issue.number}", now=now, publish_at=None)
    return empty
