"""Where a platform has workspaces: one's trouble is its own, the platform's own home among them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery import worker as workers
from bot.delivery.pacing import Pacer
from bot.model.chat import Address, ChatKind, Preferences, SubscriptionStatus
from bot.model.delivery import Closed, Halt, Later, Limits, Outcome, Scope
from bot.model.digest import Entry, Issue, Section
from bot.storage.shelf import ShelfStore
from tests.unit.delivery.conftest import World, some_parts

HOME = Address("web", "a")
OTHER = Address("web", "b", workspace="T2")
ARCHIVED = Address("web", "c", workspace="T2")


async def status(world: World, address: Address) -> tuple[SubscriptionStatus | None, str]:
    chat = await world.chats.get(address)
    assert chat is not None
    return chat.status, chat.reason


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workers, "IDLE_SECONDS", 600.0)


@pytest.mark.parametrize(
    "trouble", [Later("accesslimited", timedelta(hours=1), Scope.WORKSPACE), Halt("token", Scope.WORKSPACE)]
)
@pytest.mark.parametrize(("troubled", "fine"), [(HOME, OTHER), (OTHER, HOME)])
async def test_a_workspace_waits_alone(world: World, trouble: Outcome, troubled: Address, fine: Address) -> None:
    """While a workspace waits, or refuses the bot, every other gets its parts at once; then it gets its own."""
    await world.subscribe(troubled, fine)
    world.platform.script = lambda c, _r, n: trouble if c == troubled and n == 1 else None
    await world.plan(1, some_parts(3))
    began = world.clock.now()
    await world.drain(within=4 * 3600)
    assert world.platform.last[str(fine)] - began < timedelta(seconds=10)
    assert world.platform.last[str(troubled)] - began >= timedelta(minutes=1)
    assert [len(world.platform.chats[str(each)]) for each in (troubled, fine)] == [3, 3]


async def test_a_platform_that_refuses_everybody_is_asked_by_nobody(world: World) -> None:
    """What concerns the whole platform holds in each of its workspaces."""
    await world.subscribe(HOME, OTHER)
    world.platform.script = lambda c, _r, n: Halt("token") if c == HOME and n == 1 else None
    await world.plan(1, some_parts(2))
    began = world.clock.now().timestamp()
    await world.drain()
    meanwhile = [moment for moment in world.platform.times if 0 < moment - began < 60]
    assert meanwhile == []
    assert [len(world.platform.chats[str(each)]) for each in (HOME, OTHER)] == [2, 2]


async def test_what_is_suspended_with_its_workspace_comes_back_with_it(world: World) -> None:
    """A workspace that left keeps its chats' settings; when it is back, so are they, but not an archived one."""
    await world.subscribe(HOME, OTHER, ARCHIVED)
    await world.closing.suspend_chat(ARCHIVED, "the channel was archived", now=world.clock.now())
    world.platform.script = lambda c, _r, _n: Closed("token_revoked", Scope.WORKSPACE) if c == OTHER else None
    await world.plan(1, some_parts(2))
    await world.drain()
    assert await status(world, HOME) == (SubscriptionStatus.ACTIVE, "")
    assert await status(world, OTHER) == (SubscriptionStatus.SUSPENDED, "token_revoked")
    assert await status(world, ARCHIVED) == (SubscriptionStatus.SUSPENDED, "the channel was archived")
    assert world.told == [(f"workspace {OTHER}", "token_revoked")]
    assert not await world.closing.resume_workspace(HOME)
    assert [chat.address for chat in await world.closing.resume_workspace(OTHER)] == [OTHER]
    assert await status(world, OTHER) == (SubscriptionStatus.ACTIVE, "")
    assert await world.plans.missed(OTHER) == ()  # the issue was never marked as published
    assert await status(world, ARCHIVED) == (SubscriptionStatus.SUSPENDED, "the channel was archived")


