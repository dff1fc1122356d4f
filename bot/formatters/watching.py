"""What a chat watches for: a mark on the entries that match, and a line in the header that says so."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from bot.formatters.anchors import entry_anchor
from bot.formatters.text import clip
from bot.locales import Words
from bot.model.digest import Entry
from bot.model.richtext import Block, Heading, List, Paragraph, Span, bold, link, paragraph
from bot.model.selection import Match, Selection

MARK = Span("🔔 ")
"""Stands before the title of an entry that is watched for."""

TITLES = 5
"""Titles of such entries that the header tells."""

TITLE_LIMIT = 80
"""Characters of such a title."""

_ENTRY_LEVEL = 3


def mark_title(blocks: tuple[Block, ...], entry: Entry, watched: Collection[int]) -> tuple[Block, ...]:
    """Put the mark before an entry's title, its first heading or else its first words, where it is watched for."""
    if entry.id not in watched:
        return blocks
    titled = [isinstance(block, Heading) and block.level >= _ENTRY_LEVEL for block in blocks]
    at = titled.index(True) if any(titled) else 0
    match blocks[at]:
        case Heading(spans=spans) | Paragraph(spans=spans) as block:
            return (*blocks[:at], replace(block, spans=(MARK, *spans)), *blocks[at + 1 :])
        case _:
            return blocks


def format_watched(entries: Sequence[Entry], matches: Sequence[Match], words: Words) -> tuple[Block, ...]:
    """Tell which of the entries that come match which standing queries; nothing where none does.

    The entries' titles are anchors.
    """
    coming = {entry.id for entry in entries}
    found = [match for match in matches if match.entries & coming]
    if not found:
        return ()
    watched = Selection(matches=tuple(found)).watched
    titles = [link(clip(entry.title, TITLE_LIMIT), entry_anchor(entry.id)) for entry in entries if entry.id in watched]
    queries = words(", ").join(match.query for match in found)
    sentence = words.plural(
        "{n} entry matches what is watched for here: {queries}",
        "{n} entries match what is watched for here: {queries}",
        len(titles),
        queries=queries,
    )
    more = (Span("…"),) if len(titles) > TITLES else ()
    return (
        paragraph(MARK, bold(sentence)),
        List(tuple((paragraph(title),) for title in (*titles[:TITLES], *more))),
    )
