"""Questions asked while writing in any chat: entries to choose from. Without words, the latest issue's."""

from __future__ import annotations

from bot.formatters.cards import format_cards, format_no_cards
from bot.handlers.context import Context
from bot.handlers.language import choose_words
from bot.model.cards import Cards, Inquiry
from bot.model.chat import ChatKind
from bot.model.richtext import Spans
from bot.storage.issues import StoredEntry

PAGE = 10
"""Cards on a page: more come as one scrolls."""

FARTHEST = 1000
"""Cards that one can scroll to."""


async def find_cards(inquiry: Inquiry, context: Context) -> Cards:
    """Return a page of cards."""
    chat = await context.chats.get(inquiry.chat)
    words = choose_words(chat, ChatKind.PRIVATE, inquiry.user, context.settings)
    offset = _read_offset(inquiry.offset)
    query = inquiry.query.encode(errors="ignore").decode().strip()
    found, total = await (_search(query, offset, context) if query else _latest(offset, context))
    if not found:
        return format_no_cards(words) if not offset else Cards()
    behind = offset + PAGE
    return format_cards(found, words, next_offset=str(behind) if behind < min(total, FARTHEST) else "")


async def _search(query: str, offset: int, context: Context) -> tuple[list[tuple[StoredEntry, Spans]], int]:
    results = await context.index.search(query, limit=PAGE, offset=offset)
    found = [(await context.issues.get_entry(hit.place.entry_id), hit.snippet) for hit in results.hits]
    return [(stored, snippet) for stored, snippet in found if stored is not None], results.total


async def _latest(offset: int, context: Context) -> tuple[list[tuple[StoredEntry, Spans]], int]:
    issue = await context.issues.latest_issue()
    entries = issue.entries if issue else ()
    found = [await context.issues.get_entry(entry.id) for entry in entries[offset : offset + PAGE]]
    return [(stored, ()) for stored in found if stored is not None], len(entries)


def _read_offset(text: str) -> int:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(FARTHEST))
    return min(int(text), FARTHEST) if is_number else 0
