"""One author's item that holds several papers: an entry each, with the author's name on every one."""

from __future__ import annotations

from dataclasses import replace

from bot.model.richtext import Block, Divider, List, spans_of
from bot.parsing.heads import Lead, names_nothing
from bot.parsing.labels import COLONS
from bot.parsing.links import find_links
from bot.parsing.names import names_author
from bot.parsing.section import EntrySource, source_of
from bot.parsing.social import is_social
from bot.parsing.spans import first_line, squeeze, text_of
from bot.parsing.titles import is_titular

_TITLE_WORDS = 3


def split_papers(entry: EntrySource) -> tuple[EntrySource, ...]:
    """Return an entry as it is, or one for each item below its first line, if each has its own title and links."""
    match [block for block in entry.rest if not isinstance(block, Divider)]:
        case [List(items=items)] if entry.lead in {Lead.ITEM, Lead.ITEM_HEADING} and len(items) > 1 and entry.head:
            if all(map(_is_paper, items)):
                return tuple(_part(entry, item) for item in items)
    return (entry,)


def _is_paper(item: tuple[Block, ...]) -> bool:
    line = first_line(item)
    inside = [found for found in find_links(tuple(spans_of(item))) if not is_social(found.url)]
    if not line or not inside:
        return False
    found = next(find_links(line), None)
    text = squeeze(text_of(line))
    if found is None:
        return len(text.split()) >= _TITLE_WORDS and is_titular(text)
    is_titled = not names_nothing(found) and len(found.words.split()) >= _TITLE_WORDS
    return is_titled and (text == found.words or bool(found.label))


def _part(entry: EntrySource, item: tuple[Block, ...]) -> EntrySource:
    part = source_of(item, Lead.ITEM)
    found = next(find_links(entry.head), None)
    if found and names_author(found.words, found.url, trust_looks=True):
        return replace(part, group=entry.group, owner=entry.head)
    return replace(part, group=squeeze(text_of(entry.head)).rstrip(COLONS))
