"""/start: a greeting, or what a link into the bot names.

``issue_12``, ``entry_34``, ``topic_slam``, ``saved``, ``latest``, ``topics``, ``help``, ``settings``, and with another
chat's id ``settings_17``; ``search_gaussian_splatting`` asks for these words, ``search_17`` goes on with the question
of that id.
A link has room for letters, digits, - and _ alone, 64 of them (https://core.telegram.org/bots/features#deep-linking).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.formatters.actions import LARGEST
from bot.formatters.help import HELLO, format_greeting, format_start
from bot.handlers.about import ABOUT
from bot.handlers.administration import DELIVERIES, STATS
from bot.handlers.context import Context, Handler
from bot.handlers.entry import DISCUSSION, ENTRY, RELATED
from bot.handlers.issue import ISSUE, SECTION
from bot.handlers.latest import LATEST
from bot.handlers.post import POST
from bot.handlers.search import SEARCH
from bot.handlers.settings import SETTINGS
from bot.handlers.shelf import SAVED
from bot.handlers.topic import TOPIC
from bot.handlers.topics import TOPICS
from bot.locales import Words
from bot.model.chat import ChatKind, SubscriptionStatus
from bot.model.command import Ability, Command, Reply

_READING = (ISSUE, SECTION, ENTRY, DISCUSSION, RELATED, TOPIC)
_ADMINISTERING = (DELIVERIES, POST)
_LINKED = {handler.name: handler for handler in (*_READING, *_ADMINISTERING)}


def make_start(asking: Handler) -> Handler:
    """Make the command that links lead to; `asking` is the one that tells what can be asked."""
    alone = {handler.name: handler for handler in (LATEST, SAVED, STATS, TOPICS, asking)}

    async def answer(command: Command, words: Words, context: Context) -> Reply | None:
        return await _answer(command, words, context, alone)

    return Handler("start", answer)


async def _answer(command: Command, words: Words, context: Context, alone: Mapping[str, Handler]) -> Reply | None:
    name, _, argument = command.argument.strip().partition("_")
    if handler := (_LINKED if argument else alone).get(name):
        # Only a topic's name may hold the sign that stands between numbers here.
        argument = argument if handler is TOPIC else argument.replace("_", " ")
        return await handler.answer(replace(command, name=name, argument=argument), words, context)
    if name == SETTINGS.name:
        return await (ABOUT if argument else SETTINGS).answer(replace(command, argument=argument), words, context)
    if name == SEARCH.name and argument:
        query = await _read_query(argument, context)
        return await SEARCH.answer(replace(command, name=name, argument=query), words, context)
    if command.kind is ChatKind.GROUP:
        return None if name == HELLO else format_greeting(words)
    known = await context.chats.get(command.chat)
    return format_start(
        words,
        is_subscribed=known is not None and known.status is SubscriptionStatus.ACTIVE,
        can_be_taken=Ability.BE_TAKEN in context.able(command.chat),
    )


async def _read_query(argument: str, context: Context) -> str:
    """Return the words that a link asks for: those of a question that was asked before, or its own."""
    is_id = argument.isascii() and argument.isdigit() and len(argument) < len(str(LARGEST))
    known = await context.questions.recall(int(argument)) if is_id else None
    return known or argument.replace("_", " ")
