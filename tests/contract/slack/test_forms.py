"""Settings as a modal: opened, filled in, refused in words, looked up in, kept."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.adapters.interface import Adapter
from bot.adapters.slack import filling
from bot.model.chat import ChatKind
from bot.model.command import Command, Reply
from bot.model.form import Answers, Field, FieldKind, Form, FormOption, Mistakes
from bot.model.home import HomePart
from bot.model.richtext import Document, paragraph
from tests.contract.slack.house import WITHIN, House, answers, at, say, shown
from tests.fakes.faults import Refuse
from tests.fakes.slack import Channel, SlackFake, User, View

LONG = "A section with a title much longer than the seventy-five characters that Slack shows of an option"
TOPICS = tuple(FormOption(f"topic{number}", f"Topic {number}") for number in range(120))
LAYOUTS = (FormOption("full", "Full"), FormOption("compact", LONG))
FORM = Form(
    "settings",
    Document((paragraph("What #vision receives: /subscribe brings it"),)),
    (
        Field(
            "layout", "Layout", FieldKind.ONE, (FormOption("full", "Full"), FormOption("compact", LONG)), ("compact",)
        ),
        Field(
            "switches",
            "How",
            FieldKind.SWITCHES,
            (FormOption("images", "Images"), FormOption("sound", "Sound")),
            ("images", "sound"),
        ),
        Field("topics", "Topics", FieldKind.MANY, TOPICS, ("topic110",), hint="Choose", empty="Everything"),
        Field("sections", "Sections", FieldKind.MANY, TOPICS[:2]),
        Field("watches", "Watching for", FieldKind.LINES, chosen=("nerf", "slam"), empty="gaussian"),
        Field("hour", "Hour", FieldKind.TIME, chosen=("09:00",)),
        Field("zone", "Zone", FieldKind.LOOKED_UP, (FormOption("UTC", "UTC"),), ("UTC",)),
        Field("quiet", "Quiet", FieldKind.TEXT),
    ),
)


@pytest.fixture
def filled(house: House) -> list[tuple[Command, Answers]]:
    """What came back to the house, which finds nothing wrong with it."""
    taken: list[tuple[Command, Answers]] = []

    def fill_in(command: Command, given: Answers) -> Reply | Mistakes | None:
        taken.append((command, given))
        return None

    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.filled_in = fill_in
    return taken


async def open_form(slack: SlackFake, channel: Channel, user: User) -> View:
    slack.command(channel, user, "/digest settings")
    return await shown(slack, user, "Layout")


async def test_settings_are_a_form(
    slack: SlackFake, house: House, listening: Adapter, filled: list[tuple[Command, Answers]]
) -> None:
    """A slash command opens the form at once; what was changed comes back, for the channel it was asked in."""
    ada = slack.user()
    channel = slack.channel("vision", members=[ada])
    form = await open_form(slack, channel, ada)
    assert form.json["title"]["text"] == "Settings"
    assert "/digest subscribe" in slack.screens[-1].text
    assert not slack.transcript
    given = {
        "field:layout": "full",
        "field:switches": ["sound"],
        "field:topics": ["topic3", "topic110"],
        "field:watches": "nerf\n\n gaussian splatting ",
        "field:hour": "20:30",
        "field:zone": "Asia/Shanghai",
        "field:quiet": "22:00-07:00",
    }
    delivery = slack.submit(form, by=ada, answers=given)
    await slack.wait_for(lambda _: slack.view_of(ada) is None, within=WITHIN)
    assert delivery.response == {}
    command, answered = filled[0]
    assert (command.name, command.chat, command.kind) == ("settings", at(channel), ChatKind.GROUP)
    assert answered == {
        "layout": ("full",),
        "switches": ("sound",),
        "topics": ("topic110", "topic3"),
        "watches": ("nerf", "gaussian splatting"),
        "hour": ("20:30",),
        "zone": ("Asia/Shanghai",),
        "quiet": ("22:00-07:00",),
    }
    assert slack.violations == []


async def test_what_was_left_alone_is_not_set(
    slack: SlackFake, house: House, listening: Adapter, filled: list[tuple[Command, Answers]]
) -> None:
    """Two who fill in the same form do not undo each other: what one did not touch does not come back."""
    ada = slack.user()
    form = await open_form(slack, slack.channel(members=[ada]), ada)
    slack.submit(form, by=ada, answers={"field:topics": [], "field:watches": ""})
    await slack.wait_for(lambda _: slack.view_of(ada) is None, within=WITHIN)
    assert filled[0][1] == {"topics": (), "watches": ()}


async def test_mistakes_are_told_in_the_form(slack: SlackFake, house: House, listening: Adapter) -> None:
    """The form stays open, with what is wrong below the field it is wrong in."""
    ada = slack.user()
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.filled_in = lambda *_: {"quiet": "Write it like 22:00-07:00."}
    form = await open_form(slack, slack.channel(members=[ada]), ada)
    delivery = slack.submit(form, by=ada, answers={"field:quiet": "at night"})
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)
    assert delivery.response == {"response_action": "errors", "errors": {"quiet": "Write it like 22:00-07:00."}}
    assert slack.view_of(ada) is form


async def test_a_refusal_takes_the_forms_place(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Who may not change the channel reads so where they filled it in."""
    ada = slack.user()
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.filled_in = lambda *_: say("Only members can change that.")
    form = await open_form(slack, slack.channel(members=[ada]), ada)
    slack.submit(form, by=ada)
    await shown(slack, ada, "Only members can change that.")
    assert slack.violations == []


