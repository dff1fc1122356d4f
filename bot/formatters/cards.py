"""Entries as cards: what one sees while choosing, and what stands in the chat then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.formatters.actions import OpenEntry, OpenIssue, write_action
from bot.formatters.entry import format_entry, place_spans
from bot.formatters.images import resolve_address
from bot.formatters.text import clip, join
from bot.locales import Words
from bot.model.cards import Card, Cards
from bot.model.chat import Layout
from bot.model.command import Button, Reply, Where
from bot.model.richtext import Document, Image, Paragraph, Span, Spans
from bot.renderers.plain import one_line
from bot.storage.issues import StoredEntry

TITLE_LIMIT = 100
DETAIL_LIMIT = 160
"""Characters of a card: two lines of a phone."""


def format_cards(found: Sequence[tuple[StoredEntry, Spans]], words: Words, *, next_offset: str) -> Cards:
    """Return a card for each entry with its snippet, if it has any."""
    return Cards(tuple(_card(stored, snippet, words) for stored, snippet in found), next_offset)


def format_no_cards(words: Words) -> Cards:
    """Say that there is nothing to choose."""
    return Cards(hint=words("Nothing found. How to ask"))


def _card(stored: StoredEntry, snippet: Spans, words: Words) -> Card:
    entry, place = stored.entry, stored.place
    where = place_spans(place, words)
    said = Document((Paragraph(snippet),)) if snippet else entry.body
    detail = join((where, (Span(one_line(said, limit=DETAIL_LIMIT)),)))
    images = (image for image in (*entry.images, *entry.body.blocks) if isinstance(image, Image))
    pictures = (resolve_address(image.url, stored.base) or "" for image in images)
    return Card(
        key=f"entry-{place.entry_id}",
        title=clip(entry.title, TITLE_LIMIT),
        detail=one_line(Document((Paragraph(detail),)), limit=DETAIL_LIMIT),
        reply=_reply(stored, words),
        picture=next((url for url in pictures if url.startswith("https://")), ""),
    )


def _reply(stored: StoredEntry, words: Words) -> Reply:
    """Return what choosing an entry says: the entry; what was said about it is had from the bot itself."""
    entry, place = replace(stored.entry, comments=()), stored.place
    document = format_entry(entry, words=words, layout=Layout.COMPACT, base=stored.base, place=place)
    whole = words("Discussion ({n})", n=len(stored.entry.comments)) if stored.entry.comments else words("Open")
    row = (
        Button(whole, write_action(OpenEntry(place.entry_id)), where=Where.PRIVATE),
        Button(words("Issue {number}", number=place.issue), write_action(OpenIssue(place.issue)), where=Where.PRIVATE),
    )
    return Reply(document, (row,))
