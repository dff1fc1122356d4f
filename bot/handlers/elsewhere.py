"""Settings of a channel or a group from the private chat: ``/subscribe @channel``, or one chosen from those offered.

The platform tells which chat is meant, whether the bot may write there, and whether the asker may change it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import ChooseChat, read_action
from bot.formatters.subscription import format_choosing
from bot.handlers import settings, subscribe
from bot.handlers.about import go_on_about
from bot.handlers.context import Context, Handler
from bot.handlers.panel import on_behalf
from bot.handlers.replies import refuse, refuse_old
from bot.locales import Words
from bot.model.chat import ChatKind
from bot.model.command import Ability, Command, Reply


def anywhere(handler: Handler) -> Handler:
    """Have a command about a chat take another chat's name behind it, where the platform lets people name chats."""

    async def answer(command: Command, words: Words, context: Context) -> Reply | None:
        named, _, rest = command.argument.strip().partition(" ")
        is_named = _names_a_chat(named) if handler.name == settings.SETTINGS.name else bool(named)
        if not is_named or Ability.OFFER_CHATS not in context.able(command.chat):
            return await handler.answer(command, words, context)
        if command.kind is not ChatKind.PRIVATE:
            return refuse(command, errors.named_in_private(words))
        return await _answer_about(named, replace(command, argument=rest), handler, words, context)

    return replace(handler, answer=answer)


def _names_a_chat(word: str) -> bool:
    """Tell the name of a chat from the name of a setting."""
    return word.startswith(("@", "-")) or any(sign in word for sign in "/:")


async def _answer_about(named: str, command: Command, handler: Handler, words: Words, context: Context) -> Reply | None:
    place = await context.look_up(command.chat, named)
    if place is None:
        return refuse(command, errors.no_chat(named, words))
    if place.kind is ChatKind.PRIVATE:
        return refuse(command, errors.no_person(named, words))
    is_theirs = await context.administers(place.address, command.user)
    if not place.is_open and handler.name != UNSUBSCRIBE.name:
        # Nor can be told then who administers it; its title is for those who do.
        return refuse(command, errors.no_voice(place.title if is_theirs else named, place.kind, words))
    if not is_theirs:
        return refuse(command, errors.not_yours(named, words))
    chat = await context.chats.meet(place.address, kind=place.kind, title=place.title, now=context.clock.now())
    reply = await handler.answer(on_behalf(command, chat), words, context)
    return None if reply is None else replace(reply, buttons=go_on_about(chat, reply.buttons), form=None)


async def _answer_choose(command: Command, words: Words, context: Context) -> Reply:
    is_offered = command.kind is ChatKind.PRIVATE and Ability.OFFER_CHATS in context.able(command.chat)
    match read_action(command.name, command.argument):
        case ChooseChat(purpose) if is_offered:
            return format_choosing(purpose, words)
        case _:
            return refuse_old(command, words)


SUBSCRIBE = anywhere(subscribe.SUBSCRIBE)
UNSUBSCRIBE = anywhere(subscribe.UNSUBSCRIBE)
SETTINGS = anywhere(settings.SETTINGS)
CHOOSE = Handler("choose", _answer_choose)
