"""/subscribe and /unsubscribe: whether a chat receives the issues."""

from __future__ import annotations

from dataclasses import replace
from datetime import time

from bot.formatters.subscription import (
    Subscribed,
    format_catching_up,
    format_missed,
    format_subscribed,
    format_unsubscribed,
)
from bot.handlers.context import Context, Handler
from bot.handlers.preferences import read_times
from bot.handlers.replies import refuse_stranger
from bot.locales import Words, match_language
from bot.model.chat import Chat, ChatKind, Preferences, SubscriptionStatus
from bot.model.command import Ability, Audience, Command, Reply


async def _answer_subscribe(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    known = await context.chats.get(command.chat)
    is_new = await context.chats.subscribe(
        command.chat, kind=command.kind, title=command.chat_title, now=context.clock.now()
    )
    if command.kind is ChatKind.PRIVATE and (language := match_language(command.user.language)):
        # What comes is in the language in which the bot answers here; one that was chosen stays.
        await context.chats.change_preferences(command.chat, lambda one: _in_language(one, language))
    outcome = _outcome(known.status if known else None, is_new=is_new)
    subscribed = known or Chat(command.chat, command.kind, command.chat_title)
    return await confirm(outcome, subscribed, words, context, afar=command.afar)


async def _answer_unsubscribe(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    was_subscribed = await context.chats.unsubscribe(command.chat)
    return format_unsubscribed(words, was_subscribed=was_subscribed, chat=command.chat_title if command.afar else "")


async def confirm(
    outcome: Subscribed, subscribed: Chat, words: Words, context: Context, *, afar: bool = False
) -> Reply:
    """Confirm a subscription, with the chat's hour or else the bot's; one that comes back is told what it missed.

    `afar`, this is read in another chat.
    """
    named = (subscribed.title or str(subscribed.address)) if afar else ""
    if outcome is Subscribed.AGAIN and (missed := await context.missed(subscribed.address)):
        return format_missed(missed, words, chat=named)
    times = read_times(subscribed.preferences, context.settings)
    is_private = subscribed.kind is ChatKind.PRIVATE
    return format_subscribed(
        outcome,
        words,
        post_at=time.fromisoformat(times.hour),
        zone=times.zone,
        latest=await context.issues.latest_issue(),
        chat=named,
        offers_others=is_private and Ability.OFFER_CHATS in context.able(subscribed.address),
    )


async def _answer_catch_up(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    return format_catching_up(await context.catch_up(command.chat), words)


def _in_language(preferences: Preferences, language: str) -> Preferences | None:
    return None if preferences.language else replace(preferences, language=language)


def _outcome(before: SubscriptionStatus | None, *, is_new: bool) -> Subscribed:
    if not is_new:
        return Subscribed.ALREADY
    return Subscribed.NEW if before is None else Subscribed.AGAIN


CATCH_UP = Handler("catchup", _answer_catch_up, changes=True)
SUBSCRIBE = Handler(
    "subscribe",
    _answer_subscribe,
    summary=lambda words: words("Receive each new issue in this chat"),
    audience=Audience.MANAGERS,
    changes=True,
)
UNSUBSCRIBE = Handler(
    "unsubscribe",
    _answer_unsubscribe,
    summary=lambda words: words("Receive no more issues here"),
    audience=Audience.MANAGERS,
    changes=True,
)
