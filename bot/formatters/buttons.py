"""Rows of buttons that several answers share."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from itertools import islice

from bot.formatters.actions import Action, button
from bot.formatters.text import clip, measure
from bot.locales import Words
from bot.model.command import Button, Buttons

PER_ROW = 5
"""Numbers side by side: each stays wide enough for a thumb."""

HALF_ROW = 20
"""Columns of a label that are seen whole on half of a phone."""

LABEL_LIMIT = 40
"""Characters of a label: platforms cut longer ones wherever they like."""


def number_rows(opening: Iterable[tuple[int, Action]]) -> Buttons:
    """Return numbered buttons that open what a list's numbers stand for."""
    return in_rows((button(str(number), action) for number, action in opening), PER_ROW)


def turning_rows(words: Words, turn: Callable[[int], Action], *, offset: int, size: int, total: int) -> Buttons:
    """Return a row with the previous and the next page, as far as there are any."""
    row = []
    if offset > 0:
        row.append(button(words("◀ Previous"), turn(max(0, offset - size))))
    if offset + size < total:
        row.append(button(words("Next ▶"), turn(offset + size)))
    return (tuple(row),) if row else ()


def in_rows(buttons: Iterable[Button], per_row: int) -> Buttons:
    """Lay buttons out in rows."""
    left = iter(buttons)
    return tuple(iter(lambda: tuple(islice(left, per_row)), ()))


def in_pairs(buttons: Sequence[Button]) -> Buttons:
    """Lay buttons out in pairs if all their labels are short enough for that, else one below the other."""
    return in_rows(buttons, 2 if all(measure(button.label) <= HALF_ROW for button in buttons) else 1)


def label(text: str, tail: str = "") -> str:
    """Return a text cut to a label's length, `tail` (a count) kept whole."""
    return clip(text, LABEL_LIMIT - len(tail)) + tail
