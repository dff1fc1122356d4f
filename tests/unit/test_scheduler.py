"""When issues are published: local time, summer time, and what is late."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.scheduler import Jobs, make_schedule, next_post_time

ZURICH = ZoneInfo("Europe/Zurich")


@pytest.mark.parametrize(
    ("now", "post_at", "then"),
    [
        ("2026-11-23T07:59:59+00:00", time(9), "2026-11-23T08:00:00+00:00"),
        ("2026-11-23T08:00:00+00:00", time(9), "2026-11-24T08:00:00+00:00"),
        # The clocks go forward at 02:00: 02:30 does not come, and the issue goes out when an hour has passed for it.
        ("2026-03-28T23:30:00+00:00", time(2, 30), "2026-03-29T01:30:00+00:00"),
        # They go back at 03:00: 02:30 comes twice, and the first one counts.
        ("2026-10-24T23:30:00+00:00", time(2, 30), "2026-10-25T00:30:00+00:00"),
        ("2026-10-25T00:30:00+00:00", time(2, 30), "2026-10-26T01:30:00+00:00"),
    ],
)
def test_the_next_post_time_is_local(now: str, post_at: time, then: str) -> None:
    """A post time is that of the zone's clocks; an hour that comes twice counts once."""
    found = next_post_time(datetime.fromisoformat(now), post_at=post_at, zone=ZURICH)
    assert found == datetime.fromisoformat(then)


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    post_at=st.times(),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Zurich", "America/New_York", "Pacific/Apia"]),
)
def test_the_next_post_time_is_never_past_and_never_far(now: datetime, post_at: time, zone: str) -> None:
    """Whatever the zone and the day, the next post time lies ahead, at most two days."""
    found = next_post_time(now, post_at=post_at, zone=ZoneInfo(zone))
    assert timedelta(0) < found - now <= timedelta(days=2)


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
