"""When a chat receives: local time, summer time, pace, quiet hours."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.timing import Hours, next_time
from bot.model.chat import Timing

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
def test_the_next_time_is_local(now: str, post_at: time, then: str) -> None:
    """A post time is that of the zone's clocks; an hour that comes twice counts once."""
    found = next_time(datetime.fromisoformat(now), [post_at], ZURICH)
    assert found == datetime.fromisoformat(then)


@given(
    now=st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001 - bounds
    post_at=st.times(),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "Europe/Zurich", "America/New_York", "Pacific/Apia"]),
)
def test_the_next_time_is_never_past_and_never_far(now: datetime, post_at: time, zone: str) -> None:
    """Whatever the zone and the day, the next post time lies ahead, at most two days."""
    found = next_time(now, [post_at], ZoneInfo(zone))
    assert timedelta(0) < found - now <= timedelta(days=2)


def at(text: str) -> datetime:
    return datetime.fromisoformat(f"2026-11-{text}+00:00")


def test_a_chat_without_wishes_receives_at_once() -> None:
    """Without timing, everything is due when it is published."""
    hours = Hours.of(Timing(), ZURICH)
    assert hours.first(at("23T08:00")) == hours.next_section(at("23T08:00")) == at("23T08:00")


def test_a_chat_has_its_own_hour_and_zone() -> None:
    """An issue comes at the chat's own hour, now if it is that very hour."""
    hours = Hours.of(Timing(zone="Asia/Shanghai", post_at="09:00"), ZURICH)
    assert hours.first(at("23T08:00")) == at("24T01:00")
    assert hours.first(at("24T01:00")) == at("24T01:00")


def test_sections_keep_their_pace() -> None:
    """A paced chat gets a section every so many minutes, one with hours a section at each of them."""
    assert Hours.of(Timing(pace_minutes=30), ZURICH).next_section(at("23T08:00")) == at("23T08:30")
    hours = Hours.of(Timing(zone="UTC", hours=("09:00", "18:00")), ZURICH)
    assert hours.next_section(at("23T08:00")) == at("23T09:00")
    assert hours.next_section(at("23T09:00")) == at("23T18:00")
    assert hours.next_section(at("23T18:00")) == at("24T09:00")


@pytest.mark.parametrize(
    ("begin", "end", "moment", "then"),
    [
        ("22:00", "07:00", "23T23:30", "24T07:00"),
        ("22:00", "07:00", "24T06:59", "24T07:00"),
        ("22:00", "07:00", "24T07:00", "24T07:00"),
        ("22:00", "07:00", "24T21:59", "24T21:59"),
        ("12:00", "14:00", "24T12:00", "24T14:00"),
        ("12:00", "14:00", "24T11:00", "24T11:00"),
    ],
)
def test_quiet_hours_are_quiet(begin: str, end: str, moment: str, then: str) -> None:
    """What would come in the quiet hours comes at their end, over midnight too."""
    hours = Hours.of(Timing(zone="UTC", quiet_from=begin, quiet_until=end), ZURICH)
    assert hours.after_quiet(at(moment)) == at(then)
