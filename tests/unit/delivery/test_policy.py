"""The policy as a table: an outcome, and what follows from it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.delivery.policy import LONGEST_RETRY, MOST_ATTEMPTS, Decision, backoff, decide, plainer, settle
from bot.model.chat import Address
from bot.model.delivery import (
    Absent,
    Closed,
    Degradation,
    Found,
    Halt,
    Later,
    Moved,
    Outcome,
    Part,
    PartStatus,
    Postponed,
    Refused,
    Scope,
    Sent,
    Uncertain,
    Undecided,
)

PART = Part(1, "r.0", Address("web", "a"), 0, {"text": "x"}, PartStatus.SENDING, attempts=1)
PENDING, SENT, UNCERTAIN = PartStatus.PENDING, PartStatus.SENT, PartStatus.UNCERTAIN
NO_IMAGES, PLAIN = Degradation.NO_IMAGES, Degradation.PLAIN

TABLE: list[tuple[Outcome, Decision]] = [
    (Sent(("5", "6")), Decision(SENT, message_ids=("5", "6"))),
    (Later("429", timedelta(seconds=7)), Decision(PENDING, timedelta(seconds=7), error="429")),
    (Later("dns"), Decision(PENDING, timedelta(seconds=2), error="dns")),
    (
        Later("flood", timedelta(seconds=9), Scope.PLATFORM),
        Decision(PENDING, timedelta(seconds=9), error="flood", pause=Scope.PLATFORM),
    ),
    (Refused("image", NO_IMAGES), Decision(PENDING, degradation=NO_IMAGES, error="image")),
    (Refused("entities", PLAIN), Decision(PENDING, degradation=PLAIN, error="entities")),
    (Closed("kicked"), Decision(PartStatus.FAILED, error="kicked", suspend=Scope.CHAT)),
    (Closed("revoked", Scope.WORKSPACE), Decision(PartStatus.FAILED, error="revoked", suspend=Scope.WORKSPACE)),
    (Closed("topic closed", Scope.THREAD), Decision(PartStatus.FAILED, error="topic closed", suspend=Scope.CHAT)),
    (Moved(Address("web", "b")), Decision(PENDING, error="moved to web:b", move_to=Address("web", "b"))),
    (Uncertain("no answer"), Decision(UNCERTAIN, error="no answer")),
    (
        Halt("token"),
        Decision(PENDING, timedelta(minutes=1), error="token", pause=Scope.PLATFORM, halt=True),
    ),
]


@pytest.mark.parametrize("own", ["", "7"])
def test_a_shut_thread_that_is_not_the_chats_own_concerns_the_chat_no_further(own: str) -> None:
    """The part is tried again elsewhere in the chat; nobody is suspended."""
    part = replace(PART, chat=Address("web", "a", own), thread="77")
    assert decide(part, Closed("topic closed", Scope.THREAD)) == Decision(PENDING, error="topic closed", shut="77")
    assert decide(part, Closed("kicked")) == Decision(PartStatus.FAILED, error="kicked", suspend=Scope.CHAT)


@pytest.mark.parametrize(("outcome", "decision"), TABLE, ids=lambda value: type(value).__name__)
def test_each_outcome_has_its_decision(outcome: Outcome, decision: Decision) -> None:
    """Nothing that may have arrived is pending, nothing that is pending may have arrived."""
    assert decide(PART, outcome) == decision


@pytest.mark.parametrize(
    ("tried", "keep", "then"),
    [
        (Degradation.NONE, NO_IMAGES, NO_IMAGES),
        (Degradation.NONE, PLAIN, PLAIN),
        (NO_IMAGES, NO_IMAGES, PLAIN),
        (NO_IMAGES, PLAIN, PLAIN),
        (PLAIN, NO_IMAGES, None),
        (PLAIN, PLAIN, None),
    ],
)
def test_a_refused_part_always_gets_plainer(tried: Degradation, keep: Degradation, then: Degradation | None) -> None:
    """A form that was refused is never tried again; after the plainest the part is skipped, with the reason."""
    decision = decide(replace(PART, degradation=tried), Refused("no", keep))
    if then is None:
        assert (decision.status, decision.error) == (PartStatus.SKIPPED, "no")
    else:
        assert (decision.status, decision.degradation) == (PENDING, then)


def test_a_workspace_that_never_has_time_is_suspended_in_the_end() -> None:
    """After days of asking, as if it had removed the app; a platform, or a chat, is waited for on and on."""
    tired = replace(PART, attempts=MOST_ATTEMPTS + 1)
    closed = Decision(PartStatus.FAILED, error="accesslimited", suspend=Scope.WORKSPACE)
    assert decide(tired, Later("accesslimited", scope=Scope.WORKSPACE)) == closed
    assert decide(PART, Later("accesslimited", scope=Scope.WORKSPACE)).status is PENDING
    for scope in (Scope.CHAT, Scope.PLATFORM):
        assert decide(tired, Later("down", scope=scope)).status is PENDING
    assert sum((backoff(attempts) for attempts in range(MOST_ATTEMPTS)), timedelta()) > timedelta(days=3)


def test_looking_for_a_part_settles_it_or_leaves_it_open() -> None:
    """Found is sent, absent is to be sent, and what nobody can tell stays uncertain."""
    part = replace(PART, status=UNCERTAIN, degradation=NO_IMAGES)
    assert settle(part, Found(("9",))) == Decision(SENT, degradation=NO_IMAGES, message_ids=("9",), searched=True)
    assert settle(part, Absent()) == Decision(PENDING, degradation=NO_IMAGES, searched=True)
    undecided = settle(part, Undecided("no history"))
    assert (undecided.status, undecided.error, undecided.searched) == (UNCERTAIN, "no history", True)
    postponed = settle(part, Postponed("down", timedelta(seconds=40)))
    assert (postponed.status, postponed.wait, postponed.searched) == (UNCERTAIN, timedelta(seconds=40), False)


def test_backoff_doubles_up_to_its_bound() -> None:
    """Retries come later and later, but never later than a quarter of an hour."""
    waits = [backoff(attempts) for attempts in range(1, 100)]
    assert waits == sorted(waits)
    assert waits[0] == timedelta(seconds=2)
    assert waits[1] == timedelta(seconds=4)
    assert waits[-1] == LONGEST_RETRY


def test_only_a_degraded_part_is_made_plainer() -> None:
    """A part that nobody refused goes out as it was frozen."""
    assert plainer({"a": 1}, Degradation.NONE, lambda _payload, _keep: None) == {"a": 1}
    assert plainer({"a": 1}, PLAIN, lambda _payload, keep: {"kept": keep.value}) == {"kept": "plain"}
