"""The schedule: what is late still runs."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.scheduler import Jobs, make_schedule

ZURICH = ZoneInfo("Europe/Zurich")


async def test_a_late_job_still_runs() -> None:
    """No job is dropped for being late: APScheduler's own default would drop it after a second."""

    async def nothing() -> None:
        """Do nothing."""

    schedule = make_schedule(Jobs(nothing, nothing, nothing), poll=timedelta(seconds=60), post_at=time(9), zone=ZURICH)
    schedule.start(paused=True)
    jobs = schedule.get_jobs()
    schedule.shutdown(wait=False)
    assert {job.id for job in jobs} == {"ingest", "publish", "catch-up", "tidy"}
    assert all(job.misfire_grace_time is None and job.coalesce and job.max_instances == 1 for job in jobs)


async def test_a_job_that_the_end_interrupts_is_no_fault(caplog: pytest.LogCaptureFixture) -> None:
    """Whoever stops the bot reads of no error."""
    begun = asyncio.Event()

    async def long() -> None:
        begun.set()
        await asyncio.Event().wait()

    schedule = make_schedule(Jobs(long, long, long), poll=timedelta(seconds=60), post_at=time(9), zone=ZURICH)
    schedule.start()
    schedule.get_job("ingest").modify(next_run_time=datetime.now(UTC))
    await begun.wait()
    schedule.shutdown(wait=False)
    for _ in range(5):
        await asyncio.sleep(0)
    assert [record.message for record in caplog.records if record.levelname in {"ERROR", "CRITICAL"}] == []
