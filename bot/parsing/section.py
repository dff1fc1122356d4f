"""What stands in one section, cut into entries.

Decides where entries begin, never what they say. The strongest marks that a section uses lead its entries: headings,
items with a heading, items whose first line is a bold title, plain items; paragraphs that begin with a bold or linked
title count only where nothing stronger has come.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import takewhile

from bot.model.richtext import Block, Divider, Heading, List, Mark, Paragraph, Spans
from bot.parsing.heads import Lead, names_nothing
from bot.parsing.labels import COLONS, find_remark, is_content, is_reference, kind_of_label
from bot.parsing.links import find_links
from bot.parsing.names import looks_like_name, names_author, take_from
from bot.parsing.social import is_profile, is_social
from bot.parsing.spans import first_line, join_lines, lines_of, squeeze, text_of
from bot.parsing.speech import read_speech
from bot.parsing.titles import is_titular


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a list that stands at the outermost level."""

    blocks: tuple[Block, ...]
    origin: List


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
    rest: list[Block] = field(default_factory=list)
    group: str | None = None
    trust_looks: bool = False
    owner: Spans = ()

    def append(self, unit: Item | Block) -> None:
        """Add what follows; items of one list become a list again."""
        if not isinstance(unit, Item):
            self.rest.append(unit)
            return
        match self.rest:
            case [*_, List(items=items) as last] if last.ordered == unit.origin.ordered and items:
                self.rest[-1] = replace(last, items=(*items, unit.blocks))
            case _:
                self.rest.append(replace(unit.origin, items=(unit.blocks,)))


def source_of(blocks: Sequence[Block], lead: Lead, group: str | None = None) -> EntrySource:
    """Begin an entry with its first line; whatever stands behind that line is the rest."""
    match blocks:
        case (Heading(spans=spans) as heading, *rest):
            lead = Lead.ITEM_HEADING if lead is Lead.ITEM else lead
            return EntrySource(lead, heading.spans, rest, group)
        case (Paragraph(spans=spans), *rest) if lead is not Lead.NOTHING:
            head, *others = lines_of(spans)
            more: list[Block] = [Paragraph(join_lines(others))] if others else []
            return EntrySource(lead, head, [*more, *rest], group)
        case _:
            return EntrySource(lead, (), list(blocks), group)


def settle_names(entries: Iterable[EntrySource]) -> None:
    """Let a section decide whether its linked heads are names: most of them look like some, or none is."""
    for is_heading in (True, False):
        alike = [entry for entry in entries if (entry.lead is Lead.HEADING) == is_heading]
        heads = [(words, url) for entry in alike for words, url in _linked_head(entry.owner or entry.head)]
        named = sum(looks_like_name(words) for words, _ in heads)
        known = sum(names_author(words, url, trust_looks=False) for words, url in heads)
        for entry in alike:
            entry.trust_looks = named * 3 >= len(heads) * 2 and (not is_heading or known * 2 >= len(heads))


def _linked_head(head: Spans) -> Iterator[tuple[str, str]]:
    found = next(find_links(head), None)
    if found and is_social(found.url) and squeeze(text_of(head)).startswith(found.words):
        yield found.words, found.url


