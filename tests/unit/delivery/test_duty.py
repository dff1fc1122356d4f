"""Several processes on one database: one at a time sends on a platform, and its limits hold for all together."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.duty import PAUSE, Rank, attend, leave
from bot.delivery.pacing import Pacer
from bot.delivery.worker import Worker
from bot.model.chat import ChatKind
from bot.model.delivery import Limits
from bot.storage.duties import Duty
from tests.fakes.clock import HandClock
from tests.unit.delivery.conftest import LEASE, NO_LIMITS, World, room, some_parts

NOW = HandClock().now()
AMENDING, RUNNING, POSTING = Rank
LIMITS = Limits(per_second=5, private=(1, 1.0), group=(3, 60.0), channel=(3, 60.0))


def mine(rank: Rank = RUNNING, *, age: float = 0, wanted: Rank | None = None) -> Duty:
    return Duty("me", rank, NOW + LEASE - timedelta(seconds=age), wanted)


def theirs(rank: Rank = RUNNING, *, ended: float = -1, wanted: Rank | None = None) -> Duty:
    return Duty("they", rank, NOW - timedelta(seconds=ended), wanted)


LEFT = replace(leave(theirs(), NOW - PAUSE), wanted=RUNNING)

TABLE: dict[str, tuple[Duty | None, Rank, bool, Duty | None]] = {
    "nobody has ever come": (None, RUNNING, True, mine()),
    "somebody else is there": (theirs(), RUNNING, True, None),
    "somebody else was there": (theirs(ended=0), RUNNING, True, mine()),
    "it is mine": (mine(age=1), RUNNING, False, None),
    "it is mine, and grows old": (mine(age=LEASE.total_seconds() / 2), RUNNING, False, mine()),
    "it was mine, and nobody came": (mine(age=LEASE.total_seconds() + 1), RUNNING, True, mine()),
    "it was mine for something else": (mine(AMENDING), POSTING, True, mine(POSTING)),
    "I rank before": (theirs(POSTING), RUNNING, True, theirs(POSTING, wanted=RUNNING)),
    "I rank before, and have said so": (theirs(POSTING, wanted=RUNNING), RUNNING, True, None),
    "I rank before who has said so": (
        theirs(POSTING, wanted=RUNNING),
        AMENDING,
        True,
        theirs(POSTING, wanted=AMENDING),
    ),
    "it is wanted, and calls are under way": (
        mine(POSTING, age=1, wanted=RUNNING),
        POSTING,
        False,
        mine(POSTING, wanted=RUNNING),
    ),
    "it is wanted": (mine(POSTING, wanted=RUNNING), POSTING, True, Duty("", POSTING, NOW + PAUSE, RUNNING)),
    "it is wanted by who ranks behind": (mine(AMENDING, wanted=RUNNING), AMENDING, True, None),
    "it was left for me": (LEFT, RUNNING, True, mine()),
    "it was left for somebody else": (LEFT, POSTING, True, None),
    "it was left for somebody who does not come": (replace(LEFT, until=NOW - LEASE), POSTING, True, mine(POSTING)),
}


@pytest.mark.parametrize(("duty", "rank", "idle", "then"), TABLE.values(), ids=TABLE.keys())
def test_who_is_on_duty(duty: Duty | None, rank: Rank, *, idle: bool, then: Duty | None) -> None:
    """One at a time; who ranks before is made way for, and who does not come is not waited for."""
    assert attend(duty, worker="me", rank=rank, now=NOW, lease=LEASE, idle=idle) == then


async def work(world: World, *workers: Worker, within: float = 3600) -> None:
    """Let several processes do all there is to do."""
    task = asyncio.ensure_future(asyncio.gather(*(worker.drain() for worker in workers)))
    await world.clock.pass_until(task, world.database, within=within)


def busiest(times: list[float], window: float) -> int:
    """Return the most calls in any window of so many seconds."""
    return max(sum(begin <= time < begin + window - 1e-6 for time in times) for begin in times)


@pytest.mark.parametrize("ranks", [(RUNNING, RUNNING), (RUNNING, POSTING), (POSTING, RUNNING)])
async def test_two_processes_keep_the_limits_of_one(world: World, ranks: tuple[Rank, Rank]) -> None:
    """Neither all chats nor any of them gets more than the platform allows, whoever comes first, and all is sent."""
    rooms = [room(f"r{i}") for i in range(20)]
    await world.subscribe(*rooms, kind=ChatKind.GROUP)
    await world.plan(1, some_parts(5))
    first, second = (world.worker(owner=rank.name + str(i), limits=LIMITS, rank=rank) for i, rank in enumerate(ranks))

    async def join_later() -> None:
        await world.clock.sleep(1.5)
        await second.drain()

    task = asyncio.ensure_future(asyncio.gather(first.drain(), join_later()))
    await world.clock.pass_until(task, world.database, within=600)
    assert sorted(map(len, world.platform.chats.values())) == [5] * 20
    assert busiest(world.platform.times, 1.0) <= LIMITS.per_second
    assert max(world.platform.times) - min(world.platform.times) <= 75  # of 60 that a chat's limit asks for


async def test_what_another_process_sent_counts_when_the_duty_comes_back(world: World) -> None:
    """A process that was on duty before another one was learns how full each chat's window is."""
    await world.subscribe(room("g"), kind=ChatKind.GROUP)
    run, post = (world.worker(owner=name, limits=LIMITS) for name in ("run", "post"))
    await world.plan(1, some_parts(1))
    await world.drain(run)
    await run._roster.leave()
    await world.plan(2, some_parts(2))
    await world.drain(post)
    await post._roster.leave()
    await world.plan(3, some_parts(1))
    again = world.worker(owner="run", limits=LIMITS)
    again._pacer, again._roster._taken_over = run._pacer, run._pacer.forget
    began = world.platform.times[0]
    await world.drain(again)
    assert world.platform.times[-1] - began >= 60


