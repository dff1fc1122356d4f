"""The laws of pacing, in virtual time: never too early for a platform that counts, and no later than that."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import datetime, timedelta
from itertools import pairwise

import pytest

from bot.delivery.limits import adjust_limits
from bot.delivery.pacing import CHATS_FOR_ALL, Pacer, Turn
from bot.model.chat import Address, ChatKind
from bot.model.delivery import Limits, Scope
from bot.settings import LimitChange, SettingsError
from tests.fakes.clock import HandClock

LIMITS = Limits(per_second=10, private=(1, 1.0), group=(3, 60.0), channel=(3, 60.0))


def chat(name: str, workspace: str = "") -> Address:
    return Address("web", name, workspace=workspace)


class Stopwatch:
    """A pacer and its clock; notes at which second each thing happened."""

    def __init__(self) -> None:
        self.clock = HandClock()
        self.pacer = Pacer(self.clock, {"web": LIMITS})
        self.began = self.clock.now()
        self.times: dict[str, float] = {}

    def start(self, name: str, work: Awaitable[object]) -> asyncio.Task[object]:
        async def act() -> object:
            result = await work
            self.times[name] = round((self.clock.now() - self.began).total_seconds(), 3)
            return result

        return asyncio.create_task(act())

    async def settle(self) -> None:
        for _ in range(20):
            await asyncio.sleep(0)

    async def run(self, seconds: float, step: float = 0.01) -> None:
        for _ in range(round(seconds / step)):
            await self.settle()
            self.clock.advance(step)
        await self.settle()


@pytest.fixture
def watch() -> Stopwatch:
    return Stopwatch()


async def test_what_fits_into_a_second_goes_at_once(watch: Stopwatch) -> None:
    """Ten chats at ten a second need not wait for each other, and the next ten come a second later, at once, too."""
    for i in range(10):
        watch.start(f"a{i}", watch.pacer.deliver(chat(f"a{i}")))
    await watch.run(0.5)
    assert set(watch.times.values()) == {0.0}
    for i in range(10):
        watch.start(f"b{i}", watch.pacer.deliver(chat(f"b{i}")))
    await watch.run(1)
    assert {watch.times[f"b{i}"] for i in range(10)} <= {1.0, 1.01}


async def test_what_does_not_fit_comes_second_by_second(watch: Stopwatch) -> None:
    """While nobody asks anything, a short delivery takes as many seconds as the limit asks for, and no more."""
    for i in range(40):
        watch.start(str(i), watch.pacer.deliver(chat(str(i))))
    await watch.run(4)
    assert sorted(round(time, 1) for time in watch.times.values()) == [float(i // 10) for i in range(40)]


async def test_a_long_delivery_goes_evenly_in_the_end(watch: Stopwatch) -> None:
    """So that an answer that nobody has expected finds the next slot near."""
    for i in range(500):
        watch.start(str(i), watch.pacer.deliver(chat(str(i))))
    await watch.run(45, step=0.05)
    late = sorted(time for time in watch.times.values() if time > 40)
    assert late
    assert all(later - earlier <= 0.16 for earlier, later in pairwise(late))


async def test_who_gets_one_a_second_goes_before_who_can_get_several(watch: Stopwatch) -> None:
    """A private chat's messages take their seconds in any case; the others' fit between them."""
    group, private = chat("g"), chat("p")
    watch.pacer.learn(group, ChatKind.GROUP)
    watch.pacer.learn(private, ChatKind.PRIVATE)
    for i in range(10):
        watch.start(str(i), watch.pacer.deliver(chat(str(i))))
    await watch.settle()
    watch.start("group", watch.pacer.deliver(group))
    await watch.run(0.5)
    assert watch.pacer.next_turn(chat("0")) == watch.began + timedelta(seconds=1)  # it lets the others pass
    for i in range(9):
        watch.start(f"p{i}", watch.pacer.deliver(private))
    watch.start("last", watch.pacer.deliver(private))
    await watch.run(2)
    assert watch.times["last"] < watch.times["group"]


async def test_where_somebody_has_asked_it_is_let_through_evenly(watch: Stopwatch) -> None:
    """In no second are there more than ten, and none of the time is wasted."""
    await watch.pacer.answer(chat("reader"))
    await watch.run(1)
    watch.began, watch.times = watch.clock.now(), {}
    for i in range(40):
        watch.start(str(i), watch.pacer.deliver(chat(str(i))))
    await watch.run(5)
    times = sorted(watch.times.values())
    assert len(times) == 40
    assert all(later - earlier >= 0.999 for earlier, later in zip(times, times[10:], strict=False))
    assert all(later - earlier <= 0.12 for earlier, later in pairwise(times))
    assert times[-1] <= 4.1


async def test_an_answer_goes_ahead_of_every_delivery(watch: Stopwatch) -> None:
    """With a hundred deliveries in line, the first answer waits for the second's end at most, the next for one slot."""
    for i in range(100):
        watch.start(str(i), watch.pacer.deliver(chat(str(i))))
    await watch.run(3.3)
    for name, longest in (("first", 0.8), ("second", 0.12), ("third", 0.12)):
        asked = (watch.clock.now() - watch.began).total_seconds()
        watch.start(name, watch.pacer.answer(chat(name)))
        await watch.run(1.15)
        assert watch.times[name] - asked <= longest