class SectionReader:
    """Walks what stands in one section and cuts it into entries."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.empty_headings: list[str] = []
        self._units = list(_flatten(blocks))
        headings = [unit for unit in self._units if isinstance(unit, Heading) and not is_labelling(unit)]
        self._level = min((heading.level for heading in headings), default=0)
        self._rank = max((_rank(unit) for unit in self._units if isinstance(unit, Item)), default=0)
        self._entries: list[EntrySource] = []
        self._open: EntrySource | None = None
        self._group: str | None = None
        self._group_level = 0

    def read(self) -> list[EntrySource]:
        """Return the entries of the section."""
        for index, unit in enumerate(self._units):
            match unit:
                case Heading():
                    self._heading(unit, self._units[index + 1 :])
                case Item():
                    self._item(unit)
                case _:
                    self._block(unit)
        return self._entries

    def _begin(self, source: EntrySource) -> None:
        self._entries.append(source)
        self._open = source

    def _append(self, unit: Unit) -> None:
        if self._open is None:
            if isinstance(unit, Divider):
                return
            self._begin(EntrySource(Lead.NOTHING, group=self._group))
        if self._open is not None:
            self._open.append(unit)

    def _heading(self, heading: Heading, following: Sequence[Unit]) -> None:
        if self._is_part(heading):
            self._append(heading)
            return
        if heading.level <= self._level:
            self._group = None
        beneath = next((unit for unit in following if not isinstance(unit, Divider)), None)
        if _is_group(heading, beneath, following):
            self._group = squeeze(text_of(heading.spans)).rstrip(COLONS)
            self._group_level = beneath.level if isinstance(beneath, Heading) else 0
            self._open = None
        elif _is_end(heading, beneath) and not any(find_links(heading.spans)):
            self.empty_headings.append(squeeze(text_of(heading.spans)))
            self._open = None
        else:
            self._begin(source_of((heading,), Lead.HEADING, self._group))

    def _is_part(self, heading: Heading) -> bool:
        """Tell whether a heading belongs to the open entry: a label, a name below the title, a deeper heading."""
        if is_labelling(heading) or heading.level > max(self._level, self._group_level if self._group else 0):
            return True
        found = next(find_links(heading.spans), None)
        names_poster = found is not None and is_profile(found.url) and text_of(heading.spans).strip() == found.words
        return names_poster and self._open is not None and not self._open.rest and self._open.lead is Lead.ITEM

    def _item(self, item: Item) -> None:
        if self._begins_entry(item):
            self._begin(source_of(item.blocks, Lead.ITEM, self._group))
        else:
            self._append(item)

    def _begins_entry(self, item: Item) -> bool:
        if self._open is None:
            return True
        if _rank(item) == 0:  # somebody replies
            return self._open.lead is Lead.ITEM and read_speech(self._open.head) is not None
        if self._group is None and self._open.lead in {Lead.HEADING, Lead.PARAGRAPH}:
            return _rank(item) == _HEADING_RANK
        return _rank(item) == self._rank or _is_person_with_posts(item)

    def _block(self, block: Block) -> None:
        may_begin = self._open is None or self._open.lead in {Lead.PARAGRAPH, Lead.NOTHING}
        if may_begin and self._group is None and isinstance(block, Paragraph) and self._leads(block):
            self._begin(source_of((block,), Lead.PARAGRAPH))
        else:
            self._append(block)

    def _leads(self, paragraph: Paragraph) -> bool:
        """Tell whether a paragraph begins with a title of its own, bold or linked."""
        line = first_line((paragraph,))
        speech = read_speech(line)
        if find_remark(text_of(line)) or (speech and speech.is_sure and self._open):
            return False
        found = next(find_links(line), None)
        if found and text_of(line).startswith(found.words):
            return not names_nothing(found) and not (is_profile(found.url) and self._open)
        bold = text_of(takewhile(lambda span: Mark.BOLD in span.marks, line))
        return bool(bold) and is_titular(squeeze(bold))


_HEADING_RANK = 3


def _rank(item: Item) -> int:
    """Return how strongly an item is marked as an entry, 0 for one in which somebody speaks."""
    if isinstance(item.blocks[0] if item.blocks else None, Heading):
        return _HEADING_RANK
    line = first_line(item.blocks)
    speech = read_speech(line)
    if speech and speech.is_sure:
        return 0
    return 2 if line and all(Mark.BOLD in span.marks for span in line) else 1


def _is_person_with_posts(item: Item) -> bool:
    line = first_line(item.blocks)
    found = next(find_links(line), None)
    if found is None or len(item.blocks) == 1 or squeeze(text_of(line)) != found.words:
        return False
    return names_author(found.words, found.url, trust_looks=True)


def _is_group(heading: Heading, beneath: Unit | None, following: Sequence[Unit]) -> bool:
    """Tell whether a heading stands over several entries: over a list of them, or over headings of its own."""
    match beneath:
        case Heading():
            return beneath.level > heading.level and not is_labelling(beneath) and not _is_name(beneath, following)
        case Item():
            items = list(takewhile(lambda unit: isinstance(unit, Item), following))
            return sum(isinstance(item, Item) and _looks_like_entry(item) for item in items) * 2 > len(items)
        case _:
            return False


def _is_name(heading: Heading, following: Sequence[Unit]) -> bool:
    """Tell whether a heading names who posted the entry above it: a profile, and no second one follows."""
    named = [unit for unit in following if isinstance(unit, Heading) and unit.level == heading.level]
    return len(named) == 1 and any(is_profile(found.url) for found in find_links(heading.spans))


def _looks_like_entry(item: Item) -> bool:
    if _rank(item) != 1:
        return _rank(item) > 1
    line = first_line(item.blocks)
    found = next(find_links(line), None)
    if found and squeeze(text_of(line)).startswith(found.words):
        return not names_nothing(found)
    return bool(line) and Mark.BOLD in line[0].marks


def _is_end(heading: Heading, beneath: Unit | None) -> bool:
    return beneath is None or (isinstance(beneath, Heading) and beneath.level <= heading.level)


def is_labelling(heading: Heading) -> bool:
    """Tell whether a heading labels what follows in an entry: "webpage:", "Jane Doe:", "content"."""
    text, name = take_from(squeeze(text_of(heading.spans)))
    if name or is_reference(text) or is_content(text):
        return bool(name) or text.endswith(tuple(COLONS)) or is_content(text)
    if not text.endswith(tuple(COLONS)) or any(find_links(heading.spans)):
        return False
    label = text.rstrip(COLONS)
    return kind_of_label(label) is not None or looks_like_name(label)


def _flatten(blocks: Iterable[Block]) -> Iterator[Unit]:
    for block in blocks:
        if isinstance(block, List):
            for index, item in enumerate(block.items):
                yield Item(item, replace(block, items=(), start=block.start + index if block.ordered else 1))
        else:
            yield block
