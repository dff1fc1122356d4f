"""What happens to the bot in its channels."""

from __future__ import annotations

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import Address, User
from bot.model.command import MembershipChange
from bot.model.delivery import Closed, Found, Sent, Trace
from tests.contract.slack.house import House, answers, at, payload, say
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
        MembershipChange.RESTORED,
        MembershipChange.REMOVED,
    ]
    assert (archived.reason, removed.reason) == ("the channel was archived", "the bot was removed from the channel")
    assert len(slack.transcript.of(channel.id).from_bot) == 1


async def test_strange_channels_are_none_of_its_business(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Slack tells of every public channel that comes back or is renamed; where the bot never was, nobody is greeted."""
    ada = slack.user()
    strange, mine = slack.channel("strange", bot=False), slack.channel("mine")
    house.welcome = lambda membership: say("Back!") if membership.chat == at(mine) else None
    slack.rename(strange, "stranger")
    slack.unarchive(strange, by=ada)
    slack.unarchive(mine, by=ada)
    assert (await answers(slack, mine))[0].text == "Back!"
    assert all(one.change is MembershipChange.RESTORED for one in house.memberships)
    assert slack.team.bot.id not in strange.members
    assert not slack.transcript.of(strange.id)


@pytest.mark.parametrize("reason", ["the channel was archived", "is_archived"])
async def test_a_channel_that_comes_back_without_the_bot_is_entered(
    slack: SlackFake, house: House, listening: Adapter, reason: str
) -> None:
    """What was suspended for being archived goes on; the bot joins, which nobody has to do for it."""
    ada = slack.user()
    channel = slack.channel("vision", bot=False)
    house.welcome = lambda membership: say("Back!") if membership.reason == reason else None
    slack.unarchive(channel, by=ada)
    assert (await answers(slack, channel))[0].text == "Back!"
    await slack.wait_for(lambda _: slack.counters["conversations.join"], within=10)
    assert slack.team.bot.id in channel.members


async def test_a_channel_archived_again_stays_away(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Events come late: what they tell is looked up, and is not so any more."""
    ada = slack.user()
    channel, other = slack.channel("vision"), slack.channel("other")
    channel.archived = True
    slack._tell(slack.team, "channel_unarchive", {"type": "channel_unarchive", "channel": channel.id, "user": ada.id})
    slack.remove_bot(other, by=ada)
    await house.until(lambda: house.memberships)
    assert [one.chat for one in house.memberships] == [at(other)]


async def test_a_shared_channel_goes_on(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Others come in and leave: whoever was there receives as before, and nobody is told anything."""
    other = slack.workspace("Other")
    channel = slack.channel("vision")
    slack.share(channel, other)
    slack.unshare(channel, other)
    await house.until(lambda: len(house.memberships) == 2)
    assert {one.change for one in house.memberships} == {MembershipChange.RESTORED}
    assert not slack.transcript.of(channel.id).from_bot


async def test_a_channel_that_is_shared_no_longer_is_gone(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Where it is the bot's own workspace that is shut out, the chat waits, with the reason."""
    channel = slack.channel("vision", private=True)
    slack.unshare(channel, slack.team)
    await house.until(lambda: house.memberships)
    membership = house.memberships[0]
    assert membership.change is MembershipChange.REMOVED
    assert membership.reason == "the channel is no longer shared with this workspace"


async def test_a_changed_id_is_followed(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A private channel that is shared gets another id: the chat moves there, and comes back if it was found shut."""
    channel = slack.channel("vision", id="G0OLD", private=True)
    slack.share(channel, slack.workspace("Other"))
    await house.until(lambda: len(house.memberships) == 3)
    moved, *back = house.memberships
    assert (moved.chat, moved.moved_to) == (Address("slack", "G0OLD"), at(channel))
    assert moved.change is MembershipChange.MIGRATED
    assert [(one.chat, one.change) for one in back] == [(at(channel), MembershipChange.RESTORED)] * 2
    assert isinstance(await listening.send(at(channel), payload(), "part"), Sent)


async def test_a_converted_channel_goes_on(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Slack does not tell, and need not: sent, found and asked about as before. Without the bot in it, it is shut."""
    ada = slack.user()
    channel, without = slack.channel(members=[ada]), slack.channel(bot=False)
    for _ in range(2):
        slack.convert(channel)
        assert isinstance(sent := await listening.send(at(channel), payload(), "part"), Sent)
        trace = Trace("part", called_at=house.clock.now())
        assert isinstance(await listening.find(at(channel), payload(), trace), Found)
        assert isinstance(await listening.edit(at(channel), sent.message_ids, payload()), Sent)
        assert await listening.administers(at(channel), User(f"slack:{ada.id}"))
    slack.convert(without)
    outcome = await listening.send(at(without), payload(), "part")
    assert outcome == Closed("channel_not_found")
    house.welcome = lambda _: say("Back!")
    slack.add_bot(without, by=ada)
    assert (await answers(slack, without))[0].text == "Back!"


@pytest.mark.parametrize("private", [False, True])
async def test_a_deleted_channel_is_gone(slack: SlackFake, house: House, listening: Adapter, *, private: bool) -> None:
    """Deleted for good, whatever its kind."""
    channel = slack.channel(private=private)
    slack.delete(channel)
    await house.until(lambda: house.memberships)
    assert house.memberships[0].change is MembershipChange.REMOVED
    assert house.memberships[0].reason == "the channel was deleted"


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


async def test_what_others_say_to_each_other_is_not_looked_after(
    slack: SlackFake, house: House, listening: Adapter
) -> None:
    """Whoever subscribes the direct messages of two people, or a group message without the bot, is told what to do."""
    ada, ben = slack.user("Ada"), slack.user("Ben")
    between, group = slack.between(ada, ben), slack.group_message(ada, ben, bot=False)
    slack.command(between, ada, "/digest subscribe")
    refusal = (await answers(slack, between))[0]
    assert "not with me" in refusal.text
    assert refusal.audience == ada.id
    assert refusal.button("Message me").url == f"https://lab.slack.example/archives/{slack.direct(ada).id}"
    slack.command(group, ada, "/digest subscribe")
    assert "I am not in this group message" in (await answers(slack, group))[0].text
    assert house.commands == []
    slack.command(between, ada, "/digest latest")
    await house.until(lambda: [command.name for command in house.commands] == ["latest"])
    for channel in (slack.direct(ada), slack.group_message(ada, ben)):
        house.commands.clear()
        slack.command(channel, ada, "/digest subscribe")
        await house.until(lambda: [command.name for command in house.commands] == ["subscribe"])
    assert house.commands[0].chat_title == "ada, ben"


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
    strange, mine, hidden = slack.channel("strange", bot=False), slack.channel("mine"), slack.channel(private=True)
    for channel in (strange, mine, hidden):
        slack.rename(channel, "new")
    await house.until(lambda: len(house.memberships) == 2)
    assert {one.chat for one in house.memberships} == {at(mine), at(hidden)}
    assert {(one.change, one.chat_title) for one in house.memberships} == {(MembershipChange.RENAMED, "new")}
