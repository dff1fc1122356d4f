"""Which workspace a chat is in: the token's own by default, another by its name, and never a wrong one."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

from bot.adapters.interface import Adapter, Condition, Examined
from bot.model.chat import Address, Managers, User
from bot.model.delivery import Closed, Scope, Sent
from tests.contract.slack.browser import installable, installing
from tests.contract.slack.house import House, answers, at, payload, receiving, sending
from tests.fakes.faults import Html
from tests.fakes.slack import SlackFake


async def test_own_workspace_has_two_names(slack: SlackFake, adapter: Adapter) -> None:
    """A chat of the token's workspace is reached with the workspace's id in its address, and without."""
    channel = slack.channel()
    for workspace in ("", slack.team.id):
        address = Address("slack", channel.id, workspace=workspace)
        assert isinstance(await adapter.send(address, payload(), "part"), Sent)


async def test_the_token_s_workspace_needs_no_name(slack: SlackFake, house: House) -> None:
    """At each start what was addressed by its id loses that; where the token becomes another's, chats keep theirs."""
    async with sending(slack, house):
        assert house.renamed == [(slack.team.id, "")]
    other = slack.workspace("Other")
    async with sending(slack, house, SLACK_BOT_TOKEN=other.token) as adapter:
        assert house.renamed[1:] == [("", slack.team.id), (other.id, "")]
        assert isinstance(await adapter.send(at(slack.channel(team=other)), payload(), "part"), Sent)
        former = Address("slack", slack.channel().id, workspace=slack.team.id)
        assert isinstance(await adapter.send(former, payload(), "part"), Closed)


async def test_who_installed_the_app_and_then_sets_a_token_is_one_workspace(slack: SlackFake, house: House) -> None:
    """With what it has set: its chats are addressed without its id from then on."""
    bea, channel = slack.user("Bea", is_admin=True), slack.channel()
    async with installing(slack, house) as (_, browser):
        slack.sign_in(slack.team, by=bea)
        await browser.install()
        slack.command(channel, bea, "/digest admins only")
        await answers(slack, channel)
    async with receiving(slack, house, **installable(slack, SLACK_BOT_TOKEN=slack.team.token)) as adapter:
        assert house.renamed == [(slack.team.id, "")]
        slack.command(channel, bea, "/digest latest")
        await house.until(lambda: house.commands)
        assert house.commands[0].chat == at(channel)
        assert not await adapter.administers(at(channel), User(f"slack:{slack.user('Ada').id}"))


async def test_administrators_of_the_bot_are_known_in_both_spellings(slack: SlackFake, house: House) -> None:
    """`BOT_ADMINS` with the id of the token's own workspace means the same people."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    async with receiving(slack, house, BOT_ADMINS=f"slack:{slack.team.id}/{ada.id}"):
        slack.command(channel, ada, "/digest admins only")
        await answers(slack, channel)
        assert await house.services().workspaces.managers("slack", "") is Managers.ADMINS


async def test_a_strange_workspace_is_closed(slack: SlackFake, adapter: Adapter) -> None:
    """Nothing is sent for a workspace that has not installed the app, least of all into another one."""
    channel = slack.channel()
    outcome = await adapter.send(Address("slack", channel.id, workspace="T0ELSEWHERE"), payload(), "part")
    assert outcome == Closed("the app is not installed in the workspace T0ELSEWHERE", scope=Scope.WORKSPACE)
    assert not slack.counters["chat.postMessage"]


async def test_links_lead_to_each_workspace_s_own_address(slack: SlackFake, house: House, database_file: Path) -> None:
    """Also where it was not known yet; where a workspace has taken another, within the hour, and for every process."""
    other = slack.workspace("Other", installed=False)
    channels = [slack.channel(), slack.channel(team=other)]
    addresses = [at(channels[0]), Address("slack", channels[1].id, workspace=other.id)]

    async def hosts(adapter: Adapter) -> list[str]:
        links = [await adapter.link_to(address, "1700000000.000100") for address in addresses]
        return [link.removeprefix("https://").partition(".")[0] for link in links]

    async with installing(slack, house, SLACK_BOT_TOKEN=slack.team.token) as (adapter, browser):
        slack.sign_in(other, by=slack.user(team=other))
        await browser.install()
        assert await hosts(adapter) == ["lab", "other"]
        slack.team.name, other.name = "Laboratory", "Another"
        await house.clock.sleep(3601)
        before = slack.counters["auth.test"]
        assert await hosts(adapter) == ["lab", "other"]  # nobody waits for it
        await asyncio.gather(*adapter._workspaces._asking)
        assert slack.counters["auth.test"] == before + 2
        assert await hosts(adapter) == ["laboratory", "another"]
    with sqlite3.connect(database_file) as connection:
        assert sorted(connection.execute("SELECT title FROM workspaces")) == [("Another",), ("Laboratory",)]
        connection.execute("UPDATE workspaces SET url = ''")
    connection.close()
    async with sending(slack, house, **installable(slack, SLACK_BOT_TOKEN=slack.team.token)) as adapter:
        assert await hosts(adapter) == ["laboratory", "another"]


async def found(adapter: Adapter) -> dict[str, tuple[Condition, str]]:
    assert isinstance(adapter, Examined)
    return {one.subject: (one.condition, one.said) async for one in adapter.examine()}


async def test_each_workspace_is_looked_at(slack: SlackFake, house: House) -> None:
    """Whether its token is good, for all that the bot does; one line each, with what to do, and never the token."""
    names = ("Well", "Poor", "Gone", "Ended")
    teams = {name: slack.workspace(name, installed=False) for name in names}
    async with installing(slack, house, SLACK_BOT_TOKEN=slack.team.token) as (adapter, browser):
        for name, team in teams.items():
            slack.sign_in(team, by=slack.user(team=team), rotating=name == "Ended")
            await browser.install()
        teams["Poor"].scopes -= {"files:write", "mpim:read"}
        teams["Gone"].token_state = "account_inactive"
        await house.clock.sleep(13 * 3600)
        exchanged = slack.counters["oauth.v2.access ok"]
        looked = await found(adapter)
        assert slack.counters["oauth.v2.access ok"] == exchanged
        subjects = {subject.partition(" ")[0]: (condition, said) for subject, (condition, said) in looked.items()}
        assert {subject: condition for subject, (condition, _) in subjects.items()} == {
            "Lab": Condition.WELL,
            "Well": Condition.WELL,
            "Poor": Condition.DOUBTFUL,
            "Gone": Condition.ILL,
            "Ended": Condition.ILL,
            "Socket": Condition.WELL,
        }
        assert "files:write, mpim:read" in subjects["Poor"][1]
        assert "account_inactive" in subjects["Gone"][1]
        assert not [said for _, said in subjects.values() if "xox" in said or "\n" in said]


async def test_a_bad_app_token_is_found(slack: SlackFake, house: House) -> None:
    """By asking for a line, which is left unused; a Slack that cannot be asked is no bad token."""
    async with sending(slack, house, SLACK_APP_TOKEN="xapp-1-wrong") as adapter:
        condition, said = (await found(adapter))["Socket Mode"]
        assert condition is Condition.ILL
        assert "connections:write" in said
    async with sending(slack, house) as adapter:
        slack.fail(with_=Html(502), method="apps.connections.open")
        slack.fail(with_=Html(502), method="auth.test")
        assert {condition for condition, _ in (await found(adapter)).values()} == {Condition.DOUBTFUL}
