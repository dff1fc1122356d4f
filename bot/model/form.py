"""Forms: what a chat can set, to be filled in at once where a platform has a place for that."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.model.richtext import Document


class FieldKind(StrEnum):
    """How a field is filled in."""

    ONE = "one"  # one of its options
    MANY = "many"  # any of them, none too
    SWITCHES = "switches"  # each of them on or off
    TIME = "time"  # a time of day (09:00)
    TEXT = "text"
    LINES = "lines"  # a text of several lines
    LOOKED_UP = "looked-up"  # one of too many to show: they are looked up while somebody types


@dataclass(frozen=True, slots=True)
class FormOption:
    """Something that can be chosen; `value` (150 characters) is what comes back."""

    value: str
    label: str


@dataclass(frozen=True, slots=True)
class Field:
    """A field; `chosen` are its values as things are now. `empty` is shown where nothing is chosen or written."""

    name: str
    label: str
    kind: FieldKind
    options: tuple[FormOption, ...] = ()
    chosen: tuple[str, ...] = ()
    hint: str = ""
    empty: str = ""


@dataclass(frozen=True, slots=True)
class Form:
    """A form, and what it is about. Filled in, it comes back under its `name`."""

    name: str
    lead: Document
    fields: tuple[Field, ...]


Answers = Mapping[str, tuple[str, ...]]
"""What somebody filled in, by the names of the fields that they changed."""

Mistakes = Mapping[str, str]
"""What is wrong with it, by the names of the fields: one plain sentence each."""
