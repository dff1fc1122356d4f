"""/latest: the newest issue."""

from __future__ import annotations

from bot.formatters import errors
from bot.formatters.browsing import format_contents
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse
from bot.locales import Words
from bot.model.command import Command, Reply


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    issue = await context.issues.latest_issue()
    return format_contents(issue, words) if issue else refuse(command, errors.no_issues(words))


LATEST = Handler("latest", _answer, summary=lambda words: words("The latest issue"))
