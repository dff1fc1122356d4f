"""A channel or a group set up from the private chat: named, or chosen from those that are offered."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import follow
from bot.model.chat import Address, ChatKind, Layout, Place, SubscriptionStatus, User
from bot.model.command import Membership, MembershipChange, Origin, Purpose
from tests.unit.handlers.conftest import Talk, actions, text

ADA = User("telegram:7", "Ada")
HOME, LAB, NEWS = Address("telegram", "7"), Address("telegram", "-7"), Address("telegram", "-1007")


@pytest.fixture
def ada(talk: Talk) -> Talk:
    """Somebody who administers a channel, in private with the bot."""
    talk.places["@news"] = Place(NEWS, ChatKind.CHANNEL, "News", is_open=True)
    talk.administrators.add(ADA.address)
    return replace(talk, chat=HOME, kind=ChatKind.PRIVATE, user=ADA)


async def test_a_channel_is_subscribed_by_its_name(ada: Talk) -> None:
    """It is told which chat that is about, and the buttons go on about that one."""
    reply = await ada.say("/subscribe @news")
    assert "New issues come to News" in text(reply)
    chat = await ada.context.chats.get(NEWS)
    assert chat is not None
    assert (chat.title, chat.kind, chat.status) == ("News", ChatKind.CHANNEL, SubscriptionStatus.ACTIVE)
    assert f"about {chat.id} panel" in actions(reply)
    assert await ada.chat_now() is None
    assert "“News” is subscribed already." in text(await ada.say("/subscribe @news"))


async def test_a_channel_is_unsubscribed_by_its_name(ada: Talk) -> None:
    """Also where the bot may not write any more."""
    await ada.say("/subscribe @news")
    ada.places["@news"] = replace(ada.places["@news"], is_open=False)
    reply = await ada.say("/unsubscribe @news")
    assert "“News” receives no more issues" in text(reply)
    chat = await ada.context.chats.get(NEWS)
    assert chat is not None
    assert chat.status is SubscriptionStatus.ENDED
    assert actions(reply) == [f"about {chat.id} subscribe"]
    assert "was not subscribed" in text(await ada.say("/unsubscribe @news"))


async def test_a_channels_settings_are_opened_and_written_by_its_name(ada: Talk) -> None:
    """As they are in the chat itself; the private chat's own stay as they were."""
    panel = await ada.say("/settings @news")
    assert "What “News” receives" in text(panel)
    assert all(action.startswith("about ") for action in actions(panel))
    assert "Layout: Full" in text(await ada.say("/settings @news layout full"))
    chat = await ada.context.chats.get(NEWS)
    assert chat is not None
    assert chat.preferences.layout is Layout.FULL
    assert "Layout: Compact" in text(await ada.say("/settings"))


@pytest.mark.parametrize("command", ["subscribe", "unsubscribe", "settings"])
async def test_what_cannot_be_set_up_is_told_in_one_line(ada: Talk, command: str) -> None:
    """With what to do; and nothing is changed."""
    ada.places["@bob"] = Place(Address("telegram", "8"), ChatKind.PRIVATE, "Bob", is_open=True)
    assert "no channel or group “@lost”" in text(await ada.say(f"/{command} @lost"))
    assert "“@bob” is no channel or group" in text(await ada.say(f"/{command} @bob"))
    ada.administrators.clear()
    assert "Only the administrators of “@news”" in text(await ada.say(f"/{command} @news"))
    assert await ada.context.chats.get(NEWS) is None


@pytest.mark.parametrize(("kind", "told"), [(ChatKind.CHANNEL, "may not post"), (ChatKind.GROUP, "may not write")])
async def test_where_the_bot_may_not_write_is_told(ada: Talk, kind: ChatKind, told: str) -> None:
    """Its title is for those who administer it alone."""
    ada.places["-1007"] = Place(NEWS, kind, "News", is_open=False)
    assert f"{told} in “News”" in text(await ada.say("/subscribe -1007"))
    ada.administrators.clear()
    assert f"{told} in “-1007”" in text(await ada.say("/settings -1007"))


