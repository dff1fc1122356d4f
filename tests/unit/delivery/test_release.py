"""When a scheduled issue goes out, is tried first, or waits for a person."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.delivery.release import Go, Hold, HoldReason, Try, Verdict, judge_canary, judge_schedule
from bot.model.chat import Address
from bot.model.delivery import Degradation, PartStatus
from bot.storage.reports import DeliveryReport, PartReport

DUE = datetime(2026, 11, 23, 9, tzinfo=UTC)


@pytest.mark.parametrize(
    ("late", "goes"), [(timedelta(0), True), (timedelta(hours=6), True), (timedelta(hours=7), False)]
)
def test_an_issue_that_is_too_late_waits(late: timedelta, goes: bool) -> None:
    """Within the allowance an issue catches up; beyond it, it is held with the reason."""
    verdict = judge_schedule(DUE + late, publish_at=DUE, late_after=timedelta(hours=6))
    assert verdict == (Go() if goes else Hold(HoldReason.LATE, "7 h late"))


def part(position: int, status: PartStatus, error: str = "", degradation: Degradation = Degradation.NONE) -> PartReport:
    return PartReport(position, status, (), 1, error, degradation)


@pytest.mark.parametrize(
    ("parts", "verdict"),
    [
        ([part(0, PartStatus.SENT), part(1, PartStatus.SENT)], Go()),
        ([part(0, PartStatus.SENT), part(1, PartStatus.PENDING)], Try()),
        ([part(0, PartStatus.SENDING)], Try()),
        ([part(0, PartStatus.SENT), part(1, PartStatus.SKIPPED, "bad")], Hold(HoldReason.CANARY, "part 1: bad")),
        (
            [part(0, PartStatus.FAILED, "kicked"), part(1, PartStatus.PENDING)],
            Hold(HoldReason.CANARY, "part 0: kicked"),
        ),
        (
            [part(0, PartStatus.SENT, "image", Degradation.NO_IMAGES)],
            Hold(HoldReason.CANARY, "part 0 was sent no-images: image"),
        ),
    ],
)
def test_the_canary_holds_what_failed_or_degraded(parts: list[PartReport], verdict: Verdict) -> None:
    """Everybody gets an issue only when all of it arrived whole in the canary chat."""
    assert judge_canary(DeliveryReport(1, Address("web", "canary"), "", tuple(parts))) == verdict
    assert judge_canary(None) == Try()
