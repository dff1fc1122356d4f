"""Buttons as elements, and rows of them as blocks.

https://docs.slack.dev/reference/block-kit/block-elements/button-element
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from unicodedata import east_asian_width

import regex

from bot.adapters.slack import limits
from bot.adapters.slack.runs import JSON
from bot.model.command import Button, Buttons

ACT, OPEN = "act", "open"
"""How the ids of buttons begin: of those that send their value back, and of those that open an address."""

_LINE_WIDTH = 72
_FRAME = 5
_NUMBER = 4  # "✕ 12"
_GLYPHS = regex.compile(r"\X")


def rows_of(buttons: Buttons) -> list[JSON]:
    """Return rows of buttons; one that no block holds goes on in the next, and short ones stand side by side."""
    rows = [
        row[start : start + limits.ACTIONS] for row in _joined(buttons) for start in range(0, len(row), limits.ACTIONS)
    ]
    return [row_of(row, str(number)) for number, row in enumerate(rows)]


def row_of(row: Sequence[Button], name: str) -> JSON:
    """Return one row; `name` tells its buttons from those of other rows of the message."""
    elements = [_button(button, f"{name}:{place}") for place, button in enumerate(row)]
    return {"type": "actions", "elements": elements}


def words_of(buttons: Buttons) -> str:
    """Return what the buttons open, in plain words."""
    return "\n".join(f"{button.label}: {button.url}" for row in buttons for button in row if button.url)


def cut(text: str, limit: int) -> str:
    """Return a text cut to a limit, never within a glyph."""
    if len(text) <= limit:
        return text
    end = 0
    for glyph in _GLYPHS.finditer(text):
        if glyph.end() >= limit:
            break
        end = glyph.end()
    return f"{text[:end].rstrip()}…"


def _joined(buttons: Buttons) -> Iterator[tuple[Button, ...]]:
    """Join short rows as far as a line of a wide window goes: rows are cut for phones, which break lines themselves.

    Numbers stay by themselves: they belong to a list.
    """
    line: tuple[Button, ...] = ()
    for row in buttons:
        if line and (_is_numbers(line) or _is_numbers(row) or _width(line) + _width(row) > _LINE_WIDTH):
            yield line
            line = ()
        line += row
    if line:
        yield line


def _is_numbers(row: Sequence[Button]) -> bool:
    return all(button.label[-1:].isdecimal() and len(button.label) <= _NUMBER for button in row)


def _width(row: Sequence[Button]) -> int:
    """Return about how many letters a row is wide: a Chinese character takes two."""
    letters = sum(1 + (east_asian_width(letter) in "WF") for button in row for letter in button.label)
    return letters + _FRAME * len(row)


def _button(button: Button, place: str) -> JSON:
    label = {"type": "plain_text", "text": cut(button.label, limits.BUTTON_LABEL), "emoji": True}
    if button.url:  # pressing it is told to the bot all the same: the id says that nothing has to be done
        return {"type": "button", "action_id": f"{OPEN}:{place}", "text": label, "url": button.url}
    return {"type": "button", "action_id": f"{ACT}:{place}", "text": label, "value": button.action}
