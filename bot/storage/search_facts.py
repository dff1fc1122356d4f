"""What the corpus knows about the words of a query: asked once, before planning."""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, bindparam, func, select, text

from bot.search.outline import Lookups, halves
from bot.search.pieces import STOP_WORDS
from bot.search.plan import Facts
from bot.search.stemming import stem
from bot.search.suggest import SHORTEST, correct, is_one_slip, tolerance
from bot.storage.engine import ask_driver
from bot.storage.search_tables import person_words, search_words
from bot.storage.tables import entries, sections

_ENTRIES = select(func.coalesce(func.max(entries.c.id), 0))
_TERMS = text("""
    SELECT term, sum(entries) AS entries FROM search_words
    WHERE term IN (SELECT value FROM json_each(:terms)) GROUP BY term
""")
# One statement for everything: each costs more to send than to answer.
_FACTS = """
    SELECT 'entries' AS kind, '' AS asked, '' AS found, coalesce(max(id), 0) AS entries FROM entries
    UNION ALL
    SELECT 'term', term, '', sum(entries) FROM search_words
    WHERE term IN (SELECT value FROM json_each(:terms)) GROUP BY term
    UNION ALL
    SELECT 'word', word, '', entries FROM search_words WHERE word IN (SELECT value FROM json_each(:words))
    UNION ALL
    SELECT 'compound', part, whole, entries FROM search_compounds JOIN search_words ON word = whole
    WHERE part IN (SELECT value FROM json_each(:terms))
    UNION ALL
    SELECT 'person', word, person, 0 FROM person_words WHERE word IN (SELECT value FROM json_each(:names))
    UNION ALL
    SELECT 'key', person, key, 0 FROM person_keys WHERE person IN (
        SELECT person FROM person_words WHERE word IN (SELECT value FROM json_each(:names)))
"""
_BEGINNING = (
    select(search_words.c.term)
    .where(search_words.c.word >= bindparam("beginning"), search_words.c.word < bindparam("end"))
    .group_by(search_words.c.term)
    .order_by(func.sum(search_words.c.entries).desc())
    .limit(bindparam("most"))
)
_SECTIONS = select(sections.c.title).distinct()


def _of_length(word: ColumnElement[str]) -> ColumnElement[bool]:
    return func.length(word).between(bindparam("shortest"), bindparam("longest"))


# One row for thousands of words: what costs is the rows, not the letters.
_KNOWN_WORDS = select(func.group_concat(search_words.c.word.concat(" ").concat(search_words.c.entries), "\n")).where(
    _of_length(search_words.c.word)
)
_KNOWN_NAMES = select(func.group_concat(person_words.c.word.concat(" 1"), "\n")).where(_of_length(person_words.c.word))

_MOST_CORRECTIONS = 6
_RARE = 2
_TIMES_COMMONER = 10
"""How much commoner a word must be to be what a rare one was meant to be."""

_MOST_COMPOUNDS = 12
_MOST_BEGINNINGS = 40
_COMMON_COMPOUND = 5
"""A name made of others is looked for with its parts while it is rarer than they are, or in so few entries."""


def fetch_frequencies(connection: Connection, terms: Collection[str]) -> Facts:
    """Look up how many entries have each of these terms."""
    rows = connection.execute(_TERMS, {"terms": _as_json(terms)})
    return Facts(connection.scalar(_ENTRIES) or 0, {row.term: row.entries for row in rows})


def fetch_facts(connection: Connection, lookups: Lookups, other_words: Collection[str]) -> Facts:
    """Look up what an outline needs. `other_words` are known though no entry has them."""
    facts = fetch_plain_facts(connection, lookups)
    return replace(facts, corrections=_fetch_corrections(connection, lookups, facts, other_words))


def fetch_plain_facts(connection: Connection, lookups: Lookups) -> Facts:
    """Look up what an outline needs whose words are taken as they are spelled."""
    asked = {
        "terms": _as_json(lookups.terms),
        "words": _as_json(lookups.words | lookups.halves),
        "names": _as_json(lookups.names),
    }
    found = defaultdict[str, list[tuple[str, str, int]]](list)
    for kind, term, answer, count in ask_driver(connection, _FACTS, asked):
        found[kind].append((term, answer, count))
    frequencies = {term: count for term, _, count in found["term"]}
    return Facts(
        entries=found["entries"][0][2],
        frequencies=frequencies,
        words={word: count for word, _, count in found["word"]},
        compounds=_compounds(found["compound"], frequencies),
        people={word: frozenset(people) for word, people in _grouped(found["person"]).items()},
        keys={person: tuple(keys) for person, keys in _grouped(found["key"]).items()},
        beginnings={beginning: _fetch_beginning(connection, beginning) for beginning in lookups.beginnings},
        sections=tuple(connection.scalars(_SECTIONS)) if lookups.sections else (),
    )


