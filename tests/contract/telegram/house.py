"""The house behind the adapter, as a test sets it up, and Telegram played beside it."""

from __future__ import annotations

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.adapters.interface import Services
from bot.adapters.telegram import PLATFORM
from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.requests import Patience
from bot.clock import Clock, SystemClock
from bot.model.cards import Cards, Inquiry
from bot.model.chat import Address
from bot.model.command import (
    Audience,
    Command,
    CommandInfo,
    Introduction,
    Membership,
    Reply,
)
from bot.model.delivery import (
    Payload,
    Post,
    Sent,
)
from bot.model.richtext import Block, Document, bold, paragraph
from bot.settings import Settings
from bot.site import Server, create_site
from bot.storage.sightings import SightingStore
from bot.storage.updates import Updates
from tests.fakes.services import lend
from tests.fakes.telegram import Chat, TelegramFake

SOON = 10.0

Respond = Callable[[Command], Awaitable[Reply | None]]
Deal = Callable[[Inquiry], Awaitable[Cards | None]]
Follow = Callable[[Membership], Awaitable[Reply | None]]


def document(*blocks: Block | str) -> Document:
    return Document(tuple(paragraph(block) if isinstance(block, str) else block for block in blocks))


def payload(*blocks: Block | str) -> Payload:
    [only] = PLATFORM.compose(Post(0, (document(*blocks),)))
    return only


def menu(language: str) -> Sequence[CommandInfo]:
    return [
        CommandInfo("help", f"help in {language}"),
        CommandInfo("subscribe", f"subscribe in {language}", audience=Audience.MANAGERS),
        CommandInfo("post", f"post in {language}", audience=Audience.ADMINS),
    ]


async def silence(_: object) -> None:
    return None


@dataclass
class House:
    """The house behind the adapter, as a test sets it up."""

    fake: TelegramFake
    clock: Clock
    updates: Updates
    respond: Respond = silence
    follow: Follow = silence
    deal: Deal = silence
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    turns: list[Address] = field(default_factory=list)
    touched: list[Address] = field(default_factory=list)
    menu: Callable[[str], Sequence[CommandInfo]] = menu
    sightings: SightingStore = field(init=False)

    def __post_init__(self) -> None:
        self.sightings = SightingStore(self.updates._database)

    def services(self) -> Services:
        async def turn(chat: Address) -> None:
            self.turns.append(chat)

        async def recall(platform: str, key: str) -> str | None:
            return self.files.get((platform, key))

        async def remember(platform: str, key: str, file_id: str) -> None:
            self.files[platform, key] = file_id

        return lend(
            respond=self.respond,
            follow=self.follow,
            deal=self.deal,
            turn=turn,
            menu=lambda language: self.menu(language),  # noqa: PLW0108 - a test may put another in its place
            introduce=lambda language: Introduction(f"all of it in {language}", f"a line in {language}"),
            recall_file=recall,
            remember_file=remember,
            updates=self.updates,
            touched=self.touched.append,
            sightings=self.sightings,
            clock=self.clock,
        )

    def adapter(self, *, token: str = "", patience: Patience | None = None, public_url: str = "") -> TelegramAdapter:
        settings = Settings(
            _env_file=None,
            TELEGRAM_BOT_TOKEN=token or self.fake.token,
            TELEGRAM_API_URL=self.fake.url + "/",
            BOT_ADMINS="telegram:42,slack:U1",
            BOT_PUBLIC_URL=public_url,
        )
        return TelegramAdapter(settings, self.services(), patience=patience)

    @asynccontextmanager
    async def sending(self, patience: Patience | None = None) -> AsyncIterator[TelegramAdapter]:
        adapter = self.adapter(patience=patience)
        await adapter.connect()
        try:
            yield adapter
        finally:
            await adapter.close()

    @asynccontextmanager
    async def receiving(self) -> AsyncIterator[TelegramAdapter]:
        async with self.sending() as adapter:
            await adapter.receive()
            # Telegram tells nothing of what happened before the bot ever asked for updates.
            await self.until(lambda: self.fake.updates.polls > 0)
            yield adapter

    @asynccontextmanager
    async def served(self) -> AsyncIterator[TelegramAdapter]:
        """The adapter on a site of its own, where Telegram brings updates to."""
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.fake.local_mode = True
        adapter = self.adapter(public_url=f"http://127.0.0.1:{port}")

        async def health() -> dict[str, str]:
            return {}

        async with Server(create_site(adapter.routes, health=health), host="127.0.0.1", port=port):
            await adapter.connect()
            try:
                await adapter.receive()
                await self.until(lambda: self.fake.updates.webhook.get("url"))
                self.fake.bring_updates()
                yield adapter
            finally:
                await adapter.close()

    async def until(self, condition: Callable[[], object]) -> None:
        await self.fake.wait_for(lambda _: condition(), within=SOON)


def address(chat: Chat, thread: int | None = None) -> Address:
    return PLATFORM.parse_address(f"{chat.id}/{thread}" if thread else str(chat.id))


async def sent(adapter: TelegramAdapter, chat: Chat, *blocks: Block | str) -> tuple[str, ...]:
    outcome = await adapter.send(address(chat), payload(*blocks), "another part")
    assert isinstance(outcome, Sent)
    return outcome.message_ids


async def echo(command: Command) -> Reply:
    return Reply(document(paragraph("you asked ", bold(command.name), f" {command.argument}")))


class SwiftClock(SystemClock):
    """A clock on which waiting takes no time."""

    def __init__(self) -> None:
        self.slept: list[float] = []

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        await asyncio.sleep(0)
