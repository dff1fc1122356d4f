"""Which workspace a chat is in: the token's own by default, another by its name, and never a wrong one."""

from __future__ import annotations

from bot.adapters.interface import Adapter
from bot.model.chat import Address, Managers, User
from bot.model.delivery import Closed, Scope, Sent
from tests.contract.slack.browser import installable, installing
from tests.contract.slack.house import House, answers, at, payload, receiving, sending
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
