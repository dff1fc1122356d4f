"""When a chat is to receive: its own hour, its pace, its quiet hours. Pure; moments are UTC, times of day local."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.model.chat import Timing

_DAYS_AHEAD = 3
"""A time of day comes again within two days, whatever the clocks do."""


@dataclass(frozen=True, slots=True)
class Hours:
    """A chat's timing, read: what the chat left open is the bot's own."""

    zone: ZoneInfo
    post_at: time | None
    pace: timedelta
    hours: tuple[time, ...]
    quiet: tuple[time, time] | None

    @classmethod
    def of(cls, timing: Timing, zone: ZoneInfo) -> Hours:
        """Read a chat's timing; `zone` is the bot's."""
        return cls(
            zone=ZoneInfo(timing.zone) if timing.zone else zone,
            post_at=time.fromisoformat(timing.post_at) if timing.post_at else None,
            pace=timedelta(minutes=timing.pace_minutes),
            hours=tuple(time.fromisoformat(hour) for hour in timing.hours),
            quiet=(time.fromisoformat(timing.quiet_from), time.fromisoformat(timing.quiet_until))
            if timing.quiet_from and timing.quiet_until
            else None,
        )

    def first(self, now: datetime) -> datetime:
        """Return when the first part of an issue that is published now is due."""
        due = now if self.post_at is None else next_time(now, [self.post_at], self.zone, inclusive=True)
        return self.after_quiet(due)

    def next_section(self, now: datetime) -> datetime:
        """Return when the next section is due after one that ended now."""
        if self.hours:
            return self.after_quiet(next_time(now, self.hours, self.zone))
        return self.after_quiet(now + self.pace)

    def after_quiet(self, moment: datetime) -> datetime:
        """Return the moment, or the end of the quiet hours that it falls in."""
        if self.quiet is None:
            return moment
        begin, end = self.quiet
        local = moment.astimezone(self.zone).time()
        is_quiet = begin <= local < end if begin <= end else local >= begin or local < end
        return next_time(moment, [end], self.zone) if is_quiet else moment


def next_time(now: datetime, times: Iterable[time], zone: ZoneInfo, *, inclusive: bool = False) -> datetime:
    """Return the next moment, in UTC, at which the zone's clocks show one of these times; `inclusive` counts now.

    A time that a day skips comes when as much of that day has passed; of one that comes twice, the first counts.
    """
    today = now.astimezone(zone).date()
    moments = (
        datetime.combine(today + timedelta(days=days), at, tzinfo=zone).astimezone(now.tzinfo)
        for days in range(_DAYS_AHEAD)
        for at in times
    )
    return min(moment for moment in moments if moment > now or (inclusive and moment == now))
