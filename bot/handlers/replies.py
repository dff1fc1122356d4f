"""Answers of one sentence, and who may change a chat."""

from __future__ import annotations

from bot.formatters import errors
from bot.handlers.context import Context
from bot.locales import Words
from bot.model.chat import ChatKind
from bot.model.command import Ability, Command, Origin, Reply
from bot.model.richtext import Document, paragraph

TOAST_LIMIT = 200
"""Characters of a notice (https://core.telegram.org/bots/api#answercallbackquery)."""


def refuse(command: Command, sentence: str) -> Reply:
    """Say why something cannot be done: a notice to who pressed a button, else a short message to the asker."""
    if command.origin is Origin.BUTTON:
        return Reply(toast=sentence[:TOAST_LIMIT])
    return Reply(Document((paragraph(sentence),)), private=True)


def refuse_old(command: Command, words: Words) -> Reply:
    """Say that a button, or a line like a button's, leads nowhere."""
    return refuse(command, errors.old_button(words))


def is_overheard(command: Command, context: Context) -> bool:
    """Tell whether many who did not ask would read the answer, and the asker can be led to it in private instead."""
    return not command.is_for_one and Ability.LEAD_HOME in context.able(command.chat)


async def refuse_stranger(command: Command, words: Words, context: Context) -> Reply | None:
    """Return a refusal unless the asker may change the chat; None where they may."""
    if await may_change(command, context):
        return None
    return refuse(command, errors.managers_only(await context.managers(command.chat), words))


async def may_change(command: Command, context: Context) -> bool:
    """Tell whether the asker may change the chat: in private everybody, else those whom the platform lets."""
    return command.kind is ChatKind.PRIVATE or await context.administers(command.chat, command.user)
