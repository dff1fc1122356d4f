"""What the entries teach about words: how each is spelled, in how many entries, and which names are made of others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, select, text, update

from bot.search.folding import has_cjk
from bot.search.indexing import IndexRow
from bot.storage.search_tables import search_compounds, search_words

# An issue has a thousand words: as one list of JSON they are written in half the time that as many parameters take.
_COUNT_MORE = text(
    "INSERT INTO search_words (word, term, entries)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]'), json_extract(value, '$[2]')"
    " FROM json_each(:words) WHERE true"
    " ON CONFLICT (word) DO UPDATE SET term = excluded.term, entries = entries + excluded.entries"
)
_COUNT_FEWER = (
    update(search_words)
    .where(search_words.c.word == bindparam("known"))
    .values(entries=search_words.c.entries - bindparam("fewer"))
)
_GONE_WORDS = delete(search_words).where(search_words.c.entries <= 0)
_GONE_COMPOUNDS = delete(search_compounds).where(search_compounds.c.whole.not_in(select(search_words.c.word)))
_ADD_COMPOUNDS = text(
    "INSERT OR IGNORE INTO search_compounds (part, whole)"
    " SELECT json_extract(value, '$[0]'), json_extract(value, '$[1]') FROM json_each(:pairs)"
)


def vocabulary(fields: Sequence[str], surface: str) -> set[str]:
    """Return the words that an indexed entry was counted for: those spelled, and the pairs of Chinese characters."""
    spelled = {word for word in surface.split() if word != "|" and not has_cjk(word)}
    pairs = {term for field in fields for term in field.split() if len(term) == 2 and has_cjk(term)}
    return spelled | pairs


def count_words(connection: Connection, before: Counter[str], rows: Iterable[IndexRow]) -> None:
    """Count the words of these rows, and those that entries had `before` no more."""
    terms: dict[str, str] = {}
    change: Counter[str] = Counter()
    compounds: set[tuple[str, str]] = set()
    for row in rows:
        terms.update(row.vocabulary)
        change.update(row.vocabulary.keys())
        compounds.update(row.compounds)
    change.subtract(before)
    more = [(word, terms[word], count) for word, count in change.items() if count > 0]
    fewer = [{"known": word, "fewer": -count} for word, count in change.items() if count < 0]
    if more:
        connection.execute(_COUNT_MORE, {"words": json.dumps(more)})
    if fewer:
        connection.execute(_COUNT_FEWER, fewer)
        connection.execute(_GONE_WORDS)
        connection.execute(_GONE_COMPOUNDS)
    if compounds:
        connection.execute(_ADD_COMPOUNDS, {"pairs": json.dumps([*compounds])})
