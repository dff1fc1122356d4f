"""The planner: from an outline, and what the corpus knows about its words, to a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace
from itertools import pairwise

from bot.model.search import Notice, NoticeCode
from bot.search.analyzer import analyze, query_terms, words
from bot.search.glossary import Glossary
from bot.search.indexing import address_facet, section_facet, tag_facet
from bot.search.outline import Outline, Run, halves, joined_pair
from bot.search.people import Role, name_words
from bot.search.pieces import Piece, pieces
from bot.search.plan import Alternative, Facts, Group, Plan, Terms, Unit
from bot.search.query import (
    Address,
    ByAuthor,
    Clause,
    Either,
    Handle,
    Has,
    InSection,
    Not,
    OnTopic,
    Phrase,
    Positive,
    Query,
    Span,
    Tag,
    Word,
)
from bot.search.stemming import stem
from bot.search.topics import Topics

# How well an alternative stands for the word itself.
_SPLIT = 0.9
_SYNONYM = 0.8
_COMPOUND = 0.75
_NARROWER = 0.45
_TOPIC = 0.45
_MENTION = 0.5
_ROLES = {Role.POSTED: 1.0, Role.QUOTED: 0.6, Role.COMMENTED: 0.35}

_AS_TELLING = 0.75
"""An alternative this good makes a word as common as itself."""

_LONGEST_NAME_OF_A_PERSON = 4
_MOST_PEOPLE = 12
_MOST_ALTERNATIVES = 48


class Planner:
    """Plans with one glossary, one set of topics, and what is known about the words of one query."""

    def __init__(self, glossary: Glossary, topics: Topics, facts: Facts) -> None:
        self._glossary = glossary
        self._topics = topics
        self._facts = facts
        self._notices: list[Notice] = []

    def plan(self, outline: Outline) -> Plan:
        """Decide what to look for."""
        groups: list[Group] = []
        filters: list[tuple[Alternative, ...]] = []
        nearby: list[Alternative] = []
        for item in outline.items:
            match item:
                case tuple():
                    groups += self._groups(item)
                    nearby += self._nearby(item)
                case Phrase() | ByAuthor() | Handle() | Either():
                    groups.append(Group((self._unit(self._alternatives(item)),), required=True))
                case Tag() | Address() | Has() | InSection() | OnTopic():
                    filters.append(self._alternatives(item))
        clauses = [item for item in outline.items if not isinstance(item, tuple)]
        return Plan(
            tuple(groups),
            tuple(filters),
            tuple(found for clause in clauses if isinstance(clause, Not) for found in self._excluded(clause.clause)),
            tuple(clause for clause in clauses if isinstance(clause, Span)),
            tuple(f" {' '.join(words(clause.text))} " for clause in clauses if isinstance(clause, Phrase)),
            tuple(nearby),
            tuple(dict.fromkeys(self._notices)),
        )

    def _groups(self, run: Run) -> Iterator[Group]:
        position = 0
        told = any(not piece.weak for piece in run)
        while position < len(run):
            group, length = self._longest_name(run, position)
            if group is not None:
                yield group
            elif not (told and run[position].weak):
                yield Group((self._unit(self._of_piece(run[position])),))
            position += length

    def _longest_name(self, run: Run, position: int) -> tuple[Group | None, int]:
        """Return the pieces from here on that are one name together, and how many they are."""
        longest = max(self._glossary.longest, self._topics.longest, _LONGEST_NAME_OF_A_PERSON)
        for length in range(min(longest, len(run) - position), 1, -1):
            span = run[position : position + length]
            found = [*self._of_person(span), *self._of_concept(tuple(term for piece in span for term in piece.terms))]
            if length == 2 and (joined := joined_pair(*span)):
                found += [Alternative((joined,))] if self._facts.frequencies.get(joined) else []
                found += self._of_concept((joined,))
            if found:
                units = tuple(self._unit(self._of_piece(piece)) for piece in span if not piece.weak)
                return Group(units or (self._unit(found),), _best(found)), length
        return None, 1

    def _unit(self, alternatives: Iterable[Alternative]) -> Unit:
        best = _best(alternatives)
        frequency = max((self._frequency(found) for found in best if found.factor >= _AS_TELLING), default=0)
        possible = frequency or any(self._frequency(found) for found in best)
        # What no entry has cannot tell entries apart.
        return Unit(best, self._facts.rarity(frequency) if possible else 0.0)

    def _frequency(self, alternative: Alternative) -> int:
        first = alternative.terms[0]
        is_facet = not first.isalnum()
        return 1 if is_facet or alternative.prefix else self._facts.frequency(alternative.terms)

    def _of_piece(self, piece: Piece) -> Iterator[Alternative]:
        yield Alternative(piece.terms, prefix=piece.prefix)
        if piece.joined:
            yield Alternative((stem(piece.joined),))
        yield from self._of_concept(piece.terms)
        if piece.chinese or len(piece.terms) > 1:
            return
        word = piece.text
        if forms := analyze(word).forms:
            yield Alternative(tuple(forms))
        for first, second in halves(word):
            terms = (stem(first), stem(second))
            if self._facts.words.get(first) and self._facts.words.get(second):
                yield Alternative(terms, _SPLIT)
            yield from self._of_concept(terms)
        for whole in self._facts.compounds.get(piece.terms[0], ()):
            yield Alternative((stem(whole),), _COMPOUND)
        yield from self._of_person((piece,))

    def _of_concept(self, terms: Terms) -> Iterator[Alternative]:
        for name in self._glossary.synonyms.get(terms, ()):
            yield Alternative(name, _SYNONYM)
        for name in self._glossary.narrower.get(terms, ()):
            yield Alternative(name, _NARROWER)
        if topic := self._topics.entitled(terms):
            yield Alternative((f"topic:{topic}",), _TOPIC)

    def _of_person(self, span: Run) -> Iterator[Alternative]:
        return self._by(piece.text for piece in span)

    def _by(self, names: Iterable[str]) -> Iterator[Alternative]:
        known = [self._facts.people.get(name, frozenset()) for name in names]
        people = sorted(frozenset.intersection(*known))[:_MOST_PEOPLE] if known else ()
        for person in people:
            for key in self._facts.keys.get(person, ()):
                for role, factor in _ROLES.items():
                    yield Alternative((f"{role}:{key}",), factor)

    def _nearby(self, run: Run) -> Iterator[Alternative]:
        for first, second in pairwise(run):
            if not (first.weak or second.weak):
                both = first.terms + second.terms
                if first.chinese and second.chinese:
                    both = tuple(query_terms(first.text + second.text))
                yield Alternative(both, self._facts.rarity(self._facts.frequency(first.terms + second.terms)))

    def _alternatives(self, clause: Clause) -> tuple[Alternative, ...]:
        """Return what satisfies a clause, the best first; nothing where nothing can."""
        match clause:
            case Word(text=text, prefix=prefix):
                found = tuple(pieces(text, self._glossary, prefix=prefix))
                return _best(self._of_piece(found[0])) if len(found) == 1 else (Alternative(tuple(query_terms(text))),)
            case Phrase(text=text):
                return (Alternative(tuple(query_terms(text))),)
            case Tag(name=name):
                return (Alternative((tag_facet(name),)),)
            case Has(feature=feature):
                return (Alternative((f"has:{feature}",)),)
            case Address(target=target):
                return (Alternative((address_facet(target),)),)
            case Handle(name=name):
                mentioned = Alternative(tuple(query_terms(name)), _MENTION)
                return _best((*self._by([name.lower()]), mentioned))
            case ByAuthor(name=name):
                return self._author(name)
            case InSection(title=title):
                return self._section(title)
            case OnTopic(name=name):
                return self._topic(name)
            case Either(choices=choices):
                return _best(found for choice in choices for found in self._alternatives(choice))
            case _:
                return ()

    def _author(self, name: str) -> tuple[Alternative, ...]:
        asked = [name.lower().removeprefix("@")] if name.startswith("@") else list(name_words(name))
        found = _best(self._by(asked))
        if not found:
            self._notices.append(Notice(NoticeCode.UNKNOWN_AUTHOR, name))
        return found

    def _section(self, title: str) -> tuple[Alternative, ...]:
        asked = tuple(query_terms(title))
        names = [f" {' '.join(name)} " for name in (asked, *self._glossary.synonyms.get(asked, ()))]
        padded = {section: f" {' '.join(analyze(section).terms)} " for section in self._facts.sections}
        found = [section for section, terms in padded.items() if any(name in terms for name in names)]
        if not found:
            self._notices.append(Notice(NoticeCode.UNKNOWN_SECTION, title))
        return _best(Alternative((section_facet(section),)) for section in found)

    def _topic(self, name: str) -> tuple[Alternative, ...]:
        topic = self._topics.find(name)
        if topic is None:
            self._notices.append(Notice(NoticeCode.UNKNOWN_TOPIC, name, self._topics.nearest(name)))
            return ()
        return (Alternative((f"topic:{topic.name}",)),)

    def _excluded(self, clause: Positive) -> Iterator[Alternative]:
        """Yield what an entry must not have: the word itself, not what it is called in another language."""
        match clause:
            case Word(text=text, prefix=prefix):
                found = tuple(pieces(text, self._glossary))
                yield Alternative(tuple(query_terms(text)), prefix=prefix or len(text) == 1 and found[0].chinese)
                yield from (Alternative((stem(piece.joined),)) for piece in found if piece.joined)
                for piece in found[:1] if len(found) == 1 else ():
                    yield from (Alternative((stem(whole),)) for whole in self._facts.compounds.get(piece.terms[0], ()))
            case _:
                yield from self._alternatives(clause)


def _best(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Return each phrase once, at its best, the best first, as many as can be asked for."""
    found: dict[tuple[Terms, bool], Alternative] = {}
    for alternative in alternatives:
        key = (alternative.terms, alternative.prefix)
        if key not in found or found[key].factor < alternative.factor:
            found[key] = alternative
    return tuple(sorted(found.values(), key=lambda alternative: -alternative.factor)[:_MOST_ALTERNATIVES])


def corrected(query: Query, facts: Facts) -> Query:
    """Return the query with known words in the place of unknown ones."""
    return replace(query, clauses=tuple(_corrected(clause, facts) for clause in query.clauses))


def _corrected(clause: Clause, facts: Facts) -> Clause:
    match clause:
        case Word(text=text):
            return replace(clause, text=_with_corrections(text, facts))
        case ByAuthor(name=name):
            return replace(clause, name=_with_corrections(name, facts))
        case _:
            return clause


def _with_corrections(text: str, facts: Facts) -> str:
    return _ENGLISH_WORD.sub(lambda match: facts.corrections.get(match[0].lower(), match[0]), text)


_ENGLISH_WORD = re.compile(r"[A-Za-z]+")
