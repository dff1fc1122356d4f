"""The planner: from an outline, and what the corpus knows about its words, to a plan."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from itertools import pairwise

from bot.search.alternatives import Alternatives, best
from bot.search.analyzer import words
from bot.search.glossary import Glossary
from bot.search.outline import Outline, Run, joined_pair
from bot.search.pieces import terms_of
from bot.search.plan import Alternative, Facts, Group, Plan, Unit
from bot.search.query import (
    Address,
    After,
    Before,
    ByAuthor,
    Clause,
    Either,
    Handle,
    Has,
    InIssues,
    InSection,
    InTitle,
    Not,
    NotInIssues,
    OnTopic,
    Phrase,
    Positive,
    Query,
    Span,
    Tag,
    Word,
)
from bot.search.topics import Topics

_AS_TELLING = 0.75
"""An alternative this good makes a word as common as itself."""

_APART = 0.6
"""What the words of a name are worth where they do not stand together."""

_PLENTY = 200
"""So many entries have a word, or what is as good, that its kinds need not be looked for, too."""

_LONGEST_NAME_OF_A_PERSON = 4


class Planner:
    """Plans with one glossary, one set of topics, and what is known about the words of one query."""

    def __init__(self, glossary: Glossary, topics: Topics, facts: Facts) -> None:
        self._facts = facts
        self._alternatives = Alternatives(glossary, topics, facts)
        self._longest_name = max(glossary.longest, topics.longest, _LONGEST_NAME_OF_A_PERSON)

    def plan(self, outline: Outline) -> Plan:
        """Decide what to look for."""
        groups: list[Group] = []
        filters: list[tuple[Alternative, ...]] = []
        nearby: list[Alternative] = []
        excluded: list[Alternative] = []
        for item in outline.items:
            match item:
                case tuple():
                    groups += self._groups(item)
                    nearby += self._nearby(item)
                case Phrase() | InTitle() | ByAuthor() | Handle() | Either():
                    groups.append(Group((self._unit(self._alternatives.of_clause(item)),), required=True))
                case Tag() | Address() | Has() | InSection() | OnTopic():
                    filters.append(self._alternatives.of_clause(item))
                case Not(clause=clause):
                    excluded += self._alternatives.excluded(clause)
        return Plan(
            groups=tuple(groups),
            filters=tuple(filters),
            excluded=tuple(excluded),
            spans=tuple(item for item in outline.items if isinstance(item, Span)),
            exact=tuple(f" {' '.join(words(phrase.text))} " for phrase in _phrases(outline)),
            nearby=tuple(nearby),
            notices=tuple(dict.fromkeys(self._alternatives.notices)),
        )

    def _groups(self, run: Run) -> Iterator[Group]:
        position = 0
        tells = any(not piece.weak for piece in run)
        while position < len(run):
            group, length = self._name(run, position)
            if group is not None:
                yield group
            elif not (tells and run[position].weak):
                yield Group((self._unit(self._alternatives.of_piece(run[position])),))
            position += length

    def _name(self, run: Run, position: int) -> tuple[Group | None, int]:
        """Return the longest name that begins here, of a person or a concept, and how many pieces it has."""
        for length in range(min(self._longest_name, len(run) - position), 1, -1):
            span = run[position : position + length]
            found = [*self._alternatives.of_people(span), *self._alternatives.of_concept(terms_of(span))]
            if length == 2 and (joined := joined_pair(*span)):
                found += [Alternative((joined,))] if self._facts.frequencies.get(joined) else []
                found += self._alternatives.of_concept((joined,))
            if found:
                units = tuple(
                    _apart(self._unit(self._alternatives.of_piece(piece))) for piece in span if not piece.weak
                )
                if not units:
                    return Group((self._unit(found),), self._worth_asking(best(found))), length
                found.append(Alternative(terms_of(span)))
                return Group(units, self._worth_asking(best(found))), length
        return None, 1

    def _unit(self, alternatives: Iterable[Alternative]) -> Unit:
        found = self._worth_asking(best(alternatives))
        frequency = self._frequency_of_best(found)
        possible = frequency or any(self._frequency(one) for one in found)
        # What no entry has cannot tell entries apart.
        return Unit(found, self._facts.rarity(frequency) if possible else 0.0)

    def _worth_asking(self, found: tuple[Alternative, ...]) -> tuple[Alternative, ...]:
        """Return the alternatives without weak ones, where plenty of entries have a strong one."""
        if self._frequency_of_best(found) <= _PLENTY:
            return found
        return tuple(one for one in found if one.factor >= _AS_TELLING)

    def _frequency_of_best(self, found: Iterable[Alternative]) -> int:
        return max((self._frequency(one) for one in found if one.factor >= _AS_TELLING), default=0)

    def _frequency(self, alternative: Alternative) -> int:
        return 1 if alternative.is_facet or alternative.prefix else self._facts.frequency(alternative.terms)

    def _nearby(self, run: Run) -> Iterator[Alternative]:
        for first, second in pairwise(run):
            if not (first.weak or second.weak):
                rarity = self._facts.rarity(self._facts.frequency(first.terms + second.terms))
                yield Alternative(terms_of((first, second)), rarity)


def _phrases(outline: Outline) -> Iterator[Phrase]:
    for item in outline.items:
        said = item.said if isinstance(item, InTitle) else item
        if isinstance(said, Phrase):
            yield said


def _apart(unit: Unit) -> Unit:
    """Return a word of a name as what it is worth without the others beside it."""
    return replace(unit, alternatives=tuple(replace(one, factor=one.factor * _APART) for one in unit.alternatives))


_ENGLISH_WORD = re.compile(r"[A-Za-z]+")


def _like(typed: str, word: str) -> str:
    """Return a word with capitals where somebody typed them."""
    return word.capitalize() if typed.istitle() else word.upper() if typed.isupper() else word


def with_corrections(query: Query, corrections: Mapping[str, str]) -> Query:
    """Return the query with known words in the place of unknown ones."""

    def correct(text: str) -> str:
        return _ENGLISH_WORD.sub(lambda match: _like(match[0], corrections.get(match[0].lower(), match[0])), text)

    def choice(clause: Positive) -> Positive:
        match clause:
            case Word(text=text):
                return replace(clause, text=correct(text))
            case InTitle(said=Word(text=text) as said):
                return InTitle(replace(said, text=correct(text)))
            case ByAuthor(name=name):
                return replace(clause, name=correct(name))
            case _:
                return clause

    def corrected(clause: Clause) -> Clause:
        match clause:
            case Either(choices=choices):
                return Either(tuple(dict.fromkeys(map(choice, choices))))
            case Not() | InIssues() | NotInIssues() | After() | Before():
                return clause
            case _:
                return choice(clause)

    return replace(query, clauses=tuple(map(corrected, query.clauses))) if corrections else query
