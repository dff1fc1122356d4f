"""The laws of delivery, with the real outbox on a real database and virtual time."""

from __future__ import annotations

import asyncio
import random
from datetime import datetime, timedelta

import pytest

from bot.model.chat import Address, ChatKind, Preferences, SubscriptionStatus
from bot.model.delivery import (
    Closed,
    Degradation,
    Finding,
    Later,
    Limits,
    Moved,
    Outcome,
    PartStatus,
    Payload,
    Postponed,
    Refused,
    Scope,
    Trace,
    Uncertain,
    Undecided,
)
from bot.storage.engine import StorageError
from bot.storage.movable import SEARCHES
from bot.storage.publishing import PlannedPart, Target
from tests.unit.delivery.conftest import LEASE, World, room, some_parts


def positions(world: World, chat: Address) -> list[int]:
    return [int(reference.rpartition(".")[2]) for reference in world.platform.chats[str(chat)]]


@pytest.fixture
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let an idle worker look for news every ten minutes: hours of virtual time pass in a few steps."""
    monkeypatch.setattr("bot.delivery.worker.IDLE_SECONDS", 600.0)


async def test_every_part_arrives_once_and_in_order(world: World) -> None:
    """Each subscribed chat gets each part of an issue once, in order; a chat that is not subscribed gets nothing."""
    await world.subscribe(room("a"), room("b"))
    await world.chats.meet(room("c"), kind=ChatKind.PRIVATE, title="", now=world.clock.now())
    await world.plan(1, some_parts(5))
    await world.drain()
    assert positions(world, room("a")) == positions(world, room("b")) == [0, 1, 2, 3, 4]
    assert str(room("c")) not in world.platform.chats


async def test_planning_twice_adds_nothing(world: World) -> None:
    """Publishing an issue again changes nothing, before and after it was delivered; a new chat gets it all."""
    await world.subscribe(room("a"))
    assert (await world.plan(1, some_parts(3))).parts == 3
    assert (await world.plan(1, some_parts(3))).parts == 0
    await world.drain()
    assert (await world.plan(1, some_parts(4))).parts == 0
    await world.subscribe(room("b"))
    assert (await world.plan(1, some_parts(4))).parts == 4
    await world.drain()
    assert positions(world, room("a")) == [0, 1, 2]
    assert positions(world, room("b")) == [0, 1, 2, 3]


async def test_sections_left_out_can_be_planned_later(world: World) -> None:
    """A plan of some sections delivers the header and those; a later plan of all adds only the rest."""
    await world.subscribe(room("a"))
    assert (await world.plan(1, some_parts(4), sections=frozenset({1}))).parts == 2
    await world.drain()
    assert positions(world, room("a")) == [0, 2]
    assert (await world.plan(1, some_parts(4))).parts == 2
    await world.drain()
    assert positions(world, room("a")) == [0, 2, 1, 3]


async def test_issues_keep_their_order_in_a_chat(world: World) -> None:
    """An issue planned later follows the one before, even when that one is held up."""
    await world.subscribe(room("a"))
    world.platform.script = lambda _c, r, n: (
        Later("busy", timedelta(seconds=30)) if r.endswith(".1") and n < 3 else None
    )
    await world.plan(1, some_parts(3))
    await world.plan(2, some_parts(2))
    await world.drain()
    assert positions(world, room("a")) == [0, 1, 2, 0, 1]


@pytest.mark.parametrize("seed", range(5))
async def test_lost_answers_and_refused_connections_repeat_and_lose_nothing(world: World, seed: int) -> None:
    """Whatever mix of lost answers, resets and throttling: once everywhere, in order."""
    dice = random.Random(seed)
    faults: list[Outcome | None] = [Uncertain("answer lost"), Uncertain("reset"), Later("429", timedelta(seconds=3))]
    world.platform.script = lambda _c, _r, _n: dice.choice(faults) if dice.random() < 0.4 else None
    rooms = [room(f"r{i}") for i in range(8)]
    await world.subscribe(*rooms)
    await world.plan(1, some_parts(6))
    await world.drain(within=24 * 3600)
    for each in rooms:
        assert positions(world, each) == list(range(6))


async def test_a_dead_worker_leaves_uncertain_parts_that_are_looked_for(world: World) -> None:
    """A part claimed by a process that died is not sent again before it was looked for; others wait for no lease."""
    await world.subscribe(room("a"), room("b"))
    await world.plan(1, some_parts(2))
    dead = world.outbox("dead")
    claims = await dead.exchange([], platforms=["web"], limit=9, now=world.clock.now())
    assert len(claims) == 2
    arrived = next(claim for claim in claims if claim.part.chat == room("a"))
    await world.platform.send(arrived.part.chat, arrived.part.payload, arrived.part.reference)
    began = world.clock.now()
    await world.drain(world.worker(owner="new"))
    assert world.clock.now() - began >= LEASE
    assert positions(world, room("a")) == positions(world, room("b")) == [0, 1]
    assert len(world.platform.searched) == 2


async def test_what_nobody_can_tell_is_held_and_the_rest_goes_on(world: World) -> None:
    """A part that stays undecided is never sent again by itself; later parts still arrive, and it is shown."""
    await world.subscribe(room("a"))
    world.platform.script = lambda _c, r, _n: Uncertain("no answer") if r.endswith(".1") else None

    async def find(_chat: Address, _payload: Payload, _trace: object) -> Finding:
        return Undecided("no history to look in")

    world.platform.find = find  # type: ignore[method-assign]
    await world.plan(1, some_parts(3))
    await world.drain()
    assert positions(world, room("a")) == [0, 2]
    (report,) = await world.reports.deliveries(issue=1)
    assert [part.status for part in report.parts] == [PartStatus.SENT, PartStatus.UNCERTAIN, PartStatus.SENT]
    assert report.parts[1].attempts == 1
    assert report.parts[1].error == "no history to look in"


async def test_an_outage_leaves_no_part_to_a_person(world: World) -> None:
    """Where nobody could look, however often, it counts for nothing: when somebody can, the part is found."""
    await world.subscribe(room("a"))
    world.platform.script = lambda _c, r, n: Uncertain("answer lost") if r.endswith(".1") and n == 1 else None
    look, outages = world.platform.find, iter(range(20))

    async def find(chat: Address, payload: Payload, trace: Trace) -> Finding:
        return Postponed("no network") if next(outages, None) is not None else await look(chat, payload, trace)

    world.platform.find = find  # type: ignore[method-assign]
    await world.plan(1, some_parts(3))
    await world.drain()
    assert positions(world, room("a")) == [0, 1, 2]
    (report,) = await world.reports.deliveries(issue=1)
    assert {part.status for part in report.parts} == {PartStatus.SENT}


async def test_a_search_knows_when_the_call_was_made_and_what_stood_there(world: World) -> None:
    """Also at its second look, and after a restart: the time of the call, the messages before it, in every thread."""
    here, beside = Address("web", "a"), Address("web", "a", thread="7")
    await world.subscribe(here, beside)
    world.platform.script = lambda _c, r, _n: Uncertain("no answer") if r.endswith(".2") else None
    traces: list[Trace] = []

    async def find(_chat: Address, _payload: Payload, trace: Trace) -> Finding:
        traces.append(trace)
        return Undecided("who knows")

    world.platform.find = find  # type: ignore[method-assign]
    began = world.clock.now()
    await world.plan(1, some_parts(3))
    await world.drain()
    assert len(traces) == 2 * SEARCHES
    for trace in traces:
        assert began <= trace.called_at <= began + timedelta(seconds=1)
        assert len(trace.delivered) == 2
        assert set(trace.after) <= set(trace.delivered)


async def test_a_new_process_keeps_the_pace_of_the_one_before(world: World) -> None:
    """What was sent into a chat within its window counts, whoever sent it, and through whichever of its threads."""
    limits = Limits(per_second=100, private=(1, 1.0), group=(3, 60.0), channel=(3, 60.0))
    here, beside = Address("web", "a"), Address("web", "a", thread="7")
    await world.subscribe(here, kind=ChatKind.GROUP)
    await world.plan(1, some_parts(3))
    began = world.clock.now()
    await world.drain(world.worker(limits=limits))
    assert world.clock.now() - began < timedelta(seconds=5)
    await world.subscribe(beside, kind=ChatKind.GROUP)
    await world.chats.unsubscribe(here)
    await world.plan(2, some_parts(1))
    await world.drain(world.worker(owner="two", limits=limits))
    assert world.platform.last[str(beside)] - began >= timedelta(minutes=1)


async def test_a_fault_of_the_bots_own_ends_no_deliveries(world: World, caplog: pytest.LogCaptureFixture) -> None:
    """A part that the adapter stumbles over may have arrived: it is looked for; other parts and chats go on."""
    await world.subscribe(room("a"), room("b"))

    def stumble(chat: Address, reference: str, _attempt: int) -> None:
        if chat == room("a") and reference.endswith(".1"):
            raise LookupError("a fault in the adapter")

    world.platform.script = stumble
    look = world.platform.find

    async def find(chat: Address, payload: Payload, trace: Trace) -> Finding:
        if chat == room("a"):
            raise LookupError("another one")
        return await look(chat, payload, trace)

    world.platform.find = find  # type: ignore[method-assign]
    await world.plan(1, some_parts(3))
    await world.drain()
    assert (positions(world, room("a")), positions(world, room("b"))) == ([0, 2], [0, 1, 2])
    reports = {report.chat: report for report in await world.reports.deliveries(issue=1)}
    assert reports[room("a")].parts[1].status is PartStatus.UNCERTAIN
    assert "could not be sent" in caplog.text


async def test_what_an_outcome_means_for_a_chat_waits_for_the_database(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A full disk while a closed chat is to be suspended ends nothing: once there is room, it is suspended."""
    await world.subscribe(room("a"), room("b"))
    world.platform.script = lambda c, _r, _n: Closed("kicked") if c == room("a") else None
    suspend, fulls = world.closing.suspend_chat, iter(range(3))

    async def full(chat: Address, reason: str, *, now: datetime) -> None:
        if next(fulls, None) is not None:
            raise StorageError("the disk is full")
        await suspend(chat, reason, now=now)

    monkeypatch.setattr(world.closing, "suspend_chat", full)
    await world.plan(1, some_parts(2))
    await world.drain()
    chat = await world.chats.get(room("a"))
    assert chat is not None
    assert chat.status is SubscriptionStatus.SUSPENDED
    assert positions(world, room("b")) == [0, 1]


