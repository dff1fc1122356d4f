"""Answers laid over what one is reading: modals, as deep as Slack lets them lie, with the way back to a message."""

from __future__ import annotations

import asyncio

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import ChatKind
from bot.model.command import Button, Command, Origin, Reply
from bot.model.richtext import Document, Heading, Image, Span, paragraph
from tests.contract.slack.house import WITHIN, House, answers, at, say, shown
from tests.fakes.faults import Refuse
from tests.fakes.slack import Channel, SlackFake, User
from tests.fakes.transcript import Record

PICTURE = "https://example.org/a.png"
ENTRY = ((Button("1", "entry 7"), Button("Save", "save 7")),)
LEADING_ON = ((Button("More like this", "related 7"), Button("Next ▶", "page 2"), Button("Save", "save 7")),)


def open_pages(command: Command) -> Reply | None:
    """Answer like the house: entries and what is like them are pages, pages of a list turn, saving is a notice."""
    match command.name:
        case "entry" | "related":
            return say(f"{command.name} {command.argument}", buttons=LEADING_ON, page="Issue 12")
        case "page":
            return say(f"page {command.argument}", buttons=LEADING_ON, replace=True)
        case "save":
            return Reply(toast="Saved.")
        case _:
            return say("found", buttons=ENTRY)


async def ask(slack: SlackFake, house: House, channel: Channel, user: User) -> Record:
    """Have the bot say something with buttons in a channel, for all to read."""
    house.reply = open_pages
    slack.say(channel, user, f"{slack.mention()} nerf")
    return (await answers(slack, channel))[0]


async def test_a_page_opens_over_the_channel(slack: SlackFake, house: House, listening: Adapter) -> None:
    """An entry opened below a message that all see is shown to whoever pressed, and the channel stays as it was."""
    ada = slack.user()
    channel = slack.channel("vision", members=[ada])
    first = await ask(slack, house, channel, ada)
    before = len(slack.transcript)
    slack.press(first, "1", by=ada)
    modal = await shown(slack, ada, "entry 7")
    assert modal.json["title"]["text"] == "Issue 12"
    assert len(slack.transcript) == before
    command = house.commands[-1]
    assert (command.name, command.argument, command.chat, command.origin) == ("entry", "7", at(channel), Origin.BUTTON)
    assert slack.violations == []


