"""Questions get their answers, where and to whom they belong."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import User
from bot.model.command import Attachment, Button, Command, Origin, Reply
from bot.model.richtext import Document, Image, paragraph
from tests.contract.slack.house import WITHIN, House, answers, at, say
from tests.fakes.faults import TooMany
from tests.fakes.slack import SlackFake

PICTURE = "https://example.org/a.png"


async def test_slash_command_is_answered_to_the_asker(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A slash command is acknowledged at once and answered to its asker alone, as long as the answer takes."""
    channel, ada = slack.channel("vision"), slack.user("Ada")
    house.reply = lambda _: say("x" * 8900, "y" * 8900)
    delivery = slack.command(channel, ada, "/digest search nerf")
    records = await answers(slack, channel, 2)
    assert [record.text[0] for record in records] == ["x", "y"]
    assert {record.audience for record in records} == {ada.id}
    assert delivery.acknowledged
    command = house.commands[0]
    assert (command.name, command.argument, command.chat) == ("search", "nerf", at(channel))
    assert command.user == User(f"slack:{ada.id}", name="ada")
    assert (command.chat_title, command.addressed, command.origin) == ("vision", True, Origin.TEXT)
    assert slack.violations == []


async def test_acknowledgement_does_not_wait_for_the_answer(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Slack hears that a request was taken long before the work on it ends."""
    house.hold = asyncio.Event()
    delivery = slack.command(slack.channel(), slack.user(), "/slam")
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)
    assert len(slack.transcript) == 0
    assert delivery.latency < 1.0
    house.hold.set()


async def test_unknown_slash_command_is_acknowledged(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A slash command nobody knows here is acknowledged, and left to the house; silence is an answer, too."""
    house.reply = lambda _: None
    delivery = slack.command(slack.channel(), slack.user(), "/of_tomorrow x")
    await house.until(lambda: house.commands)
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)
    assert house.commands[0].name == "of_tomorrow"


