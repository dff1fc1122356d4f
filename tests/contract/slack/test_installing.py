"""Other workspaces install the app: with the library's real flow, over the bot's own pages and Slack's between them."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from starlette.applications import Starlette

from bot.adapters.interface import AdapterError
from bot.adapters.slack import PLATFORM
from bot.adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.model.chat import Address
from bot.model.command import MembershipChange
from bot.model.delivery import Closed, Later, Scope, Sent
from bot.storage.sealing import MARK, make_key
from tests.contract.slack.browser import KEY, SITE, Browser, button, installable, installing
from tests.contract.slack.house import House, answers, payload, sending, settings
from tests.fakes.faults import Html, Refuse
from tests.fakes.slack import Channel, SlackFake


def there(channel: Channel) -> Address:
    return Address("slack", channel.id, workspace=channel.team)


def stored(file: Path, table: str = "slack_installations") -> list[dict[str, object]]:
    with sqlite3.connect(file) as connection:
        connection.row_factory = sqlite3.Row
        rows = [dict(row) for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")]
    connection.close()
    return rows


async def test_a_workspace_installs_the_app_and_is_served(slack: SlackFake, house: House) -> None:
    """From the page with the button to the first answer and the first delivery, addressed by the workspace's id."""
    other = slack.workspace("Other Lab", installed=False)
    bea = slack.user("Bea", team=other)
    channel = slack.channel("vision", team=other, members=[bea])
    async with installing(slack, house) as (adapter, browser):
        await house.until(lambda: not adapter.health())
        slack.sign_in(other, by=bea)
        page = await browser.install()
        assert page.status_code == 200
        assert "The digest is in Other Lab." in page.text
        assert button(page) == f"https://slack.com/app_redirect?app={slack.secrets.app_id}&team={other.id}"
        assert other.scopes == frozenset(SCOPES)
        slack.command(channel, bea, "/digest latest")
        assert (await answers(slack, channel))[0].text == "latest|"
        assert house.commands[0].chat == there(channel)
        assert house.commands[0].user.address == f"slack:{other.id}/{bea.id}"
        assert isinstance(await adapter.send(there(channel), payload(), "part-1"), Sent)
    await house.until(lambda: house.workspaces)
    assert [(one.change, one.chat.workspace) for one in house.workspaces] == [
        (MembershipChange.WORKSPACE_ENTERED, other.id)
    ]
    assert slack.violations == []


async def test_workspaces_are_told_apart(slack: SlackFake, house: House) -> None:
    """The token's own workspace and two others: each is answered, and written to, with its own token, where it is."""
    async with installing(slack, house, SLACK_BOT_TOKEN=slack.team.token) as (adapter, browser):
        people = {}
        for workspace in (slack.workspace("One", installed=False), slack.workspace("Two", installed=False)):
            people[workspace.id] = slack.user("Cy", team=workspace)
            slack.sign_in(workspace, by=people[workspace.id])
            assert (await browser.install()).status_code == 200
        people[slack.team.id] = slack.user("Ada")
        for team, person in people.items():
            workspace = slack.world.workspaces[team]
            channel = slack.channel("vision", team=workspace, members=[person])
            slack.say(channel, person, f"{slack.mention(workspace)} nerf")
            assert (await answers(slack, channel))[0].author == "Digest"
            address = Address("slack", channel.id, workspace="" if workspace is slack.team else team)
            assert house.commands[-1].chat.workspace == address.workspace
            assert isinstance(await adapter.send(address, payload(), "part"), Sent)
    assert slack.violations == []


async def test_installations_outlive_the_process(slack: SlackFake, house: House, database_file: Path) -> None:
    """Another process, one that sends alone, knows the workspaces that have installed the app."""
    other = slack.workspace("Other", installed=False)
    channel = slack.channel(team=other)
    slack.sign_in(other, by=slack.user(team=other))
    async with installing(slack, house) as (_, browser):
        await browser.install()
    async with sending(slack, house, **installable(slack)) as adapter:
        assert isinstance(await adapter.send(there(channel), payload(), "part"), Sent)
        link = await adapter.link_to(there(channel), "1700000000.000100")
        assert link == f"https://other.slack.example/archives/{channel.id}/p1700000000000100"


