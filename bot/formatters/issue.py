"""An issue as the posts of a delivery: a header with the contents, then the sections in order."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Sequence
from dataclasses import replace

from bot.formatters.actions import OpenEntry, OpenIssue, OpenSection, button
from bot.formatters.anchors import section_anchor
from bot.formatters.buttons import in_pairs, label, number_rows
from bot.formatters.entry import author_spans, format_entry, title_spans
from bot.formatters.images import link_images, resolve_images
from bot.formatters.text import BREAK, fit, join, line, note
from bot.formatters.watching import format_watched, mark_title
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Buttons
from bot.model.delivery import Post
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import Block, Document, Heading, List, Paragraph, Span, Spans, bold, paragraph
from bot.model.selection import EVERYTHING, Selection

TEASERS = 3
"""Titles told of a section in the contents."""

TEASER_COLUMNS = 36
"""How wide such a title may be: a line on a phone."""

Chosen = Sequence[tuple[int, Section]]
"""Sections with their indices in the issue."""


def format_issue(
    issue: Issue,
    *,
    layout: Layout,
    words: Words,
    images: bool = True,
    sections: Sequence[str] = (),
    selection: Selection = EVERYTHING,
) -> list[Post]:
    """Return the posts of an issue; a section without entries has none.

    `sections` are the titles of those that are wanted, none meaning all; `selection` tells which entries are wanted,
    and which watched for. Where nothing of an issue is wanted, one silent post says that it came out. Without `images`
    there are links in their place. The header's contents are anchors (`bot.formatters.anchors`).
    """
    chosen = choose_sections(issue, sections, selection.wanted)
    if not chosen and issue.entries:
        return [format_nothing(issue, words)]
    coming = [entry for _, section in chosen for entry in section.entries]
    watched = format_watched(coming, selection.matches, words)
    teasers = 0 if layout is Layout.HEADLINES else TEASERS
    header = format_header(issue, chosen, words, watched=watched, teasers=teasers)
    posts = [Post(None, (header,), section_buttons(issue, chosen) if issue.number else ())]
    for index, section in chosen:
        posts.extend(
            _section_posts(index, section, layout=layout, words=words, base=issue.base, watched=selection.watched)
        )
    if images:
        return posts
    return [replace(post, units=tuple(link_images(unit, words) for unit in post.units)) for post in posts]


def choose_sections(issue: Issue, titles: Sequence[str] = (), entries: Collection[int] | None = None) -> Chosen:
    """Return the sections that have entries: those that bear one of the titles, with the entries of these ids."""
    wanted = {title.casefold() for title in titles}
    found = []
    for index, section in enumerate(issue.sections):
        coming = tuple(entry for entry in section.entries if entries is None or entry.id in entries)
        if coming and (not wanted or section.title.casefold() in wanted):
            found.append((index, replace(section, entries=coming)))
    return found


def format_header(
    issue: Issue, chosen: Chosen, words: Words, *, watched: Sequence[Block] = (), teasers: int = TEASERS
) -> Document:
    """Return an issue's title, days, preface and contents, the sections' titles being anchors.

    `watched` tells of entries that are watched for; so many `teasers` of each section are told.
    """
    dates = words.dates(issue.starts_on, issue.ends_on)
    total = count_entries(sum(len(section.entries) for _, section in chosen), words)
    contents = tuple(_contents_item(index, section, words, teasers) for index, section in chosen)
    blocks: tuple[Block, ...] = (
        Heading((Span(name_issue(issue.number, issue.title, words)),), level=1),
        *line((_plain(dates), _plain(total))),
        *issue.preface.blocks,
        *watched,
        *(contents if teasers else _together(contents)),
    )
    return resolve_images(Document(blocks), issue.base)


def format_nothing(issue: Issue, words: Words) -> Post:
    """Say, without a sound, that an issue came out in which there is nothing of what a chat chose to receive."""
    blocks: tuple[Block, ...] = (
        Heading((Span(name_issue(issue.number, issue.title, words)),), level=1),
        *line((_plain(words.dates(issue.starts_on, issue.ends_on)),)),
        note(words("It has nothing of what this chat chose to receive.")),
    )
    buttons = ((button(words("Contents"), OpenIssue(issue.number or 0)),),)
    return Post(None, (Document(blocks),), buttons, silent=True)


def name_issue(number: int | None, title: str, words: Words) -> str:
    """Return an issue's number and title, each said once; a title of mere dates says nothing the dates do not."""
    if number is None or re.search(rf"(?:第|#|\bno\.?|\bissue)\s*0*{number}(?!\d)", title, re.IGNORECASE):
        return title
    if not any(character.isalpha() for character in title):
        return words("Issue {number}", number=number)
    return words("Issue {number}: {title}", number=number, title=title)


def format_headline(entry: Entry, words: Words) -> tuple[Block, ...]:
    """Return an entry's title and authors, as an item of a list."""
    return (Paragraph(join((title_spans(entry), author_spans(entry.authors, words)))),)


def count_entries(n: int, words: Words) -> str:
    """Say how many entries there are."""
    return words.plural("{n} entry", "{n} entries", n)


def section_buttons(issue: Issue, chosen: Chosen, *, offset: int | None = None) -> Buttons:
    """Return buttons that open the sections; an offset turns to them in place."""
    number = issue.number or 0
    return in_pairs(
        [
            button(label(section.title, f" · {len(section.entries)}"), OpenSection(number, index, offset))
            for index, section in chosen
        ]
    )


def _contents_item(index: int, section: Section, words: Words, teasers: int) -> Paragraph:
    """Return a section's title, its count and its first entries, a line each."""
    one_more = bool(teasers) and len(section.entries) == teasers + 1  # "and 1 more" would take a line, too
    shown = section.entries[: teasers + one_more]
    lines = [fit(entry.title, TEASER_COLUMNS) for entry in shown]
    left = len(section.entries) - len(shown)
    if teasers and left:
        lines.append(words.plural("… and {n} more", "… and {n} more", left))
    title, count = bold(section.title, section_anchor(index)), words.number(len(section.entries))
    return paragraph(title, f" · {count}", *(f"\n{line}" for line in lines))


def _together(lines: Sequence[Paragraph]) -> tuple[Paragraph, ...]:
    """Make one paragraph of lines."""
    return (Paragraph(join((line.spans for line in lines), BREAK)),) if lines else ()


def _plain(text: str) -> Spans:
    return (Span(text),) if text else ()


def _section_posts(
    index: int, section: Section, *, layout: Layout, words: Words, base: str, watched: Collection[int]
) -> Iterable[Post]:
    heading = Heading((Span(section.title),), level=2)
    ids = tuple(entry.id for entry in section.entries)
    if layout is Layout.HEADLINES:
        items = (mark_title(format_headline(entry, words), entry, watched) for entry in section.entries)
        numbered = ((number, entry.id) for number, entry in enumerate(section.entries, start=1) if entry.id)
        buttons = number_rows((number, OpenEntry(entry_id)) for number, entry_id in numbered)
        return [Post(index, (Document((heading, List(tuple(items), ordered=True))),), buttons, entries=ids)]
    first, *others = (
        Document(mark_title(format_entry(entry, words=words, layout=layout, base=base).blocks, entry, watched))
        for entry in section.entries
    )
    units = (Document((heading, *first.blocks)), *others)
    if layout is Layout.FULL:
        return [Post(index, (unit,), entries=(entry,)) for unit, entry in zip(units, ids, strict=True)]
    return [Post(index, units, entries=ids)]
