"""When a chat receives: its hour, zone, pace and quiet hours, a page each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from bot.formatters.buttons import in_rows
from bot.formatters.panel import back, choice, leading, panel_page, said
from bot.formatters.panel_actions import PanelPage, Set, Setting
from bot.formatters.text import note
from bot.locales import Words
from bot.model.command import Button, Reply
from bot.model.richtext import List

HOURS = ("07:00", "08:00", "09:00", "10:00", "12:00", "14:00", "16:00", "18:00", "19:00", "20:00", "21:00", "22:00")
ZONES = (
    "America/Los_Angeles",
    "America/New_York",
    "Europe/London",
    "Europe/Berlin",
    "Asia/Kolkata",
    "Asia/Singapore",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Australia/Sydney",
    "UTC",
)
PACES = (0, 30, 60, 120)
"""Minutes from one section to the next."""

THRICE_A_DAY = ("09:00", "13:00", "18:00")
NIGHTS = (("22:00", "07:00"), ("23:00", "08:00"), ("20:00", "09:00"))
"""Quiet hours that most people would choose."""


@dataclass(frozen=True, slots=True)
class Times:
    """When a chat receives, the bot's own hour and zone filled in where it chose none."""

    hour: str
    zone: str
    pace_minutes: int = 0
    hours: tuple[str, ...] = ()
    quiet: tuple[str, str] | None = None
    is_own_hour: bool = False
    is_own_zone: bool = False


def format_times(times: Times, words: Words, *, now: datetime, in_place: bool = True) -> Reply:
    """Return when a chat receives, with the ways to change it."""
    lines = (
        said(words("Hour"), _hour(times.hour, words), words),
        said(words("Time zone"), name_zone(times.zone, now, words), words),
        said(words("Pace"), _pace_of(times, words), words),
        said(words("Quiet hours"), _span(times.quiet, words) if times.quiet else words("none"), words),
    )
    rows = (
        (leading(words("Hour"), PanelPage.HOUR), leading(words("Time zone"), PanelPage.ZONE)),
        (leading(words("Pace"), PanelPage.PACE), leading(words("Quiet hours"), PanelPage.QUIET)),
        (back(words),),
    )
    return Reply(panel_page(words("When this chat receives"), List(lines)), rows, replace=in_place)


def format_hours(times: Times, words: Words, *, own: str) -> Reply:
    """Return the choice of an hour; `own` is the bot's."""
    chosen = "" if times.is_own_hour else times.hour
    hours = (
        choice(_hour(hour, words), Set(Setting.HOUR, hour), is_chosen=hour == chosen)
        for hour in dict.fromkeys(filter(None, (*HOURS, chosen)))
    )
    own_name = words("The bot’s own: {time}", time=_hour(own, words))
    rows = (
        *in_rows(hours, 3),
        (choice(own_name, Set(Setting.HOUR, "own"), is_chosen=times.is_own_hour),),
        (back(words, PanelPage.TIMES),),
    )
    how = note(words("Or write your own: {example}", example="/settings hour 20:30"))
    return Reply(panel_page(words("When should a new issue arrive?"), how), rows, replace=True)


def format_zones(times: Times, words: Words, *, now: datetime, own: str) -> Reply:
    """Return the choice of a time zone; `own` is the bot's."""
    chosen = "" if times.is_own_zone else times.zone
    zones = (
        choice(name_zone(zone, now, words), Set(Setting.ZONE, zone), is_chosen=zone == chosen)
        for zone in dict.fromkeys(filter(None, (*ZONES, chosen)))
    )
    own_name = words("The bot’s own: {zone}", zone=name_zone(own, now, words))
    rows = (
        *in_rows(zones, 2),
        (choice(own_name, Set(Setting.ZONE, "own"), is_chosen=times.is_own_zone),),
        (back(words, PanelPage.TIMES),),
    )
    how = note(words("Or write your own: {example}", example="/settings zone Asia/Seoul, /settings zone UTC+8"))
    return Reply(panel_page(words("Which time zone is this chat in?"), how), rows, replace=True)


def format_paces(times: Times, words: Words) -> Reply:
    """Return the choice of a pace."""
    rows = tuple((one,) for one in _pace_buttons(times, words))
    how = note(words("Or write your own: {example}", example="/settings pace 45, /settings hours 08:30 20:30"))
    document = panel_page(words("How should the sections of an issue arrive?"), how)
    return Reply(document, (*rows, (back(words, PanelPage.TIMES),)), replace=True)


def format_quiet(times: Times, words: Words) -> Reply:
    """Return the choice of quiet hours."""
    nights = (times.quiet,) if times.quiet and times.quiet not in NIGHTS else ()
    rows = (
        (choice(words("No quiet hours"), Set(Setting.QUIET, "none"), is_chosen=times.quiet is None),),
        *(
            (choice(_span(night, words), Set(Setting.QUIET, "-".join(night)), is_chosen=night == times.quiet),)
            for night in (*NIGHTS, *nights)
        ),
        (back(words, PanelPage.TIMES),),
    )
    how = note(words("Or write your own: {example}", example="/settings quiet 23:30-06:30"))
    return Reply(panel_page(words("When should it be quiet?"), how), rows, replace=True)


def name_zone(zone: str, now: datetime, words: Words) -> str:
    """Name a zone by its city and its offset now."""
    city, offset = words.zone(zone), _offset(ZoneInfo(zone), now)
    return city if city == offset else words("{city} ({offset})", city=city, offset=offset)


def say_when(times: Times, words: Words) -> str:
    """Say the hour and the zone in a few words."""
    return words("{time}, {city}", time=_hour(times.hour, words), city=words.zone(times.zone))


def pace_choices(times: Times, words: Words) -> list[tuple[Setting, str, str, bool]]:
    """Return the paces that can be chosen: what each sets, to which value, its name, and whether it is chosen."""
    is_paced = not times.hours
    paces = (*PACES, *((times.pace_minutes,) if is_paced and times.pace_minutes not in PACES else ()))
    hours = times.hours or THRICE_A_DAY
    return [
        *((Setting.PACE, str(one), _pace(one, words), is_paced and one == times.pace_minutes) for one in paces),
        (Setting.HOURS, ",".join(hours), _at(hours, words), bool(times.hours)),
    ]


def _pace_buttons(times: Times, words: Words) -> Iterator[Button]:
    for setting, value, name, is_chosen in pace_choices(times, words):
        yield choice(name, Set(setting, value), is_chosen=is_chosen)


def _pace_of(times: Times, words: Words) -> str:
    return _at(times.hours, words) if times.hours else _pace(times.pace_minutes, words)


def _pace(minutes: int, words: Words) -> str:
    if not minutes:
        return words("All sections at once")
    if minutes % 60:
        return words.plural("A section every minute", "A section every {n} minutes", minutes)
    return words.plural("A section every hour", "A section every {n} hours", minutes // 60)


def _at(hours: tuple[str, ...], words: Words) -> str:
    return words("One each at {times}", times=words(", ").join(_hour(hour, words) for hour in hours))


def _span(times: tuple[str, str], words: Words) -> str:
    return "–".join(_hour(one, words) for one in times)


def _hour(text: str, words: Words) -> str:
    return words.time(time.fromisoformat(text))


def _offset(zone: ZoneInfo, now: datetime) -> str:
    minutes = int((now.astimezone(zone).utcoffset() or timedelta()).total_seconds() // 60)
    if not minutes:
        return "UTC"
    hours, rest = divmod(abs(minutes), 60)
    return f"UTC{'+' if minutes > 0 else '-'}{hours}{f':{rest:02d}' if rest else ''}"
