"""The schedule: when to look for issues, when to publish them, when to tidy up. The jobs themselves are passed in.

APScheduler tells the time only. What is due stands in the database, so a process that was down at the hour catches up
when it starts, and an hour that comes twice (the end of summer time) finds nothing left to do.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.cron import CronTrigger
from apscheduler.triggers.interval import IntervalTrigger

Job = Callable[[], Awaitable[None]]

TIDY_EVERY = timedelta(hours=6)


@dataclass(frozen=True, slots=True)
class Jobs:
    """What the schedule calls: each returns soon and does nothing where nothing is due."""

    ingest: Job
    publish: Job
    tidy: Job


def make_schedule(jobs: Jobs, *, poll: timedelta, post_at: time, zone: ZoneInfo) -> AsyncIOScheduler:
    """Return a scheduler, not started: looks for issues every `poll`, publishes at `post_at` and after each look."""
    # Without a grace time APScheduler drops a run that is more than a second late; coalesced, a late one runs once.
    scheduler = AsyncIOScheduler(
        timezone=UTC, job_defaults={"misfire_grace_time": None, "coalesce": True, "max_instances": 1}
    )
    at = CronTrigger(hour=post_at.hour, minute=post_at.minute, second=post_at.second, timezone=zone)
    jobs = Jobs(_quietly(jobs.ingest), _quietly(jobs.publish), _quietly(jobs.tidy))
    scheduler.add_job(jobs.ingest, IntervalTrigger(seconds=int(poll.total_seconds()) or 1, timezone=UTC), id="ingest")
    scheduler.add_job(jobs.publish, at, id="publish")
    scheduler.add_job(jobs.publish, IntervalTrigger(minutes=1, timezone=UTC), id="catch-up")
    scheduler.add_job(jobs.tidy, IntervalTrigger(seconds=int(TIDY_EVERY.total_seconds()), timezone=UTC), id="tidy")
    return scheduler


def _quietly(job: Job) -> Job:
    """Return a job that ends without a word when the schedule does: APScheduler would log that as a fault of it."""

    async def run() -> None:
        with suppress(asyncio.CancelledError):
            await job()

    return run
