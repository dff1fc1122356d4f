"""/issues: the list of all issues."""

from __future__ import annotations

from bot.formatters.actions import OpenIssues, read_action
from bot.formatters.browsing import format_issues
from bot.handlers.context import Context, Handler
from bot.locales import Words
from bot.model.command import Command, Reply


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    summaries = await context.issues.list_issues()
    match read_action(command.name, command.argument):
        case OpenIssues(int(offset)) if offset < len(summaries):
            return format_issues(summaries, words, offset=offset, in_place=True)
        case _:
            return format_issues(summaries, words)


ISSUES = Handler("issues", _answer, summary=lambda words: words("All issues"))
