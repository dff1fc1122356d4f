"""How much anybody is answered, on a clock turned by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers.limiter import GROUP, PERSON, TYPING, Limiter, Patience, Silence, Verdict
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, Origin
from tests.fakes.clock import HandClock

ADA, BOSS = User("telegram:1"), User("telegram:2")
ASKED = Command("search", "nerf", Address("telegram", "1"), ChatKind.PRIVATE, ADA)
IN_GROUP = replace(ASKED, chat=Address("telegram", "-7"), kind=ChatKind.GROUP)


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def limiter(clock: HandClock) -> Limiter:
    return Limiter(clock, is_exempt=lambda user: user == BOSS.address)


def ask(limiter: Limiter, command: Command, times: int) -> list[Verdict]:
    return [limiter.judge(command) for _ in range(times)]


def test_a_burst_is_answered_then_patience_is_asked_once_then_nothing_is_said(limiter: Limiter):
    """However much comes meanwhile."""
    assert ask(limiter, ASKED, int(PERSON.burst)) == [None] * int(PERSON.burst)
    assert limiter.judge(ASKED) == Patience(10)
    assert ask(limiter, ASKED, 50) == [Silence.KEPT] * 50


def test_after_the_told_time_one_is_answered_again(limiter: Limiter, clock: HandClock):
    """Not a second before it, and asking meanwhile takes nothing."""
    ask(limiter, ASKED, int(PERSON.burst))
    verdict = limiter.judge(ASKED)
    assert isinstance(verdict, Patience)
    clock.advance(verdict.seconds - 1)
    assert limiter.judge(ASKED) is Silence.KEPT
    clock.advance(1)
    assert ask(limiter, ASKED, int(PERSON.resume)) == [None] * int(PERSON.resume)
    assert isinstance(limiter.judge(ASKED), Patience), "the next time it is said again"


def test_who_asks_steadily_is_always_answered(limiter: Limiter, clock: HandClock):
    """At the pace of the allowance, for ever."""
    ask(limiter, ASKED, int(PERSON.burst))
    for _ in range(200):
        clock.advance(PERSON.seconds)
        assert limiter.judge(ASKED) is None


def test_buttons_take_less(limiter: Limiter):
    """Pages are turned quickly."""
    pressed = replace(ASKED, origin=Origin.BUTTON)
    assert ask(limiter, pressed, int(2 * PERSON.burst)) == [None] * int(2 * PERSON.burst)
    assert isinstance(limiter.judge(pressed), Patience)


def test_a_group_shares_one_allowance(limiter: Limiter):
    """Many who ask a little are much; in another chat each of them goes on."""
    people = [replace(IN_GROUP, user=User(f"telegram:{number}")) for number in range(100, 200)]
    verdicts = [limiter.judge(person) for person in people]
    assert verdicts[: int(GROUP.burst)] == [None] * int(GROUP.burst)
    assert isinstance(verdicts[int(GROUP.burst)], Patience)
    assert set(verdicts[int(GROUP.burst) + 1 :]) == {Silence.KEPT}
    elsewhere = replace(people[-1], chat=Address("telegram", "-8"))
    assert limiter.judge(elsewhere) is None


def test_one_persons_flood_is_their_own(limiter: Limiter):
    """Nobody else is silenced for it."""
    ask(limiter, ASKED, 100)
    assert limiter.judge(replace(ASKED, user=User("telegram:3"))) is None


def test_those_who_run_the_bot_are_not_counted(limiter: Limiter):
    """They may have much to do."""
    assert set(ask(limiter, replace(IN_GROUP, user=BOSS), 500)) == {None}


def test_typing_has_an_allowance_of_its_own(limiter: Limiter, clock: HandClock):
    """It takes nothing from commands."""
    answered = [limiter.may_type(ADA.address) for _ in range(int(TYPING.burst) + 10)]
    assert answered == [True] * int(TYPING.burst) + [False] * 10
    assert limiter.judge(ASKED) is None
    clock.advance(TYPING.resume * TYPING.seconds)
    assert limiter.may_type(ADA.address)


def test_memory_holds_those_who_asked_lately(limiter: Limiter, clock: HandClock):
    """A full bucket is no different from none."""
    for number in range(10_000):
        limiter.judge(replace(ASKED, user=User(f"telegram:{number}")))
        clock.advance(1)
    assert len(limiter._buckets) < 5000
