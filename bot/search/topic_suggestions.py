"""Topic suggestions: what a corpus speaks of often, and no topic has yet.

A name that is used almost only in the entries of one topic is proposed as its alias, any other as a topic of its own if
it is a hashtag, an acronym or a term of the glossary. Mere pairs of words are only ever aliases: "new paper" is
frequent, too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from bot.model.search import TopicSuggestion
from bot.search.analyzer import hashtags, query_terms
from bot.search.folding import CJK, fold
from bot.search.glossary import Glossary
from bot.search.pieces import STOP_WORDS, pieces
from bot.search.topics import Topics

FEWEST = 3
"""Entries that must use a name before it is suggested."""

_SHARE = 2 / 3
_LIFT = 3.0
_SHORTEST_CHINESE = 3
_ACRONYM = re.compile(r"(?<![#@\w])[A-Z]{3,}(?:-?[0-9]{1,2}D?)?(?!\w)", re.ASCII)
_STRETCH = re.compile(r"[A-Za-z]+(?:[ -][A-Za-z]+)+", re.ASCII)
_EVENT = re.compile(r"[a-z]+ ?\d{4}", re.ASCII)
"""A conference and its year: many entries have it, and have nothing else in common."""
_CHINESE = re.compile(f"[{CJK}]+")


@dataclass(frozen=True, slots=True)
class Usage:
    """The names that an entry uses: those that may be topics, mere pairs of words, and the topics it belongs to."""

    names: frozenset[str]
    pairs: frozenset[str]
    topics: frozenset[str]


def usage(text: str, topics: Collection[str], glossary: Glossary) -> Usage:
    """Return what an entry's text uses."""
    names = {fold(tag) for tag in hashtags(text)} | {match[0].lower() for match in _ACRONYM.finditer(text)}
    names.update(
        piece.text
        for match in _CHINESE.finditer(fold(text))
        for piece in pieces(match[0], glossary)
        if piece.text in glossary.chinese and len(piece.text) >= _SHORTEST_CHINESE
    )
    phrases = set(_phrases(text))
    names.update(phrase for phrase in phrases if glossary.knows(tuple(query_terms(phrase))))
    pairs = {phrase for phrase in phrases if phrase.count(" ") == 1 and not any(phrase in name for name in names)}
    return Usage(frozenset(names), frozenset(pairs), frozenset(topics))


def suggest_topics(entries: Sequence[Usage], topics: Topics, people: Collection[str]) -> tuple[TopicSuggestion, ...]:
    """Propose aliases and new topics, the most used names first. `people` are names in words, which no topic is."""
    sizes = Counter(topic for entry in entries for topic in entry.topics)
    within = defaultdict[str, Counter[str]](Counter)
    for entry in entries:
        for name in entry.names | entry.pairs:
            within[name].update(entry.topics)
    mere_pairs = {pair for entry in entries for pair in entry.pairs}
    found = []
    for name, count in Counter(name for entry in entries for name in entry.names | entry.pairs).most_common():
        if count < FEWEST:
            break
        if name in people or _EVENT.fullmatch(name) or topics.find(name) or topics.of([query_terms(name)]):
            continue
        topic, shared = next(iter(within[name].most_common(1)), ("", 0))
        if topic and shared / count >= max(_SHARE, _LIFT * sizes[topic] / len(entries)):
            found.append(TopicSuggestion(name, count, topic))
        elif name not in mere_pairs:
            found.append(TopicSuggestion(name, count))
    return tuple(found)


def _phrases(text: str) -> Iterator[str]:
    """Yield the phrases of two and three English words that stand in a text, without words that only ask."""
    for stretch in _STRETCH.finditer(text):
        words = re.split(r"[ -]", stretch[0].lower())
        for size in (2, 3):
            for start in range(len(words) - size + 1):
                phrase = words[start : start + size]
                if STOP_WORDS.isdisjoint((phrase[0], phrase[-1])) and min(map(len, phrase)) > 1:
                    yield " ".join(phrase)