def _fetch_beginning(connection: Connection, beginning: str) -> tuple[str, ...]:
    span = {"beginning": beginning, "end": beginning + chr(sys.maxunicode), "most": _MOST_BEGINNINGS}
    return tuple(connection.scalars(_BEGINNING, span))


def _compounds(rows: list[tuple[str, str, int]], frequencies: Mapping[str, int]) -> dict[str, tuple[str, ...]]:
    """Return the names that hold a term, the commonest first, without those that are commoner than the term."""
    common = sorted(rows, key=lambda row: -row[2])
    rare = [row for row in common if row[2] <= max(_COMMON_COMPOUND, frequencies.get(row[0], 0))]
    return {part: tuple(wholes[:_MOST_COMPOUNDS]) for part, wholes in _grouped(rare).items()}


def _grouped(rows: Iterable[tuple[str, str, int]]) -> dict[str, list[str]]:
    groups = defaultdict[str, list[str]](list)
    for asked, found, _ in rows:
        groups[asked].append(found)
    return groups


def _as_json(words: Collection[str]) -> str:
    return json.dumps(list(words))


def _fetch_corrections(
    connection: Connection, lookups: Lookups, facts: Facts, other_words: Collection[str]
) -> dict[str, str]:
    unknown = [word for word in sorted(lookups.words) if _can_be_misspelt(word) and not _is_known(word, facts)]
    unknown = [word for word in unknown if word not in other_words]
    nobody = [word for word in sorted(lookups.authors) if _can_be_misspelt(word) and word not in facts.people]
    found = _fetch_near(connection, _KNOWN_WORDS, unknown, other_words)
    # Two words written as one are no slip, unless they look like one: differentable is no kind of table.
    found = {word: meant for word, meant in found.items() if is_one_slip(word, meant) or not _is_two(word, facts)}
    return found | _fetch_near(connection, _KNOWN_NAMES, nobody)


def fetch_doubts(connection: Connection, facts: Facts) -> dict[str, str]:
    """Return the common words that rare ones of a query may be misspelt for: entries misspell, too.

    Words that are rare are mostly right: one is doubted for a single slip in it, and where it is nobody's name.
    """
    found: dict[str, str] = {}
    for rarity in range(1, _RARE + 1):
        rare = [word for word, count in facts.words.items() if count == rarity and _is_doubtful(word, facts)]
        found |= _fetch_near(connection, _KNOWN_WORDS, rare, common=_TIMES_COMMONER * rarity)
    return {word: meant for word, meant in found.items() if is_one_slip(word, meant) and meant not in STOP_WORDS}


def _is_doubtful(word: str, facts: Facts) -> bool:
    return _can_be_misspelt(word) and len(word) > SHORTEST and word not in facts.people


def _fetch_near(
    connection: Connection,
    vocabulary: Select[Any],
    misspelt: Sequence[str],
    other_words: Collection[str] = (),
    *,
    common: int = 1,
) -> dict[str, str]:
    """Return the likeliest known word near each of these, among those that so many entries have."""
    words = misspelt[:_MOST_CORRECTIONS]
    if not words:
        return {}
    shortest = min(len(word) - tolerance(word) for word in words)
    longest = max(len(word) + tolerance(word) for word in words)
    lines: str = connection.scalar(vocabulary, {"shortest": shortest, "longest": longest}) or ""
    counts = ((word, int(count)) for word, _, count in (line.partition(" ") for line in lines.split("\n")) if word)
    known = dict.fromkeys(other_words, 1) | {word: count for word, count in counts if count >= common}
    found = {word: correct(word, known) for word in words}
    return {word: meant for word, meant in found.items() if meant and stem(meant) != stem(word)}


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


def _is_known(word: str, facts: Facts) -> bool:
    term = stem(word)
    return bool(facts.frequencies.get(term) or term in facts.compounds or word in facts.people)


def _is_two(word: str, facts: Facts) -> bool:
    return any(facts.words.get(first) and facts.words.get(second) for first, second in halves(word))