async def test_a_dead_process_is_waited_for_no_longer_than_its_lease(world: World) -> None:
    """Whoever is on duty and dies leaves the others waiting until the lease has run out, and no longer."""
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(2))
    dead = world.roster("dead")
    await dead.attend(["web"])
    assert dead.holds("web")
    began = world.clock.now()
    await world.drain(world.worker(owner="alive", limits=NO_LIMITS))
    assert LEASE <= world.clock.now() - began <= LEASE + timedelta(seconds=3)


async def test_a_platform_that_the_one_on_duty_does_not_have_is_free(world: World) -> None:
    """A process without a platform's token leaves it to one that has it."""
    slack_only, web = world.roster("one"), world.roster("two", rank=POSTING)
    await slack_only.attend(["slack"])
    await web.attend(["slack", "web"])
    assert not web.holds("slack")
    assert web.holds("web")
    assert web.holder("slack") == "one"


async def test_editing_goes_ahead_of_a_process_that_runs(world: World) -> None:
    """`bot amend` is let in as soon as nothing is under way, and the one that runs comes back when it is done."""
    run, amend = world.roster("run", pacer=Pacer(world.clock, {"web": LIMITS})), world.roster("amend", rank=AMENDING)
    await run.attend(["web"])
    run.began()

    async def keep_running() -> None:
        while True:
            await run.attend(["web"])
            await world.clock.sleep(1)

    running = asyncio.create_task(keep_running())
    waiting = asyncio.create_task(amend.wait_for("web"))
    for _ in range(30):
        await asyncio.sleep(0.001)
        world.clock.advance(1)
    assert not waiting.done()  # a call is under way, which it does not give up
    assert not run.holds("web")  # and it begins no other
    run.ended()
    await world.clock.pass_until(waiting, world.database, within=10)
    assert amend.holds("web")
    await amend.leave()
    await world.clock.pass_until(asyncio.create_task(run.wait_for("web")), world.database, within=10)
    running.cancel()
