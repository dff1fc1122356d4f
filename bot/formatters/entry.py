"""One entry: its title, who posted it, what it says, what others said, where it leads."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from bot.formatters.actions import OpenDiscussion, OpenEntry, write_action
from bot.formatters.images import describe_images, resolve_images
from bot.formatters.links import NAMED_BY_KIND, link_spans, name_addresses
from bot.formatters.repetition import calm, without_title
from bot.formatters.text import join, labelled, line, measure
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.digest import Author, Comment, Entry, Link
from bot.model.richtext import (
    Block,
    Code,
    Document,
    Fold,
    Heading,
    Image,
    LinkLine,
    Opening,
    Paragraph,
    Quote,
    Span,
    Spans,
    Talk,
    bold,
    paragraph,
    spans_of,
    walk,
)
from bot.model.search import Place

FOLD_AFTER: Mapping[Layout, int] = MappingProxyType({Layout.FULL: 1400, Layout.COMPACT: 560, Layout.HEADLINES: 0})
"""Columns of a body that stand open; a longer one is folded, so that the next entry stays in sight."""

DISCUSSION_FOLD_AFTER = 300
"""The same for a discussion: it is for those who want to know more."""

DEEPEST = 5
"""Replies nested deeper than this stand at this depth: narrower columns cannot be read on a phone."""

_HASHTAG = re.compile(r"#(\w+)")


def format_entry(entry: Entry, *, words: Words, layout: Layout, base: str, place: Place | None = None) -> Document:
    """Return an entry whole.

    `base` is its issue's: images are resolved against it. `place` is told where an entry stands alone; elsewhere what
    is folded can be opened so. The title leads to the original post; in a delivery's full layout the post is named
    among the links, too.
    """
    opens = place is None and entry.id > 0
    source_url = entry.source_url if layout is Layout.FULL and place is None else None
    more = Opening(words("Read more"), write_action(OpenEntry(entry.id))) if opens else None
    body = _fold(without_title(entry), FOLD_AFTER[layout], more)
    remark = _remark(entry.remark, words)
    talk = _discussion(entry, words, opens=opens)
    text = (*body, *remark, *talk)
    blocks = (
        Heading(title_spans(entry), level=3),
        *line((author_spans(entry.authors, words), _plain(entry.group or ""), place_spans(place, words))),
        *body,
        *remark,
        *_unseen_images(entry.images, text),
        *_links(entry, text, words, source_url=source_url),
        *talk,
    )
    return resolve_images(describe_images(name_addresses(calm(Document(blocks)))), base)


def format_discussion(entry: Entry, *, words: Words, base: str) -> Document:
    """Return an entry's title and all that was said about it, none of it folded."""
    talk = (Quote((_talk(entry.comments, words),)),) if entry.comments else ()
    said = Document((Heading(title_spans(entry), level=3), *talk))
    return resolve_images(describe_images(name_addresses(calm(said))), base)


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


def _fold(blocks: tuple[Block, ...], limit: int, opening: Opening | None) -> tuple[Block, ...]:
    return (Fold(blocks, opening=opening),) if measure(_text(blocks)) > limit else blocks


def _remark(remark: Document, words: Words) -> tuple[Block, ...]:
    return labelled((bold(words("{name}: ", name=words("Remark"))),), remark.blocks) if remark else ()


def _discussion(entry: Entry, words: Words, *, opens: bool) -> tuple[Block, ...]:
    """Return what people said; its count stands above only where one does not see it all."""
    if not entry.comments:
        return ()
    threads = _talk(entry.comments, words)
    if measure(_text((threads,))) <= DISCUSSION_FOLD_AFTER:
        return (Quote((threads,)),)
    title = words("Discussion ({n})", n=len(entry.comments))
    whole = Opening(title, write_action(OpenDiscussion(entry.id))) if opens else None
    return (Fold((paragraph(bold(title)), threads), opening=whole),)


def _talk(comments: Iterable[Comment], words: Words) -> Talk:
    return Talk(_threads([replace(one, depth=min(one.depth, DEEPEST)) for one in comments], words))


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
        items.append((*_speech(first, words), *((Talk(replies),) if replies else ())))
        start = end
    return tuple(items)


def _speech(comment: Comment, words: Words) -> tuple[Block, ...]:
    speaker = bold(words("{name}: ", name=comment.speaker), comment.url)
    return labelled((speaker,) if comment.speaker else (), comment.body.blocks)


def _unseen_images(images: Iterable[Image], text: Sequence[Block]) -> tuple[Image, ...]:
    shown = {block.url for block in walk(text) if isinstance(block, Image)}
    return tuple(image for image in images if image.url not in shown)


def _links(entry: Entry, text: Sequence[Block], words: Words, *, source_url: str | None) -> Iterator[LinkLine]:
    """Return the line of what is worth a name of its own, and of the hashtags that the text does not have."""
    links = link_spans(_unseen_links(entry, text), words, source_url=source_url)
    if spans := join((links, _plain(_unseen_hashtags(entry.hashtags, text)))):
        yield LinkLine(spans)


def _unseen_links(entry: Entry, text: Sequence[Block]) -> list[Link]:
    """Return the papers, code and the like of an entry, and whatever neither its text nor its title leads to.

    What only a reply leads to is the reply's own; and several of a kind that stand open in the text need no list.
    """
    told = _addresses(text)
    own = _addresses(entry.body.blocks)
    standing = _addresses([block for block in text if not isinstance(block, Quote)])
    title = _addresses((Heading(title_spans(entry)),))

    def is_worth_a_name(one: Link) -> bool:
        if one.kind in NAMED_BY_KIND:
            alike = {other.url for other in entry.links if other.kind is one.kind}
            return one.url not in told or (one.url in own and not (len(alike) > 1 and alike <= standing))
        return one.url not in told | title

    return [one for one in entry.links if is_worth_a_name(one)]


def _addresses(blocks: Sequence[Block]) -> set[str | None]:
    return {span.href for span in spans_of(blocks)}


def _unseen_hashtags(hashtags: Iterable[str], text: Sequence[Block]) -> str:
    shown = set(_HASHTAG.findall(_text(text)))
    return " ".join(f"#{tag}" for tag in hashtags if tag not in shown)


def _text(blocks: Iterable[Block]) -> str:
    """Return the words of some blocks, to measure and to look into."""
    words: list[str] = []
    for block in walk(blocks):
        match block:
            case Heading(spans=spans) | Paragraph(spans=spans):
                words.append("".join(span.text for span in spans))
            case Code(text=text):
                words.append(text)
    return "\n".join(words)
