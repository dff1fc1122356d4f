"""Tables: those of figures as preformatted text, those of things that each lead somewhere as a list.

In preformatted text columns are aligned with spaces, and wide characters counted as two.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable, Iterator, Sequence
from itertools import zip_longest

from bot.model.richtext import Block, Image, List, Paragraph, Span, Spans
from bot.parsing.inline import Piece
from bot.parsing.spans import join, squeeze, strip, text_of

_GAP = "  "
_LEAST_ITEMS = 2

Cell = Sequence[Piece]


def list_rows(rows: Sequence[Sequence[Cell]], asides: list[str]) -> List | None:
    """Return a table below its head as a list: an item for each row, or None where not every row has a link.

    The first words of a row are the item's first line; each other cell is a line of its own, behind the word at the
    head of its column unless it holds mere links. Numbers that only count the rows go to `asides`, and unused heads.
    """
    head, *body = rows
    if len(body) < _LEAST_ITEMS or not all(map(_has_link, body)):
        return None
    names = [squeeze(text_of(_spans(cell))) for cell in head]
    asides.extend(names)
    return List(tuple(tuple(_item(names, row, asides)) for row in body))


def _item(names: Sequence[str], row: Sequence[Cell], asides: list[str]) -> Iterator[Block]:
    begun = False
    for column, cell in enumerate(row):
        spans = _spans(cell)
        text = text_of(spans)
        if not begun and text.strip(" .#").isdecimal():
            asides.append(text)
        elif spans:
            name = names[column] if begun and column < len(names) and _says_words(spans) else ""
            yield Paragraph(join((Span(f"{name}: "), *spans)) if name else spans)
            begun = True
        yield from (piece for piece in cell if isinstance(piece, Image))


def _says_words(spans: Spans) -> bool:
    """Tell whether there is more in a cell than links."""
    return any(span.href is None and any(map(str.isalnum, span.text)) for span in spans)


def _spans(cell: Cell) -> Spans:
    return strip(join(piece for piece in cell if isinstance(piece, Span)))


def _has_link(row: Iterable[Cell]) -> bool:
    return any(isinstance(piece, Span) and piece.href is not None for cell in row for piece in cell)


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