async def test_each_workspace_has_its_own_pace(world: World) -> None:
    """The platform counts in each workspace for itself; a pause for one shuts one gate, a pause for all every gate."""
    pacer = Pacer(world.clock, {"web": Limits(1.0, (9, 1.0), (9, 1.0), (9, 1.0))})
    for address in (HOME, OTHER):
        assert await pacer.deliver(address)  # at once: neither waits for the other's second to pass
    pacer.pause(OTHER, Scope.WORKSPACE, timedelta(minutes=5))
    assert pacer._gate(OTHER).shut_until - world.clock.now() == timedelta(minutes=5)
    assert pacer._gate(HOME).shut_until <= world.clock.now()
    pacer.pause(OTHER, Scope.PLATFORM, timedelta(minutes=7))
    assert pacer._gate(HOME).shut_until - world.clock.now() == timedelta(minutes=7)


BY_ID = replace(HOME, workspace="T1")


async def test_a_chat_that_was_written_in_two_ways_becomes_one(world: World) -> None:
    """Under the name that stays: what either was subscribed to comes once; done again, nothing changes."""
    await world.subscribe(BY_ID, replace(OTHER, workspace="T1"), OTHER)
    await world.chats.set_preferences(BY_ID, Preferences(language="zh"))
    await world.chats.meet(HOME, kind=ChatKind.GROUP, title="Lab", now=world.clock.now())
    await world.plan(1, some_parts(2))
    for _ in range(2):
        await world.closing.rename_workspace(BY_ID, HOME, now=world.clock.now())
    chat = await world.chats.get(HOME)
    assert chat is not None
    assert (chat.status, chat.title, chat.preferences.language) == (SubscriptionStatus.ACTIVE, "Lab", "zh")
    assert await status(world, BY_ID) == (SubscriptionStatus.ENDED, f"moved to {HOME}")
    assert await status(world, replace(OTHER, workspace="")) == (SubscriptionStatus.ACTIVE, "")
    await world.drain()
    received = {name: len(messages) for name, messages in world.platform.chats.items()}
    assert received == {str(HOME): 2, "web:b": 2, str(OTHER): 2}


async def test_a_chat_that_is_known_under_both_names_keeps_its_settings(world: World) -> None:
    """Those of the name that stays; what waited under the other goes there, and no issue comes twice."""
    await world.subscribe(HOME, BY_ID)
    await world.chats.set_preferences(HOME, Preferences(language="en"))
    await world.chats.set_preferences(BY_ID, Preferences(language="zh"))
    await world.plan(1, some_parts(2))
    await world.closing.rename_workspace(BY_ID, HOME, now=world.clock.now())
    chat = await world.chats.get(HOME)
    assert chat is not None
    assert chat.preferences.language == "en"
    await world.drain()
    assert {name: len(messages) for name, messages in world.platform.chats.items()} == {str(HOME): 2}


async def test_what_people_keep_is_theirs_under_their_new_name(world: World) -> None:
    """Of the renamed workspace alone, either way round; what somebody kept under both names stands once."""
    shelf = ShelfStore(world.database)
    issue = Issue(7, "Seven", sections=(Section("S", (Entry("a"), Entry("b"))),))
    await world.issues.save(issue, content_hash="7", now=world.clock.now(), publish_at=None)
    first, second = 1, 2
    assert await world.issues.get_entry(second)
    for person, entry in (("T1/U1", first), ("T1/U1", second), ("U1", second), ("T2/U1", first)):
        await shelf.save(f"web:{person}", entry, now=world.clock.now())

    async def kept(person: str) -> int:
        return (await shelf.page(f"web:{person}")).total

    await world.closing.rename_workspace(BY_ID, HOME, now=world.clock.now())
    assert [await kept(person) for person in ("U1", "T1/U1", "T2/U1")] == [2, 0, 1]
    await world.closing.rename_workspace(HOME, BY_ID, now=world.clock.now())
    assert [await kept(person) for person in ("U1", "T1/U1", "T2/U1")] == [0, 2, 1]