async def test_a_field_suggests_what_is_typed(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What has too many options to show is looked up while somebody types, a hundred at most."""
    ada = slack.user()
    asked: list[tuple[str, str]] = []

    def suggest(_command: Command, field: str, text: str) -> Sequence[FormOption]:
        asked.append((field, text))
        return [FormOption("x" * 151, "too long"), *TOPICS]

    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.suggested = suggest
    form = await open_form(slack, slack.channel(members=[ada]), ada)
    delivery = slack.suggest(form, "field:zone", "shang", by=ada)
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)
    assert delivery.response is not None
    options = delivery.response["options"]
    assert (len(options), options[0]["value"]) == (100, "topic0")
    assert asked == [("zone", "shang")]


async def test_a_form_is_not_kept_waiting(
    slack: SlackFake, house: House, listening: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack gives up after three seconds: a form that takes long is closed, and its mistakes are told after it."""
    monkeypatch.setattr(filling, "PATIENCE_SECONDS", 0.05)
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.filled_in = lambda *_: {"quiet": "Write it like 22:00-07:00."}
    form = await open_form(slack, channel, ada)
    house.hold = asyncio.Event()
    delivery = slack.submit(form, by=ada)
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)
    assert delivery.latency < 1.0
    house.hold.set()
    record = (await answers(slack, channel))[0]
    assert (record.text, record.audience) == ("Write it like 22:00-07:00.", ada.id)


@pytest.mark.parametrize("refused", ["invalid_arguments", "expired_trigger_id"])
async def test_without_a_form_there_is_the_panel(
    slack: SlackFake, house: House, listening: Adapter, refused: str
) -> None:
    """Where Slack does not take the form, the same is said with buttons: in a modal, or as a message."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    slack.fail(with_=Refuse(refused), method="views.open")
    slack.command(channel, ada, "/digest settings")
    if refused == "invalid_arguments":
        await shown(slack, ada, "panel")
    else:
        assert (await answers(slack, channel))[0].text == "panel"


async def test_a_mention_opens_no_form(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What was only said opens nothing: Slack lends no trigger for it."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    slack.say(channel, ada, f"{slack.mention()} settings")
    assert (await answers(slack, channel))[0].text == "panel"


async def test_home_shows_what_was_set(
    slack: SlackFake, house: House, listening: Adapter, filled: list[tuple[Command, Answers]]
) -> None:
    """A form that is kept draws the Home tab anew."""
    ada = slack.user()
    house.home = lambda *_: (HomePart(Document((paragraph("home"),))),)
    slack.open_home(ada)
    await slack.wait_for(lambda _: slack.counters["views.publish"] == 1, within=WITHIN)
    form = await open_form(slack, slack.channel(members=[ada]), ada)
    slack.submit(form, by=ada)
    await slack.wait_for(lambda _: slack.counters["views.publish"] == 2, within=WITHIN)
