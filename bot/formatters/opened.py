"""An entry opened on its own, with the buttons that lead on."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from bot.formatters.actions import (
    OpenDiscussion,
    OpenIssue,
    OpenRelated,
    Save,
    Switch,
    TurnToEntry,
    Way,
    button,
    command_button,
)
from bot.formatters.buttons import in_rows
from bot.formatters.entry import format_discussion, format_entry
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Button, Reply
from bot.model.digest import Entry
from bot.model.richtext import spans_of
from bot.renderers.plain import render_plain
from bot.storage.issues import StoredEntry

DISCUSSION_APART_AFTER = 1000
"""Characters of a discussion that stand below its entry; a longer one is a button away."""

URL_LIMIT = 2048
"""Characters of an address that a button can open."""

PER_ROW = 2
"""Buttons with words side by side: a phone shows them whole."""

KEPT, NOT_KEPT = "★ ", "☆ "


def format_opened(
    stored: StoredEntry,
    words: Words,
    *,
    layout: Layout,
    is_saved: bool | None = None,
    posted: str = "",
    way: Way | None = None,
) -> Reply:
    """Return an entry whole; what was said about it only if that is not long.

    `is_saved` tells whether it stands on the reader's shelf, None in a chat of many, where there is no such reader.
    `posted` is the address of the message that brought it to this chat, where people may have talked about it. Come
    upon at random, it offers one more.
    """
    shown = _without_discussion(stored.entry) if _is_long(stored.entry) else stored.entry
    document = format_entry(shown, words=words, layout=layout, base=stored.base, place=stored.place)
    leading = (_save_button(stored, words, is_saved, way), *_leading_buttons(stored, words, posted))
    another = ((command_button(words("Another"), "random"),),) if way is Way.RANDOM else ()
    rows = (*in_rows(leading, PER_ROW), _walking_row(stored, words), *another)
    page = words("Issue {number}", number=stored.place.issue)
    return Reply(document, rows, page=page)


def format_opened_discussion(stored: StoredEntry, words: Words) -> Reply:
    """Return what was said about an entry."""
    document = format_discussion(stored.entry, words=words, base=stored.base)
    return Reply(document, page=words("Discussion ({n})", n=len(stored.entry.comments)))


def _is_long(entry: Entry) -> bool:
    return sum(len(render_plain(comment.body)) for comment in entry.comments) > DISCUSSION_APART_AFTER


def _without_discussion(entry: Entry) -> Entry:
    """Return the entry without what was said about it, and without the links that stand there."""
    discussed = {span.href for comment in entry.comments for span in spans_of(comment.body.blocks)}
    return replace(entry, comments=(), links=tuple(link for link in entry.links if link.url not in discussed))


def _save_button(stored: StoredEntry, words: Words, is_saved: bool | None, way: Way | None) -> Button:
    """Tell whether the entry is saved, and turn that round; where many read the same button, it tells nothing."""
    name, wanted = {
        None: (words("Save"), Switch.TURN),
        False: (NOT_KEPT + words("Save"), Switch.ON),
        True: (KEPT + words("Saved"), Switch.OFF),
    }[is_saved]
    return button(name, Save(stored.place.entry_id, wanted, way))


def _leading_buttons(stored: StoredEntry, words: Words, posted: str) -> Iterator[Button]:
    """Yield the ways from an entry to what belongs to it."""
    entry = stored.entry
    yield button(words("More like this"), OpenRelated(stored.place.entry_id))
    if _is_long(entry):
        yield button(words("Discussion ({n})", n=len(entry.comments)), OpenDiscussion(stored.place.entry_id))
    source = entry.source_url or ""
    if source.startswith(("https://", "http://")) and len(source) <= URL_LIMIT:
        yield Button(words("Original post"), url=source)
    if posted:
        yield Button(words("As posted here"), url=posted)


def _walking_row(stored: StoredEntry, words: Words) -> tuple[Button, ...]:
    """Lead through the entry's section, and out of it."""
    number = stored.place.issue
    row = [button(words("Issue {number}", number=number), OpenIssue(number))]
    if stored.before is not None:
        row.insert(0, button(words("← Previous"), TurnToEntry(stored.before)))
    if stored.after is not None:
        row.append(button(words("Next →"), TurnToEntry(stored.after)))
    return tuple(row)
