"""Who may subscribe a workspace's channels is for its administrators to say, and for each workspace apart."""

from __future__ import annotations

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import Managers, User
from bot.model.command import Reply
from bot.model.form import Field, FieldKind, Form
from bot.model.home import HomePart
from bot.model.richtext import Document, List, paragraph
from tests.contract.slack.browser import installing
from tests.contract.slack.house import WITHIN, House, answers, at, receiving, say, shown
from tests.fakes.slack import SlackFake

FORM = Form("settings", Document((paragraph("What #vision receives"),)), (Field("quiet", "Quiet", FieldKind.TEXT),))


def person(user: object) -> User:
    return User(f"slack:{user.id}")  # type: ignore[attr-defined]


async def test_administrators_say_who_may(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Members may at first; after the word of an administrator only those like them; then all members again."""
    ada, bob, cat = slack.user("Ada"), slack.user("Bob", is_admin=True), slack.user("Cat", is_guest=True)
    channel = slack.channel(members=[ada, bob, cat])

    async def who() -> list[bool]:
        return [await listening.administers(at(channel), person(user)) for user in (ada, bob, cat)]

    assert await who() == [True, True, False]
    slack.command(channel, ada, "/digest admins only")
    refusal = (await answers(slack, channel))[-1]
    assert (refusal.text, refusal.audience) == ("Only this workspace’s administrators can change that.", ada.id)
    assert await who() == [True, True, False]
    slack.command(channel, bob, "/digest admins only")
    said = (await answers(slack, channel, 2))[-1]
    assert said.text.startswith("Only this workspace’s administrators may subscribe channels.")
    assert await who() == [False, True, False]
    slack.press(said, said.button("Everybody"), by=bob)
    assert (await answers(slack, channel, 3))[-1].text.startswith("Every member of this workspace")
    assert await who() == [True, True, False]
    assert house.commands == []
    assert slack.violations == []


async def test_everybody_may_know_who_may(slack: SlackFake, house: House, listening: Adapter) -> None:
    """Asked without a word behind it, it tells, with a button for those alone who may press it."""
    ada, bob = slack.user("Ada"), slack.user("Bob", is_admin=True)
    channel = slack.channel(members=[ada, bob])
    for user, buttons in ((ada, 0), (bob, 1)):
        before = len(slack.transcript)
        slack.command(channel, user, "/digest admins")
        record = await slack.wait_for(
            lambda log, before=before: next(iter(log.of(channel.id).from_bot[before:]), None), within=10
        )
        assert record.text.startswith("Every member of this workspace")
        assert len(record.buttons) == buttons


async def test_each_workspace_has_its_own_word(slack: SlackFake, house: House) -> None:
    """What one workspace's administrators say holds there alone; one is no administrator elsewhere."""
    other = slack.workspace("Other", installed=False)
    async with installing(slack, house, SLACK_BOT_TOKEN=slack.team.token) as (adapter, browser):
        bea = slack.user("Bea", team=other, is_admin=True)
        slack.sign_in(other, by=bea)
        await browser.install()
        channel = slack.channel(team=other, members=[bea])
        slack.command(channel, bea, "/digest admins only")
        await answers(slack, channel)
        store = house.services().workspaces
        assert await store.managers("slack", other.id) is Managers.ADMINS
        assert await store.managers("slack", "") is Managers.MEMBERS
        ada = slack.user("Ada")
        assert await adapter.administers(at(slack.channel(members=[ada])), person(ada))


async def test_those_who_run_the_bot_may_say_it_too(slack: SlackFake, house: House) -> None:
    """`BOT_ADMINS` may, whatever they are in the workspace."""
    ada = slack.user("Ada")
    channel = slack.channel(members=[ada])
    async with receiving(slack, house, BOT_ADMINS=f"slack:{ada.id}") as adapter:
        slack.command(channel, ada, "/digest admins only")
        await answers(slack, channel)
        assert not await adapter.administers(at(channel), person(slack.user("Bob")))


async def test_it_can_be_set_in_the_home_tab(slack: SlackFake, house: House, listening: Adapter) -> None:
    """An administrator has a button there, which turns in place; others are told where not everybody may."""
    ada, bob = slack.user("Ada"), slack.user("Bob", is_admin=True)
    channel = slack.channel(members=[ada])
    own = Document((paragraph("Private"),))
    house.home = lambda command, _: (
        HomePart(Document((paragraph("Issue 12"),))),
        HomePart(own, (), command.chat),
        HomePart(Document((paragraph("Saved"),))),
    )

    async def home_says(user: object, *lines: str) -> None:
        def says(_: object) -> bool:
            view = slack.desk.homes.get(user.id)  # type: ignore[attr-defined]
            return view is not None and slack.screens.of(view.id)[-1].text.splitlines()[2:] == ["Private", *lines]

        await slack.wait_for(says, within=WITHIN)

    slack.open_home(ada)
    await home_says(ada, "Saved")
    slack.open_home(bob)
    await home_says(bob, "Every member of this workspace may subscribe channels; guests may not.", "Saved")
    slack.press(slack.desk.homes[bob.id], "Administrators only", by=bob)
    await home_says(bob, "Only this workspace’s administrators may subscribe channels.", "Saved")
    assert slack.view_of(bob) is None
    slack.open_home(ada)
    await home_says(ada, "Only this workspace’s administrators may subscribe channels.", "Saved")
    assert not await listening.administers(at(channel), person(ada))
    with pytest.raises(LookupError):
        slack.press(slack.desk.homes[ada.id], "Everybody", by=ada)
    slack.press(slack.desk.homes[bob.id], "Everybody", by=bob)
    await home_says(bob, "Every member of this workspace may subscribe channels; guests may not.", "Saved")
    assert await listening.administers(at(channel), person(ada))
    assert slack.violations == []


async def test_it_can_be_set_in_a_channel_s_settings(slack: SlackFake, house: House, listening: Adapter) -> None:
    """The form has a field for it, for an administrator and in a channel; the house never sees it."""
    ada, bob = slack.user("Ada"), slack.user("Bob", is_admin=True)
    channel = slack.channel("vision", members=[ada, bob])
    taken: list[object] = []
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.filled_in = lambda _, given: taken.append(dict(given))
    for user, place, fields in ((ada, channel, 1), (bob, slack.direct(bob), 1), (bob, channel, 2)):
        slack.command(place, user, "/digest settings")
        form = await shown(slack, user, "Quiet")
        assert sum(block["type"] == "input" for block in form.json["blocks"]) == fields
        if fields == 1:
            slack.close(form, by=user)
    slack.submit(form, by=bob, answers={"field:quiet": "22:00-07:00", "field:managers": "admins"})
    await slack.wait_for(lambda _: slack.view_of(bob) is None, within=WITHIN)
    assert taken == [{"quiet": ("22:00-07:00",)}]
    store = house.services().workspaces
    assert await store.managers("slack", "") is Managers.ADMINS
    assert slack.violations == []


async def test_what_the_house_refuses_is_not_half_set(slack: SlackFake, house: House, listening: Adapter) -> None:
    """A mistake in another field keeps this one as it was; so does no longer being an administrator."""
    bob = slack.user("Bob", is_admin=True)
    channel = slack.channel("vision", members=[bob])
    house.reply = lambda _: say("panel", page="Settings", form=FORM)
    house.filled_in = lambda *_: {"quiet": "Write it like 22:00-07:00."}
    slack.command(channel, bob, "/digest settings")
    form = await shown(slack, bob, "Quiet")
    answers = {"field:quiet": "at night", "field:managers": "admins"}
    told = slack.submit(form, by=bob, answers=answers)
    await slack.wait_for(lambda _: told.acknowledged, within=WITHIN)
    assert told.response == {"response_action": "errors", "errors": {"quiet": "Write it like 22:00-07:00."}}
    bob.is_admin = False
    await house.clock.sleep(3601)
    told = slack.submit(form, by=bob, answers=answers)
    await slack.wait_for(lambda _: told.acknowledged, within=WITHIN)
    assert told.response is not None
    assert told.response["errors"] == {"managers": "Only this workspace’s administrators can change that."}
    assert await house.services().workspaces.managers("slack", "") is Managers.MEMBERS


async def test_help_tells_those_who_can_say_it(slack: SlackFake, house: House, listening: Adapter) -> None:
    """The command is one of Slack's alone, so it is told there, to administrators."""
    ada, bob = slack.user("Ada"), slack.user("Bob", is_admin=True)
    channel = slack.channel(members=[ada, bob])
    house.reply = lambda _: Reply(Document((List(((paragraph("/latest — The latest issue"),),)),)))
    slack.command(channel, ada, "/digest help")
    assert "admins" not in (await answers(slack, channel))[-1].text
    slack.command(channel, bob, "/digest help")
    told = (await answers(slack, channel, 2))[-1].text
    assert told.splitlines() == [
        "/digest latest — The latest issue",
        "/digest admins only | everybody — Who may subscribe channels in this workspace",
    ]
