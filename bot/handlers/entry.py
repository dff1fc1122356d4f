"""Opening one entry with all that belongs to it, and what is like it; /random opens any."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import OpenDiscussion, OpenEntry, OpenRelated, TurnToEntry, Way, read_action
from bot.formatters.opened import format_opened, format_opened_briefly, format_opened_discussion
from bot.formatters.results import PAGE, format_related
from bot.handlers.context import Context, Handler
from bot.handlers.replies import is_overheard, refuse, refuse_old
from bot.locales import Words
from bot.model.chat import Layout
from bot.model.command import Command, Reply
from bot.storage.issues import StoredEntry


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenEntry(entry_id) if stored := await context.issues.get_entry(entry_id):
            return await _open(stored, command, words, context, for_one=command.opens_for_one)
        case TurnToEntry(entry_id) if stored := await context.issues.get_entry(entry_id):
            return replace(await _open(stored, command, words, context, for_one=command.is_for_one), replace=True)
        case _:
            return refuse(command, errors.no_entry(words))


async def _open(
    stored: StoredEntry, command: Command, words: Words, context: Context, *, for_one: bool, way: Way | None = None
) -> Reply:
    """Open an entry; in a chat of many, where what is long is folded or cut, nobody's shelf shows."""
    posted = await context.standing(command.chat, stored.place.entry_id)
    if is_overheard(command, context):
        return format_opened_briefly(stored, words, posted=posted, way=way)
    if not for_one:
        return format_opened(stored, words, layout=Layout.COMPACT, posted=posted, way=way)
    is_saved = await context.shelf.has(command.user.address, stored.place.entry_id)
    return format_opened(stored, words, layout=Layout.FULL, is_saved=is_saved, posted=posted, way=way)


async def _answer_discussion(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenDiscussion(entry_id) if stored := await context.issues.get_entry(entry_id):
            return format_opened_discussion(stored, words) if stored.entry.comments else refuse_old(command, words)
        case _:
            return refuse(command, errors.no_entry(words))


async def _answer_related(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenRelated(entry_id) if stored := await context.issues.get_entry(entry_id):
            hits = await context.index.related(entry_id, limit=PAGE)
            return format_related(hits, words, title=stored.entry.title)
        case _:
            return refuse(command, errors.no_entry(words))


async def _answer_random(command: Command, words: Words, context: Context) -> Reply:
    stored = await context.issues.random_entry()
    if stored is None:
        return refuse(command, errors.no_issues(words))
    return await _open(stored, command, words, context, for_one=command.opens_for_one, way=Way.RANDOM)


ENTRY = Handler("entry", _answer)
TURN = Handler("turn", _answer)
DISCUSSION = Handler("discussion", _answer_discussion)
RELATED = Handler("related", _answer_related)
RANDOM = Handler("random", _answer_random, summary=lambda words: words("Something to read, picked at random"))