async def test_pages_lie_upon_each_other(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What is opened in a modal lies upon it; Slack holds three, and the fourth takes the place of the third."""
    ada = slack.user()
    channel = slack.channel("vision", members=[ada])
    first = await ask(slack, house, channel, ada)
    slack.press(first, "1", by=ada)
    bottom = await shown(slack, ada, "entry 7")
    stack = [bottom]
    for _ in range(2):
        slack.press(stack[-1], "More like this", by=ada)
        stack.append(await slack.wait_for(lambda _: (top := slack.view_of(ada)) not in stack and top, within=WITHIN))
    slack.press(stack[-1], "More like this", by=ada)
    await slack.wait_for(lambda _: slack.screens.of(stack[-1].id).edited, within=WITHIN)
    assert slack.view_of(ada) is stack[-1]
    assert len({view.id for view in stack}) == 3
    assert {command.chat for command in house.commands} == {at(channel)}
    assert {command.kind for command in house.commands[1:]} == {ChatKind.GROUP}
    assert slack.violations == []


async def test_a_modal_turns_its_page_in_place(slack: SlackFake, house: House, listening: Adapter) -> None:
    """An answer that replaces takes the place of what the modal showed; a notice stands above what it shows."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    slack.press(await ask(slack, house, channel, ada), "1", by=ada)
    modal = await shown(slack, ada, "entry 7")
    slack.press(modal, "Next ▶", by=ada)
    assert await shown(slack, ada, "page 2") is modal
    for _ in range(2):
        slack.press(modal, "Save", by=ada)
        await shown(slack, ada, "Saved.")
    lines = slack.screens[-1].text.splitlines()
    assert lines == ["Saved.", "page 2"]
    assert slack.violations == []


async def test_pictures_come_after_the_words(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A trigger does not wait for pictures to be fetched: the words are shown at once, pictures in a second step."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    first = await ask(slack, house, channel, ada)
    house.reply = lambda _: Reply(Document((paragraph("entry"), Image(PICTURE, "A rabbit"))), page="Issue 12")
    slack.press(first, "1", by=ada)
    modal = await shown(slack, ada, "A rabbit")
    assert [record.text for record in slack.screens.of(modal.id)] == ["entry", "entry\nA rabbit"]


async def test_a_dead_picture_is_a_link(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A picture that Slack cannot fetch costs nothing but itself."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    first = await ask(slack, house, channel, ada)
    slack.break_image(PICTURE)
    house.reply = lambda _: Reply(Document((paragraph("entry"), Image(PICTURE, "A rabbit"))), page="Issue 12")
    slack.press(first, "1", by=ada)
    await shown(slack, ada, "🖼 A rabbit")


async def test_a_refused_page_is_said_in_plain_words(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What Slack does not take as blocks is shown as words, buttons kept."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    first = await ask(slack, house, channel, ada)
    slack.fail(with_=Refuse("invalid_arguments"), method="views.open")
    slack.press(first, "1", by=ada)
    modal = await shown(slack, ada, "entry 7")
    assert [block["type"] for block in modal.json["blocks"]] == ["section", "actions"]


@pytest.mark.parametrize("code", ["expired_trigger_id", "internal_error"])
async def test_a_page_that_comes_too_late_is_a_message(
    slack: SlackFake, house: House, listening: Adapter, code: str
) -> None:
    """Where no modal opens any more, whoever pressed is answered all the same."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    first = await ask(slack, house, channel, ada)
    slack.fail(with_=Refuse(code), method="views.open")
    slack.press(first, "1", by=ada)
    records = await answers(slack, channel, 2)
    assert (records[1].text, records[1].audience) == ("entry 7", ada.id)


async def test_what_comes_late_into_a_modal_replaces_it(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A trigger that ran out lays nothing upon a modal, but the modal itself can still show the answer."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    slack.press(await ask(slack, house, channel, ada), "1", by=ada)
    modal = await shown(slack, ada, "entry 7")
    slack.fail(with_=Refuse("expired_trigger_id"), method="views.push")
    slack.press(modal, "More like this", by=ada)
    assert await shown(slack, ada, "related 7") is modal


async def test_a_closed_modal_is_answered_in_the_channel(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Who closed the modal before the answer came gets it alone, in the channel it was opened from."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    slack.press(await ask(slack, house, channel, ada), "1", by=ada)
    modal = await shown(slack, ada, "entry 7")
    house.hold = asyncio.Event()
    slack.press(modal, "Next ▶", by=ada)
    await house.until(lambda: house.commands[-1].name == "page")
    slack.close(modal, by=ada)
    house.hold.set()
    records = await answers(slack, channel, 2)
    assert (records[1].text, records[1].audience) == ("page 2", ada.id)


async def test_a_page_longer_than_a_modal_is_turned(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Of more than a hundred blocks every word can be read, page by page, each modal within Slack's limits."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    first = await ask(slack, house, channel, ada)
    lines = tuple(Heading((Span(f"line {number}"),), level=2) for number in range(250))
    house.reply = lambda _: Reply(Document(lines), page="Issue 12")
    slack.press(first, "1", by=ada)
    modal = await shown(slack, ada, "line 0\n")
    read = slack.screens[-1].text.splitlines()
    while any(button.label == "Next ▶" for row in slack.screens[-1].buttons for button in row):
        slack.press(modal, "Next ▶", by=ada)
        await shown(slack, ada, f"line {len(read)}\n")
        read += slack.screens[-1].text.splitlines()
    assert read == [f"line {number}" for number in range(250)]
    assert slack.violations == []


async def test_typed_questions_are_answered_by_messages(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A slash command is answered where it was typed, page or not: what is read there stays there."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = open_pages
    slack.command(channel, ada, "/digest search nerf")
    await answers(slack, channel)
    house.reply = lambda _: say("random", page="Issue 12")
    slack.command(channel, ada, "/digest latest")
    assert (await answers(slack, channel, 2))[1].text == "random"
    assert not slack.screens