async def test_one_throttled_chat_delays_no_other(world: World) -> None:
    """A chat told to wait waits alone."""
    slow, quick = room("slow"), [room(f"q{i}") for i in range(20)]
    await world.subscribe(slow, *quick)
    world.platform.script = lambda c, _r, n: Later("429", timedelta(minutes=5)) if c == slow and n == 1 else None
    await world.plan(1, some_parts(3))
    began = world.clock.now()
    await world.drain()
    assert positions(world, slow) == [0, 1, 2]
    assert max(world.platform.last[str(each)] for each in quick) - began < timedelta(minutes=1)


async def test_a_closed_chat_is_suspended_with_its_reason_and_keeps_its_settings(world: World) -> None:
    """A chat that cannot be written to fails what it was to get, is asked no more, and comes back as it was."""
    await world.subscribe(room("a"), room("b"))
    world.platform.script = lambda c, _r, _n: Closed("kicked") if c == room("a") else None
    await world.plan(1, some_parts(3))
    await world.drain()
    chat = await world.chats.get(room("a"))
    assert chat is not None
    assert (chat.status, chat.reason) == (SubscriptionStatus.SUSPENDED, "kicked")
    assert sum(world.platform.attempts.values()) == 1 + 3
    reports = {report.chat: report for report in await world.reports.deliveries(issue=1)}
    assert {part.status for part in reports[room("a")].parts} == {PartStatus.FAILED}
    assert reports[room("b")].status is PartStatus.SENT
    assert world.told == [(f"chat {room('a')}", "kicked")]
    assert await world.closing.resume(room("a"))


