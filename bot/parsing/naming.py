"""What a file's name and its front matter say of an issue: number, title, dates."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import PurePosixPath

import yaml

MAX_FRONT_MATTER = 10_000
"""Characters of front matter; a longer one is text."""

_FRONT_MATTER = re.compile(r"\A\ufeff?---[ \t]*\r?\n(?P<yaml>.*?\r?\n)?(?:---|\.\.\.)[ \t]*(?:\r?\n|\Z)", re.DOTALL)
_COMPACT = r"(?<!\d)(?P<{0}>(?:19|20)\d\d)(?P<{1}>[01]\d)(?P<{2}>[0-3]\d)(?!\d)"
_SPACED = r"(?<!\d)(?P<{0}>(?:19|20)\d\d)[-._/年](?P<{1}>[01]?\d)[-._/月](?P<{2}>[0-3]?\d)日?(?!\d)"
_BARE_FRONT_MATTER = re.compile(r"\A\ufeff?(?P<lines>(?:[A-Za-z][\w-]*: *\S.*\r?\n){2,})(?:[ \t]*\r?\n|\Z)")
"""Fields without rules around them, as MultiMarkdown and Pelican have them, down to the first empty line."""

_DATE = re.compile(_COMPACT.format("y1", "m1", "d1") + "|" + _SPACED.format("y2", "m2", "d2"))
_FIELD = re.compile(r"(?P<name>[A-Za-z_][\w-]*):(?: (?P<value>.*)|[ \t]*$)")
_DIGITS = 6
_NUMBER = re.compile(rf"(?P<number>\d{{1,{_DIGITS}}})(?:[-_. ]+(?P<title>.*))?")
_GUIDES = frozenset({"readme", "index"})
_SUFFIXES = frozenset({".md", ".markdown", ".mdown", ".mkd"})


@dataclass(frozen=True, slots=True)
class Naming:
    """What names an issue, empty where nothing does. `is_titled` tells a title of the writer's from a file's name."""

    number: int | None = None
    title: str = ""
    starts_on: date | None = None
    ends_on: date | None = None
    is_titled: bool = False

    @property
    def tells(self) -> bool:
        """Tell whether it is known which issue it is."""
        return self.number is not None or self.starts_on is not None


def split_front_matter(markdown: str) -> tuple[Mapping[str, str], str, str]:
    """Return the fields of a text's front matter, its words, and the text below it.

    What only looks like front matter (a rule above some prose) is text.
    """
    found = _FRONT_MATTER.match(markdown)
    if found is None:
        return _split_bare_fields(markdown)
    source = found["yaml"] or ""
    if len(source) > MAX_FRONT_MATTER:
        return {}, "", markdown
    try:
        fields = yaml.load(source, Loader=yaml.BaseLoader)  # noqa: S506  (it makes nothing but strings, lists and maps)
    except (yaml.YAMLError, RecursionError):
        fields = _read_loosely(source)
    if not isinstance(fields, dict):
        return {}, "", markdown
    plain = {str(name).lower(): value for name, value in fields.items() if isinstance(value, str)}
    return plain, source, markdown[found.end() :]


def read_naming(filename: str, fields: Mapping[str, str]) -> Naming:
    """Return what a file's name says, and its front matter where that says more."""
    stem = _telling_name(filename)
    dates = _dates(fields.get("date", "")) or _dates(stem)
    first, last = _first(fields.get("starts_on", ""), dates[:1]), _first(fields.get("ends_on", ""), dates[1:2])
    found = _NUMBER.fullmatch(_DATE.sub("", stem).strip("-_. "))
    title = (found["title"] if found else _DATE.sub("", stem)) or ""
    return Naming(
        number=_number(fields.get("number", "")) or (int(found["number"]) if found else None),
        title=fields.get("title", "").strip() or re.sub(r"[-_. ]+", " ", title).strip(),
        starts_on=first,
        ends_on=last,
        is_titled=bool(fields.get("title", "").strip()),
    )


def _split_bare_fields(markdown: str) -> tuple[Mapping[str, str], str, str]:
    """Take fields off a text's beginning that no rules mark; without a title among them they are text."""
    found = _BARE_FRONT_MATTER.match(markdown[:MAX_FRONT_MATTER])
    fields = _read_loosely(found["lines"]) if found else None
    if found is None or fields is None or "title" not in map(str.lower, fields):
        return {}, "", markdown
    return {name.lower(): value for name, value in fields.items()}, found["lines"], markdown[found.end() :]


def _read_loosely(source: str) -> Mapping[str, str] | None:
    """Read front matter that is no YAML, as a hand writes it ("title: NeRF: a survey"); None for mere prose."""
    lines = [line for line in source.splitlines() if line.strip() and not line.startswith(("#", " ", "\t", "-"))]
    fields = [found for line in lines if (found := _FIELD.match(line))]
    if not fields or len(fields) < len(lines):
        return None
    return {field["name"]: (field["value"] or "").strip(" \"'") for field in fields}


def is_guide(filename: str) -> bool:
    """Tell whether a file is named like the page that introduces a folder."""
    return _stem(filename).lower() in _GUIDES


def span_title(starts_on: date, ends_on: date | None) -> str:
    """Return the title of an issue that is known by its dates alone."""
    days = (starts_on, ends_on) if ends_on else (starts_on,)
    return "–".join(f"{day:%Y.%m.%d}" for day in days)


def _telling_name(filename: str) -> str:
    """Return the part of a path that names the issue: the file, or for a README the folder it lies in."""
    return _path(filename).parent.name or _stem(filename) if is_guide(filename) else _stem(filename)


def _stem(filename: str) -> str:
    path = _path(filename)
    return path.name.removesuffix(path.suffix) if path.suffix.lower() in _SUFFIXES else path.name


def _path(filename: str) -> PurePosixPath:
    return PurePosixPath(filename.replace("\\", "/"))


def _number(text: str) -> int | None:
    text = text.strip()
    return int(text) if text.isdecimal() and len(text) <= _DIGITS else None


def _dates(text: str) -> list[date]:
    dates: list[date] = []
    for found in _DATE.finditer(text):
        year, month, day = (int(part) for part in found.groups() if part is not None)
        try:
            dates.append(date(year, month, day))
        except ValueError:  # the 31st of February is some other number
            continue
    return dates


def _first(text: str, otherwise: list[date]) -> date | None:
    return next(iter(_dates(text) or otherwise), None)
