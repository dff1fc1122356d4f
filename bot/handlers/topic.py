"""A topic's entries: every topic is a command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from rapidfuzz import fuzz

from bot.formatters.actions import OpenTopic, read_action
from bot.formatters.results import PAGE
from bot.formatters.topics import format_topic
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse_old
from bot.locales import Words
from bot.model.command import Command, Reply
from bot.model.search import Topic

NEAR = 60
"""How alike (of 100) a question and a topic's name are for the topic to be offered."""

OFFERED = 6
"""Topics offered at once."""


async def answer_topic(topic: Topic, words: Words, context: Context, *, offset: int | None = None) -> Reply:
    """Return a page of a topic's entries; an offset turns the page in place."""
    results = await context.index.topic(topic.name, limit=PAGE, offset=offset or 0)
    names = await context.index.related_topics(topic.name)
    by_name = {one.name: one for one in context.topics()}
    return format_topic(
        topic,
        results,
        words,
        years=await context.index.topic_years(topic.name),
        related=[by_name[name] for name in names if name in by_name],
        in_place=offset is not None,
    )


def find_topic(name: str, topics: Iterable[Topic]) -> Topic | None:
    """Return the topic whose command this is."""
    wanted = name.casefold()
    return next((topic for topic in topics if topic.name.casefold() == wanted), None)


def nearest_topics(query: str, topics: Iterable[Topic]) -> Sequence[Topic]:
    """Return the topics that a question may have meant, the nearest first."""
    asked = query.casefold()
    rated = [(max(fuzz.WRatio(asked, known.casefold()) for known in _names(topic)), topic) for topic in topics]
    near = sorted((pair for pair in rated if pair[0] >= NEAR), key=lambda pair: -pair[0])
    return [topic for _, topic in near[:OFFERED]]


def _names(topic: Topic) -> tuple[str, ...]:
    return (topic.name, *(title for _, title in topic.titles), *topic.aliases)


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenTopic(name, offset) if topic := find_topic(name, context.topics()):
            return await answer_topic(topic, words, context, offset=offset)
        case _:
            return refuse_old(command, words)


TOPIC = Handler("topic", _answer)
