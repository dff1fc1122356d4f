"""The schedule: what is late still runs."""

from __future__ import annotations

from datetime import time, timedelta
from zoneinfo import ZoneInfo

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
