"""One author's item that holds several papers: an entry each, with the author's name on every one."""

from __future__ import annotations

from dataclasses import replace

from bot.model.richtext import Block, Divider, List, spans_of
from bot.parsing.heads import Lead, read_head
from bot.parsing.labels import COLONS
from bot.parsing.links import find_links, first_link
from bot.parsing.names import names_author
from bot.parsing.pieces import EntrySource, source_of
from bot.parsing.social import is_social
from bot.parsing.spans import first_line, squeeze, text_of

_TITLE_WORDS = 3


def split_papers(entry: EntrySource) -> tuple[EntrySource, ...]:
    """Return an entry as it is, or one for each item below its first line, if each has its own title and links."""
    match [block for block in entry.rest if not isinstance(block, Divider)]:
        case [List(items=items)] if entry.lead in {Lead.ITEM, Lead.ITEM_HEADING} and len(items) > 1 and entry.head:
            if all(map(_is_paper, items)):
                return tuple(_part(entry, item) for item in items)
    return (entry,)


def _is_paper(item: tuple[Block, ...]) -> bool:
    """Tell whether an item has a title and links of its own."""
    if all(is_social(found.url) for found in find_links(spans_of(item))):
        return False
    title = read_head(first_line(item), Lead.ITEM, trust_looks=False).title
    return len(title.split()) >= _TITLE_WORDS or (len(title) >= _TITLE_WORDS * 2 and not title.isascii())


def _part(entry: EntrySource, item: tuple[Block, ...]) -> EntrySource:
    part = source_of(item, Lead.ITEM)
    found = first_link(entry.head)
    if found and names_author(found.words, found.url, trust_looks=True):
        return replace(part, group=entry.group, owner=entry.head)
    return replace(part, group=squeeze(text_of(entry.head)).rstrip(COLONS))
