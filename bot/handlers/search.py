"""/search, and plain words said to the bot: the best entries, page by page."""

from __future__ import annotations

from bot.formatters.actions import TurnPage, read_action
from bot.formatters.results import FEW, PAGE, format_few, format_nothing, format_question, format_results
from bot.handlers.context import Context, Handler
from bot.handlers.replies import is_overheard, refuse_old
from bot.locales import Words
from bot.model.command import Command, Reply
from bot.model.search import Sort

LONGEST = 4096
"""Characters of a question that are kept for its buttons: no platform's message is longer."""


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    # Half a character pair, which JSON can carry, cannot be stored.
    query = command.argument[:LONGEST].encode(errors="ignore").decode().strip()
    if not query:
        return format_question(words)
    if is_overheard(command, context):
        return await _find_few(query, words, context)
    return await _find(query, words, context, offset=0, sort=Sort.BEST)


async def _find_few(query: str, words: Words, context: Context) -> Reply:
    """Answer briefly where many read along who did not ask."""
    results = await context.index.search(query, limit=PAGE)
    correction = 0 if results.corrected else await _remember(results.did_you_mean, context)
    if not results.hits:
        return format_nothing(results, words, correction=correction)
    question = await _remember(query, context) if results.total > FEW else 0
    return format_few(results, words, question=question, correction=correction)


async def _answer_page(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case TurnPage(question, offset, sort) if query := await context.questions.recall(question):
            return await _find(query, words, context, offset=offset, sort=sort, in_place=True)
        case _:
            return refuse_old(command, words)


async def _find(
    query: str, words: Words, context: Context, *, offset: int, sort: Sort, in_place: bool = False
) -> Reply:
    results = await context.index.search(query, limit=PAGE, offset=offset, sort=sort)
    if results.total and not results.hits:  # fewer than when the button was made
        results = await context.index.search(query, limit=PAGE, offset=0, sort=sort)
    correction = 0 if results.corrected else await _remember(results.did_you_mean, context)
    if not results.hits:
        return format_nothing(results, words, correction=correction, in_place=in_place)
    question = await _remember(query, context) if results.total > PAGE else 0
    return format_results(results, words, question=question, sort=sort, correction=correction, in_place=in_place)


async def _remember(query: str, context: Context) -> int:
    return await context.questions.remember(query, now=context.clock.now()) if query else 0


SEARCH = Handler(
    "search", _answer, summary=lambda words: words("Search all entries"), hint=lambda words: words("WORDS")
)
PAGE_TURN = Handler("page", _answer_page)
