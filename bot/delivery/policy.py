"""What follows from the outcome of a call: pure decisions, no clock, no network.

The principle: what certainly did not arrive is tried again; what may have arrived is looked for first; what the
platform refuses for its content goes out plainer; what concerns the chat concerns no other chat.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from bot.model.chat import Address
from bot.model.delivery import (
    Absent,
    Closed,
    Degradation,
    Finding,
    Found,
    Halt,
    Later,
    Moved,
    Outcome,
    Part,
    PartStatus,
    Payload,
    Postponed,
    Refused,
    Scope,
    Sent,
    Uncertain,
    Undecided,
)

FIRST_RETRY = timedelta(seconds=2)
LONGEST_RETRY = timedelta(minutes=15)
HALT_RETRY = timedelta(minutes=1)
"""How often a platform that refuses the bot altogether is asked whether it has changed its mind."""
POSTPONED_RETRY = timedelta(seconds=15)
"""When a part is looked for again where nobody could look."""
MOST_ATTEMPTS = 300
"""After so many, some three days, a workspace that always asks for another time has none: it is suspended."""
_NOW = timedelta(0)

_PLAINNESS = (Degradation.NONE, Degradation.NO_IMAGES, Degradation.PLAIN)


@dataclass(frozen=True, slots=True)
class Decision:
    """What becomes of a part, and whom else its outcome concerns.

    `wait` is how long its chat waits before its next call, in addition to pacing. `pause` holds a whole workspace or
    platform for `wait`. `suspend` suspends the chat or its workspace; `move_to` follows a chat to its new address;
    `shut` is a thread that the rest of the issue stays out of. `untried` takes the attempt back: no call was made.
    """

    status: PartStatus
    wait: timedelta = _NOW
    degradation: Degradation = Degradation.NONE
    message_ids: tuple[str, ...] = ()
    error: str = ""
    pause: Scope = Scope.CHAT
    suspend: Scope | None = None
    move_to: Address | None = None
    shut: str = ""
    halt: bool = False
    searched: bool = False
    untried: bool = False


def backoff(attempts: int) -> timedelta:
    """Return how long to wait after a number of attempts: doubling, up to a quarter of an hour."""
    doublings = min(max(attempts - 1, 0), 16)
    return min(FIRST_RETRY * (1 << doublings), LONGEST_RETRY)


def decide(part: Part, outcome: Outcome) -> Decision:
    """Decide what follows from a call."""
    kept = part.degradation
    match outcome:
        case Sent(message_ids=ids):
            return Decision(PartStatus.SENT, degradation=kept, message_ids=ids)
        case Later():
            return _postpone(part, outcome)
        case Refused(reason=reason, keep=keep):
            return _degrade(part, reason, keep)
        case Closed(reason=reason, scope=Scope.THREAD):
            if part.is_led_away:
                return Decision(PartStatus.PENDING, degradation=kept, error=reason, shut=part.place.thread)
            return Decision(PartStatus.FAILED, degradation=kept, error=reason, suspend=Scope.CHAT)
        case Closed(reason=reason, scope=scope):
            return Decision(PartStatus.FAILED, degradation=kept, error=reason, suspend=scope)
        case Moved(to=address):
            return Decision(PartStatus.PENDING, degradation=kept, error=f"moved to {address}", move_to=address)
        case Uncertain(reason=reason):
            return Decision(PartStatus.UNCERTAIN, degradation=kept, error=reason)
        case Halt(reason=reason, scope=scope):
            return Decision(PartStatus.PENDING, HALT_RETRY, kept, error=reason, pause=scope, halt=True)


def settle(part: Part, finding: Finding) -> Decision:
    """Decide what follows from looking for an uncertain part."""
    kept = part.degradation
    match finding:
        case Found(message_ids=ids):
            return Decision(PartStatus.SENT, degradation=kept, message_ids=ids, searched=True)
        case Absent():
            return Decision(PartStatus.PENDING, degradation=kept, error=part.error, searched=True)
        case Undecided(reason=reason):
            return Decision(PartStatus.UNCERTAIN, backoff(part.attempts), kept, error=reason, searched=True)
        case Postponed(reason=reason, after=after):
            # Nobody has looked, so it counts for nothing: an outage must not leave parts to people.
            return Decision(PartStatus.UNCERTAIN, after or POSTPONED_RETRY, kept, error=reason)


def _postpone(part: Part, later: Later) -> Decision:
    kept, asked = part.degradation, later.after
    if asked is None and later.scope is Scope.WORKSPACE and part.attempts > MOST_ATTEMPTS:
        return Decision(PartStatus.FAILED, degradation=kept, error=later.reason, suspend=Scope.WORKSPACE)
    wait = backoff(part.attempts) if asked is None else asked
    return Decision(PartStatus.PENDING, wait, kept, error=later.reason, pause=later.scope)


def _degrade(part: Part, reason: str, keep: Degradation) -> Decision:
    """Go to the next plainer form: at least as plain as the platform asks, always plainer than what it refused."""
    refused = _PLAINNESS.index(part.degradation)
    wanted = max(refused + 1, _PLAINNESS.index(keep))
    if wanted >= len(_PLAINNESS):
        return Decision(PartStatus.SKIPPED, degradation=part.degradation, error=reason)
    return Decision(PartStatus.PENDING, degradation=_PLAINNESS[wanted], error=reason)


def plainer(
    payload: Payload, keep: Degradation, degrade: Callable[[Payload, Degradation], Payload | None]
) -> Payload | None:
    """Return the payload in the form that a part is to be sent in; None where that form is no plainer than the last."""
    return payload if keep is Degradation.NONE else degrade(payload, keep)
