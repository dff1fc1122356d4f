"""/topics: all topics with their counts."""

from __future__ import annotations

from bot.formatters.topics import format_topics
from bot.handlers.context import Context, Handler
from bot.locales import Words
from bot.model.command import Command, Reply


async def _answer(_command: Command, words: Words, context: Context) -> Reply:
    return format_topics(await context.index.topic_counts(), words)


TOPICS = Handler("topics", _answer, summary=lambda words: words("All topics"))
