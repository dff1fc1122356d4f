"""Topic suggestions: what a corpus speaks of often, and no topic has yet.

A name that is used almost only in the entries of one topic is proposed as its alias, any other as a topic of its own if
it is a hashtag, an acronym or a term of the glossary. Mere pairs of words are only ever aliases: "new paper" is
frequent, too.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass

from bot.model.search import TopicSuggestion
from bot.search.analyzer import hashtags, join, query_terms
from bot.search.folding import CJK, fold
from bot.search.glossary import Glossary
from bot.search.pieces import STOP_WORDS, pieces
from bot.search.stemming import stem
from bot.search.topics import Topics

FEWEST = 3
"""Entries that must use a name before it is suggested."""

_TELLING_NOTHING = STOP_WORDS | {"below", "above", "thread", "link", "links", "today", "tweet", "tweets", "via"}
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
    spellings = _spellings(entries)
    mere_pairs = {_key(pair) for entry in entries for pair in entry.pairs} - {
        _key(name) for entry in entries for name in entry.names
    }
    within = defaultdict[str, Counter[str]](Counter)
    counts = Counter[str]()
    for entry in entries:
        for key in set(map(_key, entry.names | entry.pairs)):
            counts[key] += 1
            within[key].update(entry.topics)
    found = []
    for key, count in sorted(counts.items(), key=lambda item: (-item[1], spellings[item[0]])):
        name = spellings[key]
        if count < FEWEST:
            break
        if name in people or _EVENT.fullmatch(name) or topics.find(name) or topics.of([query_terms(name)]):
            continue
        # Of topics that it is used in alike, the one that least else belongs to.
        topic, shared = min(within[key].items(), key=lambda item: (-item[1], sizes[item[0]], item[0]), default=("", 0))
        if shared >= FEWEST and shared / count >= max(_SHARE, _LIFT * sizes[topic] / len(entries)):
            found.append(TopicSuggestion(name, count, topic))
        elif key not in mere_pairs:
            found.append(TopicSuggestion(name, count))
    return tuple(found)


def _key(name: str) -> str:
    """Return what the spellings of a name have in common: #computervision, computer vision."""
    return stem(join(name))


def _spellings(entries: Iterable[Usage]) -> dict[str, str]:
    """Return how each name is spelled: as most entries do, in words rather than as one."""
    used = Counter(name for entry in entries for name in entry.names | entry.pairs)
    rarest_first = sorted(used, key=lambda name: (" " in name, used[name], -len(name), name))
    return {_key(name): name for name in rarest_first}


def _phrases(text: str) -> Iterator[str]:
    """Yield the phrases of two and three English words that stand in a text, without words that only ask."""
    for stretch in _STRETCH.finditer(text):
        words = re.split(r"[ -]", stretch[0].lower())
        for size in (2, 3):
            for start in range(len(words) - size + 1):
                phrase = words[start : start + size]
                if _TELLING_NOTHING.isdisjoint((phrase[0], phrase[-1])) and min(map(len, phrase)) > 1:
                    yield " ".join(phrase)
