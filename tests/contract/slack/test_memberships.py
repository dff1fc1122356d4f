"""What happens to the bot in its channels."""

from __future__ import annotations

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import User
from bot.model.command import MembershipChange
from tests.contract.slack.house import House, answers, at, say
from tests.fakes.slack import SlackFake


async def test_memberships_are_followed(slack: SlackFake, house: House, listening: Adapter) -> None:
    """The bot notes where it is invited, thrown out and archived, and says what the house wants said."""
    ada = slack.user()
    channel = slack.channel("vision", bot=False)
    house.welcome = lambda membership: say("Hello!") if membership.change is MembershipChange.ADDED else None
    slack.add_bot(channel, by=ada)
    assert (await answers(slack, channel))[0].text == "Hello!"
    slack.archive(channel, by=ada)
    await house.until(lambda: len(house.memberships) == 2)
    slack.unarchive(channel, by=ada)
    await house.until(lambda: len(house.memberships) == 3)
    slack.remove_bot(channel, by=ada)
    await house.until(lambda: len(house.memberships) == 4)
    added, archived, back, removed = house.memberships
    assert (added.user, added.chat_title) == (User(f"slack:{ada.id}"), "vision")
    assert [one.change for one in (archived, back, removed)] == [
        MembershipChange.REMOVED,
        MembershipChange.ADDED,
        MembershipChange.REMOVED,
    ]
    assert (archived.reason, removed.reason) == ("the channel was archived", "the bot was removed from the channel")


async def test_strange_channels_are_none_of_its_business(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Slack tells of every public channel that comes back; the bot greets only where it is a member."""
    ada = slack.user()
    slack.unarchive(slack.channel("strange", bot=False), by=ada)
    mine = slack.channel("mine")
    slack.unarchive(mine, by=ada)
    await house.until(lambda: house.memberships)
    assert [membership.chat for membership in house.memberships] == [at(mine)]


async def test_subscribing_brings_the_bot_in(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A public channel that subscribes is joined first, so that its history can be read; nobody is greeted for it."""
    ada = slack.user()
    channel = slack.channel(bot=False)
    slack.command(channel, ada, "/digest subscribe")
    await answers(slack, channel)
    assert slack.team.bot.id in channel.members
    assert [command.name for command in house.commands] == ["subscribe"]


async def test_private_channel_is_told_to_invite_first(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Nothing can be delivered to a private channel without the bot, so it is not subscribed before it is let in."""
    ada = slack.user()
    channel = slack.channel(private=True, bot=False)
    slack.command(channel, ada, "/digest subscribe")
    record = (await answers(slack, channel))[0]
    assert "/invite" in record.text
    assert record.audience == ada.id
    assert house.commands == []


async def test_who_may_subscribe_a_channel(slack: SlackFake, adapter: Adapter, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its members may, and anybody in their own direct messages; guests, strangers and passers-by may not."""
    ada, ben = slack.user("Ada"), slack.user("Ben")
    channel = slack.channel(members=[ada])
    assert not await adapter.administers(at(channel), User(f"slack:{ben.id}"))
    channel.members.add(ben.id)
    assert await adapter.administers(at(channel), User(f"slack:{ben.id}"))
    hidden = slack.channel(private=True, bot=False)
    assert await adapter.administers(at(hidden), User(f"slack:{ben.id}"))
    assert await adapter.administers(at(channel), User(f"slack:{ada.id}"))
    assert await adapter.administers(at(slack.direct(ada)), User(f"slack:{ada.id}"))
    assert not await adapter.administers(at(channel), User("slack:U0NOBODY"))
    shown = type(ada).json
    monkeypatch.setattr(type(ada), "json", lambda self, **more: shown(self, **more) | {"is_restricted": True})
    assert not await adapter.administers(at(channel), User(f"slack:{slack.user('Guest').id}"))


async def test_people_are_asked_about_once_an_hour(slack: SlackFake, house: House, adapter: Adapter) -> None:
    """Who somebody is is remembered for a while, and asked again after that."""
    ada = User(f"slack:{slack.user().id}")
    for _ in range(3):
        await adapter.administers(at(slack.channel()), ada)
    assert slack.counters["users.info"] == 1
    await house.clock.sleep(3601)
    await adapter.administers(at(slack.channel()), ada)
    assert slack.counters["users.info"] == 2


async def test_renamed_channels_are_followed(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A channel keeps its address under its new name; the names of others are none of the bot's business."""
    slack.subscriptions |= {"channel_rename"}
    strange, mine = slack.channel("strange", bot=False), slack.channel("mine")
    for channel in (strange, mine):
        event = {"type": "channel_rename", "channel": {"id": channel.id, "name": "new", "created": 1}}
        slack._tell(slack.team, "channel_rename", event)
    await house.until(lambda: house.memberships)
    membership = house.memberships[0]
    assert (membership.chat, membership.change) == (at(mine), MembershipChange.RENAMED)
    assert membership.chat_title == "new"
    assert len(house.memberships) == 1
