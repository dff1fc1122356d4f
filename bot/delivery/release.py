"""Whether a scheduled issue may go out now: on time, and past its trial in the canary chat. Pure decisions."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from bot.model.delivery import Degradation, PartStatus
from bot.storage.reports import DeliveryReport


class HoldReason(StrEnum):
    """Why an issue waits for a person."""

    LATE = "late"
    CANARY = "canary"


@dataclass(frozen=True, slots=True)
class Go:
    """Publish it to everybody."""


@dataclass(frozen=True, slots=True)
class Try:
    """Publish it to the canary chat, or wait until it has arrived there."""


@dataclass(frozen=True, slots=True)
class Hold:
    """Publish nothing until a person releases it; `detail` says in a few plain words what was seen."""

    reason: HoldReason
    detail: str = ""


Verdict = Go | Try | Hold


def judge_schedule(now: datetime, *, publish_at: datetime, late_after: timedelta) -> Verdict:
    """Judge a scheduled issue by the clock: after a long downtime nobody wants last night's issue at three."""
    late_by = now - publish_at
    return Hold(HoldReason.LATE, f"{late_by.total_seconds() / 3600:.0f} h late") if late_by > late_after else Go()


def judge_canary(report: DeliveryReport | None) -> Verdict:
    """Judge an issue by how it arrived in the canary chat; None: it was not sent there yet."""
    if report is None:
        return Try()
    for part in report.parts:
        match part.status:
            case PartStatus.FAILED | PartStatus.SKIPPED | PartStatus.UNCERTAIN:
                return Hold(HoldReason.CANARY, f"part {part.position}: {part.error or part.status.value}")
            case PartStatus.SENT if part.degradation is not Degradation.NONE:
                return Hold(HoldReason.CANARY, f"part {part.position} was sent {part.degradation.value}: {part.error}")
            case PartStatus.SENT:
                continue
            case _:
                return Try()
    return Go()
