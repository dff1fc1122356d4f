"""Which workspace a chat is in: the token's own by default, another by its name, and never a wrong one."""

from __future__ import annotations

from bot.adapters.interface import Adapter
from bot.model.chat import Address
from bot.model.delivery import Closed, Scope, Sent
from tests.contract.slack.house import payload
from tests.fakes.slack import SlackFake


async def test_own_workspace_has_two_names(slack: SlackFake, adapter: Adapter) -> None:
    """A chat of the token's workspace is reached with the workspace's id in its address, and without."""
    channel = slack.channel()
    for workspace in ("", slack.team.id):
        address = Address("slack", channel.id, workspace=workspace)
        assert isinstance(await adapter.send(address, payload(), "part"), Sent)


async def test_a_strange_workspace_is_closed(slack: SlackFake, adapter: Adapter) -> None:
    """Nothing is sent for a workspace that has not installed the app, least of all into another one."""
    channel = slack.channel()
    outcome = await adapter.send(Address("slack", channel.id, workspace="T0ELSEWHERE"), payload(), "part")
    assert outcome == Closed("the app is not installed in the workspace T0ELSEWHERE", scope=Scope.WORKSPACE)
    assert not slack.counters["chat.postMessage"]
