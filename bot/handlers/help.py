"""/help: what can be asked."""

from __future__ import annotations

from collections.abc import Sequence

from bot.formatters.help import format_first_help, format_help
from bot.handlers.context import Context, Handler
from bot.handlers.replies import is_overheard
from bot.locales import Words
from bot.model.command import Audience, Command, CommandInfo, Reply

_FIRST = frozenset({"latest", "search", "topics", "subscribe"})
"""What a chat of many is told of."""


def make_help(handlers: Sequence[Handler]) -> Handler:
    """Make the command that tells of the others."""

    async def answer(command: Command, words: Words, context: Context) -> Reply:
        runs_the_bot = context.is_admin(command.user)
        told = [one for one in describe(handlers, words) if runs_the_bot or one.audience is not Audience.ADMINS]
        if is_overheard(command, context):
            return format_first_help([one for one in told if one.name in _FIRST], words)
        return format_help(told, context.topics(), words)

    return Handler("help", answer, summary=lambda words: words("What you can ask"))


def describe(handlers: Sequence[Handler], words: Words) -> tuple[CommandInfo, ...]:
    """Return the commands that stand in a menu."""
    return tuple(
        CommandInfo(
            handler.name,
            handler.summary(words),
            hint=handler.hint(words) if handler.hint else "",
            audience=handler.audience,
        )
        for handler in handlers
        if handler.summary is not None
    )
