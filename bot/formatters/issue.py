"""An issue as the posts of a delivery: a header with the contents, then the sections in order."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from bot.formatters.entry import author_spans, format_entry, title_spans
from bot.formatters.images import link_images, resolve_images
from bot.formatters.text import clip, join, line
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.delivery import Post
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import Block, Document, Heading, List, Paragraph, Span, bold, italic, paragraph

TEASERS = 3
"""Titles told of a section in the contents."""

TEASER_LIMIT = 48
"""Characters of such a title."""

Chosen = Sequence[tuple[int, Section]]
"""Sections with their indices in the issue."""


def format_issue(
    issue: Issue, *, layout: Layout, words: Words, images: bool = True, sections: Sequence[str] = ()
) -> list[Post]:
    """Return the posts of an issue; a section without entries has none.

    `sections` are the titles of those that are wanted, none meaning all. Without `images` there are links in their
    place.
    """
    chosen = choose_sections(issue, sections)
    posts = [Post(None, (format_header(issue, chosen, words),))]
    for index, section in chosen:
        posts.extend(_section_posts(index, section, layout=layout, words=words, base=issue.base))
    if images:
        return posts
    return [Post(post.section, tuple(link_images(unit, words) for unit in post.units)) for post in posts]


def choose_sections(issue: Issue, titles: Sequence[str] = ()) -> Chosen:
    """Return the sections that have entries, or those of them that bear one of the titles."""
    wanted = {title.casefold() for title in titles}
    return [
        (index, section)
        for index, section in enumerate(issue.sections)
        if section.entries and (not wanted or section.title.casefold() in wanted)
    ]


def format_header(issue: Issue, chosen: Chosen, words: Words) -> Document:
    """Return an issue's title, days, preface and contents."""
    dates = words.dates(issue.starts_on, issue.ends_on)
    total = count_entries(sum(len(section.entries) for _, section in chosen), words)
    contents = tuple(_contents_item(section) for _, section in chosen)
    blocks = (
        Heading((Span(name_issue(issue.number, issue.title, words)),), level=1),
        *line(((Span(dates),) if dates else (), (Span(total),))),
        *issue.preface.blocks,
        *((List(contents),) if contents else ()),
    )
    return resolve_images(Document(blocks), issue.base)


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


def _contents_item(section: Section) -> tuple[Block, ...]:
    teasers = [clip(entry.title, TEASER_LIMIT) for entry in section.entries[:TEASERS]]
    if len(section.entries) > TEASERS:
        teasers.append("…")
    return (paragraph(bold(section.title), f" · {len(section.entries)}\n", italic(" · ".join(teasers))),)


def _section_posts(index: int, section: Section, *, layout: Layout, words: Words, base: str) -> Iterable[Post]:
    heading = Heading((Span(section.title),), level=2)
    if layout is Layout.HEADLINES:
        headlines = List(tuple(format_headline(entry, words) for entry in section.entries))
        return [Post(index, (Document((heading, headlines)),))]
    first, *others = (format_entry(entry, words=words, layout=layout, base=base) for entry in section.entries)
    units = (Document((heading, *first.blocks)), *others)
    return [Post(index, (unit,)) for unit in units] if layout is Layout.FULL else [Post(index, units)]
