"""A chat of many, on a platform where a button can lead into one's own chat: short there, all of it in private."""

from __future__ import annotations

from dataclasses import replace

from bot.handlers import follow
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Membership, MembershipChange, Where
from bot.model.digest import Issue, Section
from tests.unit.handlers.conftest import Talk, actions, text
from tests.unit.handlers.samples import entry

ADA = User("telegram:7", "Ada")
LAB, HOME, NEWS = Address("telegram", "-7"), Address("telegram", "7"), Address("telegram", "-1007")


async def filled(empty: Talk) -> Talk:
    entries = tuple(entry(f"Splatting number {number}", "gaussian") for number in range(9))
    issue = Issue(1, "One", sections=(Section("S", entries),))
    await empty.context.issues.save(issue, content_hash="1", now=empty.context.clock.now(), publish_at=None)
    return replace(empty, user=ADA, chat=LAB, kind=ChatKind.GROUP)


async def test_a_search_shows_a_few_and_leads_to_the_rest(empty: Talk) -> None:
    """In private the same question goes on where the link leads; there all pages are."""
    group = await filled(empty)
    short = await group.say("/search gaussian")
    assert len([one for one in actions(short) if one.startswith("entry ")]) == 3
    (more,) = (button for row in short.buttons for button in row if button.where is Where.PRIVATE)
    home = replace(group, chat=HOME, kind=ChatKind.PRIVATE)
    whole = await home.say(f"/start {more.action.replace(' ', '_')}")
    assert len([one for one in actions(whole) if one.startswith("entry ")]) == 5
    assert text(whole).splitlines()[0] == text(short).splitlines()[0]
    assert not [button for row in whole.buttons for button in row if button.where is not Where.HERE]


async def test_a_greeting_offers_to_take_the_bot_along(empty: Talk) -> None:
    """In private alone; where a link took it, it has said hello already, and else a group is greeted shortly."""
    group = await filled(empty)
    home = replace(group, chat=HOME, kind=ChatKind.PRIVATE)
    taken = {button.where for row in (await home.say("/start")).buttons for button in row}
    assert {Where.GROUP, Where.CHANNEL} <= taken
    assert await group.hear("/start hello") is None
    assert "/subscribe" in text(await group.say("/start"))
    elsewhere = replace(empty, chat=Address("web", "lobby"), kind=ChatKind.PRIVATE)
    assert {button.where for row in (await elsewhere.say("/start")).buttons for button in row} == {Where.HERE}


async def test_whoever_takes_the_bot_into_a_channel_is_offered_to_set_it_up(empty: Talk) -> None:
    """By buttons that ask about that channel, and only who may change it can press them."""
    added = Membership(NEWS, ChatKind.CHANNEL, MembershipChange.ADDED, ADA, chat_title="News")
    offer = await follow(added, empty.context, empty.closing)
    assert offer is not None
    assert "News" in text(offer)
    subscribe, panel = actions(offer)
    home = replace(empty, user=ADA, chat=HOME, kind=ChatKind.PRIVATE)
    assert (await home.press(panel)).toast
    empty.administrators.add(ADA.address)
    assert (await home.press(panel)).document
    await home.press(subscribe)
    chat = await empty.context.chats.get(NEWS)
    assert chat is not None
    assert chat.status is not None
    assert await follow(replace(added, change=MembershipChange.PROMOTED), empty.context, empty.closing) is None
