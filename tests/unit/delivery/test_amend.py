"""Amending: what was delivered is edited in place, as far as it still stands."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from types import SimpleNamespace
from typing import Any, cast

from bot.delivery.amend import Amended, Amender, Difference
from bot.delivery.pacing import Pacer
from bot.model.chat import Address, ChatKind, Variant
from bot.model.delivery import Closed, Degradation, Limits, Outcome, Payload, Refused, Sent
from bot.storage.amending import Delivered, SentPart, UsedEdition
from bot.storage.publishing import Audience, PlannedPart
from tests.unit.delivery.conftest import NO_LIMITS, PassingClock, degrade, room

LIMITS: dict[str, Limits] = {"web": NO_LIMITS}


@dataclass
class Editor:
    """A platform that edits what stands: `answers` names the messages that it does not."""

    answers: dict[str, Outcome]
    edited: list[tuple[str, str]] = field(default_factory=list)

    async def edit(self, _chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        if refusal := self.answers.get(message_ids[0]):
            return refusal
        self.edited.append((message_ids[0], payload["text"]))
        return Sent(tuple(message_ids))


async def on_duty(_platform: str) -> None:
    """Nobody else is there."""


async def amend(answers: dict[str, Outcome]) -> tuple[Amended, list[tuple[str, str]]]:
    """Amend three changed parts that stand as messages 10, 11 and 12."""
    old, new = ([PlannedPart(i, {"text": f"{word} {i}"}) for i in range(3)] for word in ("old", "new"))
    sent = tuple(SentPart(i, (str(10 + i),), Degradation.NONE) for i in range(3))
    edition = UsedEdition(1, Audience("web", Variant()), tuple(old))
    editor, clock = Editor(answers), PassingClock()
    amender = Amender(
        cast("Any", None),
        cast("Any", SimpleNamespace()),
        editors={"web": cast("Any", editor)},
        degrade=lambda _name: degrade,
        pacer=Pacer(clock, LIMITS),
        roster=cast("Any", SimpleNamespace(wait_for=on_duty)),
        clock=clock,
    )
    difference = Difference(edition, tuple(new), changed=(0, 1, 2), added=0, removed=0)
    delivered = Delivered(1, room("a"), ChatKind.PRIVATE, sent)
    return await amender._amend_chat(delivered, difference), editor.edited


async def test_a_message_that_is_gone_leaves_the_others_to_be_edited() -> None:
    """Somebody deleted one: it is named, and the messages behind it are amended all the same."""
    amended, edited = await amend({"11": Refused("message to edit not found")})
    assert amended == Amended(room("a"), 2, 3, "part 1: message to edit not found")
    assert edited == [("10", "new 0"), ("12", "new 2")]


async def test_a_chat_that_is_closed_is_asked_once() -> None:
    """Where nothing can be edited, nothing more is tried, and the reason is told."""
    amended, edited = await amend({"10": Closed("the bot was removed")})
    assert (amended.edited, amended.error) == (0, "the bot was removed")
    assert edited == []
