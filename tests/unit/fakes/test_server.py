"""What both fakes share: waiting, threads, faults, rates, the clock."""

from __future__ import annotations

import asyncio

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.fakes import Action, DeadlineError, HandClock, running
from tests.fakes.faults import AnswerLost, FaultScript, Hang, Html, Refuse, Reset, Rule, Slow, TooMany
from tests.fakes.rates import JITTER, Meter, Pace
from tests.fakes.telegram import Chat, TelegramFake


async def send(fake: TelegramFake, chat: Chat, text: str = "hello", patience: float = 5.0) -> httpx.Response:
    async with httpx.AsyncClient(timeout=patience) as client:
        return await client.post(f"{fake.url}/bot{fake.token}/sendMessage", data={"chat_id": chat.id, "text": text})


async def test_waiting_returns_what_the_condition_found(telegram: TelegramFake) -> None:
    """Whoever waits is woken by what happens, and handed what the condition returned."""
    chat = telegram.private(telegram.user())
    waiting = asyncio.create_task(telegram.wait_for(lambda transcript: transcript.from_bot.texts, within=5))
    await send(telegram, chat)
    assert await waiting == ["hello"]


async def test_a_deadline_tells_what_happened_instead(telegram: TelegramFake) -> None:
    """A wait in vain fails with the last records and calls in its text."""
    await send(telegram, telegram.private(telegram.user()), "something else")
    with pytest.raises(DeadlineError, match=r"(?s)something else.*sendMessage\(\d+\) 200"):
        await telegram.wait_for(lambda transcript: transcript.edited, within=0.01)


async def test_quiet_ends_when_nothing_happens_and_fails_when_something_always_does(telegram: TelegramFake) -> None:
    """Silence is a time without any change; a deadline without silence is an error."""
    await telegram.quiet(seconds=0.02, within=5)
    chat = telegram.private(telegram.user())

    async def chatter() -> None:
        while True:
            telegram.violated("test", chat.id, "noise")
            await asyncio.sleep(0)

    noise = asyncio.create_task(chatter())
    with pytest.raises(DeadlineError):
        await telegram.quiet(seconds=0.2, within=0.3)
    noise.cancel()


async def test_a_fake_in_a_thread_is_scripted_and_awaited_from_another_loop() -> None:
    """A fake beside a process is used as one on the test's own loop: scripting, calls, waiting."""
    with running(TelegramFake(rates=False)) as fake:
        chat = fake.private(fake.user("Ada"))
        fake.fail(method="sendMessage", with_=Refuse("Forbidden: bot was blocked by the user"))
        assert (await send(fake, chat)).status_code == 403
        assert (await send(fake, chat)).status_code == 200
        found = await fake.wait_for(lambda transcript: transcript.of(chat.id), within=5)
        assert found.texts == ["hello"]
        with pytest.raises(DeadlineError):
            await fake.wait_for(lambda transcript: len(transcript) > 1, within=0.01)
    with pytest.raises(httpx.ConnectError):
        await send(fake, chat)


def test_a_thread_without_a_loop_waits_too() -> None:
    """`wait` blocks a plain thread until the condition holds."""
    with running(TelegramFake(rates=False)) as fake:
        chat = fake.private(fake.user())
        httpx.post(f"{fake.url}/bot{fake.token}/sendMessage", json={"chat_id": chat.id, "text": "hello"})
        assert fake.wait(lambda transcript: transcript.from_bot, within=5)[0].action is Action.SENT


async def test_waiting_in_the_fakes_own_loop_must_not_block_it(telegram: TelegramFake) -> None:
    """`wait` on the fake's own loop would wait for ever, so it refuses."""
    with pytest.raises(RuntimeError):
        telegram.wait(bool, within=1)


@pytest.mark.parametrize(
    ("fault", "error", "stands"),
    [
        (Reset(), httpx.RemoteProtocolError, False),
        (AnswerLost(), httpx.RemoteProtocolError, True),
        (Hang(), httpx.ReadTimeout, False),
        (Hang(accepted=True), httpx.ReadTimeout, True),
    ],
)
async def test_a_broken_call_is_carried_out_or_not_as_its_fault_says(
    telegram: TelegramFake, fault: Reset | AnswerLost | Hang, error: type[Exception], stands: bool
) -> None:
    """No answer comes either way; whether the message stands is the fault's choice, and the next call is well."""
    chat = telegram.private(telegram.user())
    telegram.fail(method="sendMessage", chat=chat, with_=fault)
    with pytest.raises(error):
        await send(telegram, chat, patience=0.3)
    assert bool(telegram.transcript.standing(chat.id)) is stands
    assert telegram.calls[-1].status == 0
    assert (await send(telegram, chat)).status_code == 200


