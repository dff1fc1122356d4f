"""Where a platform has workspaces: one's trouble is its own, the platform's own home among them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.delivery import worker as workers
from bot.delivery.pacing import Pacer
from bot.model.chat import Address, SubscriptionStatus
from bot.model.delivery import Closed, Halt, Later, Limits, Outcome, Scope
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
