"""Time zones as people write them: by name, by city in any of our languages, by their offset. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import cache
from zoneinfo import available_timezones

from bot.locales import LANGUAGES, open_words

_OFFSET = re.compile(r"(?:utc|gmt)?\s*(?P<sign>[+\-−])\s*0?(?P<hours>\d{1,2})(?::?00)?", re.ASCII)
_FURTHEST = {"+": 14, "-": 12}
"""Hours that a fixed zone can be ahead of UTC, or behind it."""

_UNSPOKEN = ("Etc/", "SystemV/", "US/", "posix/", "right/")
"""Beginnings of names that nobody calls a place by."""

_OTHER_NAMES = {"beijing": "Asia/Shanghai", "北京": "Asia/Shanghai", "san francisco": "America/Los_Angeles"}
"""Cities that many would write, and whose zone is called by another one."""


def read_zone(text: str) -> str | None:
    """Return the zone's name that is meant (``Asia/Shanghai``); None for what names none, or several."""
    wanted = " ".join(text.casefold().replace("_", " ").split())
    if name := _by_name().get(wanted) or _OTHER_NAMES.get(wanted) or _by_city().get(wanted):
        return name
    found = _OFFSET.fullmatch(wanted)
    if found is None:
        return None
    sign, hours = found["sign"].replace("−", "-"), int(found["hours"])
    if hours > _FURTHEST[sign]:
        return None
    return f"Etc/GMT{'-' if sign == '+' else '+'}{hours}" if hours else "UTC"


def find_zones(text: str, *, limit: int) -> tuple[str, ...]:
    """Return the zones that somebody may mean who has typed so much: what begins so first, then what has it inside."""
    wanted = " ".join(text.casefold().replace("_", " ").split())
    exact = read_zone(wanted) if wanted else None
    names = sorted(name for name in available_timezones() if "/" in name and not name.startswith(_UNSPOKEN))
    said = [(name, _words_of(name)) for name in names]
    begin = [name for name, words in said if any(word.startswith(wanted) for word in words)]
    inside = [name for name, words in said if any(wanted in word for word in words)]
    return tuple(dict.fromkeys((*((exact,) if exact else ()), *begin, *inside)))[:limit]


@cache
def _words_of(name: str) -> tuple[str, ...]:
    """Return what a zone is called, whole and by its city, in every language."""
    city = name.rpartition("/")[2]
    said = (city, name, *(open_words(one).zone(name) for one in LANGUAGES))
    return tuple(dict.fromkeys(word.casefold().replace("_", " ") for word in said))


@cache
def _by_name() -> Mapping[str, str]:
    return {name.casefold().replace("_", " "): name for name in available_timezones()}


@cache
def _by_city() -> Mapping[str, str]:
    """Return the zones by their cities' names; a name that several bear stands for none."""
    cities: dict[str, set[str]] = {}
    for name in available_timezones():
        area, _, city = name.partition("/")
        if city and area not in {"Etc", "SystemV", "US", "posix", "right"}:
            said = {city.rpartition("/")[2].replace("_", " "), *(open_words(one).zone(name) for one in LANGUAGES)}
            for word in said:
                cities.setdefault(word.casefold(), set()).add(name)
    return {city: next(iter(names)) for city, names in cities.items() if len(names) == 1}