async def test_long_answer_outlives_the_response_url(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A response_url speaks five times; what is left of a long answer still reaches the asker alone."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda _: say(*(f"{number}" + "x" * 8900 for number in range(7)))
    slack.command(channel, ada, "/digest latest")
    records = await answers(slack, channel, 7)
    assert [record.text[0] for record in records] == [*"0123456"]
    assert {record.audience for record in records} == {ada.id}
    assert slack.violations == []


async def test_mention_is_answered_in_a_thread(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A mention is answered in the thread it stands in, or in one it begins; the channel is what is asked about."""
    channel, ada = slack.channel(), slack.user()
    asked = slack.say(channel, ada, f"{slack.mention()} nerf")
    first = (await answers(slack, channel))[0]
    inside = slack.say(channel, ada, f"{slack.mention()} subscribe", thread=asked.ts)
    second = (await answers(slack, channel, 2))[1]
    assert (first.thread, second.thread) == (asked.ts, asked.ts)
    assert inside.ts != asked.ts
    assert [(command.name, command.argument) for command in house.commands] == [("", "nerf"), ("subscribe", "")]
    assert {command.chat for command in house.commands} == {at(channel)}
    assert house.turns == [at(channel), at(channel)]


async def test_direct_messages_are_answered(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Plain words to the bot are looked for, typed commands are followed, its own words are not answered."""
    ada = slack.user()
    direct = slack.direct(ada)
    slack.say(direct, ada, "nerf &amp; slam")
    await answers(slack, direct)
    slack.say(direct, ada, "/search <https://arxiv.org/abs/2003.08934>")
    records = await answers(slack, direct, 2)
    assert [record.text for record in records] == ["|nerf & slam", "search|https://arxiv.org/abs/2003.08934"]
    assert [record.audience for record in records] == ["", ""]
    assert len(house.commands) == 2


async def test_person_is_known_in_private(slack: SlackFake, house: House, listening: Adapter) -> None:
    """In direct messages a person has their name and language, so that they are answered in their own."""
    ada = slack.user("Ada", language="zh-CN")
    slack.say(slack.direct(ada), ada, "nerf")
    await answers(slack, slack.direct(ada))
    command = house.commands[0]
    assert command.user == User(f"slack:{ada.id}", name="Ada", language="zh-CN")
    assert command.chat_title == "Ada"


async def test_button_turns_the_page_in_place(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A pressed button is a command of ids; an answer that replaces takes the place of its message."""
    channel, ada = slack.channel(), slack.user()
    house.reply = lambda command: say(
        f"page {command.argument or 1}", buttons=((Button("Next ▶", "page 2"),),), replace=True
    )
    slack.say(channel, ada, f"{slack.mention()} nerf")
    first = (await answers(slack, channel))[0]
    slack.press(first, "Next ▶", by=ada)
    await slack.wait_for(lambda transcript: transcript.edited, within=WITHIN)
    assert slack.transcript.standing(channel.id).from_bot.texts == ["page 2"]
    command = house.commands[-1]
    assert (command.name, command.argument, command.origin) == ("page", "2", Origin.BUTTON)


async def test_button_changes_the_buttons_alone(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Below an answer in several messages, seen by all or by one: the last keeps its words and gets other buttons."""
    ada = slack.user()
    channel = slack.channel(members=[ada])

    def reply(command: Command) -> Reply:
        kept = command.name == "save"
        buttons = ((Button("★ Saved" if kept else "☆ Save", "save 1"),),)
        return say("x" * 8900, "y" * 100, buttons=buttons, replace=kept, buttons_only=kept)

    house.reply = reply
    slack.say(channel, ada, f"{slack.mention()} nerf")
    slack.press((await answers(slack, channel, 2))[-1], "☆ Save", by=ada)
    await slack.wait_for(lambda transcript: transcript.edited, within=WITHIN)
    standing = slack.transcript.standing(channel.id).from_bot
    assert [record.text[0] for record in standing] == ["x", "y"]
    assert [button.label for row in standing[-1].buttons for button in row] == ["★ Saved"]
    slack.command(channel, ada, "/digest latest")
    await slack.wait_for(lambda _: len(slack.transcript.standing(channel.id).from_bot) == 4, within=WITHIN)
    slack.press(slack.transcript.standing(channel.id).from_bot[-1], "☆ Save", by=ada)
    await slack.wait_for(lambda transcript: len(transcript.edited) == 2, within=WITHIN)
    assert [record.text[0] for record in slack.transcript.standing(channel.id).from_bot] == ["x", "y", "x", "y"]
    assert slack.violations == []


async def test_button_below_a_private_answer_stays_private(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Below an answer only one sees, a page turns in place, and a new message is for the same one."""
    channel, ada = slack.channel(), slack.user()
    buttons = ((Button("Next ▶", "page 2"), Button("1", "entry 7")),)
    house.reply = lambda command: say(command.name, buttons=buttons, replace=command.name == "page")
    slack.command(channel, ada, "/digest latest")
    first = (await answers(slack, channel))[0]
    slack.press(first, "Next ▶", by=ada)
    await slack.wait_for(lambda transcript: transcript.edited, within=WITHIN)
    slack.press(first, "1", by=ada)
    records = await answers(slack, channel, 3)
    assert [record.text for record in records] == ["latest", "page", "entry"]
    assert (records[0].audience, records[2].audience) == (ada.id, ada.id)
    assert slack.counters["chat.postMessage"] == 0


async def test_button_that_opens_an_address_is_acknowledged(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Slack tells of pressed links, too: they are acknowledged, and ask nothing."""
    channel, ada = slack.channel(), slack.user()
    house.reply = lambda _: say("here", buttons=((Button("Paper", url="https://e.org"),),))
    slack.command(channel, ada, "/digest latest")
    first = (await answers(slack, channel))[0]
    delivery = slack.press(first, "Paper", by=ada)
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)
    assert len(house.commands) == 1


async def test_toast_is_for_the_presser_alone(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A short notice is shown to whoever pressed, in the thread they pressed in."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda command: Reply(toast="Saved") if command.name == "save" else say("entry", buttons=SAVE)
    slack.say(channel, ada, f"{slack.mention()} nerf")
    first = (await answers(slack, channel))[0]
    slack.press(first, "Save", by=ada)
    toast = (await answers(slack, channel, 2))[1]
    assert (toast.text, toast.audience, toast.thread) == ("Saved", ada.id, first.thread)


SAVE = ((Button("Save", "save 7"),),)


async def test_throttled_answer_is_said_later(slack: SlackFake, house: House, listening: Adapter) -> None:
    """An answer waits as long as Slack asks."""
    ada = slack.user()
    direct = slack.direct(ada)
    slack.fail(with_=TooMany(13), method="chat.postMessage")
    slack.say(direct, ada, "nerf")
    assert (await answers(slack, direct))[0].text == "|nerf"
    assert 13.0 in house.clock.slept


@pytest.mark.parametrize("by_command", [True, False])
async def test_refused_answer_is_said_more_plainly(
    slack: SlackFake, house: House, listening: Adapter, *, by_command: bool
) -> None:
    """An answer with a dead picture is said without it, whichever way it goes."""
    ada = slack.user()
    direct = slack.direct(ada)
    slack.break_image(PICTURE)
    house.reply = lambda _: Reply(Document((paragraph("found"), Image(PICTURE, "A rabbit"))))
    if by_command:
        slack.command(direct, ada, "/digest nerf")
    else:
        slack.say(direct, ada, "nerf")
    assert (await answers(slack, direct))[0].text == "found\n🖼 A rabbit"


async def test_file_is_sent_along(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A file is put where it was asked for; after a private question it goes into direct messages."""
    ada = slack.user()
    direct, channel = slack.direct(ada), slack.channel(members=[ada])
    file = Attachment("saved.bib", b"@article{}")
    house.reply = lambda _: Reply(attachment=file)
    slack.say(direct, ada, "export")
    first = (await answers(slack, direct))[0]
    slack.command(channel, ada, "/digest export")
    second = (await answers(slack, direct, 2))[1]
    assert [record.content["files"][0]["name"] for record in (first, second)] == ["saved.bib", "saved.bib"]
    assert not slack.transcript.of(channel.id)


async def test_message_is_searched_for(slack: SlackFake, house: House, listening: Adapter) -> None:
    """The shortcut on a message looks for its words, and shows what is found to whoever chose it alone."""
    channel, ada, ben = slack.channel(), slack.user("Ada"), slack.user("Ben")
    message = slack.say(channel, ben, "Is there something about\nnerf &amp; slam?")
    delivery = slack.shortcut("search_message", by=ada, message=message)
    record = (await answers(slack, channel))[0]
    assert (record.text, record.audience) == ("search|Is there something about nerf & slam?", ada.id)
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)


async def test_repeated_request_is_worked_on_once(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Slack repeats what it believes lost: it is acknowledged again, and done once."""
    channel, ada = slack.channel(), slack.user()
    slack.say(channel, ada, f"{slack.mention()} nerf")
    await answers(slack, channel)
    told = slack.deliveries[-1]
    slack.retry(told)
    await slack.wait_for(lambda _: told.attempts == 2 and told.acknowledged, within=WITHIN)
    delivery = slack.command(channel, ada, "/slam")
    await answers(slack, channel, 2)
    slack.retry(delivery)
    await slack.wait_for(lambda _: delivery.attempts == 2 and delivery.acknowledged, within=WITHIN)
    slack.say(channel, ada, f"{slack.mention()} last")
    await answers(slack, channel, 3)
    assert [command.argument for command in house.commands] == ["nerf", "", "last"]