async def test_a_moved_chat_is_followed_with_the_same_part(world: World) -> None:
    """After a move the same part goes to the new address, and everything later too."""
    await world.subscribe(room("old"))
    world.platform.script = lambda c, _r, n: Moved(room("new")) if c == room("old") and n == 1 else None
    await world.plan(1, some_parts(3))
    await world.drain()
    assert positions(world, room("new")) == [0, 1, 2]
    assert str(room("old")) not in world.platform.chats


async def test_a_move_to_a_known_chat_merges_and_repeats_nothing(world: World) -> None:
    """Where the new address is subscribed already, it receives each issue once."""
    await world.subscribe(room("old"), room("new"))
    world.platform.script = lambda c, _r, _n: Moved(room("new")) if c == room("old") else None
    await world.plan(1, some_parts(3))
    await world.drain()
    assert positions(world, room("new")) == [0, 1, 2]
    assert [chat.address for chat in await world.chats.list_chats(status=SubscriptionStatus.ACTIVE)] == [room("new")]


async def test_a_refused_part_degrades_and_then_is_skipped(world: World) -> None:
    """Refused content goes out without its image, then plain, and is skipped and reported at last; the rest arrives."""
    await world.subscribe(room("a"))

    def refuse(_chat: Address, reference: str, attempt: int) -> Outcome | None:
        wanted = {"1": 1, "2": 2, "3": 9}.get(reference.rpartition(".")[2], 0)
        return Refused("bad image", Degradation.NO_IMAGES) if attempt <= wanted else None

    world.platform.script = refuse
    parts = [PlannedPart(None, {"text": f"part {i}", "image": "x"}) for i in range(5)]
    await world.plan(1, parts)
    await world.drain()
    assert positions(world, room("a")) == [0, 1, 2, 4]
    shown = world.platform.shown[str(room("a"))]
    assert shown[0] == {"text": "part 0", "image": "x"}
    assert shown[1] == {"text": "part 1"}
    assert shown[2] == {"text": "part 2", "plain": True}
    (report,) = await world.reports.deliveries(issue=1)
    assert report.parts[3].status is PartStatus.SKIPPED
    assert report.parts[3].error == "bad image"


