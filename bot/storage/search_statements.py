"""The statements that read the search index: which entries match, which of these are proposed, how many there are."""

from __future__ import annotations

from dataclasses import dataclass

from bot.search.indexing import FIELDS


@dataclass(frozen=True, slots=True)
class Listing:
    """What is asked of entries in the order of their issues."""

    ids: str
    newest: str
    newest_of_many: str
    """The same, issue by issue until there are enough: quicker where most of what matches is not asked for."""
    count: str
    repeats: str
    """By how many the entries are more than what they are about."""


@dataclass(frozen=True, slots=True)
class Statements:
    """What is asked of the index."""

    propose_alike: str
    """How many entries are about a paper of another one, and those that bm25 likes best."""
    propose_titled: str
    """As many, and the newest: those first that have the words in their titles."""
    matching: Listing
    """Of what has some words or facets."""
    everything: Listing
    """Of all there is, but what has some of them."""


# The plus keeps SQLite from asking the full-text index anew for every entry of those issues.
_BOUNDS = """
    AND (NOT :is_bounded OR +{id} IN (
        SELECT entry_id FROM search_entries JOIN issues ON issues.id = search_entries.issue_id
        WHERE issues.number BETWEEN :first AND :last
            AND NOT EXISTS (SELECT 1 FROM json_each(:left_out)
                WHERE issues.number BETWEEN json_extract(value, '$[0]') AND json_extract(value, '$[1]'))
            AND (:after IS NULL OR issues.starts_on >= :after) AND (:before IS NULL OR issues.starts_on < :before)))
"""
_EXACT = """
    AND (NOT :is_exact OR NOT EXISTS (SELECT 1 FROM json_each(:exact) WHERE instr(surface, value) = 0))
"""
_REPEATS = "count(paper) - count(DISTINCT paper)"


# ruff: noqa: S608 - put together of constants alone; whatever a reader types is a parameter
def _statements(bounds: str, exact: str) -> Statements:
    def matching(match: str) -> str:
        return f"FROM entry_fts WHERE entry_fts MATCH {match} {bounds.format(id='rowid')} {exact}"

    left = f"""
        TRUE {bounds.format(id="search_entries.entry_id")}
        AND (:match = '' OR search_entries.entry_id NOT IN (SELECT rowid FROM entry_fts WHERE entry_fts MATCH :match))
    """
    everything = f"FROM search_entries WHERE {left}"
    listed = """
        SELECT matches.id, paper, number, position FROM matches
        JOIN search_entries ON search_entries.entry_id = matches.id
        JOIN issues ON issues.id = search_entries.issue_id
        ORDER BY number DESC, position LIMIT :newest
    """
    # The order of a CROSS JOIN is kept (https://sqlite.org/optoverview.html#crossjoin).
    newest_first = """
        SELECT entry_id, paper, number, position
        FROM issues CROSS JOIN search_entries ON search_entries.issue_id = issues.id
    """
    proposed = f"""
        best.id, paper, number, position, {", ".join(f"entry_fts.{name}" for name in FIELDS)}
        FROM best JOIN entry_fts ON entry_fts.rowid = best.id JOIN search_entries ON search_entries.entry_id = best.id
        JOIN issues ON issues.id = search_entries.issue_id
        ORDER BY best.rank, best.id DESC
    """
    # To look up the paper of everything that matches would cost more than all else: those that can count double are
    # marked in the index, and are few.
    repeats = f"SELECT {_REPEATS} FROM search_entries WHERE entry_id IN (SELECT rowid {matching(':repeated')})"
    return Statements(
        propose_alike=f"""
            WITH matches AS (
                SELECT rowid AS id, bm25(entry_fts, 4.0, 4.0, 1.0, 0.5, 1.0, 1.0) AS rank {matching(":match")}
                ORDER BY rowid DESC LIMIT :newest),
            best AS (SELECT id, rank FROM matches ORDER BY rank, id DESC LIMIT :candidates)
            SELECT CASE WHEN :is_counted THEN
                (SELECT {_REPEATS} FROM matches JOIN search_entries ON search_entries.entry_id = matches.id) END,
                {proposed}
        """,
        # bm25 reads every match, and so much of it that it would cost more than all else.
        propose_titled=f"""
            WITH titled AS (SELECT rowid AS id, 0 AS rank {matching(":titled")}
                ORDER BY rowid DESC LIMIT :candidates),
            others AS (SELECT rowid AS id, 1 AS rank {matching(":match")} ORDER BY rowid DESC LIMIT :candidates),
            best AS (SELECT id, min(rank) AS rank FROM (SELECT * FROM titled UNION ALL SELECT * FROM others)
                GROUP BY id ORDER BY rank, id DESC LIMIT :candidates)
            SELECT ({repeats}), {proposed}
        """,
        matching=Listing(
            ids=f"SELECT rowid {matching(':match')}",
            newest=f"WITH matches AS (SELECT rowid AS id {matching(':match')}) {listed}",
            newest_of_many=f"""
                {newest_first} WHERE +search_entries.entry_id IN (SELECT rowid {matching(":match")})
                ORDER BY number DESC, position LIMIT :newest
            """,
            count=f"SELECT count(*) {matching(':match')}",
            repeats=repeats,
        ),
        everything=Listing(
            ids=f"SELECT entry_id {everything}",
            newest=f"WITH matches AS (SELECT entry_id AS id {everything}) {listed}",
            newest_of_many=f"{newest_first} WHERE {left} ORDER BY number DESC, position LIMIT :newest",
            count=f"SELECT count(*) {everything}",
            repeats=f"SELECT {_REPEATS} {everything}",
        ),
    )


_PLAIN = _statements("", "")
# The conditions are skipped by their flags: so few statements are prepared, each once. But a flag costs something at
# every match, and most questions have no conditions at all.
_CONDITIONAL = _statements(_BOUNDS, _EXACT)


def statements(*, is_conditional: bool) -> Statements:
    """Return the statements, those with the conditions on issues and spelling where there are any."""
    return _CONDITIONAL if is_conditional else _PLAIN
