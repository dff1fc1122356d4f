"""The stage for measuring deliveries: the bot's house on a fresh database, and Telegram in a process of its own."""

from __future__ import annotations

import asyncio
import logging
import multiprocessing
import tempfile
import time
from collections.abc import AsyncIterator, Iterable, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from pydantic import SecretStr
from sqlalchemy import insert

from bot.app import House, open_house
from bot.clock import Clock
from bot.model.chat import Address, ChatKind, Preferences, SubscriptionStatus, Timing, Variant
from bot.model.delivery import Payload
from bot.settings import Settings
from bot.storage.codec import PREFERENCES, TIMING, VARIANT
from bot.storage.tables import chats
from tests.fakes.telegram import TelegramFake

DIGESTS = Path(__file__).resolve().parents[1] / "digests"
ANSWER_SECONDS = 60.0
_FIRST_GROUP, _FIRST_CHANNEL = -1_004_000_000_000, -1_002_000_000_000


@dataclass(frozen=True, slots=True)
class Place:
    """A chat on the fake Telegram."""

    id: int
    kind: ChatKind

    @property
    def address(self) -> Address:
        """The chat as the bot names it."""
        return Address("telegram", str(self.id))


def mixed(count: int) -> list[Place]:
    """Return chats of all kinds: of ten, six people, three groups and a channel."""
    kinds = (*[ChatKind.PRIVATE] * 6, *[ChatKind.GROUP] * 3, ChatKind.CHANNEL)
    first = {ChatKind.PRIVATE: 1, ChatKind.GROUP: _FIRST_GROUP, ChatKind.CHANNEL: _FIRST_CHANNEL}
    return [Place(first[kind] + number, kind) for number in range(count) for kind in [kinds[number % 10]]]


def people(count: int, *, first: int = 500_001) -> list[Place]:
    """Return private chats."""
    return [Place(first + number, ChatKind.PRIVATE) for number in range(count)]


def populate(fake: TelegramFake, places: Iterable[Place]) -> None:
    """Let chats exist on Telegram."""
    for place in places:
        match place.kind:
            case ChatKind.PRIVATE:
                fake.private(fake.user(f"Reader {place.id}", id=place.id))
            case ChatKind.GROUP:
                fake.supergroup(f"Lab {place.id}", id=place.id)
            case ChatKind.CHANNEL:
                fake.channel(f"Channel {place.id}", id=place.id)


# The bot.


@asynccontextmanager
async def open_stage(url: str, token: str, *, clock: Clock) -> AsyncIterator[House]:
    """Open a house on a fresh database with the sample issues in it, connected to a Telegram."""
    logging.disable(logging.INFO)  # a line for every part is a cost of its own, which nobody pays who measures
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(
            _env_file=None,
            TELEGRAM_BOT_TOKEN=SecretStr(token),
            TELEGRAM_API_URL=url,
            DATABASE_URL=SecretStr(f"sqlite:///{folder}/bench.db"),
            BOT_DIGESTS=str(DIGESTS),
        )
        async with open_house(settings, clock=clock) as house:
            await house.make_ingest().run()
            yield house


async def subscribe(house: House, places: Iterable[Place]) -> None:
    """Let chats receive, written in bulk."""
    common = {
        "platform": "telegram",
        "preferences": PREFERENCES.encode(Preferences()),
        "variant": VARIANT.encode(Variant()),
        "timing": TIMING.encode(Timing()),
        "status": SubscriptionStatus.ACTIVE.value,
        "created_at": house.clock.now(),
    }
    rows = [common | {"chat": str(place.id), "kind": place.kind.value} for place in places]
    async with house.database.write() as connection:
        await connection.execute(insert(chats), rows)


async def edition(house: House, issue: Any) -> list[Payload]:
    """Return the payloads that a chat on Telegram gets of an issue."""
    return [part.payload for part in await house.publisher.make_edition(issue, "telegram", Variant())]


# Telegram.


class Telegram:
    """Telegram in a process of its own, so that what it costs is no cost of the bot's."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self.url, self.token = pipe.recv()

    async def ask(self, chat: int, text: str) -> float:
        """Let somebody write into a private chat; returns how many seconds the answer took."""
        seconds: float = await asyncio.to_thread(self._order, ("ask", chat, text))
        return seconds

    async def flood(self, texts: Sequence[tuple[int, str]]) -> float:
        """Let many people write at once, each in a private chat; returns how long it took until all were answered."""
        seconds: float = await asyncio.to_thread(self._order, ("flood", texts))
        return seconds

    async def count(self) -> int:
        """Return how many messages the bot has sent since the last count."""
        sent: int = await asyncio.to_thread(self._order, ("count",))
        return sent

    def _order(self, order: tuple[Any, ...]) -> Any:
        self._pipe.send(order)
        return self._pipe.recv()


@contextmanager
def telegram(places: Sequence[Place]) -> Iterator[Telegram]:
    """Start a Telegram with these chats, which takes whatever comes, however often."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_play, args=(theirs, places), daemon=True)
    process.start()
    try:
        yield Telegram(ours)
    finally:
        ours.send(None)
        process.join()


def _play(pipe: Connection, places: Sequence[Place]) -> None:
    asyncio.run(_serve(pipe, places))


async def _serve(pipe: Connection, places: Sequence[Place]) -> None:
    async with TelegramFake(rates=False, limits=False) as fake:
        populate(fake, places)
        pipe.send((fake.url, fake.token))
        counted = 0
        while (order := await asyncio.to_thread(pipe.recv)) is not None:
            match order:
                case ("ask", chat, text):
                    pipe.send(await _ask(fake, chat, text))
                case ("flood", texts):
                    pipe.send(await _flood(fake, texts))
                case _:
                    pipe.send(sum(record.by_bot for record in fake.transcript[counted:]))
                    counted = len(fake.transcript)


async def _ask(fake: TelegramFake, chat: int, text: str) -> float:
    place = fake.world.chats[chat]
    assert place.user is not None
    begun = time.perf_counter()
    question = fake.say(place, place.user, text)
    await fake.wait_for(lambda _: any(message > question.id for message in place.messages), within=ANSWER_SECONDS)
    return time.perf_counter() - begun


async def _flood(fake: TelegramFake, texts: Sequence[tuple[int, str]]) -> float:
    wanted = fake.counters["sendMessage ok"] + len(texts)
    begun = time.perf_counter()
    for chat, text in texts:
        place = fake.world.chats[chat]
        assert place.user is not None
        fake.say(place, place.user, text)
    await fake.wait_for(lambda _: fake.counters["sendMessage ok"] >= wanted, within=ANSWER_SECONDS)
    return time.perf_counter() - begun
