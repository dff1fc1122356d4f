"""/watch: standing queries, whose entries are marked in what a chat receives; /unwatch takes one back."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import read_action
from bot.formatters.choosing import format_watching
from bot.formatters.notices import format_notice
from bot.formatters.panel_actions import DropWatch
from bot.handlers.context import Context, Handler
from bot.handlers.panel import find_subject, keep_from_readers, show_watches, try_watch
from bot.handlers.replies import refuse, refuse_old, refuse_stranger
from bot.locales import Words
from bot.model.chat import Preferences, SubscriptionStatus
from bot.model.command import Audience, Command, Reply
from bot.search.parser import parse

MOST = 20
"""Standing queries of a chat: each is asked of every issue."""

LONGEST = 200
"""Characters of one; what is longer is a text, not something to watch for."""


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    query = " ".join(command.argument.encode(errors="ignore").decode().split())
    if not query:
        chat = await find_subject(command, context)
        reply = await show_watches(chat, words, context, in_place=False)
        return keep_from_readers(reply, chat, words, context)
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    if hindrance := hindrance_of(query, words):
        return refuse(command, hindrance)
    chat = await find_subject(command, context)
    if len(chat.preferences.watches) >= MOST and find_watch(query, chat.preferences.watches) is None:
        return refuse(command, errors.too_many_watches(MOST, words))
    await context.chats.change_preferences(chat.address, lambda one: watch(one, query))
    latest = await context.issues.latest_issue()
    number = latest.number if latest else None
    tried = await try_watch(query, number, context)
    reply = format_watching(tried, words, issue=number, is_subscribed=chat.status is SubscriptionStatus.ACTIVE)
    return keep_from_readers(reply, chat, words, context)


def hindrance_of(query: str, words: Words) -> str:
    """Say why a query cannot be watched for; a mistake that would go unseen for ever is told now."""
    if len(query) > LONGEST:
        return errors.long_watch(LONGEST, words)
    parsed = parse(query)
    if parsed.notices:
        return " ".join(format_notice(notice, words) for notice in parsed.notices)
    return "" if parsed.clauses else errors.nothing_to_watch(words)


async def _answer_unwatch(command: Command, words: Words, context: Context) -> Reply:
    chat = await find_subject(command, context)
    wanted = command.argument.strip()
    if not wanted:
        return await show_watches(chat, words, context, in_place=False)
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    query = find_watch(wanted, chat.preferences.watches)
    if query is None:
        return refuse(command, errors.no_watch(wanted, words))
    after = await context.chats.change_preferences(chat.address, lambda one: unwatch(one, query))
    return await show_watches(replace(chat, preferences=after or chat.preferences), words, context, in_place=False)


async def _answer_drop(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await find_subject(command, context)
    match read_action(command.name, command.argument):
        case DropWatch(query_id, offset) if (query := await context.questions.recall(query_id)) in (
            chat.preferences.watches
        ):
            after = await context.chats.change_preferences(chat.address, lambda one: unwatch(one, query or ""))
            changed = replace(chat, preferences=after or chat.preferences)
            return await show_watches(changed, words, context, offset=offset, toast=words("Removed"))
        case _:
            return refuse_old(command, words)


def watch(preferences: Preferences, query: str) -> Preferences:
    """Add a standing query, unless the same is there already."""
    if find_watch(query, preferences.watches) is not None or len(preferences.watches) >= MOST:
        return preferences
    return replace(preferences, watches=(*preferences.watches, query))


def unwatch(preferences: Preferences, query: str) -> Preferences:
    """Take a standing query back; where none is left, everything is received again."""
    left = tuple(one for one in preferences.watches if one != query)
    return replace(preferences, watches=left, watched_only=preferences.watched_only and bool(left))


def find_watch(wanted: str, watches: tuple[str, ...]) -> str | None:
    """Return the standing query that asks the same, however it is spelled."""
    meant = str(parse(wanted)).casefold()
    return next((one for one in watches if str(parse(one)).casefold() == meant), None)


WATCH = Handler(
    "watch",
    _answer,
    summary=lambda words: words("Mark what matches in what this chat receives"),
    hint=lambda words: words("WORDS"),
    audience=Audience.MANAGERS,
    changes=True,
)
UNWATCH = Handler("unwatch", _answer_unwatch, changes=True)
DROP_WATCH = Handler("dropwatch", _answer_drop, changes=True)
