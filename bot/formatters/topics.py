"""Topics: the list of all of them, and one with its entries, years and neighbours."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.formatters.actions import OpenTopic, button
from bot.formatters.buttons import in_rows, label, turning_rows
from bot.formatters.issue import count_entries
from bot.formatters.results import PAGE, hit_buttons, hit_list
from bot.formatters.text import join, line, note
from bot.locales import Words
from bot.model.command import Button, Reply, Where
from bot.model.richtext import Document, Heading, List, Paragraph, Span, bold
from bot.model.search import Results, Topic

_AND = re.compile(r",|、|\s*[与和及]\s*| and ")
"""What stands between the things that a topic's title names."""

BUTTONS = 12
"""Topics that get a button, the fullest; each has its command in the list."""

PER_ROW = 2
"""Titles side by side."""

FEW = 6
"""Topics told in a chat of many."""

RELATED = 3
"""Neighbours of a topic."""


def format_topics(counted: Sequence[tuple[Topic, int]], words: Words) -> Reply:
    """Return all topics, the fullest first, each with its command and count."""
    if not counted:
        return Reply(Document((note(words("There are no topics yet.")),)))
    ordered = sorted(counted, key=lambda pair: (-pair[1], pair[0].name))
    items = tuple((_topic_line(topic, n, words),) for topic, n in ordered)
    buttons = _topic_buttons([topic for topic, n in ordered[:BUTTONS] if n], words)
    heading = Heading((Span(words("Topics")),), level=2)
    return Reply(Document((heading, List(items))), in_rows(buttons, PER_ROW), page=words("Topics"))


def format_few_topics(counted: Sequence[tuple[Topic, int]], words: Words) -> Reply:
    """Return the fullest topics, for a chat of many; a button leads to all of them in private."""
    ordered = sorted(counted, key=lambda pair: (-pair[1], pair[0].name))
    if len(ordered) <= FEW:
        return format_topics(counted, words)
    lead = Button(words("All {n} topics in private", n=len(ordered)), "topics", where=Where.PRIVATE)
    heading = Heading((Span(words("Topics")),), level=2)
    items = tuple((_topic_line(topic, n, words),) for topic, n in ordered[:FEW])
    return Reply(Document((heading, List(items))), ((lead,),), page=words("Topics"))


def format_topic(
    topic: Topic,
    results: Results,
    words: Words,
    *,
    years: Sequence[tuple[int, int]],
    related: Sequence[Topic] = (),
    in_place: bool = False,
) -> Reply:
    """Return a page of a topic's entries, newest first."""
    by_year = (f"{year}: {words.number(n)}" for year, n in years)
    document = Document(
        (
            Heading((Span(topic.title(words.language)),), level=1),
            *line(((Span(count_entries(results.total, words)),), *((Span(text),) for text in by_year))),
            *hit_list(results.hits, words, results.offset),
        )
    )
    turns = turning_rows(
        words, lambda to: OpenTopic(topic.name, to), offset=results.offset, size=PAGE, total=results.total
    )
    neighbours = in_rows(_topic_buttons(related, words), PER_ROW)
    buttons = (*hit_buttons(results.hits, results.offset), *turns, *neighbours)
    return Reply(document, buttons, replace=in_place, page=topic.title(words.language))


def _topic_line(topic: Topic, n: int, words: Words) -> Paragraph:
    """Return a topic's command, title and count; the count does not stand in a line of its own."""
    counted = f"{topic.title(words.language)}\u00a0·\u00a0{words.number(n)}"
    return Paragraph(join(((bold(f"/{topic.name}"),), (Span(counted),))))


def _topic_buttons(topics: Sequence[Topic], words: Words) -> list[Button]:
    """Return a button for each topic: "NeRF" will do for "NeRF and neural fields", unless another one is that, too."""
    titles = [topic.title(words.language) for topic in topics]
    short = [_AND.split(title)[0] for title in titles]
    names = [one if short.count(one) == 1 else whole for one, whole in zip(short, titles, strict=True)]
    return [button(label(name), OpenTopic(topic.name)) for topic, name in zip(topics, names, strict=True)]