async def test_a_form_that_changes_nothing_is_not_sent_again(world: World) -> None:
    """A part without images that is refused goes straight to plain text: the same call is never repeated."""
    await world.subscribe(room("a"))
    world.platform.script = lambda _c, _r, n: Refused("bad", Degradation.NO_IMAGES) if n == 1 else None
    await world.plan(1, [PlannedPart(None, {"text": "only words"})])
    await world.drain()
    assert world.platform.shown[str(room("a"))] == [{"text": "only words", "plain": True}]


async def test_limits_are_kept_and_nothing_waits_longer_than_they_ask(world: World) -> None:
    """Calls keep the platform's rate and the chats' windows, and the whole takes no longer than these."""
    limits = Limits(per_second=10, private=(1, 2.0), group=(3, 60.0), channel=(3, 60.0))
    rooms = [room(f"p{i}") for i in range(10)]
    await world.subscribe(*rooms)
    await world.plan(1, some_parts(4))
    await world.drain(world.worker(limits=limits))
    times = sorted(world.platform.times)
    assert len(times) == 40
    for i in range(len(times) - 10):
        assert times[i + 10] - times[i] >= 0.999
    # 10 chats, 4 parts each, one every 2 s for a chat: 6 s between the first and the last part of a chat.
    assert times[-1] - times[0] <= 6 + 1.5


async def test_a_stopped_worker_leaves_nothing_claimed(world: World) -> None:
    """After a clean stop another worker goes on at once, without waiting for a lease, and repeats nothing."""
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(4))
    first = world.worker()
    first.stop()
    await world.drain(first)
    began = world.clock.now()
    await world.drain(world.worker(owner="two"))
    assert world.clock.now() - began < LEASE
    assert positions(world, room("a")) == [0, 1, 2, 3]


