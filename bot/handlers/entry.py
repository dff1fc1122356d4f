"""Opening one entry with all that belongs to it, and what is like it; /random opens any."""

from __future__ import annotations

from bot.formatters import errors
from bot.formatters.actions import OpenEntry, OpenRelated, read_action
from bot.formatters.opened import format_opened
from bot.formatters.results import PAGE, format_related
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse
from bot.locales import Words
from bot.model.chat import ChatKind, Layout
from bot.model.command import Command, Reply


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenEntry(entry_id) if stored := await context.issues.get_entry(entry_id):
            return format_opened(stored, words, layout=_layout(command))
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
    return format_opened(stored, words, layout=_layout(command), another=True)


def _layout(command: Command) -> Layout:
    """In a chat of many, what is long is folded sooner."""
    return Layout.FULL if command.kind is ChatKind.PRIVATE else Layout.COMPACT


ENTRY = Handler("entry", _answer)
RELATED = Handler("related", _answer_related)
RANDOM = Handler("random", _answer_random, summary=lambda words: words("Something to read, picked at random"))
