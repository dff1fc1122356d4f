"""What one was answered alone: shared with a channel, turned in place, and said anew where it cannot be reached."""

from __future__ import annotations

import pytest

from bot.adapters.interface import Adapter
from bot.model.command import Button, Command, Reply
from tests.contract.slack.house import WITHIN, House, answers, at, say, shown
from tests.fakes.slack import SlackFake
from tests.fakes.transcript import Record

SHARE = "Share in channel"
NEXT = ((Button("Next ▶", "page 17 5"),),)


def labels(record: Record) -> list[str]:
    return [button.label for row in record.buttons for button in row]


def answer(command: Command) -> Reply | None:
    """Answer like the house, as far as sharing goes."""
    match command.name:
        case "subscribe":
            return say("Subscribed.")
        case "nothing":
            return say("There is no such command.", private=True)
        case name:
            return say(f"{name} {command.argument}", buttons=NEXT, replace=name == "page")


async def test_an_answer_is_shared(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What a slash command was answered stands in the channel at a press, with who shares it and buttons that live."""
    ada, ben = slack.user("Ada"), slack.user("Ben")
    channel = slack.channel("vision", members=[ada, ben])
    house.reply = answer
    slack.command(channel, ada, "/find nerf")
    alone = (await answers(slack, channel))[0]
    assert labels(alone) == ["Next ▶", SHARE]
    slack.press(alone, SHARE, by=ada)
    await slack.wait_for(lambda transcript: transcript.deleted, within=WITHIN)
    (public,) = slack.transcript.standing(channel.id).from_bot
    assert (public.text, public.audience) == (f"Shared by @{ada.id}\n\nsearch nerf", "")
    assert labels(public) == ["Next ▶"]
    slack.press(public, "Next ▶", by=ben)
    await slack.wait_for(lambda transcript: transcript.edited, within=WITHIN)
    assert slack.transcript.standing(channel.id).from_bot.texts == ["page 17 5"]
    assert [(command.name, command.argument) for command in house.commands] == [
        ("search", "nerf"),
        ("search", "nerf"),
        ("page", "17 5"),
    ]
    assert slack.violations == []


async def test_whose_eyes_an_answer_is_for(slack: SlackFake, house: House, listening: Adapter) -> None:
    """The house knows whether one person alone will see it; what is shared is for all, whoever shares it."""
    ada = slack.user("Ada")
    channel = slack.channel("vision", members=[ada])
    house.reply = lambda command: say(command.name, buttons=((Button("1", "entry 7"),),), page="Issue 12")
    slack.command(channel, ada, "/find nerf")
    alone = (await answers(slack, channel))[0]
    slack.press(alone, SHARE, by=ada)
    await slack.wait_for(lambda transcript: transcript.deleted, within=WITHIN)
    (public,) = slack.transcript.standing(channel.id).from_bot
    slack.press(public, "1", by=ada)
    modal = await shown(slack, ada, "entry")
    slack.press(modal, "1", by=ada)
    await house.until(lambda: len(house.commands) == 4)
    assert [(one.is_for_one, one.opens_for_one) for one in house.commands] == [
        (True, True),
        (False, True),
        (False, True),
        (True, True),
    ]


async def test_the_page_that_is_shown_is_the_one_that_is_shared(
    slack: SlackFake, house: House, listening: Adapter
) -> None:
    """Whoever turns the page of an answer and then shares it shares what they see."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = answer
    slack.command(channel, ada, "/find nerf")
    alone = (await answers(slack, channel))[0]
    slack.press(alone, "Next ▶", by=ada)
    turned = (await slack.wait_for(lambda transcript: transcript.edited, within=WITHIN))[0]
    assert labels(turned) == ["Next ▶", SHARE]
    slack.press(turned, SHARE, by=ada)
    await slack.wait_for(lambda transcript: transcript.deleted, within=WITHIN)
    assert slack.transcript.standing(channel.id).from_bot.texts == [f"Shared by @{ada.id}\n\npage 17 5"]


async def test_only_what_is_for_all_can_be_shared(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Refusals, what a command changed, and what is said between two have no button that shares them."""
    ada = slack.user()
    channel, direct = slack.channel(members=[ada]), slack.direct(ada)
    house.reply = answer
    house.changing = {"subscribe"}
    slack.command(channel, ada, "/nothing")
    slack.command(channel, ada, "/subscribe")
    slack.command(direct, ada, "/find nerf")
    records = [*await answers(slack, channel, 2), *await answers(slack, direct)]
    assert SHARE not in [label for record in records for label in labels(record)]


async def test_a_channel_without_the_bot_is_told_of(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Where the bot is not let in, whoever shares is told what to do, and keeps what they have."""
    ada = slack.user()
    channel = slack.channel(private=True, bot=False, members=[ada])
    house.reply = answer
    slack.command(channel, ada, "/find nerf")
    alone = (await answers(slack, channel))[0]
    slack.press(alone, SHARE, by=ada)
    told = (await answers(slack, channel, 2))[1]
    assert "/invite @digest" in told.text.lower()
    assert told.audience == ada.id
    assert [record.text for record in slack.transcript.standing(channel.id)] == ["search nerf", told.text]


async def test_a_modal_is_shared(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What was opened over a channel can be shared in it, in the thread it came from."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda command: say(
        f"{command.name} {command.argument}",
        buttons=((Button("1", "entry 7"),),),
        page="Issue 12" if command.name == "entry" else "",
    )
    asked = slack.say(channel, ada, f"{slack.mention()} nerf")
    slack.press((await answers(slack, channel))[0], "1", by=ada)
    slack.press(await shown(slack, ada, "entry 7"), SHARE, by=ada)
    await shown(slack, ada, "Shared in the channel.")
    public = (await answers(slack, channel, 2))[1]
    assert (public.text, public.thread, public.audience) == (f"Shared by @{ada.id}\n\nentry 7", asked.ts, "")
    assert house.commands[-1].chat == at(channel)


async def test_what_was_saved_can_still_be_shared(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A press that changes a modal's buttons alone leaves it what it was: the entry, to be shared like before."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    buttons = ((Button("1", "entry 7"), Button("Save", "save 7"), Button("Subscribe", "subscribe")),)
    house.changing = {"save", "subscribe"}
    house.reply = lambda command: say(
        "entry", buttons=buttons, page="Issue 12", replace=command.name == "save", buttons_only=command.name == "save"
    )
    slack.command(channel, ada, "/find nerf")
    slack.press((await answers(slack, channel))[0], "1", by=ada)
    modal = await shown(slack, ada, "entry")
    slack.press(modal, "Save", by=ada)
    await slack.wait_for(lambda _: slack.screens.of(modal.id).edited, within=WITHIN)
    assert slack.screens[-1].button(SHARE).data == "share entry 7"
    slack.press(modal, "Subscribe", by=ada)
    await slack.wait_for(lambda _: slack.view_of(ada) is not modal, within=WITHIN)
    assert SHARE not in labels(slack.screens[-1])


async def test_a_button_that_outlived_its_answer(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Where there is nothing to share any more, the presser is told so, and the channel stays as it is."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = answer
    slack.command(channel, ada, "/find nerf")
    alone = (await answers(slack, channel))[0]
    house.reply = lambda _: Reply(toast="This button is out of date.")
    slack.press(alone, SHARE, by=ada)
    told = (await answers(slack, channel, 2))[1]
    assert (told.text, told.audience) == ("This button is out of date.", ada.id)


async def test_words_that_sound_like_the_button_are_a_question(
    slack: SlackFake, house: House, listening: Adapter
) -> None:
    """Nobody shares by typing: what is typed is asked."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    slack.command(channel, ada, "/digest share search nerf")
    record = (await answers(slack, channel))[0]
    assert (record.text, record.audience) == ("|share search nerf", ada.id)


@pytest.mark.parametrize("spent", ["used", "late"])
async def test_a_private_page_is_said_anew(slack: SlackFake, house: House, listening: Adapter, spent: str) -> None:
    """A message that one alone sees is reached by its URL, five times within half an hour; then it is said anew."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = answer
    slack.command(channel, ada, "/find nerf")
    alone = (await answers(slack, channel))[0]
    slack.press(alone, "Next ▶", by=ada)
    place = list(slack.desk.response_urls.values())[-1]
    place.uses = 5 if spent == "used" else 0
    place.at -= 1801 if spent == "late" else 0
    again = (await answers(slack, channel, 2))[1]
    assert (again.text, again.audience, again.action) == ("page 17 5", ada.id, "sent")
    assert [violation.rule for violation in slack.violations] == [f"{'used' if spent == 'used' else 'expired'}_url"]


async def test_where_the_bot_is_no_member_it_answers_in_private(
    slack: SlackFake, house: House, listening: Adapter
) -> None:
    """An answer that has no way into a conversation any more comes into the direct messages with its asker."""
    ada, ben = slack.user("Ada"), slack.user("Ben")
    channel = slack.between(ada, ben)
    house.reply = lambda _: say(*(f"{number}" + "x" * 8900 for number in range(6)))
    slack.command(channel, ada, "/find nerf")
    direct = slack.direct(ada)
    last = (await answers(slack, direct))[0]
    assert last.text[0] == "5"
    assert [record.text[0] for record in slack.transcript.of(channel.id)] == [*"01234"]
    assert slack.violations == []