async def test_a_target_limits_the_plan_to_its_chats(world: World) -> None:
    """An issue posted to named chats reaches these alone."""
    await world.subscribe(room("a"), room("b"))
    await world.plan(1, some_parts(2), target=await world.plans.target([room("b")]))
    await world.drain()
    assert positions(world, room("b")) == [0, 1]
    assert str(room("a")) not in world.platform.chats
    assert (await world.plan(1, some_parts(2), target=Target())).publications == 1


@pytest.mark.usefixtures("_patient")
async def test_a_pause_for_all_outlives_the_process(world: World) -> None:
    """When a platform asks everybody to wait, nobody is called meanwhile, not even by a worker started anew."""
    rooms = [room(f"r{i}") for i in range(5)]
    await world.subscribe(*rooms)
    world.platform.script = lambda c, _r, n: (
        Later("flood", timedelta(minutes=10), Scope.PLATFORM) if c == rooms[0] and n == 1 else None
    )
    await world.plan(1, some_parts(2))
    first = world.worker()
    began = world.clock.now()
    task = asyncio.ensure_future(first.drain())
    world.platform.called = first.stop
    await world.clock.pass_until(task, world.database, within=60)
    called = len(world.platform.times)
    await world.drain(world.worker(owner="two"))
    later = [moment - began.timestamp() for moment in world.platform.times[called:]]
    assert later
    assert min(later) >= 600
    for each in rooms:
        assert positions(world, each) == [0, 1]


@pytest.mark.usefixtures("_patient")
async def test_a_paced_chat_gets_its_sections_apart(world: World) -> None:
    """A chat with a pace gets a section at a time, quiet hours included; the others get everything at once."""
    await world.subscribe(room("paced"), room("other"))
    timing = Preferences(pace_minutes=30, zone="UTC", quiet_from="10:00", quiet_until="14:00")
    await world.chats.set_preferences(room("paced"), timing)
    parts = [PlannedPart(section, {"text": str(i)}) for i, section in enumerate([None, 0, 0, 1, 2])]
    await world.plan(1, parts)
    began = world.clock.now()
    assert f"{began:%H:%M}" == "09:00"
    await world.drain(within=24 * 3600)
    assert positions(world, room("paced")) == [0, 1, 2, 3, 4]
    assert world.platform.last[str(room("other"))] - began < timedelta(seconds=5)
    minutes = [round((moment - began.timestamp()) / 60) for moment in world.platform.times[5:]]
    # The header, then section 0 with its two parts, then 1 at 09:30 and 2 at 10:00, which is quiet until 14:00.
    assert sorted(minutes)[-2:] == [30, 300]


@pytest.mark.usefixtures("_patient")
async def test_a_chat_receives_at_its_own_hour(world: World) -> None:
    """An issue published at nine reaches a chat that wants noon at noon."""
    await world.subscribe(room("noon"))
    await world.chats.set_preferences(room("noon"), Preferences(post_at="12:00", zone="UTC"))
    await world.plan(1, some_parts(2))
    await world.drain(within=24 * 3600)
    assert f"{world.platform.last[str(room('noon'))]:%H:%M}" == "12:00"


async def test_who_waits_for_the_end_does_not_wait_for_hours(world: World) -> None:
    """What a chat wants later, and what a platform that is down keeps, is left; when it is due is told."""
    patience = timedelta(minutes=2)
    await world.subscribe(room("a"), room("slow"), room("down"))
    await world.chats.set_preferences(room("slow"), Preferences(pace_minutes=30))
    world.platform.script = lambda c, _r, _n: Later("down") if c == room("down") else None
    await world.plan(1, some_parts(3))
    began = world.clock.now()
    task = asyncio.ensure_future(world.worker().drain(patience=patience))
    await world.clock.pass_until(task, world.database, within=600)
    assert patience < world.clock.now() - began < 2 * patience
    assert positions(world, room("a")) == [0, 1, 2]
    assert positions(world, room("slow")) == [0, 1]
    due = task.result()
    assert due is not None
    assert due > world.clock.now() - timedelta(seconds=1)
