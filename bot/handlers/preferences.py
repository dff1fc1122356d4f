"""What a chat may set, read from the words of a button or of a person. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import time
from functools import cache
from zoneinfo import available_timezones

from bot.formatters.actions import Set, Setting
from bot.formatters.settings import Times
from bot.locales import match_language
from bot.model.chat import Layout, Preferences
from bot.settings import Settings

LONGEST_PACE = 24 * 60
"""Minutes from one section to the next: an issue of seven sections still ends within its fortnight."""

_TIME = re.compile(r"(?P<hour>\d{1,2}):(?P<minute>\d{2})", re.ASCII)
_SPAN = re.compile(r"(?P<begin>[\d:]+)[-–—~](?P<end>[\d:]+)", re.ASCII)
_OWN = {"", "own", "default"}


def change(preferences: Preferences, wanted: Set) -> Preferences | None:
    """Return the preferences with one thing set; None where its value says nothing."""
    value = wanted.value.casefold()
    match wanted.setting:
        case Setting.LAYOUT:
            return replace(preferences, layout=Layout(value)) if value in set(Layout) else None
        case Setting.IMAGES:
            return replace(preferences, images=value == "on") if value in {"on", "off"} else None
        case Setting.SOUND:
            return replace(preferences, silent=value == "off") if value in {"on", "off"} else None
        case Setting.LANGUAGE:
            language = match_language(value)
            return replace(preferences, language=language) if language else None
        case _:
            return _change_time(preferences, wanted.setting, value)


def _change_time(preferences: Preferences, setting: Setting, value: str) -> Preferences | None:
    match setting:
        case Setting.HOUR:
            hour = "" if value in _OWN else read_time(value)
            return None if hour is None else replace(preferences, post_at=hour)
        case Setting.ZONE:
            zone = "" if value in _OWN else _zones().get(value)
            return None if zone is None else replace(preferences, zone=zone)
        case Setting.PACE if value.isascii() and value.isdigit() and len(value) <= 4 and int(value) <= LONGEST_PACE:
            return replace(preferences, pace_minutes=int(value), hours=())
        case Setting.QUIET if value in {"none", "off"}:
            return replace(preferences, quiet_from="", quiet_until="")
        case Setting.QUIET if found := _SPAN.fullmatch(value):
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
        quiet=quiet if all(quiet) else None,
    )


def read_time(text: str) -> str | None:
    """Return a time of day as it is stored (``09:00``), None for what is none."""
    found = _TIME.fullmatch(text)
    try:
        return f"{time(int(found['hour']), int(found['minute'])):%H:%M}" if found else None
    except ValueError:
        return None


@cache
def _zones() -> Mapping[str, str]:
    return {name.casefold(): name for name in available_timezones()}
