"""One entry: its title, who posted it, what it says, what others said, where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.formatters.images import resolve_images
from bot.formatters.links import NAMED_BY_KIND, link_spans
from bot.formatters.text import join, labelled, line
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.digest import Author, Comment, Entry, Link
from bot.model.richtext import (
    Block,
    Code,
    Document,
    Heading,
    Image,
    List,
    Paragraph,
    Quote,
    Span,
    Spans,
    bold,
    paragraph,
    walk,
)
from bot.model.search import Place

FOLD_AFTER: Mapping[Layout, int] = MappingProxyType({Layout.FULL: 1500, Layout.COMPACT: 600, Layout.HEADLINES: 0})
"""Characters of a body that stand open; a longer one is folded, so that the next entry stays in sight."""

DISCUSSION_FOLD_AFTER = 300
"""The same for a discussion: it is for those who want to know more."""

DEEPEST = 5
"""Replies nested deeper than this stand at this depth: narrower columns cannot be read on a phone."""

_HASHTAG = re.compile(r"#(\w+)")


def format_entry(entry: Entry, *, words: Words, layout: Layout, base: str, place: Place | None = None) -> Document:
    """Return an entry whole.

    `base` is its issue's: images are resolved against it. `place` is told where an entry stands alone. The title leads
    to the original post; in the full layout the post is named among the links, too.
    """
    body = _fold(_body(entry), FOLD_AFTER[layout])
    talk = (*_remark(entry.remark, words), *_discussion(entry.comments, words))
    text = (*body, *talk)
    source_url = entry.source_url if layout is Layout.FULL else None
    blocks = (
        Heading(title_spans(entry), level=3),
        *line((author_spans(entry.authors, words), _plain(entry.group or ""), place_spans(place, words))),
        *body,
        *_unseen_images(entry.images, text),
        *talk,
        *line((link_spans(_unseen_links(entry.links, text), words, source_url=source_url),)),
        *_unseen_hashtags(entry.hashtags, text),
    )
    return resolve_images(Document(blocks), base)


def format_discussion(entry: Entry, *, words: Words, base: str) -> Document:
    """Return an entry's title and all that was said about it, none of it folded."""
    talk = tuple(replace(block, folded=False) for block in _discussion(entry.comments, words))
    return resolve_images(Document((Heading(title_spans(entry), level=3), *talk)), base)


def title_spans(entry: Entry) -> Spans:
    """Return an entry's title; it leads to the original post, or else to the first link."""
    return (Span(entry.title, href=entry.source_url or next((one.url for one in entry.links), None)),)


def author_spans(authors: Iterable[Author], words: Words) -> Spans:
    """Return who posted it, each name with its profile."""
    return join(((Span(author.name, href=author.url),) for author in authors), Span(words(", ")))


def place_spans(place: Place | None, words: Words) -> Spans:
    """Return where an entry stands."""
    return join((_plain(words("Issue {number}", number=place.issue)), _plain(place.section))) if place else ()


def _plain(text: str) -> Spans:
    return (Span(text),) if text else ()


def _body(entry: Entry) -> tuple[Block, ...]:
    """Return an entry's own text, without a first sentence that stands above it already, as the title."""
    match entry.body.blocks:
        case (Paragraph(spans=(Span(text=text, marks=marks, href=None) as first, *others)), *rest) if (
            entry.title_derived and not marks and text.startswith(entry.title)
        ):
            left = text.removeprefix(entry.title)
            if left and not left[0].isspace():
                return entry.body.blocks
            spans = (*((replace(first, text=left.lstrip()),) if left.strip() else ()), *others)
            return (*((Paragraph(spans),) if spans else ()), *rest)
        case blocks:
            return blocks


def _fold(blocks: tuple[Block, ...], limit: int) -> tuple[Block, ...]:
    return (Quote(blocks, folded=True),) if len(_text(blocks)) > limit else blocks


def _remark(remark: Document, words: Words) -> tuple[Block, ...]:
    return labelled((bold(words("{name}: ", name=words("Remark"))),), remark.blocks) if remark else ()


def _discussion(comments: Sequence[Comment], words: Words) -> tuple[Quote, ...]:
    if not comments:
        return ()
    threads = List(_threads([replace(one, depth=min(one.depth, DEEPEST)) for one in comments], words))
    title = paragraph(bold(words("Discussion ({n})", n=len(comments))))
    return (Quote((title, threads), folded=len(_text((threads,))) > DISCUSSION_FOLD_AFTER),)


def _threads(comments: Sequence[Comment], words: Words) -> tuple[tuple[Block, ...], ...]:
    """Turn replies with depths into lists inside lists."""
    items: list[tuple[Block, ...]] = []
    start = 0
    while start < len(comments):
        first = comments[start]
        end = start + 1
        while end < len(comments) and comments[end].depth > first.depth:
            end += 1
        replies = _threads(comments[start + 1 : end], words)
        items.append((*_speech(first, words), *((List(replies),) if replies else ())))
        start = end
    return tuple(items)


def _speech(comment: Comment, words: Words) -> tuple[Block, ...]:
    speaker = bold(words("{name}: ", name=comment.speaker), comment.url)
    return labelled((speaker,) if comment.speaker else (), comment.body.blocks)


def _unseen_images(images: Iterable[Image], text: Sequence[Block]) -> tuple[Image, ...]:
    shown = {block.url for block in walk(text) if isinstance(block, Image)}
    return tuple(image for image in images if image.url not in shown)


def _unseen_links(links: Iterable[Link], text: Sequence[Block]) -> list[Link]:
    """Return the links worth a name of their own: papers, code and the like, and whatever the text does not lead to."""
    shown = {span.href for block in walk(text) if isinstance(block, Heading | Paragraph) for span in block.spans}
    return [one for one in links if one.kind in NAMED_BY_KIND or one.url not in shown]


def _unseen_hashtags(hashtags: Iterable[str], text: Sequence[Block]) -> tuple[Paragraph, ...]:
    shown = set(_HASHTAG.findall(_text(text)))
    unseen = " ".join(f"#{tag}" for tag in hashtags if tag not in shown)
    return (paragraph(unseen),) if unseen else ()


def _text(blocks: Iterable[Block]) -> str:
    """Return the words of some blocks, to measure and to look into."""
    words: list[str] = []
    for block in walk(blocks):
        match block:
            case Heading(spans=spans) | Paragraph(spans=spans):
                words.extend(span.text for span in spans)
            case Code(text=text):
                words.append(text)
    return "".join(words)
