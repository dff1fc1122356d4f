"""Several workspaces and the whole house: they install, receive, leave, and come back to what they missed."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.app import House, open_house
from bot.model.chat import Address, SubscriptionStatus
from bot.model.command import Membership, MembershipChange, Reply
from bot.settings import load_settings
from bot.site import create_site
from tests.contract.slack.browser import SITE, Browser, installable
from tests.contract.slack.house import WITHIN, answers
from tests.fakes.slack import Channel, SlackFake

SAMPLE = Path(__file__).resolve().parents[3] / "digests"
UNPACED = "slack.all=10000/1s, slack.group=10000/1s, slack.channel=10000/1s"


@pytest.fixture
def folder(slack: SlackFake, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_file: Path) -> Path:
    """A folder with two issues, and the settings of an app that others can install."""
    slack.rates = False
    (tmp_path / "digests").mkdir()
    for name in ("010.md", "011.md", "topics.toml"):
        shutil.copy(SAMPLE / name, tmp_path / "digests")
    monkeypatch.chdir(tmp_path)
    app = {"SLACK_APP_TOKEN": slack.secrets.app_token, "SLACK_API_URL": slack.api_url}
    database = {"DATABASE_URL": f"sqlite:///{database_file}", "BOT_LIMITS": UNPACED}
    for name, value in {**installable(slack), **app, **database}.items():
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    return tmp_path


@asynccontextmanager
async def whole(slack: SlackFake) -> AsyncIterator[tuple[House, Browser, asyncio.Queue[Membership]]]:
    """The house with Slack connected, a browser before its site, and what happens to the bot, once it is noted."""
    noted: asyncio.Queue[Membership] = asyncio.Queue()

    async with open_house(load_settings()) as house:

        async def follow(membership: Membership) -> Reply | None:
            reply = await House.follow(house, membership)
            noted.put_nowait(membership)
            return reply

        async def health() -> dict[str, str]:
            return {"slack": adapter.health()}

        house.follow = follow  # type: ignore[method-assign]
        await house.make_ingest().run()
        adapter = house.open_adapter("slack")
        site = create_site(adapter.routes, health=health, public_url=SITE)
        await house.connect("slack")
        await adapter.receive()
        await slack.wait_for(lambda _: slack.connections, within=WITHIN)
        browser = Browser(adapter, site=site)
        async with browser.client:
            yield house, browser, noted


async def status(house: House, channel: Channel) -> tuple[SubscriptionStatus | None, str]:
    chat = await house.chats.get(Address("slack", channel.id, workspace=channel.team))
    assert chat is not None
    return chat.status, chat.reason


async def post(house: House, number: int) -> None:
    issue = await house.issues.get_issue(number)
    assert issue is not None
    await house.release(issue, at_once=True)
    await house.make_delivery().worker.drain()


@pytest.mark.usefixtures("folder")
async def test_workspaces_install_leave_and_come_back(slack: SlackFake, caplog: pytest.LogCaptureFixture) -> None:
    """Two workspaces install; both receive; one removes the app, misses an issue, comes back and is offered it."""
    caplog.set_level("DEBUG")
    teams = [slack.workspace(name, installed=False) for name in ("North", "South")]
    members = [slack.user("Ada", team=team) for team in teams]
    channels = [slack.channel("papers", team=team, members=[ada]) for team, ada in zip(teams, members, strict=True)]
    north, south = channels

    def parts(channel: Channel) -> int:
        """How many parts of issues stand in a channel; answers bear no reference."""
        return sum("metadata" in record.content for record in slack.transcript.of(channel.id).from_bot)

    async with whole(slack) as (house, browser, noted):
        for team, ada in zip(teams, members, strict=True):
            slack.sign_in(team, by=ada)
            assert f"The digest is in {team.name}." in (await browser.install()).text
            assert (await noted.get()).change is MembershipChange.WORKSPACE_ENTERED
        for channel, ada in zip(channels, members, strict=True):
            slack.command(channel, ada, "/digest subscribe")
            await answers(slack, channel)
        await post(house, 10)
        first = parts(north)
        assert first == parts(south) > 0

        slack.uninstall(teams[0])
        assert (await noted.get()).change is MembershipChange.WORKSPACE_LEFT
        assert await status(house, north) == (SubscriptionStatus.SUSPENDED, "the app was removed from the workspace")
        assert await status(house, south) == (SubscriptionStatus.ACTIVE, "")
        await post(house, 11)
        assert parts(north) == first
        both = parts(south)
        assert both > first

        slack.sign_in(teams[0], by=members[0])
        await browser.install()
        offer = await slack.wait_for(
            lambda log: next((one for one in log.of(north.id).from_bot if "you missed" in one.text), None),
            within=WITHIN,
        )
        assert offer is not None
        assert await status(house, north) == (SubscriptionStatus.ACTIVE, "")
        slack.press(offer, "Send what I missed", by=members[0])
        await answers(slack, north, first + 3)  # to subscribing, to coming back, to pressing
        await house.make_delivery().worker.drain()
        assert parts(north) == both + 1  # the offer bears a reference, too
        assert (await browser.client.get("/health")).json()["checks"]["slack"] == "ok"
    assert not [record for record in caplog.records if any(team.token in record.getMessage() for team in teams)]
    assert slack.violations == []