async def test_a_call_that_took_long_counts_as_having_arrived_late(watch: Stopwatch) -> None:
    """A private chat that may get one a second is free a second after the call; later, where that was under way."""

    async def call(seconds: float) -> Turn:
        turn = await watch.pacer.deliver(chat("p"))
        assert turn is not None
        await watch.clock.sleep(seconds)
        watch.pacer.ended(turn)
        return turn

    watch.pacer.learn(chat("p"), ChatKind.PRIVATE)
    watch.start("quick", call(0.05))
    await watch.run(0.1)
    assert watch.pacer.free_at(chat("p")) - watch.began == timedelta(seconds=1)
    await watch.run(1)
    begun = watch.clock.now()
    watch.start("slow", call(0.25))
    await watch.run(0.5)
    free = (watch.pacer.free_at(chat("p")) - begun).total_seconds()
    assert free == pytest.approx(1.2, abs=0.01)


async def test_a_window_is_used_up_at_once_and_then_waited_out(watch: Stopwatch) -> None:
    """Three a minute: three may go together, an album counts for each of its messages."""
    group = chat("g")
    watch.pacer.learn(group, ChatKind.GROUP)
    assert watch.pacer.free_at(group, weight=3) == watch.began
    await watch.pacer.deliver(group, weight=2)
    assert watch.pacer.free_at(group) == watch.began
    assert watch.pacer.free_at(group, weight=2) == watch.began + timedelta(minutes=1)


async def test_what_an_earlier_process_sent_counts(watch: Stopwatch) -> None:
    """A process that begins anew knows a chat's window from the calls it is told of."""
    group = chat("g")
    watch.pacer.learn(group, ChatKind.GROUP)
    assert not watch.pacer.knows(group)
    ago = [watch.began - timedelta(seconds=seconds) for seconds in (90, 50, 40)]
    watch.pacer.recall(group, [(moment, 1) for moment in ago])
    assert watch.pacer.knows(group)
    assert watch.pacer.free_at(group) == watch.began
    assert watch.pacer.free_at(group, weight=2) == ago[1] + timedelta(minutes=1)


async def test_a_complaint_slows_the_chat_it_is_about(watch: Stopwatch) -> None:
    """One chat that was too fast gets a longer window, which comes back call by call; the others keep theirs."""
    slow, other = chat("slow"), chat("other")
    for each in (slow, other):
        watch.pacer.learn(each, ChatKind.PRIVATE)
    assert watch.pacer.complain(slow, Scope.CHAT) is Scope.CHAT
    await asyncio.gather(watch.pacer.deliver(slow), watch.pacer.deliver(other))
    assert watch.pacer.free_at(slow) - watch.began == timedelta(seconds=1.5)
    assert watch.pacer.free_at(other) - watch.began == timedelta(seconds=1)