async def test_in_a_group_another_chat_is_not_set_up(ada: Talk) -> None:
    """Nor is the group itself, which was not meant."""
    group = replace(ada, chat=LAB, kind=ChatKind.GROUP)
    assert "private chat with me" in text(await group.say("/subscribe @news"))
    assert await group.chat_now() is None


async def test_where_nobody_can_name_chats_a_name_is_no_matter(talk: Talk) -> None:
    """The chat in which that is said is subscribed, as ever."""
    await talk.say("/subscribe please")
    chat = await talk.chat_now()
    assert chat is not None
    assert chat.status is SubscriptionStatus.ACTIVE


async def test_channels_and_groups_are_offered_in_private(ada: Talk) -> None:
    """Beside the subscription and the settings; a button out of its place is out of date."""
    for line, purpose in (("/subscribe", Purpose.SUBSCRIBE), ("/settings", Purpose.SETTINGS)):
        assert f"choose {purpose}" in actions(await ada.say(line))
        offered = await ada.press(f"choose {purpose}")
        assert offered.offer is not None
        assert offered.offer.purpose is purpose
        assert not offered.buttons
    group = replace(ada, chat=LAB, kind=ChatKind.GROUP)
    assert "choose subscribe" not in actions(await group.say("/subscribe"))
    refused = await group.hear("/choose subscribe", origin=Origin.BUTTON)
    assert refused is not None
    assert refused.toast
    assert (await ada.press("choose everything")).toast


def arrival(change: MembershipChange, *, is_open: bool) -> Membership:
    return Membership(NEWS, ChatKind.CHANNEL, change, ADA, chat_title="News", is_open=is_open)


async def test_a_channel_is_offered_once_the_bot_may_post_there(ada: Talk) -> None:
    """Taken there without that right, it says what it lacks; promoted, it makes its offer."""
    mute = await follow(arrival(MembershipChange.ADDED, is_open=False), ada.context, ada.closing)
    assert mute is not None
    assert "may not post there yet" in text(mute)
    assert not mute.buttons
    assert await follow(arrival(MembershipChange.PROMOTED, is_open=False), ada.context, ada.closing) is None
    offer = await follow(arrival(MembershipChange.PROMOTED, is_open=True), ada.context, ada.closing)
    assert offer is not None
    assert [action.split(" ")[2] for action in actions(offer)] == ["subscribe", "panel"]
    await ada.press(actions(offer)[0])
    assert await follow(arrival(MembershipChange.PROMOTED, is_open=True), ada.context, ada.closing) is None


async def test_a_group_that_was_chosen_is_told_that_it_is_subscribed(ada: Talk) -> None:
    """The choice is answered first; a greeting that asks for a subscription would come too late."""
    ada.places["-7"] = Place(LAB, ChatKind.GROUP, "Lab", is_open=True)
    await ada.say("/subscribe -7")
    added = Membership(LAB, ChatKind.GROUP, MembershipChange.ADDED, ADA, chat_title="Lab")
    reply = await follow(added, ada.context, ada.closing)
    assert reply is not None
    assert text(reply).startswith("Subscribed.")
    assert "New issues come here" in text(reply)


async def test_a_channel_that_comes_back_is_offered_what_it_missed_in_private(ada: Talk) -> None:
    """To whoever brought the bot back; the buttons are about the channel."""
    await ada.say("/subscribe @news")
    removed = replace(arrival(MembershipChange.REMOVED, is_open=False), reason="kicked")
    await follow(removed, ada.context, ada.closing)

    async def missed(chat: Address) -> tuple[int, ...]:
        return (11, 12) if chat == NEWS else ()

    context = replace(ada.context, missed=missed)
    reply = await follow(arrival(MembershipChange.ADDED, is_open=True), context, ada.closing)
    assert reply is not None
    assert "I can write in “News” again" in text(reply)
    assert "missed issues 11, 12" in text(reply)
    chat = await ada.context.chats.get(NEWS)
    assert chat is not None
    assert actions(reply) == [f"about {chat.id} catchup"]
    assert chat.status is SubscriptionStatus.ACTIVE
