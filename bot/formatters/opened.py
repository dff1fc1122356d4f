"""An entry opened on its own, with the buttons that lead on."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from bot.formatters.actions import (
    OpenDiscussion,
    OpenEntry,
    OpenIssue,
    OpenRelated,
    Save,
    TurnToEntry,
    Way,
    button,
    command_button,
    write_action,
)
from bot.formatters.buttons import in_rows
from bot.formatters.entry import format_discussion, format_entry
from bot.formatters.panel_actions import Switch
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Button, Reply, Where
from bot.model.digest import Entry
from bot.model.richtext import Document, paragraph, spans_of
from bot.renderers.plain import one_line, render_plain
from bot.storage.issues import StoredEntry

DISCUSSION_APART_AFTER = 1000
"""Characters of a discussion that stand below its entry; a longer one is a button away."""

MUCH, BRIEF = 800, 400
"""Characters of an entry that a chat of many is shown, and of a longer one's text."""

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
    return _with_rows(document, leading, stored, words, way)


def format_opened_briefly(stored: StoredEntry, words: Words, *, posted: str = "", way: Way | None = None) -> Reply:
    """Return an entry for a chat of many: what is long is cut, what was said about it is in private, and all of it."""
    entry, entry_id = stored.entry, stored.place.entry_id
    shown = replace(_without_discussion(entry), body=_begin(entry.body)) if _is_much(entry) else entry
    document = format_entry(shown, words=words, layout=Layout.COMPACT, base=stored.base, place=stored.place)
    leading = [_save_button(stored, words, None, way), button(words("More like this"), OpenRelated(entry_id))]
    if entry.comments and _is_much(entry):
        name = words("Discussion ({n})", n=len(entry.comments))
        leading.append(Button(name, write_action(OpenDiscussion(entry_id)), where=Where.PRIVATE))
    leading += _outward_buttons(stored, words, posted)
    if _is_much(entry):
        leading.append(Button(words("All of it in private"), write_action(OpenEntry(entry_id)), where=Where.PRIVATE))
    return _with_rows(document, leading, stored, words, way)


def format_opened_discussion(stored: StoredEntry, words: Words) -> Reply:
    """Return what was said about an entry."""
    document = format_discussion(stored.entry, words=words, base=stored.base)
    return Reply(document, page=words("Discussion ({n})", n=len(stored.entry.comments)))


def _with_rows(
    document: Document, leading: Sequence[Button], stored: StoredEntry, words: Words, way: Way | None
) -> Reply:
    another = ((command_button(words("Another"), "random"),),) if way is Way.RANDOM else ()
    rows = (*in_rows(leading, PER_ROW), _walking_row(stored, words), *another)
    return Reply(document, rows, page=words("Issue {number}", number=stored.place.issue))


def _is_much(entry: Entry) -> bool:
    """Tell whether an entry is more than a chat of many is to be shown of it."""
    said = sum(len(render_plain(comment.body)) for comment in entry.comments)
    return len(render_plain(entry.body)) + said > MUCH


def _begin(body: Document) -> Document:
    """Return the beginning of a text that is long."""
    whole = render_plain(body)
    return body if len(whole) <= BRIEF else Document((paragraph(one_line(body, limit=BRIEF)),))


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
    yield from _outward_buttons(stored, words, posted)


def _outward_buttons(stored: StoredEntry, words: Words, posted: str) -> Iterator[Button]:
    """Yield the ways to where an entry comes from, and where it stands in this chat."""
    entry = stored.entry
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
