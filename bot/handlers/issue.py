"""/issue 12: one issue to leaf through; its buttons turn to a section's titles and back to the contents."""

from __future__ import annotations

import re
import unicodedata

from bot.formatters import errors
from bot.formatters.actions import OpenSection, TurnToContents, read_action
from bot.formatters.browsing import format_contents, format_section
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse, refuse_old
from bot.locales import Words
from bot.model.command import Command, Reply

_NUMBER = re.compile(r"\D{0,10}(?P<number>\d{1,9})\D{0,10}", re.ASCII)
"""A number as people write it: 12, #12, No. 12, 第 12 期."""


def read_number(text: str) -> int | None:
    """Return the issue's number that a text is, None where it is none."""
    found = _NUMBER.fullmatch(unicodedata.normalize("NFKC", text).strip())
    return int(found["number"]) if found else None


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    number = read_number(command.argument)
    if number is None:
        return refuse(command, errors.no_number(words))
    issue = await context.issues.get_issue(number)
    if issue is not None:
        return format_contents(issue, words)
    latest = await context.issues.latest_issue()
    return refuse(command, errors.no_issue(number, latest.number if latest else None, words))


async def _answer_contents(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case TurnToContents(number) if issue := await context.issues.get_issue(number):
            return format_contents(issue, words, in_place=True)
        case _:
            return refuse_old(command, words)


async def _answer_section(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenSection(number, index, offset) if issue := await context.issues.get_issue(number):
            if index < len(issue.sections) and (offset or 0) < len(issue.sections[index].entries):
                return format_section(issue, index, words, offset=offset or 0, in_place=offset is not None)
    return refuse_old(command, words)


ISSUE = Handler(
    "issue", _answer, summary=lambda words: words("One issue, section by section"), hint=lambda words: words("NUMBER")
)
CONTENTS = Handler("contents", _answer_contents)
SECTION = Handler("section", _answer_section)
