"""An organisation installs the app once, for many workspaces; each of them may have it, or not."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.adapters.interface import Adapter
from bot.model.chat import Address, User
from bot.model.command import MembershipChange
from bot.model.delivery import Closed, Sent
from tests.contract.slack.browser import Browser, installing
from tests.contract.slack.house import House, answers, payload
from tests.fakes.slack import Channel, SlackFake, Workspace
from tests.fakes.slack import User as Person

GRID = "E0GRID"


@dataclass
class Grid:
    """An organisation of two workspaces, with somebody and a channel in each."""

    teams: tuple[Workspace, Workspace]
    people: tuple[Person, Person]
    channels: tuple[Channel, Channel]
    adapter: Adapter
    browser: Browser

    async def send(self, number: int) -> object:
        return await self.adapter.send(there(self.channels[number]), payload(), "part")


def there(channel: Channel) -> Address:
    return Address("slack", channel.id, workspace=GRID)


@pytest.fixture
async def grid(slack: SlackFake, house: House) -> AsyncIterator[Grid]:
    """An organisation that has installed the app."""
    one, two = (
        slack.workspace(name, installed=False, organisation=GRID, whole_organisation=True) for name in ("One", "Two")
    )
    people = (slack.user("Ada", team=one), slack.user("Bea", team=two))
    channels = (slack.channel(team=one, members=people[:1]), slack.channel(team=two, members=people[1:]))
    async with installing(slack, house) as (adapter, browser):
        slack.sign_in(one, by=people[0])
        assert "The digest is in One." in (await browser.install()).text
        await house.until(lambda: house.workspaces)
        house.workspaces.clear()
        yield Grid((one, two), people, channels, adapter, browser)
    assert slack.violations == []


async def test_one_installation_serves_every_workspace(slack: SlackFake, house: House, grid: Grid) -> None:
    """Asked in either, it answers there, with the organisation's token; chats have the organisation's id."""
    for person, channel in zip(grid.people, grid.channels, strict=True):
        slack.command(channel, person, "/digest latest")
        await answers(slack, channel)
        assert house.commands[-1].chat == there(channel)
        assert house.commands[-1].user.address == f"slack:{GRID}/{person.id}"
    assert [type(await grid.send(number)) for number in (0, 1)] == [Sent, Sent]
    assert len({team.token for team in grid.teams}) == 1


async def test_who_may_is_asked_in_the_right_workspace(slack: SlackFake, house: House, grid: Grid) -> None:
    """Members of a channel may subscribe it, whichever workspace it is in; those of the other are none."""
    for person, channel, allowed in zip(
        (*grid.people, *reversed(grid.people)), grid.channels * 2, (True, True, False, False), strict=True
    ):
        user = User(f"slack:{GRID}/{person.id}")
        assert await grid.adapter.administers(there(channel), user) is allowed


async def test_one_workspace_removes_the_app(slack: SlackFake, house: House, grid: Grid) -> None:
    """Its chats wait, each for itself; the others receive, and no token is forgotten. Let in again, they come back."""
    slack.shut_out(grid.teams[1])
    assert await grid.send(1) == Closed("team_access_not_granted")
    assert isinstance(await grid.send(0), Sent)
    assert grid.adapter.health() == ""
    assert house.workspaces == []
    slack.let_in(grid.teams[1])
    await house.until(lambda: house.workspaces)
    (told,) = house.workspaces
    assert (told.change, told.chat.workspace) == (MembershipChange.WORKSPACE_ENTERED, GRID)
    assert told.reason == "team_access_not_granted"
    assert isinstance(await grid.send(1), Sent)


async def test_the_organisation_removes_the_app(slack: SlackFake, house: House, grid: Grid) -> None:
    """Told by whichever of its workspaces: all of its chats wait, and come back with it."""
    slack.uninstall(grid.teams[1])
    await house.until(lambda: house.workspaces)
    assert [(one.change, one.chat.workspace) for one in house.workspaces] == [(MembershipChange.WORKSPACE_LEFT, GRID)]
    assert isinstance(await grid.send(0), Closed)
    slack.sign_in(grid.teams[0], by=grid.people[0])
    await grid.browser.install()
    await house.until(lambda: len(house.workspaces) == 2)
    assert house.workspaces[-1].change is MembershipChange.WORKSPACE_ENTERED
    assert [type(await grid.send(number)) for number in (0, 1)] == [Sent, Sent]


async def test_a_workspace_s_own_installation_goes_before_its_organisation_s(
    slack: SlackFake, house: House, grid: Grid
) -> None:
    """Where both have the app, what comes from the workspace is answered with its own token, under its own name."""
    own = slack.workspace("Own", installed=False, organisation=GRID)
    cy = slack.user("Cy", team=own)
    channel = slack.channel(team=own, members=[cy])
    slack.sign_in(own, by=cy)
    await grid.browser.install()
    for person, place, name in ((cy, channel, own.id), (grid.people[0], grid.channels[0], GRID)):
        slack.command(place, person, "/digest latest")
        await answers(slack, place)
        assert house.commands[-1].chat == Address("slack", place.id, workspace=name)
        assert isinstance(await grid.adapter.send(house.commands[-1].chat, payload(), "part"), Sent)
    slack.uninstall(own)
    await house.until(lambda: house.workspaces and house.workspaces[-1].change is MembershipChange.WORKSPACE_LEFT)
    assert house.workspaces[-1].chat.workspace == own.id
    assert isinstance(await grid.send(0), Sent)
