"""Topics: what they are called, and which entries belong to them.

A topic's aliases are phrases; an entry that says one belongs to the topic, unless it only says it inside a phrase that
the topic excludes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from rapidfuzz.distance import OSA

from bot.model.search import Topic
from bot.search.analyzer import query_terms
from bot.search.glossary import GlossaryError, Terms, read_toml
from bot.search.suggest import closest

_NAME = re.compile(r"[a-z0-9_]{1,32}")
"""What a command can be called on every platform (https://core.telegram.org/bots/api#botcommand)."""

_ALIKE = 0.7
"""How alike two terms must be for one to remind of the other; 1 is the same."""


class Topics:
    """All topics, ready to decide."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._topics = {topic.name: topic for topic in topics}
        # By their first terms: an entry has few of all that there are.
        self._aliases = defaultdict[str, list[tuple[str, str]]](list)
        for topic in self:
            for terms in _terms(topic.aliases):
                self._aliases[terms[0]].append((topic.name, _padded(terms)))
        self._exclude = {topic.name: tuple(map(_padded, _terms(topic.exclude))) for topic in self}
        # A reader who types a topic's name or title means the topic; one who types an alias may mean that alone.
        self._titles = {terms: topic.name for topic in self for terms in _terms(_titles(topic))}
        self._names = {terms: topic.name for topic in self for terms in _terms(topic.aliases)} | self._titles

    def __iter__(self) -> Iterator[Topic]:
        return iter(self._topics.values())

    def __getitem__(self, name: str) -> Topic:
        return self._topics[name]

    @property
    def longest(self) -> int:
        """Terms in the longest name or title."""
        return max(map(len, self._titles), default=1)

    def entitled(self, terms: Terms) -> str:
        """Return the topic that has this name or title, or ""."""
        return self._titles.get(terms, "")

    def find(self, name: str) -> Topic | None:
        """Return the topic called so: by its name, a title or an alias."""
        return self._topics.get(name.lower()) or self._topics.get(self._names.get(tuple(query_terms(name)), ""))

    def nearest(self, name: str) -> str:
        """Return the name of the topic that a misspelt one stands for, or ""."""
        return closest(name.lower(), self._topics)

    def remind(self, text: str, *, most: int) -> tuple[Topic, ...]:
        """Return the topics whose names have terms of a text, or nearly, the nearest first."""
        asked = query_terms(text)
        nearness = defaultdict[str, float](float)
        for names, topic in self._names.items():
            alike = max((OSA.normalized_similarity(name, term) for name in names for term in asked), default=0.0)
            nearness[topic] = max(nearness[topic], alike)
        near = [name for name, alike in nearness.items() if alike >= _ALIKE]
        return tuple(self[name] for name in sorted(near, key=lambda name: -nearness[name])[:most])

    def of(self, texts: Iterable[Sequence[str]]) -> tuple[str, ...]:
        """Return the names of the topics that an entry belongs to, given the index terms of its texts."""
        said = [term for terms in texts for term in (*terms, "|")]
        text = _padded(said)
        said_by = {
            topic for term in self._aliases.keys() & set(said) for topic, alias in self._aliases[term] if alias in text
        }
        return tuple(name for name in self._topics if name in said_by and self._means_it(name, text))

    def _means_it(self, topic: str, text: str) -> bool:
        """Tell whether a text that has an alias of a topic also has one outside the phrases that the topic excludes."""
        if not any(phrase in text for phrase in self._exclude[topic]):
            return True
        for phrase in self._exclude[topic]:
            text = text.replace(phrase, " | ")
        return any(alias in text for aliases in self._aliases.values() for name, alias in aliases if name == topic)


def load_topics(path: Path) -> tuple[Topic, ...]:
    """Read the topics file. Raises GlossaryError, naming what cannot be used."""
    topics = [_read_topic(path, table) for table in read_toml(path).get("topic", [])]
    names = Counter(topic.name for topic in topics)
    if twice := [name for name, count in names.items() if count > 1]:
        raise GlossaryError(f"{path}: the topic {twice[0]!r} stands there twice")
    return tuple(topics)


def _read_topic(path: Path, table: Any) -> Topic:
    match table:
        case {"name": str(name), "title": dict(titles), "aliases": list(aliases)} if _NAME.fullmatch(name):
            return Topic(
                name,
                tuple((language, str(title)) for language, title in titles.items()),
                tuple(map(str, aliases)),
                tuple(map(str, table.get("exclude", ()))),
            )
    raise GlossaryError(
        f"{path}: a [[topic]] has a name of small letters, digits and _, a title by language, and a list of aliases; "
        f"this one has not: {table!r:.120}"
    )


def _titles(topic: Topic) -> tuple[str, ...]:
    return (topic.name.replace("_", " "), *dict(topic.titles).values())


def _terms(names: Iterable[str]) -> Iterator[Terms]:
    return (terms for name in names if (terms := tuple(query_terms(name))))


def _padded(terms: Iterable[str]) -> str:
    return f" {' '.join(terms)} "
