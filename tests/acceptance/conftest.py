"""A bot of one's own in a folder of its own, with the sample digest."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.acceptance.bot_process import Bot
from tests.fakes.server import running
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

UNPACED = ", ".join(
    f"{platform}.{what}=10000/1s"
    for platform in ("telegram", "slack")
    for what in ("all", "private", "group", "channel")
)
"""Limits that nobody comes near: what a test is about does not take as long as a platform would make it take."""

SAMPLE = Path(__file__).resolve().parents[2] / "digests"


@pytest.fixture
def bot(tmp_path: Path) -> Bot:
    """A bot with the sample digest and no token."""
    shutil.copytree(SAMPLE, tmp_path / "digests")
    return Bot(tmp_path, {"BOT_LIMITS": UNPACED})


@pytest.fixture
def telegram(bot: Bot) -> Iterator[TelegramFake]:
    """Telegram, and the bot's token for it."""
    with running(TelegramFake(rates=False)) as fake:
        bot.settings |= {"TELEGRAM_BOT_TOKEN": fake.token, "TELEGRAM_API_URL": fake.url}
        yield fake
        assert not fake.violations, fake.violations


@pytest.fixture
def slack(bot: Bot) -> Iterator[SlackFake]:
    """Slack, and the app's tokens for it."""
    with running(SlackFake(rates=False)) as fake:
        bot.settings |= {
            "SLACK_BOT_TOKEN": fake.team.token,
            "SLACK_APP_TOKEN": fake.secrets.app_token,
            "SLACK_API_URL": fake.api_url,
        }
        yield fake
        assert not fake.violations, fake.violations
