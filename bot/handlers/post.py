"""/post: an administrator of the bot publishes an issue from a chat."""

from __future__ import annotations

from bot.formatters import errors
from bot.formatters.administration import format_posted
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse
from bot.locales import Words
from bot.model.command import Audience, Command, Reply

DIGITS = 9
"""More digits no issue's number has."""


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    if not context.settings.is_admin(command.user.address):
        return refuse(command, errors.admins_only(words))
    number = command.argument.strip()
    if not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        return refuse(command, errors.no_number(words))
    issue = await context.issues.get_issue(int(number))
    if issue is None:
        latest = await context.issues.latest_issue()
        return refuse(command, errors.no_issue(int(number), latest.number if latest else None, words))
    return format_posted(int(number), await context.publish(issue), words)


POST = Handler(
    "post",
    _answer,
    summary=lambda words: words("Publish an issue now"),
    hint=lambda words: words("NUMBER"),
    audience=Audience.ADMINS,
    changes=True,
)
