"""A chat of many, on a platform where a button can lead into one's own chat: short there, all of it in private."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import follow
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Membership, MembershipChange, Where
from bot.model.digest import Comment, Issue, Section
from bot.model.richtext import Document, paragraph
from bot.model.search import Topic
from bot.search.glossary import Glossary
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


@pytest.mark.parametrize("kind", [ChatKind.GROUP, ChatKind.CHANNEL])
async def test_what_can_be_asked_is_told_in_a_few_lines(empty: Talk, kind: ChatKind) -> None:
    """All of it is a button away, in private."""
    group = replace(await filled(empty), kind=kind)
    short = await group.say("/help")
    assert len(text(short).splitlines()) <= 8
    ((more,),) = short.buttons
    assert (more.action, more.where) == ("help", Where.PRIVATE)
    home = replace(group, chat=HOME, kind=ChatKind.PRIVATE)
    whole = await home.say("/start help")
    assert text(whole) == text(await home.say("/help"))
    assert len(text(whole)) > 2 * len(text(short))


async def test_a_few_topics_are_told(empty: Talk) -> None:
    """The fullest; where there are no more than these, they are told as ever."""
    group = await filled(empty)
    assert not [b for row in (await group.say("/topics")).buttons for b in row if b.where is not Where.HERE]
    topics = tuple(Topic(f"t{n}", (("en", f"Topic {n}"),), (f"number {n}",)) for n in range(9))
    group.context.index.adopt(topics, Glossary())
    await group.context.index.ensure_current()
    short = await group.say("/topics")
    assert len([line for line in text(short).splitlines() if "/t" in line]) == 6
    ((more,),) = short.buttons
    assert (more.action, more.where) == ("topics", Where.PRIVATE)
    home = replace(group, chat=HOME, kind=ChatKind.PRIVATE)
    assert "/t8" in text(await home.say("/start topics"))


async def test_of_a_long_entry_the_beginning_is_told(empty: Talk) -> None:
    """And what was said about it is in private; a short one is told whole."""
    said = tuple(Comment(f"Reader {n}", 0, Document((paragraph("word " * 40),))) for n in range(9))
    long = replace(entry("Long", "much " * 300), comments=said)
    issue = Issue(1, "One", sections=(Section("S", (long, entry("Short", "little"))),))
    await empty.context.issues.save(issue, content_hash="1", now=empty.context.clock.now(), publish_at=None)
    group = replace(empty, user=ADA, chat=LAB, kind=ChatKind.GROUP)
    first, second = [one for one in actions(await group.say("/section 1 0 0")) if one.startswith("entry ")]
    short = await group.press(first)
    assert len(text(short)) < 700
    assert "Reader" not in text(short)
    leading = {b.action.split(" ")[0]: b for row in short.buttons for b in row if b.where is Where.PRIVATE}
    assert leading.keys() == {"entry", "discussion"}
    home = replace(group, chat=HOME, kind=ChatKind.PRIVATE)
    assert len(text(await home.say(f"/start {leading['entry'].action.replace(' ', '_')}"))) > 1000
    assert "Reader 8" in text(await home.say(f"/start {leading['discussion'].action.replace(' ', '_')}"))
    assert not [b for row in (await group.press(second)).buttons for b in row if b.where is not Where.HERE]


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
