"""/start: a greeting, or what a link into the bot names: ``issue_12``, ``entry_34``, ``topic_slam``."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters.help import format_start
from bot.handlers.context import Context, Handler
from bot.handlers.entry import ENTRY
from bot.handlers.issue import ISSUE
from bot.handlers.topic import TOPIC
from bot.locales import Words
from bot.model.command import Command, Reply

_LINKED = {handler.name: handler for handler in (ISSUE, ENTRY, TOPIC)}


async def _answer(command: Command, words: Words, context: Context) -> Reply | None:
    name, _, argument = command.argument.strip().partition("_")
    if (handler := _LINKED.get(name)) and argument:
        return await handler.answer(replace(command, name=name, argument=argument), words, context)
    return format_start(words)


START = Handler("start", _answer)
