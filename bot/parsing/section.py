"""What stands in one section, cut into entries.

Decides where entries begin, never what they say. The strongest marks that a section uses lead its entries: headings,
items with a heading, items whose first line is a bold title, plain items; paragraphs that begin with a bold or linked
title count only where nothing stronger has come. A section that counts its paragraphs ("1、…") has an entry for each.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile

from bot.model.richtext import Block, Divider, Heading, Mark, Paragraph, Spans, spans_of
from bot.parsing.heads import Lead, names_nothing
from bot.parsing.labels import COLONS, find_remark, is_content, is_reference, kind_of_label
from bot.parsing.links import find_links, first_link, is_address_line
from bot.parsing.names import is_personal, looks_like_name, names_author, take_credit
from bot.parsing.pieces import HEADED, PLAIN, SPOKEN, EntrySource, Item, Unit, flatten, source_of
from bot.parsing.social import is_post, is_profile, is_social
from bot.parsing.spans import first_line, join_lines, lines_of, squeeze, text_of, without_number, written_number
from bot.parsing.speech import read_speech
from bot.parsing.titles import is_titular

_LONGEST_TAG = 12
"""Characters that may stand before the linked title of an item: "[video] "."""


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
    found = first_link(head)
    if found and is_social(found.url) and squeeze(text_of(head)).startswith(found.words):
        yield found.words, found.url


class SectionReader:
    """Walks what stands in one section and cuts it into entries."""

    def __init__(self, blocks: Sequence[Block]) -> None:
        self.asides: list[str] = []
        self._units = list(flatten(blocks))
        headings = [unit for unit in self._units if isinstance(unit, Heading) and not is_labelling(unit)]
        self._level = min((heading.level for heading in headings), default=0)
        self._rank = max((unit.rank for unit in self._units if isinstance(unit, Item)), default=SPOKEN)
        self._entries: list[EntrySource] = []
        self._open: EntrySource | None = None
        self._group: str | None = None
        self._group_level = 0
        self._counts = self._level == 0 and _counts(self._units)
        self._counted = 0

    def read(self) -> list[EntrySource]:
        """Return the entries of the section."""
        for index, unit in enumerate(self._units):
            match unit:
                case Heading():
                    self._heading(unit, index + 1)
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
            self._open.units.append(unit)

    def _heading(self, heading: Heading, below: int) -> None:
        if self._is_part(heading):
            self._append(heading)
            return
        if heading.level <= self._level:
            self._group = None
        while below < len(self._units) and isinstance(self._units[below], Divider):
            below += 1
        beneath = self._units[below] if below < len(self._units) else None
        if self._is_group(heading, below):
            self._group = squeeze(text_of(heading.spans)).rstrip(COLONS)
            self.asides.extend(found.url for found in find_links(heading.spans))
            self._group_level = beneath.level if isinstance(beneath, Heading) else 0
            self._open = None
        elif _is_end(heading, beneath) and not find_links(heading.spans):
            self.asides.append(squeeze(text_of(heading.spans)))
            self._open = None
        else:
            self._begin(source_of((heading,), Lead.HEADING, self._group))

    def _is_group(self, heading: Heading, below: int) -> bool:
        """Tell whether a heading stands over several entries: over a list of them, or over headings of its own."""
        units = (self._units[index] for index in range(below, len(self._units)))
        match next(units, None):
            case Heading(level=level) as beneath:
                is_part = is_labelling(beneath) or _is_byline(beneath) or _is_addresses(next(units, None))
                return level > heading.level and not is_part
            case Item() as first:
                items = [first, *takewhile(lambda unit: isinstance(unit, Item), units)]
                return sum(isinstance(item, Item) and _looks_like_entry(item) for item in items) * 2 >= len(items)
            case _:
                return False

    def _is_part(self, heading: Heading) -> bool:
        """Tell whether a heading belongs to the open entry: a label, a name below the title, a deeper heading."""
        if is_labelling(heading) or heading.level > max(self._level, self._group_level if self._group else 0):
            return True
        found = first_link(heading.spans)
        names_poster = found is not None and is_profile(found.url) and text_of(heading.spans).strip() == found.words
        return names_poster and self._open is not None and not self._open.units and self._open.lead is Lead.ITEM

    def _item(self, item: Item) -> None:
        if self._begins_entry(item):
            self._begin(source_of(item.blocks, Lead.ITEM, self._group))
        else:
            self._append(item)

    def _begins_entry(self, item: Item) -> bool:
        if self._open is None:
            return True
        if item.rank == SPOKEN:
            return not self._is_reply(item)
        if self._group is None and self._open.lead in {Lead.HEADING, Lead.PARAGRAPH}:
            return item.rank == HEADED
        if self._open.lead is Lead.NOTHING and item.rank == PLAIN and not find_links(spans_of(item.blocks)):
            return False  # a list in mere prose
        return item.rank == self._rank or _is_person_with_posts(item)

    def _is_reply(self, item: Item) -> bool:
        """Tell whether somebody in an item answers to the open entry, rather than beginning one as others do."""
        speech = read_speech(item.line)
        if self._open is None or speech is None:
            return False
        if self._group is not None:
            return speech.is_named
        if self._open.lead is not Lead.ITEM:
            return True
        leader, linked = read_speech(self._open.head), first_link(self._open.head)
        leads_alike = linked is not None and is_post(linked.url) and speech.url is not None and is_post(speech.url)
        return not leads_alike and (leader is None or not leader.is_sure)

    def _block(self, block: Block) -> None:
        if self._counts and isinstance(block, Paragraph):
            if not self._is_counted(block):
                self._append(block)
            return
        is_loose = self._open is None or self._open.lead in {Lead.PARAGRAPH, Lead.NOTHING}
        if not isinstance(block, Paragraph) or not is_loose or self._group is not None:
            self._append(block)
            return
        for part in _part_titles(block):
            if self._leads(without_number(first_line((part,)))):
                self._begin(source_of((part,), Lead.PARAGRAPH))
            else:
                self._append(part)

    def _is_counted(self, paragraph: Paragraph) -> bool:
        """Begin an entry with the paragraph that bears the next number; tells whether this is it."""
        text = text_of(paragraph.spans)
        if written_number(text) != self._counted + 1:
            return False
        self._counted += 1
        if without_number(paragraph.spans) == paragraph.spans:  # the number stands alone, above what it counts
            self.asides.append(text)
            self._begin(EntrySource(Lead.NOTHING))
        else:
            self._begin(source_of((paragraph,), Lead.PARAGRAPH))
        return True

    def _leads(self, line: Spans) -> bool:
        """Tell whether a paragraph begins with a title of its own, bold or linked."""
        speech = read_speech(line)
        if find_remark(text_of(line)) or (speech and speech.is_sure and self._open):
            return False
        found = first_link(line)
        if found and text_of(line).startswith(found.words):
            return not names_nothing(found) and not (is_profile(found.url) and self._open)
        bold = text_of(takewhile(lambda span: Mark.BOLD in span.marks, line))
        return bool(bold) and is_titular(squeeze(bold))


def _counts(units: Iterable[Unit]) -> bool:
    """Tell whether a section begins with the first of several numbered paragraphs."""
    first, *others = [written_number(text_of(unit.spans)) for unit in units if isinstance(unit, Paragraph)] or [None]
    return first == 1 and 2 in others


def _is_person_with_posts(item: Item) -> bool:
    found = first_link(item.line)
    if found is None or len(item.blocks) == 1 or squeeze(text_of(item.line)) != found.words:
        return False
    return names_author(found.words, found.url, trust_looks=True)


def _is_addresses(unit: Unit | None) -> bool:
    """Tell whether a paragraph begins with a bare address: the heading above it is its label."""
    return isinstance(unit, Paragraph) and is_address_line(first_line((unit,)))


def _is_byline(heading: Heading) -> bool:
    """Tell whether a heading names who posted the entry above it."""
    named = any(is_profile(found.url) for found in find_links(heading.spans))
    return named or is_personal(text_of(heading.spans))


def _looks_like_entry(item: Item) -> bool:
    if item.rank != PLAIN:
        return item.rank != SPOKEN
    found = first_link(item.line)
    if found and squeeze(text_of(item.line)).find(found.words) <= _LONGEST_TAG:
        return not names_nothing(found) and not found.label
    return bool(item.line) and Mark.BOLD in item.line[0].marks


def _is_end(heading: Heading, beneath: Unit | None) -> bool:
    return beneath is None or (isinstance(beneath, Heading) and beneath.level <= heading.level)


def is_labelling(heading: Heading) -> bool:
    """Tell whether a heading labels what follows in an entry: "webpage:", "Jane Doe:", "content"."""
    text = take_credit(squeeze(text_of(heading.spans))).text
    if is_reference(text) or is_content(text):
        return True
    if not text.endswith(tuple(COLONS)) or find_links(heading.spans):
        return False
    label = text.rstrip(COLONS)
    return kind_of_label(label) is not None or looks_like_name(label)


def _part_titles(paragraph: Paragraph) -> Iterator[Paragraph]:
    """Part lines that are but one link each: without an empty line between them they are one paragraph in Markdown."""
    part: list[Spans] = []
    for line in lines_of(paragraph.spans):
        found = first_link(line)
        if part and found and squeeze(text_of(line)) == found.words and not names_nothing(found):
            yield Paragraph(join_lines(part))
            part = []
        part.append(line)
    yield Paragraph(join_lines(part))
