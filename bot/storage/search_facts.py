"""What the corpus knows about the words of a query: asked once, before planning."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import replace
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Select, bindparam, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.search.outline import Lookups, halves
from bot.search.plan import Facts
from bot.search.stemming import stem
from bot.search.suggest import SHORTEST, correct, tolerance
from bot.storage.search_tables import person_keys, person_words, search_compounds, search_words
from bot.storage.tables import entries, sections


def _several(name: str) -> BindParameter[Collection[str]]:
    return bindparam(name, expanding=True)


_ENTRIES = select(func.coalesce(func.max(entries.c.id), 0))
_TERMS = (
    select(search_words.c.term, func.sum(search_words.c.entries).label("entries"))
    .where(search_words.c.term.in_(_several("terms")))
    .group_by(search_words.c.term)
)
_WORDS = select(search_words.c.word, search_words.c.entries).where(search_words.c.word.in_(_several("words")))
_COMPOUNDS = (
    select(search_compounds.c.part, search_compounds.c.whole, search_words.c.entries)
    .join(search_words, search_words.c.word == search_compounds.c.whole)
    .where(search_compounds.c.part.in_(_several("terms")))
    .order_by(search_words.c.entries.desc())
)
_PEOPLE = (
    select(person_words.c.word, person_words.c.person, person_keys.c.key)
    .join(person_keys, person_keys.c.person == person_words.c.person)
    .where(person_words.c.word.in_(_several("names")))
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
_COMMON = 50
_MOST_COMPOUNDS = 12
_COMMON_COMPOUND = 5
"""A name made of others is looked for with its parts while it is rarer than they are, or in so few entries."""


async def fetch_frequencies(connection: AsyncConnection, terms: Collection[str]) -> Facts:
    """Look up how many entries have each of these terms."""
    rows = await connection.execute(_TERMS, {"terms": terms}) if terms else ()
    return Facts(await connection.scalar(_ENTRIES) or 0, {row.term: row.entries for row in rows})


async def fetch_facts(connection: AsyncConnection, lookups: Lookups, other_words: Collection[str]) -> Facts:
    """Look up what an outline needs. `other_words` are known though no entry has them."""
    counted = await fetch_frequencies(connection, lookups.terms)
    wanted = lookups.words | lookups.halves
    words = {row.word: row.entries for row in await connection.execute(_WORDS, {"words": wanted})} if wanted else {}
    compounds = defaultdict[str, list[str]](list)
    for row in await connection.execute(_COMPOUNDS, {"terms": lookups.terms}):
        if row.entries <= max(_COMMON_COMPOUND, counted.frequencies.get(row.part, 0)):
            compounds[row.part].append(row.whole)
    people = defaultdict[str, set[str]](set)
    keys = defaultdict[str, dict[str, None]](dict)
    if lookups.names:
        for row in await connection.execute(_PEOPLE, {"names": lookups.names}):
            people[row.word].add(row.person)
            keys[row.person][row.key] = None
    facts = replace(
        counted,
        words=words,
        compounds={part: tuple(wholes[:_MOST_COMPOUNDS]) for part, wholes in compounds.items()},
        people={word: frozenset(known) for word, known in people.items()},
        keys={person: tuple(known) for person, known in keys.items()},
        sections=tuple(await connection.scalars(_SECTIONS)) if lookups.sections else (),
    )
    return replace(facts, corrections=await _fetch_corrections(connection, lookups, facts, other_words))


async def _fetch_corrections(
    connection: AsyncConnection, lookups: Lookups, facts: Facts, other_words: Collection[str]
) -> dict[str, str]:
    unknown = [word for word in sorted(lookups.words) if _can_be_misspelt(word) and not _is_known(word, facts)]
    unknown = [word for word in unknown if word not in other_words]
    nobody = [word for word in sorted(lookups.authors) if _can_be_misspelt(word) and word not in facts.people]
    found = await _fetch_near(connection, _KNOWN_WORDS, unknown, other_words)
    return found | await _fetch_near(connection, _KNOWN_NAMES, nobody)


async def fetch_doubts(connection: AsyncConnection, facts: Facts) -> dict[str, str]:
    """Return the common words that rare ones of a query may be misspelt for: entries misspell, too."""
    rare = [word for word, count in facts.words.items() if count <= _RARE and _can_be_misspelt(word)]
    return await _fetch_near(connection, _KNOWN_WORDS, rare, common=_COMMON)


async def _fetch_near(
    connection: AsyncConnection,
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
    lines: str = await connection.scalar(vocabulary, {"shortest": shortest, "longest": longest}) or ""
    counts = ((word, int(count)) for word, _, count in (line.partition(" ") for line in lines.split("\n")) if word)
    known = dict.fromkeys(other_words, 1) | {word: count for word, count in counts if count >= common}
    return {word: correction for word in words if (correction := correct(word, known))}


def _can_be_misspelt(word: str) -> bool:
    return len(word) >= SHORTEST and word.isascii() and word.isalpha()


def _is_known(word: str, facts: Facts) -> bool:
    term = stem(word)
    return bool(
        facts.frequencies.get(term)
        or term in facts.compounds
        or word in facts.people
        or any(facts.words.get(first) and facts.words.get(second) for first, second in halves(word))
    )
