"""A web chat on a fresh database, with a house behind it that the test tells what to answer."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from bot.adapters.interface import Services
from bot.adapters.web.adapter import WebAdapter
from bot.model.chat import Address
from bot.model.command import Command, CommandInfo, Introduction, Membership, Reply
from bot.settings import Settings
from bot.site import create_site
from bot.storage.engine import Database
from bot.storage.rooms import RoomStore
from tests.fakes.services import lend

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)


class StillClock:
    """A clock that stands."""

    def now(self) -> datetime:
        return NOW

    async def sleep(self, _seconds: float) -> None:
        raise AssertionError("the web chat does not wait by the clock")


async def _silence(_: Command) -> Reply | None:
    return None


@dataclass
class House:
    """What stands behind the chat: set what it answers, read what it was asked.

    A new room is greeted with `greeting`, else with `opening`; neither is among the `commands` of visitors.
    """

    rooms: RoomStore
    answer: Callable[[Command], Awaitable[Reply | None]] = _silence
    greeting: Reply | None = None
    opening: Reply | None = None
    commands: list[Command] = field(default_factory=list)
    openings: list[Command] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    turns: list[Address] = field(default_factory=list)

    def always(self, reply: Reply | None) -> None:
        """Give every command the same answer."""

        async def answer(_: Command) -> Reply | None:
            return reply

        self.answer = answer

    def services(self) -> Services:
        """What the adapter is lent."""
        return lend(
            respond=self._respond,
            follow=self._follow,
            turn=self._turn,
            menu=_menu,
            introduce=lambda _: Introduction("", ""),
            recall_file=_no_file,
            remember_file=_no_file,
            rooms=self.rooms,
            clock=StillClock(),
        )

    async def _respond(self, command: Command) -> Reply | None:
        if command.name == "start":
            self.openings.append(command)
            return self.opening
        self.commands.append(command)
        return await self.answer(command)

    async def _follow(self, membership: Membership) -> Reply | None:
        self.memberships.append(membership)
        return self.greeting

    async def _turn(self, chat: Address) -> None:
        self.turns.append(chat)


def _menu(language: str) -> Sequence[CommandInfo]:
    return (CommandInfo("search", {"zh": "搜索", "en": "Search"}[language], "<words>"),)


async def _no_file(*_: str) -> None:
    raise AssertionError("the web chat keeps no file ids")


@pytest.fixture
def rooms(database: Database) -> RoomStore:
    return RoomStore(database)


@pytest.fixture
def house(rooms: RoomStore) -> House:
    return House(rooms)


@pytest.fixture
async def adapter(house: House) -> AsyncIterator[WebAdapter]:
    adapter = WebAdapter(Settings(_env_file=None), house.services())
    yield adapter
    await adapter.close()


@pytest.fixture
async def client(adapter: WebAdapter) -> AsyncIterator[httpx.AsyncClient]:
    """A browser of sorts, on the whole site; streams need a real server."""

    async def health() -> dict[str, str]:
        return {}

    site = create_site(adapter.routes, health=health)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(site), base_url="http://127.0.0.1:8080") as client:
        yield client


@pytest.fixture
async def elsewhere(database_file: Path) -> AsyncIterator[RoomStore]:
    """The same rooms, as another process has them."""
    database = Database(f"sqlite:///{database_file}")
    yield RoomStore(database)
    await database.close()
