"""The Home tab: published on opening and after changes, with buttons and a search field that work."""

from __future__ import annotations

from collections.abc import Sequence

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import Address, ChatKind
from bot.model.command import Button, Command, Origin
from bot.model.home import HomePart
from bot.model.richtext import Document, Image, paragraph
from tests.contract.slack.house import WITHIN, House, answers, at, say, shown
from tests.fakes.slack import SlackFake, User, View

PICTURE = "https://example.org/a.png"


def part(*lines: str, chat: Address | None = None, **buttons: str) -> HomePart:
    row = tuple(Button(label, action) for label, action in buttons.items())
    return HomePart(Document(tuple(paragraph(line) for line in lines)), (row,) if row else (), chat)


async def open_home(slack: SlackFake, user: User) -> View:
    """Open somebody's Home tab, and wait until it is there."""
    before = slack.counters["views.publish"]
    slack.open_home(user)
    await slack.wait_for(lambda _: slack.counters["views.publish"] > before, within=WITHIN)
    return slack.desk.homes[user.id]


async def test_home_is_published_on_opening(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Who opens the Home tab sees their own page: of the channels they are in, in their language."""
    ada = slack.user("Ada", language="zh-CN")
    mine, hidden, strange = (
        slack.channel("mine", members=[ada]),
        slack.channel("hidden", private=True, members=[ada]),
        slack.channel("strange"),
    )
    asked: list[tuple[Command, Sequence[Address]]] = []

    def show(command: Command, places: Sequence[Address]) -> Sequence[HomePart]:
        asked.append((command, places))
        return (part("Issue 12", Images="section 12 0"), part("What you receive"))

    house.home = show
    view = await open_home(slack, ada)
    command, places = asked[0]
    assert (command.chat, command.kind) == (at(slack.direct(ada)), ChatKind.PRIVATE)
    assert (command.user.name, command.user.language) == ("Ada", "zh-CN")
    assert set(places) == {at(mine), at(hidden)}
    assert at(strange) not in places
    assert slack.screens[-1].text.splitlines() == ["Issue 12", "Search the digest", "What you receive"]
    assert view.json["type"] == "home"
    assert slack.violations == []


async def test_the_messages_tab_is_no_home(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Who opens the conversation alone gets no page drawn."""
    house.home = lambda *_: (part("Issue 12"),)
    ada = slack.user()
    slack.open_home(ada, tab="messages")
    await open_home(slack, ada)
    assert slack.counters["views.publish"] == 1


async def test_words_are_looked_for_in_home(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What is typed into the field is answered in a modal; what is opened there lies upon it."""
    ada = slack.user()
    house.home = lambda *_: (part("Issue 12"),)
    house.reply = lambda command: say(
        f"{command.name} {command.argument}", buttons=((Button("1", "entry 7"),),), page="Found"
    )
    home = await open_home(slack, ada)
    slack.choose(home, "ask:search", "nerf slam", by=ada)
    modal = await shown(slack, ada, "search nerf slam")
    slack.press(modal, "1", by=ada)
    await shown(slack, ada, "entry 7")
    command = house.commands[-1]
    assert (command.chat, command.origin) == (at(slack.direct(ada)), Origin.BUTTON)
    assert [record for record in slack.transcript if record.by_bot] == []
    assert slack.violations == []


async def test_buttons_speak_for_their_channel(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A channel's buttons in the Home tab are pressed for that channel; what they change is drawn anew."""
    ada = slack.user()
    channel = slack.channel("vision", members=[ada])
    subscribed = [True]

    def show(_command: Command, _places: Sequence[Address]) -> Sequence[HomePart]:
        mine = part("#vision", chat=at(channel), Unsubscribe="unsubscribe") if subscribed else part("none")
        return (part("Issue 12"), mine, part("here", chat=at(slack.direct(ada)), Subscribe="subscribe"))

    house.home, house.changing = show, {"unsubscribe", "subscribe"}
    house.reply = lambda command: say(f"{command.name}d")
    home = await open_home(slack, ada)
    subscribed.clear()
    slack.press(home, "Unsubscribe", by=ada)
    await shown(slack, ada, "unsubscribed")
    await slack.wait_for(lambda _: "none" in slack.screens.of(home.id)[-1].text, within=WITHIN)
    slack.press(home, "Subscribe", by=ada)
    await house.until(lambda: len(house.commands) == 2)
    first, second = house.commands
    assert (first.chat, first.kind) == (at(channel), ChatKind.GROUP)
    assert (second.chat, second.kind) == (at(slack.direct(ada)), ChatKind.PRIVATE)


async def test_a_change_elsewhere_is_shown_at_home(slack: SlackFake, house: House, listening: Adapter) -> None:
    """What somebody changes in a channel is seen in their Home tab, if they have one; nobody else's is touched."""
    ada, ben = slack.user("Ada"), slack.user("Ben")
    channel = slack.channel(members=[ada, ben])
    house.home, house.changing = lambda *_: (part("Issue 12"),), {"subscribe"}
    await open_home(slack, ada)
    slack.command(channel, ben, "/digest subscribe")
    await answers(slack, channel)
    slack.command(channel, ada, "/digest latest")
    await answers(slack, channel, 2)
    slack.command(channel, ada, "/digest subscribe")
    await slack.wait_for(lambda _: slack.counters["views.publish"] == 2, within=WITHIN)
    assert set(slack.desk.homes) == {ada.id}


async def test_home_keeps_within_its_limits(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A hundred blocks hold the latest issue, the field, and as many chats as there is room for."""
    ada = slack.user()
    chats = [slack.channel(f"c{number}", members=[ada]) for number in range(60)]
    house.home = lambda *_: (
        part(*(f"line {number}" for number in range(90))),
        *(part(f"#{chat.name}", chat=at(chat), Settings="settings") for chat in chats),
    )
    view = await open_home(slack, ada)
    text = slack.screens.of(view.id)[-1].text
    assert "Search the digest" in text
    assert "#c20" in text
    assert slack.violations == []


async def test_a_dead_picture_costs_no_home(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Where Slack cannot fetch a picture of the issue, there is a link in its place."""
    ada = slack.user()
    slack.break_image(PICTURE)
    house.home = lambda *_: (HomePart(Document((paragraph("Issue 12"), Image(PICTURE, "A rabbit")))),)
    slack.open_home(ada)
    await slack.wait_for(lambda _: slack.screens, within=WITHIN)
    assert "🖼 A rabbit" in slack.screens[-1].text


@pytest.mark.parametrize("scopes", [{"groups:read"}])
async def test_home_without_channels(slack: SlackFake, house: House, listening: Adapter, scopes: set[str]) -> None:
    """Where Slack does not tell which channels one is in, the rest of the page is there all the same."""
    slack.team.scopes -= scopes
    ada = slack.user()
    slack.channel(members=[ada])
    asked: list[Sequence[Address]] = []

    def show(_command: Command, places: Sequence[Address]) -> Sequence[HomePart]:
        asked.append(places)
        return (part("Issue 12"),)

    house.home = show
    await open_home(slack, ada)
    assert asked == [[]]
