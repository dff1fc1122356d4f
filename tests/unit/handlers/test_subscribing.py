"""Who receives the issues, and who may decide that."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import follow
from bot.model.chat import Address, ChatKind, Managers, Preferences, SubscriptionStatus, User
from bot.model.command import Membership, MembershipChange
from tests.unit.handlers.conftest import READER, Talk, actions, text


async def status(talk: Talk) -> SubscriptionStatus | None:
    chat = await talk.chat_now()
    return chat.status if chat else None


async def happen(talk: Talk, change: MembershipChange, **more):
    return await follow(
        Membership(talk.chat, talk.kind, change, user=READER, chat_title="Lab", **more), talk.context, talk.closing
    )


async def test_a_person_subscribes_and_is_told_when_and_what(talk: Talk) -> None:
    """The hour, and the latest issue to read at once."""
    reply = await talk.say("/subscribe")
    assert await status(talk) is SubscriptionStatus.ACTIVE
    assert text(reply).startswith("Subscribed.")
    assert "9:00" in text(reply)
    assert "UTC" in text(reply)
    assert actions(reply) == ["issue 12", "settings"]


async def test_subscribing_twice_is_told(talk: Talk) -> None:
    """And changes nothing."""
    await talk.say("/subscribe")
    assert text(await talk.say("/subscribe")).startswith("This chat is subscribed already.")
    assert await status(talk) is SubscriptionStatus.ACTIVE


async def test_unsubscribing_keeps_the_settings_for_a_return(talk: Talk) -> None:
    """Who comes back finds everything as it was."""
    await talk.say("/subscribe")
    await talk.say("/lang zh")
    assert "/subscribe" in text(await talk.say("/unsubscribe"))
    assert await status(talk) is SubscriptionStatus.ENDED
    assert "欢迎回来" in text(await talk.say("/subscribe"))
    assert await status(talk) is SubscriptionStatus.ACTIVE


async def test_unsubscribing_what_was_not_subscribed_is_told(talk: Talk) -> None:
    """Nothing to end."""
    assert text(await talk.say("/unsubscribe")) == "This chat was not subscribed."


@pytest.mark.parametrize("line", ["/subscribe", "/unsubscribe", "/lang zh"])
@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
async def test_in_a_chat_of_many_only_administrators_decide(talk: Talk, line: str, kind: ChatKind) -> None:
    """Others are told so, kindly, and nothing changes."""
    group = replace(talk.in_group(), kind=kind)
    assert "administrators" in text(await group.say(line))
    assert (chat := await group.chat_now()) is None or chat.preferences == Preferences()
    talk.administrators.add(READER.address)
    assert "administrators" not in text(await group.say(line))


async def test_a_strangers_press_is_answered_to_the_stranger_alone(talk: Talk) -> None:
    """A group is not told of it."""
    reply = await talk.in_group().press("subscribe")
    assert "administrators" in reply.toast
    assert not reply.document


async def test_the_hour_a_chat_chose_is_the_hour_it_is_told(talk: Talk) -> None:
    """Its own zone, too."""
    await talk.say("/subscribe")
    preferences = Preferences(zone="Asia/Shanghai", post_at="20:30")
    await talk.context.chats.set_preferences(talk.chat, preferences)
    said = text(await talk.say("/subscribe")).replace("\u202f", " ")
    assert "8:30 PM (Shanghai)" in said


async def test_issues_come_in_the_language_of_whoever_subscribes_in_private(talk: Talk) -> None:
    """As answers do; a language that was chosen stays, and a group's is not one person's."""
    chinese = replace(talk, user=User(READER.address, language="zh-hans"))
    talk.administrators.add(READER.address)
    await chinese.in_group().say("/subscribe")
    await chinese.say("/subscribe")
    chats = await talk.context.chats.get(talk.chat), await talk.context.chats.get(talk.in_group().chat)
    assert [chat and chat.preferences.language for chat in chats] == ["zh", ""]
    await chinese.press("lang en")
    await chinese.say("/unsubscribe")
    await chinese.say("/subscribe")
    chat = await talk.chat_now()
    assert chat is not None
    assert chat.preferences.language == "en"


async def test_a_language_is_chosen_by_button_code_or_name(talk: Talk) -> None:
    """And confirmed in that language."""
    assert actions(await talk.say("/lang")) == ["lang en", "lang zh"]
    for chosen in ("lang zh", "lang 中文", "lang ZH-hans"):
        assert "中文" in text(await talk.press(chosen))
    chat = await talk.chat_now()
    assert chat is not None
    assert chat.preferences.language == "zh"
    assert "English" in (await talk.press("lang tlh")).toast


@pytest.mark.parametrize(
    ("managers", "says"), [(Managers.MEMBERS, "members of this channel"), (Managers.ADMINS, "this workspace’s admin")]
)
async def test_who_may_not_is_told_who_may(talk: Talk, managers: Managers, says: str) -> None:
    """As it is there: where chats have no administrators of their own, nobody is sent to look for one."""

    async def told(_chat: Address) -> Managers:
        return managers

    group = replace(talk.in_group(), context=replace(talk.context, managers=told))
    assert says in text(await group.say("/subscribe"))
    assert says in (await group.press("set images off")).toast
    assert says in text(await group.say("/settings"))


async def test_a_group_is_greeted_once_and_told_who_can_set_the_bot_up(talk: Talk) -> None:
    """One short thing; a person and a channel are spared it."""
    reply = await happen(talk.in_group(), MembershipChange.ADDED)
    assert "administrator" in text(reply)
    assert actions(reply) == ["subscribe"]
    assert await happen(talk, MembershipChange.ADDED) is None
    channel = replace(talk, chat=Address("web", "channel"), kind=ChatKind.CHANNEL)
    assert await happen(channel, MembershipChange.ADDED) is None


async def test_a_chat_that_put_the_bot_out_is_suspended_and_comes_back(talk: Talk) -> None:
    """Nothing is deleted; on return the latest issue is offered."""
    group = talk.in_group()
    talk.administrators.add(READER.address)
    await group.say("/subscribe")
    assert await happen(group, MembershipChange.REMOVED, reason="kicked") is None
    chat = await group.chat_now()
    assert chat is not None
    assert (chat.status, chat.reason) == (SubscriptionStatus.SUSPENDED, "kicked")
    reply = await happen(group, MembershipChange.ADDED)
    assert text(reply).startswith("Welcome back.")
    assert actions(reply) == ["issue 12", "settings"]
    assert await status(group) is SubscriptionStatus.ACTIVE


async def test_what_is_over_brings_back_whom_it_kept_away(talk: Talk) -> None:
    """A chat suspended for another reason waits on; one that was not away hears nothing."""
    group = talk.in_group()
    talk.administrators.add(READER.address)
    assert await happen(group, MembershipChange.RESTORED) is None
    await group.say("/subscribe")
    assert await happen(group, MembershipChange.RESTORED) is None
    await happen(group, MembershipChange.REMOVED, reason="archived")
    assert await happen(group, MembershipChange.RESTORED, reason="kicked") is None
    assert await status(group) is SubscriptionStatus.SUSPENDED
    assert text(await happen(group, MembershipChange.RESTORED, reason="archived")).startswith("Welcome back.")
    assert await status(group) is SubscriptionStatus.ACTIVE


async def test_a_suspended_chat_comes_back_by_subscribing_too(talk: Talk) -> None:
    """Whatever the bot was told by the platform."""
    await talk.say("/subscribe")
    await happen(talk, MembershipChange.REMOVED)
    assert text(await talk.say("/subscribe")).startswith("Welcome back.")
    assert await status(talk) is SubscriptionStatus.ACTIVE


async def test_a_chat_that_moved_keeps_its_subscription(talk: Talk) -> None:
    """The new address receives what the old one did."""
    group = talk.in_group()
    talk.administrators.add(READER.address)
    await group.say("/subscribe")
    there = Address("web", "new-lab")
    await happen(group, MembershipChange.MIGRATED, moved_to=there)
    assert await status(replace(group, chat=there)) is SubscriptionStatus.ACTIVE
    assert await status(group) is not SubscriptionStatus.ACTIVE


async def test_a_renamed_chat_is_known_by_its_new_name(talk: Talk) -> None:
    """The list of chats tells the names people see."""
    group = talk.in_group()
    await happen(group, MembershipChange.RENAMED)
    chat = await group.chat_now()
    assert chat is not None
    assert chat.title == "Lab"


async def test_a_demoted_bot_says_nothing(talk: Talk) -> None:
    """What it may still do shows when it does it."""
    assert await happen(talk.in_group(), MembershipChange.DEMOTED) is None


async def test_a_person_who_comes_back_is_welcomed_in_their_language(talk: Talk) -> None:
    """Their platform tells which."""
    chinese = replace(talk, user=User(READER.address, language="zh"))
    await chinese.say("/subscribe")
    await happen(chinese, MembershipChange.REMOVED)
    membership = Membership(chinese.chat, chinese.kind, MembershipChange.ADDED, user=chinese.user)
    reply = await follow(membership, chinese.context, chinese.closing)
    assert "欢迎回来" in text(reply)