async def test_tokens_are_sealed_where_they_are_kept(slack: SlackFake, house: House, database_file: Path) -> None:
    """No token stands in the database as it is, in no table, nor in the file's bytes."""
    other = slack.workspace("Other", installed=False)
    slack.sign_in(other, by=slack.user(team=other), rotating=True)
    async with installing(slack, house) as (_, browser):
        await browser.install()
        for table in ("slack_installations", "slack_bots"):
            (row,) = stored(database_file, table)
            assert str(row["bot_token"]).startswith(MARK)
            assert str(row["bot_refresh_token"]).startswith(MARK)
        await house.database.close()
        contents = b"".join(path.read_bytes() for path in database_file.parent.glob(f"{database_file.name}*"))
        for secret in (other.token, other.refresh_token, slack.secrets.client_secret):
            assert secret.encode() not in contents


async def test_a_new_key_takes_over_and_a_lost_one_is_told(
    slack: SlackFake, house: House, database_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """With the new key in front all is sealed anew at the next start; without the old one nobody is suspended."""
    other = slack.workspace("Other", installed=False)
    channel = slack.channel(team=other)
    slack.sign_in(other, by=slack.user(team=other))
    async with installing(slack, house) as (_, browser):
        await browser.install()
    new = make_key()
    async with sending(slack, house, **installable(slack, BOT_SECRET_KEY=new)) as adapter:
        outcome = await adapter.send(there(channel), payload(), "part")
        assert isinstance(outcome, Later)
        assert outcome.scope is Scope.WORKSPACE
        assert "BOT_SECRET_KEY" in outcome.reason
        assert "BOT_SECRET_KEY" in adapter.health()
    for keys in (f"{new},{KEY}", new):
        async with sending(slack, house, **installable(slack, BOT_SECRET_KEY=keys)) as adapter:
            assert isinstance(await adapter.send(there(channel), payload(), "part"), Sent)
    assert other.token not in caplog.text


async def test_installing_again_keeps_one_row(slack: SlackFake, house: House, database_file: Path) -> None:
    """Earlier installations of a workspace are dropped; its new token is used at once, also by who is running."""
    other = slack.workspace("Other", installed=False)
    bea, channel = slack.user("Bea", team=other), slack.channel(team=other)
    async with installing(slack, house) as (adapter, browser):
        tokens = set()
        for _ in range(3):
            slack.sign_in(other, by=slack.user(team=other), rotating=True)
            await browser.install()
            tokens.add(other.token)
            assert isinstance(await adapter.send(there(channel), payload(), "part"), Sent)
        assert len(tokens) == 3
        slack.sign_in(other, by=bea)
        await browser.install()
    assert [row["user_id"] for row in stored(database_file)] == [bea.id]
    assert len(stored(database_file, "slack_bots")) == 1


async def test_saying_no_installs_nothing(slack: SlackFake, house: House, database_file: Path) -> None:
    """Whoever declines is told kindly that nothing happened, and may begin again."""
    async with installing(slack, house) as (_, browser):
        slack.decline()
        page = await browser.install()
        assert page.status_code == 200
        assert "Nothing was installed." in page.text
        assert button(page) == SITE + INSTALL_PATH
    assert stored(database_file) == []


async def test_an_attempt_counts_once_and_not_for_long(slack: SlackFake, house: House, database_file: Path) -> None:
    """A state works once, in the browser where it began, within ten minutes; a made-up one never."""
    other = slack.workspace("Other", installed=False)
    bea = slack.user("Bea", team=other)
    async with installing(slack, house) as (adapter, browser):
        slack.sign_in(other, by=bea)
        back = await browser.consent(await browser.begin())
        async with Browser(adapter).client as another:
            assert "has expired" in (await another.get(back)).text
        assert (await browser.client.get(back)).status_code == 200
        again = await browser.client.get(back)
        assert (again.status_code, "has expired" in again.text) == (401, True)
        assert "has expired" in (await browser.client.get(f"{REDIRECT_PATH}?code=1&state=2")).text
        slack.sign_in(other, by=bea)
        back = await browser.consent(await browser.begin())
        with sqlite3.connect(database_file) as connection:
            connection.execute("UPDATE slack_oauth_states SET expire_at = '2020-01-01 00:00:00'")
        connection.close()
        assert "has expired" in (await browser.client.get(back)).text
    assert len(stored(database_file)) == 1


async def test_what_slack_does_not_confirm_is_not_installed(
    slack: SlackFake, house: House, database_file: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever goes wrong behind the page is one plain page in front of it, and no code or token in the log."""
    other = slack.workspace("Other", installed=False)
    async with installing(slack, house) as (_, browser):
        for fault in (Refuse("invalid_code"), Html(502), Html(200)):
            slack.fail(with_=fault, method="oauth.v2.access")
            slack.sign_in(other, by=slack.user(team=other))
            back = await browser.consent(await browser.begin())
            page = await browser.client.get(back)
            assert page.status_code >= 400
            assert "Slack did not confirm the installation." in page.text
            assert parse_qs(urlsplit(back).query)["code"][0] not in caplog.text
        nothing = await browser.client.get(f"{REDIRECT_PATH}?error=<script>alert(1)</script>")
        assert "<script>" not in nothing.text
    assert stored(database_file) == []


async def test_pages_speak_the_language_of_the_browser(slack: SlackFake, house: House) -> None:
    """The first of the browser's languages that the bot speaks."""
    async with installing(slack, house) as (adapter, _):
        for accepted, language in (("fr, zh-CN;q=0.8, en;q=0.5", "zh"), ("fr", "en"), ("", "en")):
            async with Browser(adapter, language=accepted).client as client:
                assert f'<html lang="{language}">' in (await client.get(INSTALL_PATH)).text


async def test_pages_wait_for_the_connection(slack: SlackFake, house: House) -> None:
    """Before the bot has spoken to Slack, its pages say so."""
    adapter = PLATFORM.open(settings(slack, **installable(slack)), house.services())
    transport = httpx.ASGITransport(Starlette(routes=list(adapter.routes)))
    async with httpx.AsyncClient(transport=transport, base_url=SITE) as client:
        assert [(await client.get(path)).status_code for path in (INSTALL_PATH, REDIRECT_PATH)] == [503, 503]


@pytest.mark.parametrize(
    ("left_out", "says"),
    [
        ("BOT_SECRET_KEY", "bot secret-key"),
        ("BOT_PUBLIC_URL", "BOT_PUBLIC_URL"),
        ("SLACK_CLIENT_SECRET", "belong together"),
    ],
)
async def test_half_of_the_settings_is_told_in_one_line(
    slack: SlackFake, house: House, left_out: str, says: str
) -> None:
    """What is missing is named, with where to get it; nothing starts without it."""
    changes = installable(slack, SLACK_BOT_TOKEN=slack.team.token) | {left_out: None}
    with pytest.raises(AdapterError, match=says) as caught:
        PLATFORM.open(settings(slack, **changes), house.services())
    assert "\n" not in str(caught.value)


async def test_a_removed_app_suspends_its_workspace_alone(slack: SlackFake, house: House, database_file: Path) -> None:
    """Both events come, in any order and twice: the house hears it once, the token is forgotten, health stays well."""
    other, more = slack.workspace("Other", installed=False), slack.workspace("More", installed=False)
    channels = [slack.channel(team=workspace) for workspace in (other, more)]
    async with installing(slack, house) as (adapter, browser):
        for workspace in (other, more):
            slack.sign_in(workspace, by=slack.user(team=workspace))
            await browser.install()
        await house.until(lambda: len(house.workspaces) == 2)
        house.workspaces.clear()
        slack.uninstall(other)
        await house.until(lambda: house.workspaces)
        for told in slack.deliveries[-2:]:
            slack.retry(told)
        await slack.wait_for(lambda _: all(one.attempts == 2 for one in slack.deliveries[-2:]), within=10)
        assert [(one.change, one.chat.workspace) for one in house.workspaces] == [
            (MembershipChange.WORKSPACE_LEFT, other.id)
        ]
        assert [row["team_id"] for row in stored(database_file)] == [more.id]
        await house.until(lambda: not adapter.health())
        outcomes = [await adapter.send(there(channel), payload(), "part") for channel in channels]
        assert outcomes[0] == Closed(f"the app is not installed in the workspace {other.id}", scope=Scope.WORKSPACE)
        assert isinstance(outcomes[1], Sent)
        assert adapter.health() == ""
        slack.sign_in(other, by=slack.user(team=other))
        await browser.install()
        await house.until(lambda: len(house.workspaces) == 2)
        assert house.workspaces[-1].change is MembershipChange.WORKSPACE_ENTERED
        assert isinstance(await adapter.send(there(channels[0]), payload(), "part"), Sent)


async def test_a_late_farewell_does_no_harm(slack: SlackFake, house: House, database_file: Path) -> None:
    """Slack repeats what it could not deliver for hours: by then the app may be back, and stays."""
    other = slack.workspace("Other", installed=False)
    async with installing(slack, house) as (_, browser):
        slack.sign_in(other, by=slack.user(team=other))
        await browser.install()
        slack._tell(other, "app_uninstalled", {"type": "app_uninstalled"})
        told = slack.deliveries[-1]
        await slack.wait_for(lambda _: told.acknowledged and slack.counters["auth.test"] >= 3, within=10)
        await asyncio.sleep(0.1)  # nothing is to happen
        assert all(one.change is not MembershipChange.WORKSPACE_LEFT for one in house.workspaces)
    assert len(stored(database_file)) == 1


async def test_a_person_s_revoked_token_is_none_of_the_bot_s(slack: SlackFake, house: House) -> None:
    """`tokens_revoked` tells of people's tokens, too."""
    slack.subscriptions |= {"tokens_revoked"}
    async with installing(slack, house, SLACK_BOT_TOKEN=slack.team.token):
        slack._tell(slack.team, "tokens_revoked", {"type": "tokens_revoked", "tokens": {"oauth": ["U1"], "bot": []}})
        told = slack.deliveries[-1]
        await slack.wait_for(lambda _: told.acknowledged, within=10)
        assert slack.counters["auth.test"] == 1


async def test_a_revoked_token_found_by_a_delivery_closes_its_workspace(slack: SlackFake, house: House) -> None:
    """Where no event came, the refusal tells; where another process knows a newer token, that is used instead."""
    other = slack.workspace("Other", installed=False)
    channel = slack.channel(team=other)
    async with installing(slack, house) as (adapter, browser):
        slack.sign_in(other, by=slack.user(team=other))
        await browser.install()
        async with sending(slack, house, **installable(slack)) as beside:
            assert isinstance(await beside.send(there(channel), payload(), "part"), Sent)
            other.token_state = "token_revoked"
            assert await adapter.send(there(channel), payload(), "part") == Closed("token_revoked", Scope.WORKSPACE)
            slack.sign_in(other, by=slack.user(team=other))
            await browser.install()
            old = beside._workspaces._open[other.id].client.token
            assert old != other.token
            slack.fail(with_=Refuse("token_revoked"), method="chat.postMessage")
            assert isinstance(await beside.send(there(channel), payload(), "part"), Later)
            assert isinstance(await beside.send(there(channel), payload(), "part"), Sent)


async def test_an_unknown_workspace_is_told_to_install(slack: SlackFake, house: House) -> None:
    """A command from a workspace that the bot has no token of is acknowledged, and answered in one sentence."""
    other = slack.workspace("Other")
    bea, channel = slack.user(team=other), slack.channel(team=other)
    async with installing(slack, house):
        told = slack.command(channel, bea, "/digest latest")
        record = await slack.wait_for(lambda log: next(iter(log.of(channel.id).from_bot), None), within=10)
        await slack.wait_for(lambda _: told.acknowledged, within=10)
        assert SITE + INSTALL_PATH in record.text
        assert house.commands == []


async def test_the_token_s_workspace_keeps_its_addresses(slack: SlackFake, house: House) -> None:
    """Who gives up the token and installs the app instead is still reached without a workspace in the address."""
    ada, channel = slack.user(), slack.channel()
    async with sending(slack, house):
        pass
    address = Address("slack", channel.id)
    async with installing(slack, house) as (adapter, browser):
        outcome = await adapter.send(address, payload(), "part")
        assert "SLACK_BOT_TOKEN" in str(getattr(outcome, "reason", ""))
        assert not isinstance(outcome, Closed)
        slack.sign_in(slack.team, by=ada)
        await browser.install()
        assert isinstance(await adapter.send(address, payload(), "part"), Sent)
        slack.command(channel, ada, "/digest latest")
        await answers(slack, channel, 2)
        assert house.commands[0].chat == address
        assert house.commands[0].user.address == f"slack:{ada.id}"
