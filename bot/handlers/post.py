"""/post: an administrator of the bot looks at what posting an issue would do, and does it by a button."""

from __future__ import annotations

from bot.formatters.actions import read_action
from bot.formatters.admin_actions import ReleaseIssue
from bot.formatters.administration import format_posted
from bot.formatters.posting import format_prospect
from bot.handlers.administration import find_prospect, for_admins, refuse_number
from bot.handlers.context import Context, Handler
from bot.handlers.issue import read_number
from bot.handlers.replies import refuse_old
from bot.locales import Words
from bot.model.command import Audience, Command, Reply


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    number = read_number(command.argument)
    prospect = None if number is None else await find_prospect(number, context)
    if prospect is None:
        return await refuse_number(command, words, context, number)
    return format_prospect(prospect, words)


async def _answer_release(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case ReleaseIssue(number) if issue := await context.issues.get_issue(number):
            return format_posted(number, await context.publish(issue), words)
        case _:
            return refuse_old(command, words)


POST = Handler(
    "post",
    for_admins(_answer),
    summary=lambda words: words("Publish an issue now"),
    hint=lambda words: words("NUMBER"),
    audience=Audience.ADMINS,
)
RELEASE = Handler("release", for_admins(_answer_release), changes=True)
