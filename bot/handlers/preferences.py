"""What a chat may set, read from the words of a button or of a person. Pure."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import time

from bot.formatters.panel_actions import Set, Setting
from bot.formatters.times import Times
from bot.handlers.zones import read_zone
from bot.locales import match_language
from bot.model.chat import Layout, Preferences
from bot.settings import Settings

LONGEST_PACE = 24 * 60
"""Minutes from one section to the next: an issue of seven sections still ends within its fortnight."""

_TIME = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.ASCII)
_SPAN = re.compile(r"(?P<begin>[\d:]+)[-–—~](?P<end>[\d:]+)", re.ASCII)
_OWN = {"", "own", "default"}
_ALL = {"all", "*", ""}
_SWITCHES = {"on": True, "off": False}
_PLACES = {"thread": True, "channel": False}

MOST_HOURS = 12
"""Times of day at which sections can come: more is a pace."""


def change(preferences: Preferences, wanted: Set) -> Preferences | None:
    """Return the preferences with one thing set; None where its value says nothing.

    Sections and topics are chosen one by one; what can be set of them is that all are wanted.
    """
    value = wanted.value.strip().casefold()
    match wanted.setting:
        case Setting.LAYOUT:
            return replace(preferences, layout=Layout(value)) if value in set(Layout) else None
        case Setting.IMAGES if value in _SWITCHES:
            return replace(preferences, images=_SWITCHES[value])
        case Setting.SOUND if value in _SWITCHES:
            return replace(preferences, silent=not _SWITCHES[value])
        case Setting.WATCHED if value in _SWITCHES:
            return replace(preferences, watched_only=_SWITCHES[value])
        case Setting.PLACE if value in _PLACES:
            return replace(preferences, threaded=_PLACES[value])
        case Setting.LANGUAGE:
            language = match_language(value)
            return replace(preferences, language=language) if language else None
        case Setting.SECTIONS:
            return replace(preferences, sections=()) if value in _ALL else None
        case Setting.TOPICS:
            return replace(preferences, topics=()) if value in _ALL else None
        case _:
            return _change_time(preferences, wanted.setting, value)


def _change_time(preferences: Preferences, setting: Setting, value: str) -> Preferences | None:
    match setting:
        case Setting.HOUR:
            hour = "" if value in _OWN else read_time(value)
            return None if hour is None else replace(preferences, post_at=hour)
        case Setting.ZONE:
            zone = "" if value in _OWN else read_zone(value)
            return None if zone is None else replace(preferences, zone=zone)
        case Setting.PACE if value.isascii() and value.isdigit() and len(value) <= 4 and int(value) <= LONGEST_PACE:
            return replace(preferences, pace_minutes=int(value), hours=())
        case Setting.HOURS:
            hours = _read_hours(value)
            return replace(preferences, hours=hours, pace_minutes=0) if hours else None
        case Setting.QUIET if value in {"none", "off"}:
            return replace(preferences, quiet_from="", quiet_until="")
        case Setting.QUIET if found := _SPAN.fullmatch(value.replace(" ", "")):
            begin, end = read_time(found["begin"]), read_time(found["end"])
            return replace(preferences, quiet_from=begin, quiet_until=end) if begin and end and begin != end else None
        case _:
            return None


def read_times(preferences: Preferences, settings: Settings) -> Times:
    """Return when a chat receives: its own choice, else the bot's."""
    quiet = (preferences.quiet_from, preferences.quiet_until)
    return Times(
        hour=preferences.post_at or f"{settings.post_at:%H:%M}",
        zone=preferences.zone or str(settings.timezone),
        pace_minutes=preferences.pace_minutes,
        hours=preferences.hours,
        quiet=quiet if all(quiet) else None,
        is_own_hour=not preferences.post_at,
        is_own_zone=not preferences.zone,
    )


def read_time(text: str) -> str | None:
    """Return a time of day as it is stored (``09:00``), None for what is none."""
    found = _TIME.fullmatch(text)
    try:
        return f"{time(int(found['hour']), int(found['minute'])):%H:%M}" if found else None
    except ValueError:
        return None


def _read_hours(text: str) -> tuple[str, ...]:
    """Return the times of day that a text lists, each once and in order; none where one of them is no time."""
    hours = [read_time(word) for word in re.split(r"[\s,，、;]+", text) if word]
    read = sorted({hour for hour in hours if hour is not None})
    return tuple(read) if None not in hours and len(read) <= MOST_HOURS else ()
