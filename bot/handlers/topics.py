"""/topics: all topics with their counts."""

from __future__ import annotations

from bot.formatters.topics import format_few_topics, format_topics
from bot.handlers.context import Context, Handler
from bot.handlers.replies import is_overheard
from bot.locales import Words
from bot.model.command import Command, Reply


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    counted = await context.index.topic_counts()
    return format_few_topics(counted, words) if is_overheard(command, context) else format_topics(counted, words)


TOPICS = Handler("topics", _answer, summary=lambda words: words("All topics"))