async def test_chats_that_complain_in_a_row_speak_for_all(watch: Stopwatch) -> None:
    """A flood that is everybody's shows in one chat after the other; one that is served between them says it is not."""
    chats = [chat(str(i)) for i in range(CHATS_FOR_ALL)]
    scopes = [watch.pacer.complain(each, Scope.CHAT) for each in chats]
    assert scopes == [Scope.CHAT] * (CHATS_FOR_ALL - 1) + [Scope.WORKSPACE]
    watch.pacer.complain(chats[0], Scope.CHAT)
    watch.pacer.served(chat("well"))
    assert watch.pacer.complain(chats[1], Scope.CHAT) is Scope.CHAT


@pytest.mark.parametrize(
    ("scope", "elsewhere"), [(Scope.WORKSPACE, 0.0), (Scope.PLATFORM, 5.0)], ids=["workspace", "platform"]
)
async def test_a_pause_shuts_whom_it_is_about(watch: Stopwatch, scope: Scope, elsewhere: float) -> None:
    """A workspace's pause is its own; a platform's holds everywhere there. Given up, nobody sits it out."""
    await watch.pacer.deliver(chat("x", "T2"))
    watch.pacer.pause(chat("x", "T1"), scope, timedelta(seconds=5))
    watch.start("T1", watch.pacer.deliver(chat("y", "T1")))
    watch.start("T2", watch.pacer.deliver(chat("y", "T2")))
    await watch.run(6)
    assert watch.times["T1"] == pytest.approx(5.0, abs=0.02)
    assert watch.times["T2"] == pytest.approx(elsewhere, abs=0.02)
    watch.pacer.pause(chat("x", "T1"), scope, timedelta(seconds=60))
    waiting = watch.start("given up", watch.pacer.deliver(chat("z", "T1")))
    await watch.settle()
    watch.pacer.give_up_deliveries()
    assert await waiting is None


CHANGED: list[tuple[LimitChange, Callable[[Limits], object], object]] = [
    (LimitChange("web", "all", 600, 60.0), lambda limits: limits.per_second, 10.0),
    (LimitChange("web", "group", 30, 60.0), lambda limits: limits.group, (30, 60.0)),
    (LimitChange("web", "private", 2, 1.0), lambda limits: limits.private, (2, 1.0)),
]


@pytest.mark.parametrize(("change", "read", "then"), CHANGED, ids=lambda value: getattr(value, "what", ""))
def test_a_limit_can_be_set_otherwise(change: LimitChange, read: Callable[[Limits], object], then: object) -> None:
    """One limit changes, the others stay; a platform nobody has is told."""
    adjusted = adjust_limits({"web": LIMITS, "other": LIMITS}, [change])
    assert read(adjusted["web"]) == then
    assert adjusted["other"] == LIMITS
    with pytest.raises(SettingsError, match="there are other"):
        adjust_limits({"other": LIMITS}, [change])


class RunningClock(HandClock):
    """Time that goes on by itself, a little with every look."""

    def now(self) -> datetime:
        self.advance(0.000_001)
        return super().now()


@pytest.mark.parametrize("edits", [None, (2, 60.0)])
def test_an_edit_that_is_free_to_be_made_waits_for_nothing(edits: tuple[int, float] | None) -> None:
    """However little time passes while that is found out; what is one too many waits for its window."""
    clock = RunningClock()
    pacer = Pacer(clock, {"web": replace(LIMITS, edits=edits)})
    assert [pacer.wait_to_edit(chat(name)) for name in ("a", "b")] == [timedelta(0)] * 2
    wait = pacer.wait_to_edit(chat("c"))
    assert wait == timedelta(0) if edits is None else timedelta(seconds=59) < wait <= timedelta(seconds=60)
    assert pacer.wait_to_edit(chat("c", "another workspace")) == timedelta(0)
