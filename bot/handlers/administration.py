"""For those who run the bot: /stats, /deliveries, and the buttons that mend what did not arrive."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import read_action
from bot.formatters.admin_actions import AskUncertain, HoldIssue, OpenDeliveries, RetryFailed, Settle, Word
from bot.formatters.deliveries import PAGE, format_deliveries, format_question, say_retried
from bot.formatters.posting import Prospect
from bot.formatters.statistics import format_statistics
from bot.handlers.context import Answer, Context, Handler
from bot.handlers.issue import read_number
from bot.handlers.replies import refuse, refuse_old
from bot.locales import Words
from bot.model.command import Audience, Command, Origin, Reply
from bot.storage.settling import OpenQuestion

BY_HAND = "by hand"
"""Why an issue is held that an administrator holds: it stands in the database, for the terminal, too."""


def for_admins(answer: Answer) -> Answer:
    """Let a command be given by those who run the bot alone."""

    async def guarded(command: Command, words: Words, context: Context) -> Reply | None:
        if not context.is_admin(command.user):
            return refuse(command, errors.admins_only(words))
        return await answer(command, words, context)

    return guarded


async def find_prospect(number: int, context: Context) -> Prospect | None:
    """Return what posting an issue would do; None where there is none of this number."""
    summary = next((one for one in await context.issues.list_issues() if one.number == number), None)
    if summary is None:
        return None
    scheduled = summary.publish_at if summary.published_at is None else None
    return Prospect(
        summary,
        await context.audience(number),
        had=(await context.summaries.deliveries(number, limit=1)).total,
        comes_at=scheduled.astimezone(context.settings.timezone) if scheduled else None,
        is_tried=await context.is_tried(number),
    )


async def refuse_number(command: Command, words: Words, context: Context, number: int | None) -> Reply:
    """Say how a number is written, or that there is no such issue."""
    if number is None:
        return refuse(command, errors.no_number(words))
    latest = await context.issues.latest_issue()
    return refuse(command, errors.no_issue(number, latest.number if latest else None, words))


async def _answer_stats(_command: Command, words: Words, context: Context) -> Reply:
    number = await context.summaries.latest_published()
    latest = None if number is None else (number, await context.summaries.deliveries(number, limit=1))
    return format_statistics(await context.summaries.statistics(), latest, words)


async def _answer_deliveries(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenDeliveries(number, offset):
            in_place = offset is not None and command.origin is Origin.BUTTON
            return await _show(number, command, words, context, offset=offset or 0, in_place=in_place)
    if command.argument.strip():
        asked = read_number(command.argument)
        if asked is None:
            return await refuse_number(command, words, context, asked)
        return await _show(asked, command, words, context)
    newest = await context.summaries.latest_published() or getattr(await context.issues.latest_issue(), "number", None)
    if newest is None:
        return refuse(command, errors.no_issues(words))
    return await _show(newest, command, words, context)


async def _show(
    number: int, command: Command, words: Words, context: Context, *, offset: int = 0, in_place: bool = False
) -> Reply:
    prospect = await find_prospect(number, context)
    if prospect is None:
        return await refuse_number(command, words, context, number)
    page = await context.summaries.deliveries(number, limit=PAGE, offset=offset)
    if page.total and not page.deliveries:
        page = await context.summaries.deliveries(number, limit=PAGE)
    return format_deliveries(prospect, page, words, in_place=in_place)


async def _answer_retry(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case RetryFailed(number):
            chats = await context.settling.retry(number, now=context.clock.now())
            shown = await _show(number, command, words, context, in_place=True)
            return replace(shown, toast=say_retried(chats, words))
        case _:
            return refuse_old(command, words)


async def _answer_hold(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case HoldIssue(number) if (prospect := await find_prospect(number, context)) and prospect.comes_at:
            await context.issues.hold(number, BY_HAND)
            return await _show(number, command, words, context, in_place=True)
        case _:
            return refuse_old(command, words)


async def _questions(number: int, context: Context) -> tuple[OpenQuestion, ...]:
    """Return what is uncertain of an issue; a header is answered by its sections where its chat has threads."""
    return tuple(
        replace(one, is_answered=one.is_answered and context.has_threads(one.chat))
        for one in await context.settling.questions(issue=number)
    )


async def _answer_uncertain(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case AskUncertain(number, offset):
            questions = await _questions(number, context)
            within = offset if offset < len(questions) else 0
            return format_question(questions, number, words, offset=within)
        case _:
            return refuse_old(command, words)


async def _answer_settle(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case Settle(number, part, word):
            questions = await _questions(number, context)
            meant = [question for question in questions if question.part_id == part]
            if not meant:  # found meanwhile, or settled by another
                return format_question(questions, number, words, toast=errors.old_button(words))
            settle = context.settling.declare_sent if word is Word.ARRIVED else context.settling.declare_lost
            await settle(meant, now=context.clock.now())
            left = [question for question in questions if question.part_id != part]
            return format_question(left, number, words, toast=words("Noted"))
        case _:
            return refuse_old(command, words)


STATS = Handler(
    "stats",
    for_admins(_answer_stats),
    summary=lambda words: words("Who receives, and what is asked for"),
    audience=Audience.ADMINS,
)
DELIVERIES = Handler(
    "deliveries",
    for_admins(_answer_deliveries),
    summary=lambda words: words("Who got an issue, and why not"),
    hint=lambda words: words("NUMBER"),
    audience=Audience.ADMINS,
)
RETRY = Handler("retry", for_admins(_answer_retry), changes=True)
HOLD = Handler("hold", for_admins(_answer_hold), changes=True)
UNCERTAIN = Handler("uncertain", for_admins(_answer_uncertain))
SETTLE = Handler("settle", for_admins(_answer_settle), changes=True)
