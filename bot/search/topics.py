"""Topics: which entries belong to one, and which topics the corpus suggests.

A topic's aliases are phrases; an entry that says one belongs to the topic, unless it only says it inside a phrase that
the topic excludes.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.model.search import Topic, TopicSuggestion
from bot.search.analyzer import query_terms
from bot.search.glossary import GlossaryError, Terms, read_toml
from bot.search.suggest import closest

_NAME = re.compile(r"[a-z0-9_]{1,32}")
"""What a command can be called on every platform (https://core.telegram.org/bots/api#botcommand)."""


@dataclass(frozen=True, slots=True)
class _Rule:
    """A topic's phrases, as padded runs of terms to look for in padded runs of terms."""

    name: str
    aliases: tuple[str, ...]
    exclude: tuple[str, ...]

    def holds(self, text: str) -> bool:
        for phrase in self.exclude:
            text = text.replace(phrase, " | ")
        return any(alias in text for alias in self.aliases)


class Topics:
    """All topics, ready to decide."""

    def __init__(self, topics: Iterable[Topic] = ()) -> None:
        self._topics = {topic.name: topic for topic in topics}
        self._rules = tuple(_Rule(topic.name, _phrases(topic.aliases), _phrases(topic.exclude)) for topic in self)
        # A reader who types a topic's name or title means the topic; one who types an alias may mean that alone.
        self._titles: dict[Terms, str] = {}
        self._names: dict[Terms, str] = {}
        for topic in self:
            for title in (topic.name.replace("_", " "), *dict(topic.titles).values()):
                self._titles.setdefault(tuple(query_terms(title)), topic.name)
            for alias in topic.aliases:
                self._names.setdefault(tuple(query_terms(alias)), topic.name)
        self._names |= self._titles

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

    def of(self, texts: Iterable[Sequence[str]]) -> tuple[str, ...]:
        """Return the names of the topics that an entry belongs to, given the index terms of its texts."""
        text = f" {' | '.join(' '.join(terms) for terms in texts)} "
        return tuple(rule.name for rule in self._rules if rule.holds(text))


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


def _phrases(names: Iterable[str]) -> tuple[str, ...]:
    # Matched in index terms, where a run of Chinese has a last character more than a query has.
    return tuple(f" {' '.join(terms)} " for name in names if (terms := query_terms(name)))


FEWEST = 3
"""Entries that must speak of something before it is suggested."""

_SHARE = 2 / 3
_LIFT = 3.0


def suggest_topics(entries: Sequence[tuple[frozenset[str], frozenset[str]]], topics: Topics) -> list[TopicSuggestion]:
    """Propose aliases and new topics: the most frequent names that no topic has.

    An entry is (the names it uses, the topics it belongs to). A name used almost only within a topic is an alias of it.
    """
    counts = Counter(name for names, _ in entries for name in names)
    sizes = Counter(topic for _, belongs in entries for topic in belongs)
    within = defaultdict[str, Counter[str]](Counter)
    for names, belongs in entries:
        for name in names:
            within[name].update(belongs)
    suggestions = []
    for name, count in counts.most_common():
        if count < FEWEST:
            break
        if topics.find(name) or topics.of([query_terms(name)]):
            continue
        topic, shared = next(iter(within[name].most_common(1)), ("", 0))
        typical = shared / count >= _SHARE and shared / count >= _LIFT * sizes[topic] / len(entries)
        suggestions.append(TopicSuggestion(name, count, topic if typical else ""))
    return suggestions
