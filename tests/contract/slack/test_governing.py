"""Who may subscribe a workspace's channels is for its administrators to say, and for each workspace apart."""

from __future__ import annotations

from bot.adapters.interface import Adapter
from bot.model.chat import Managers, User
from tests.contract.slack.browser import installing
from tests.contract.slack.house import House, answers, at, receiving
from tests.fakes.slack import SlackFake


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
