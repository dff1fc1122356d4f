"""The pieces an issue is cut into: what stands at its outermost level, and what of that belongs to one entry."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby

from bot.model.richtext import Block, Heading, List, Mark, Paragraph, Spans
from bot.parsing.heads import Lead
from bot.parsing.spans import first_line, join_lines, lines_of, without_number
from bot.parsing.speech import read_speech

SPOKEN, PLAIN, BOLD, HEADED = range(4)
"""How strongly an item is marked as an entry: somebody speaks in it; plain; a bold line alone; a heading."""


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list at the outermost level, with its first line and how strongly that marks an entry."""

    blocks: tuple[Block, ...]
    origin: List
    line: Spans
    rank: int


Unit = Item | Block
"""What a section is made of: the items of a list count one by one."""


@dataclass(slots=True)
class EntrySource:
    """What of the source belongs to one entry.

    `trust_looks` tells that linked names lead the entries of its section; `owner` is the line of the author who holds
    this entry and its siblings.
    """

    lead: Lead
    head: Spans = ()
    units: list[Unit] = field(default_factory=list)
    group: str | None = None
    trust_looks: bool = False
    owner: Spans = ()

    @property
    def rest(self) -> tuple[Block, ...]:
        """Return what stands below the first line; items of one list are a list again."""
        return tuple(_gather(self.units))


def flatten(blocks: Iterable[Block]) -> Iterator[Unit]:
    """Yield blocks, and the items of lists one by one."""
    for block in blocks:
        if not isinstance(block, List):
            yield block
            continue
        for index, item in enumerate(block.items):
            origin = replace(block, items=(), start=block.start + index if block.ordered else 1)
            line = first_line(item)
            yield Item(item, origin, line, _rank(item, line))


def source_of(blocks: Sequence[Block], lead: Lead, group: str | None = None) -> EntrySource:
    """Begin an entry with its first line; whatever stands behind that line is the rest."""
    match blocks:
        case (Heading(spans=spans), *rest):
            return EntrySource(Lead.ITEM_HEADING if lead is Lead.ITEM else lead, spans, list(rest), group)
        case (Paragraph(spans=spans), *rest) if lead is not Lead.NOTHING:
            head, *others = lines_of(without_number(spans))
            more: list[Unit] = [Paragraph(join_lines(others))] if others else []
            return EntrySource(lead, head, [*more, *rest], group)
        case _:
            return EntrySource(lead, (), list(blocks), group)


def _rank(item: Sequence[Block], line: Spans) -> int:
    if item and isinstance(item[0], Heading):
        return HEADED
    speech = read_speech(line)
    if speech and speech.is_sure:
        return SPOKEN
    return BOLD if line and all(Mark.BOLD in span.marks for span in line) else PLAIN


def _gather(units: Iterable[Unit]) -> Iterator[Block]:
    for origin, group in groupby(units, lambda unit: unit.origin.ordered if isinstance(unit, Item) else None):
        if origin is None:
            yield from (unit for unit in group if not isinstance(unit, Item))
        else:
            items = [unit for unit in group if isinstance(unit, Item)]
            yield replace(items[0].origin, items=tuple(item.blocks for item in items))
