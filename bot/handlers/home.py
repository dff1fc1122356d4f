"""A person's front page. No command leads to it: a platform that has a place for one asks for it."""

from __future__ import annotations

from collections.abc import Sequence

from bot.formatters.home import format_home
from bot.formatters.shelf import PAGE
from bot.handlers.context import Context
from bot.handlers.language import choose_words
from bot.model.chat import Address, Chat, SubscriptionStatus
from bot.model.command import Command
from bot.model.home import HomePart

_SHOWN = {SubscriptionStatus.ACTIVE, SubscriptionStatus.SUSPENDED}


async def show_home(command: Command, places: Sequence[Address], context: Context) -> tuple[HomePart, ...]:
    """Return the front page of whoever gives a command in their private chat; `places` are the chats they are in."""
    own = await context.chats.get(command.chat)
    known = await context.chats.find(places)
    others = sorted((chat for chat in known if chat.status in _SHOWN), key=lambda chat: chat.title.casefold())
    return format_home(
        await context.issues.latest_issue(),
        own or Chat(command.chat, command.kind),
        others,
        await context.shelf.page(command.user.address, limit=PAGE),
        choose_words(own, command.kind, command.user, context.settings),
    )
