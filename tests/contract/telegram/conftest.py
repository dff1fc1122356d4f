"""What every test of Telegram asks for."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.telegram import answering
from bot.clock import SystemClock
from bot.storage.engine import Database
from bot.storage.updates import Updates
from tests.contract.telegram.house import House
from tests.fakes.telegram import Chat, TelegramFake


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody waits for what somebody may have chosen."""
    monkeypatch.setattr(answering, "CHOICE_SECONDS", 0)


@pytest.fixture
async def fake() -> AsyncIterator[TelegramFake]:
    async with TelegramFake(rates=False) as fake:
        yield fake
        assert fake.violations == []


@pytest.fixture
def updates(database: Database) -> Updates:
    return Updates(database)


@pytest.fixture
def house(fake: TelegramFake, updates: Updates) -> House:
    return House(fake, SystemClock(), updates)


@pytest.fixture
def private(fake: TelegramFake) -> Chat:
    return fake.private(fake.user("Ada", id=42))


@pytest.fixture
def lab(fake: TelegramFake) -> Chat:
    return fake.supergroup("Lab", members=(fake.user("Ada", id=42), fake.user("Bob", id=43)))
