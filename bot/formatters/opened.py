"""An entry opened on its own, with the buttons that lead on."""

from __future__ import annotations

from bot.formatters.actions import OpenIssue, OpenRelated, button, command_button
from bot.formatters.entry import format_entry
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Reply
from bot.storage.issues import StoredEntry


def format_opened(stored: StoredEntry, words: Words, *, layout: Layout, another: bool = False) -> Reply:
    """Return an entry whole; `another` offers one more picked at random."""
    number = stored.place.issue
    document = format_entry(stored.entry, words=words, layout=layout, base=stored.base, place=stored.place)
    row = (
        button(words("More like this"), OpenRelated(stored.place.entry_id)),
        button(words("Issue {number}", number=number), OpenIssue(number)),
    )
    buttons = (row, (command_button(words("Another"), "random"),)) if another else (row,)
    return Reply(document, buttons, page=words("Issue {number}", number=number))
