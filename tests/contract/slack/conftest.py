"""Slack played at the protocol, and the real adapter connected to it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.adapters.interface import Adapter
from bot.adapters.slack.manifest import EVENTS, SCOPES
from bot.storage.engine import Database
from tests.contract.slack.house import House, receiving, sending
from tests.fakes.slack import SlackFake


@pytest.fixture
async def slack() -> AsyncIterator[SlackFake]:
    async with SlackFake() as fake:
        fake.team.scopes = frozenset(SCOPES)
        fake.subscriptions = frozenset(EVENTS)
        yield fake


@pytest.fixture
def house(database: Database) -> House:
    return House(database)


@pytest.fixture
async def adapter(slack: SlackFake, house: House) -> AsyncIterator[Adapter]:
    """An adapter that sends alone, as `bot post` has it."""
    async with sending(slack, house) as adapter:
        yield adapter


@pytest.fixture
async def listening(slack: SlackFake, house: House) -> AsyncIterator[Adapter]:
    """An adapter with an open line, as `bot run` has it."""
    async with receiving(slack, house) as adapter:
        yield adapter
