"""The fakes, and the real libraries that talk to them."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot

from tests.fakes import HandClock
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
async def telegram(clock: HandClock) -> AsyncIterator[TelegramFake]:
    async with TelegramFake(clock=clock, rates=False) as fake:
        yield fake


@pytest.fixture
async def bot(telegram: TelegramFake) -> AsyncIterator[Bot]:
    async with Bot(telegram.token, base_url=f"{telegram.url}/bot") as bot:
        yield bot


@pytest.fixture
async def slack(clock: HandClock) -> AsyncIterator[SlackFake]:
    async with SlackFake(clock=clock, rates=False) as fake:
        yield fake


@pytest.fixture
def client(slack: SlackFake) -> AsyncWebClient:
    return AsyncWebClient(token=slack.team.token, base_url=slack.api_url, retry_handlers=[])
