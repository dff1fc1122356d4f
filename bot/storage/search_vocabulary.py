"""What the entries teach about words: how each is spelled, in how many entries, and which names are made of others."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Sequence

from sqlalchemy import Connection, bindparam, delete, select, text, update

from bot.search.folding import has_cjk
from bot.search.indexing import IndexRow
from bot.storage.search_tables import search_compounds, search_words

# An issue has a thousand words: they are said to the driver itself, since to name parameters costs as much as to write.
# To set a term that stays the same would write its place in the index, too: only another analyzer has another term.
_COUNT_MORE = (
    "INSERT INTO search_words (word, term, entries) VALUES (?, ?, ?)"
    " ON CONFLICT (word) DO UPDATE SET entries = entries + excluded.entries"
)
_RENAME = "UPDATE search_words SET term = ?2 WHERE word = ?1 AND term <> ?2"
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
    spelled = {word for word in surface.split() if word != "|" and (word.isascii() or not has_cjk(word))}
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
    more = sorted((word, terms[word], count) for word, count in change.items() if count > 0)
    fewer = [{"known": word, "fewer": -count} for word, count in change.items() if count < 0]
    if more:
        connection.exec_driver_sql(_COUNT_MORE, more)
    if before and terms:
        connection.exec_driver_sql(_RENAME, list(terms.items()))
    if fewer:
        connection.execute(_COUNT_FEWER, fewer)
        connection.execute(_GONE_WORDS)
        connection.execute(_GONE_COMPOUNDS)
    if compounds:
        connection.execute(_ADD_COMPOUNDS, {"pairs": json.dumps([*compounds])})
