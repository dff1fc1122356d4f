"""A topic's entries: every topic is a command."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.formatters.actions import OpenTopic, read_action
from bot.formatters.results import PAGE
from bot.formatters.topics import RELATED, format_topic
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse_old
from bot.locales import Words
from bot.model.command import Command, Reply
from bot.model.search import Topic


async def answer_topic(topic: Topic, words: Words, context: Context, *, offset: int | None = None) -> Reply:
    """Return a page of a topic's entries; an offset turns the page in place."""
    index = context.index
    if offset is None:
        await context.requests.count(topic.name)
    return format_topic(
        topic,
        await index.topic(topic.name, limit=PAGE, offset=offset or 0),
        words,
        years=await index.topic_years(topic.name),
        related=[other for other, _ in await index.related_topics(topic.name, limit=RELATED)],
        in_place=offset is not None,
    )


def find_topic(name: str, topics: Sequence[Topic]) -> Topic | None:
    """Return the topic whose command this is, else the one that goes by this name, too: /gaussian_splatting."""
    wanted = name.casefold()
    named = next((topic for topic in topics if topic.name.casefold() == wanted), None)
    return named or spellings(topics).get(_spell(name))


def spellings(topics: Iterable[Topic]) -> dict[str, Topic]:
    """Return the topics by all that they are called, as one might spell it in a command."""
    return {_spell(alias): topic for topic in topics for alias in topic.aliases}


def _spell(name: str) -> str:
    return "".join(character for character in name.casefold() if character.isalnum())


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case OpenTopic(name, offset) if topic := find_topic(name, context.topics()):
            return await answer_topic(topic, words, context, offset=offset)
        case _:
            return refuse_old(command, words)


TOPIC = Handler("topic", _answer)
