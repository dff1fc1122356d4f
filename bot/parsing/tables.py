"""Tables as preformatted text: columns aligned with spaces, wide characters counted as two."""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from itertools import zip_longest

_GAP = "  "


def draw_table(rows: Sequence[Sequence[str]]) -> str:
    """Return rows of cells as aligned lines, the first one underlined."""
    widths = [max(map(_width, column)) for column in zip_longest(*rows, fillvalue="")]
    head, *body = [_draw_row(row, widths) for row in rows]
    return "\n".join((head, _GAP.join("─" * width for width in widths), *body))


def _draw_row(row: Sequence[str], widths: Sequence[int]) -> str:
    cells = (cell + " " * (width - _width(cell)) for cell, width in zip(row, widths, strict=False))
    return _GAP.join(cells).rstrip()


def _width(text: str) -> int:
    if text.isascii():
        return len(text)
    return sum(_CHARACTER.get(unicodedata.east_asian_width(character), 1) for character in text)


_CHARACTER = {"W": 2, "F": 2}
