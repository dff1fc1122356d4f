"""Messages, counts and dates in one language."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from gettext import GNUTranslations
from importlib.resources import files
from io import BytesIO
from string import Formatter
from types import MappingProxyType
from typing import Protocol, TypeVar

from babel import Locale
from babel.core import get_global
from babel.dates import format_date, format_interval, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES: Mapping[str, str] = MappingProxyType({"en": "English", "zh": "中文"})
"""The languages there are, each with its own name for itself."""

_HAN = r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]"
_LATIN = r"[A-Za-z0-9]"
_SEAM = re.compile(f"(?<={_HAN})(?={_LATIN})|(?<={_LATIN})(?={_HAN})")
"""Where a Chinese character meets a letter or a figure: good typesetting leaves a little room there."""

_FIXED_ZONE = re.compile(r"Etc/GMT(?P<sign>[+-])(?P<hours>[1-9]\d?)")
"""A zone of a fixed offset; its sign goes the other way round (https://data.iana.org/time-zones/tzdb/etcetera)."""


class Run(Protocol):
    """A styled run of text that can stand in a sentence."""

    @property
    def text(self) -> str:
        """The run's text."""
        ...


RunT = TypeVar("RunT", bound=Run)


@dataclass(frozen=True, slots=True)
class Words:
    """One language. Call it with an English message and the values of its placeholders."""

    language: str
    _translations: GNUTranslations
    _locale: Locale

    def __call__(self, message: str, /, **values: str | int) -> str:
        """Return a message in this language."""
        translated: str = self._translations.gettext(message)
        if "{" not in translated:
            return translated
        return "".join(piece for piece in _fill(translated, values) if isinstance(piece, str))

    def parts(self, message: str, /, **values: str | int | RunT) -> tuple[str | RunT, ...]:
        """Return a message as its pieces, so that styled runs may stand in it wherever the language puts them."""
        return tuple(_fill(self._translations.gettext(message), values))

    def plural(self, one: str, many: str, n: int, /, **values: str | int) -> str:
        """Return a message in the form that fits the number `n`, which is also its placeholder ``{n}``."""
        message = self._translations.ngettext(one, many, n)
        pieces = _fill(message, {"n": self.number(n), **values})
        return "".join(piece for piece in pieces if isinstance(piece, str))

    def number(self, n: int) -> str:
        """Write a number."""
        return _write_number(n, self._locale)

    def date(self, day: dt.date) -> str:
        """Write a day."""
        return _SEAM.sub(" ", format_date(day, "medium", locale=self._locale))

    def dates(self, start: dt.date | None, end: dt.date | None) -> str:
        """Write the days from `start` to `end`; "" where neither is known."""
        if start is None or end is None or start == end:
            day = start or end
            return self.date(day) if day else ""
        return _SEAM.sub(" ", format_interval(start, end, "yMMMd", locale=self._locale))

    def time(self, moment: dt.time) -> str:
        """Write a time of day."""
        return format_time(moment, "short", locale=self._locale)

    def zone(self, name: str) -> str:
        """Name a time zone by its city; one that is an offset alone as such (``Etc/GMT-8`` is UTC+8)."""
        if fixed := _FIXED_ZONE.fullmatch(name):
            return f"UTC{'+' if fixed['sign'] == '-' else '-'}{fixed['hours']}"
        # The names of cities go by the first name that a zone ever had.
        older = (old for old, new in get_global("zone_aliases").items() if new == name)
        known = (self._locale.time_zones.get(one, {}).get("city") for one in (name, *older))
        return next(filter(None, known), name.rpartition("/")[2].replace("_", " "))


def open_words(language: str) -> Words:
    """Return the words of a language; English for one that the bot does not speak."""
    return _open(match_language(language) or "en")


def match_language(code: str) -> str:
    """Return the language that a platform's code stands for (``zh-hans``, ``en_GB``), "" for one not spoken here."""
    language = re.split(r"[-_]", code.strip().lower(), maxsplit=1)[0]
    return language if language in LANGUAGES else ""


@lru_cache(maxsize=4096)
def _write_number(n: int, locale: Locale) -> str:
    return format_decimal(n, locale=locale)


@cache
def _open(language: str) -> Words:
    return Words(language, _read_catalogue(language), Locale.parse(language))


def _read_catalogue(language: str) -> GNUTranslations:
    text = (files("bot.locales") / language / "LC_MESSAGES" / "bot.po").read_bytes()
    compiled = BytesIO()
    write_mo(compiled, read_po(BytesIO(text), locale=language, abort_invalid=True))
    compiled.seek(0)
    return GNUTranslations(compiled)


def _fill(message: str, values: Mapping[str, str | int | RunT]) -> Iterator[str | RunT]:
    """Yield a message's pieces in order, with room where a value meets another script."""
    before = ""
    for literal, name in _cut(message):
        value = values[name] if name else ""
        for piece in (literal, str(value) if isinstance(value, int) else value):
            text = piece if isinstance(piece, str) else piece.text
            if not text:
                continue
            if before and _SEAM.search(before + text[0]):
                yield " "
            yield piece
            before = text[-1]


@lru_cache(maxsize=1024)
def _cut(message: str) -> tuple[tuple[str, str], ...]:
    return tuple((literal, name or "") for literal, name, _, _ in Formatter().parse(message))
