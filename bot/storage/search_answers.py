"""Answers: what readers ask of the entries, with one set of topics, one glossary, and a connection to ask with.

The database proposes candidates and counts; what a query means, how candidates rank and what of them is shown is
decided in `bot.search`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from sqlalchemy import Connection

from bot.model.search import Hit, Notice, NoticeCode, Results, Sort, Topic, TopicSuggestion
from bot.search.glossary import Glossary
from bot.search.highlight import Highlighter
from bot.search.outline import outline
from bot.search.parser import parse
from bot.search.plan import Facts, Plan
from bot.search.planner import Planner, with_corrections
from bot.search.query import InIssues, Query
from bot.search.topic_suggestions import suggest_topics
from bot.search.topics import Topics
from bot.storage.search_facts import fetch_doubts, fetch_facts, fetch_plain_facts
from bot.storage.search_hits import read_hits
from bot.storage.search_read import find, find_ids, find_related
from bot.storage.search_topics import fetch_counts, fetch_neighbours, fetch_sizes, fetch_usage

FEW_ENOUGH_TO_DOUBT = 2
"""Hits that make one wonder whether the query was misspelt."""

NEAREST_TOPICS = 3


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers with what is known of words and topics."""

    topics: Topics
    glossary: Glossary

    def search(self, connection: Connection, query: str, *, limit: int, offset: int, sort: Sort) -> Results:
        """Answer a query with one page of hits."""
        parsed = parse(query)
        facts, better, plan = self._plan(connection, parsed)
        found, total, partial = find(connection, plan, sort, needed=offset + limit)
        hits = read_hits(connection, found[offset : offset + limit], Highlighter(plan))
        corrected = better.clauses != parsed.clauses
        if not corrected and total <= FEW_ENOUGH_TO_DOUBT:
            better = with_corrections(parsed, fetch_doubts(connection, facts))
        return Results(
            query=query,
            hits=hits,
            total=total,
            offset=offset,
            did_you_mean=str(better) if better.clauses != parsed.clauses else "",
            corrected=corrected,
            notices=(*parsed.notices, *plan.notices) or (() if plan else (Notice(NoticeCode.NOTHING),)),
            partial=partial,
            nearest=() if total else self._nearest(connection, query),
        )

    def matching(self, connection: Connection, query: str, issue: int) -> frozenset[int]:
        """Return the ids of an issue's entries that have all a standing query asks for.

        Nobody looks on who could say that something else was meant: so no spelling is corrected, and no part is enough.
        """
        parts = outline(parse(query), self.glossary)
        facts = fetch_plain_facts(connection, parts.lookups)
        plan = Planner(self.glossary, self.topics, facts).plan(parts)
        return find_ids(connection, replace(plan, spans=(*plan.spans, InIssues(issue, issue)))) if plan else frozenset()

    def related(self, connection: Connection, entry_id: int, *, limit: int) -> tuple[Hit, ...]:
        """Return the entries that are most like one, best first; none for an entry that is not there."""
        plan, found = find_related(connection, entry_id)
        return read_hits(connection, found[:limit], Highlighter(plan))

    def count_topics(self, connection: Connection) -> tuple[tuple[Topic, int], ...]:
        """Return all topics with how many entries each has, in the order of their file."""
        counts = fetch_counts(connection, [topic.name for topic in self.topics])
        return tuple((topic, counts.get(topic.name, 0)) for topic in self.topics)

    def related_topics(self, connection: Connection, name: str, *, limit: int) -> tuple[tuple[Topic, int], ...]:
        """Return the topics that share entries with a topic, and how many, the most closely related first."""
        known = {topic.name: topic for topic in self.topics}
        shared = fetch_neighbours(connection, name)
        return tuple((known[other], count) for other, count in shared.items() if other in known)[:limit]

    def suggest_topics(self, connection: Connection) -> tuple[TopicSuggestion, ...]:
        """Propose aliases and topics from what the entries speak of often."""
        usage, people = fetch_usage(connection, self.glossary)
        return suggest_topics(usage, self.topics, people)

    def _plan(self, connection: Connection, query: Query) -> tuple[Facts, Query, Plan]:
        """Plan a query; where it has unknown words that are near known ones, the query with those."""
        parts = outline(query, self.glossary)
        facts = fetch_facts(connection, parts.lookups, self.glossary.english)
        better = with_corrections(query, facts.corrections)
        if better.clauses != query.clauses:
            parts = outline(better, self.glossary)
            facts = fetch_facts(connection, parts.lookups, self.glossary.english)
        return facts, better, Planner(self.glossary, self.topics, facts).plan(parts)

    def _nearest(self, connection: Connection, query: str) -> tuple[Topic, ...]:
        """Return the topics that a query reminds of, else the largest."""
        if near := self.topics.remind(query, most=NEAREST_TOPICS):
            return near
        known = {topic.name: topic for topic in self.topics}
        counts = fetch_sizes(connection, known)
        largest = sorted((name for name, size in counts.items() if size), key=lambda name: (-counts[name], name))
        return tuple(known[name] for name in largest[:NEAREST_TOPICS])