@pytest.mark.parametrize("accepted", [False, True])
async def test_a_proxys_page_stands_for_an_answer(telegram: TelegramFake, accepted: bool) -> None:
    """An HTML page comes with its own status, before or after the call was carried out."""
    chat = telegram.private(telegram.user())
    telegram.fail(with_=Html(504, accepted=accepted))
    response = await send(telegram, chat)
    assert (response.status_code, response.headers["Content-Type"]) == (504, "text/html; charset=utf-8")
    assert len(telegram.transcript) == accepted


async def test_a_slow_call_takes_the_clocks_time(telegram: TelegramFake, clock: HandClock) -> None:
    """Slowness is measured on the fake's clock, so that a test does not wait."""
    chat = telegram.private(telegram.user())
    telegram.fail(with_=Slow(30))
    call = asyncio.create_task(send(telegram, chat))
    await clock.asleep()
    assert not telegram.transcript
    clock.advance(30)
    assert (await call).status_code == 200


async def test_a_dead_network_refuses_and_comes_back_on_the_same_port(telegram: TelegramFake) -> None:
    """Down means connection refused; back means the same address works."""
    chat = telegram.private(telegram.user())
    await telegram.go_down()
    with pytest.raises(httpx.ConnectError):
        await send(telegram, chat)
    await telegram.come_back()
    assert (await send(telegram, chat)).status_code == 200


def test_rules_strike_by_method_chat_count_and_condition() -> None:
    """A rule strikes only what it names, after so many that went well, and only so often."""
    script = FaultScript()
    rule = script.add(
        Rule(TooMany(3), method="send*", chat=-100, times=2, after=1, where=lambda values: values.get("text") == "x")
    )
    other = [("getMe", -100, {"text": "x"}), ("sendPhoto", 5, {"text": "x"}), ("sendPhoto", -100, {"text": "y"})]
    assert [script.draw(*call) for call in other] == [None, None, None]
    drawn = [script.draw("sendMessage", "-100", {"text": "x"}) for _ in range(4)]
    assert drawn == [None, TooMany(3), TooMany(3), None]
    assert rule.hits == 2


def test_chance_is_the_same_for_the_same_seed() -> None:
    """With a probability some calls fail and some do not, and always the same ones."""

    def draw() -> list[bool]:
        script = FaultScript()
        from random import Random

        script.add(Rule(Reset(), probability=0.5, times=None, random=Random(11)))
        return [script.draw("getMe", None, {}) is not None for _ in range(40)]

    assert draw() == draw()
    assert 5 < sum(draw()) < 35


async def test_healing_takes_the_rules_back(telegram: TelegramFake) -> None:
    """One rule, or all, can be taken back before they struck."""
    chat = telegram.private(telegram.user())
    rule = telegram.fail(with_=Reset(), times=None)
    telegram.fail(with_=Html(), times=None)
    telegram.heal(rule)
    assert (await send(telegram, chat)).status_code == 502
    telegram.heal()
    assert (await send(telegram, chat)).status_code == 200


@given(st.lists(st.floats(0, 20), max_size=120), st.integers(1, 5), st.floats(0.5, 10))
def test_no_window_holds_more_than_the_pace(gaps: list[float], calls: int, seconds: float) -> None:
    """Whatever the calls' times, those let through keep the pace, and a caller who waits as told is let through."""
    meter, passed, now = Meter(Pace(calls, seconds)), [], 0.0
    for gap in gaps:
        now += gap / 10
        wait = meter.wait("key", now)
        if wait:
            now += wait
            assert meter.wait("key", now) < 0.01
        if not meter.wait("key", now):
            meter.count("key", now)
            passed.append(now)
    for first, last in zip(passed, passed[calls:], strict=False):
        assert last - first >= seconds - JITTER - 1e-6


async def test_sleepers_wake_in_the_order_of_their_times(clock: HandClock) -> None:
    """Turning the clock wakes whoever slept until then, earliest first, and nobody else."""
    woken: list[int] = []

    async def sleep(seconds: int) -> None:
        await clock.sleep(seconds)
        woken.append(seconds)

    tasks = [asyncio.create_task(sleep(seconds)) for seconds in (30, 10, 20)]
    await asyncio.sleep(0)
    clock.advance(20)
    await asyncio.gather(tasks[1], tasks[2])
    assert woken == [10, 20]
    assert clock.sleepers == 1
    tasks[0].cancel()
