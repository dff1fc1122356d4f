"""Alternatives: everything that satisfies a piece or a clause of a query, each with how well it does."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.model.search import Notice, NoticeCode
from bot.search.analyzer import analyze, query_terms
from bot.search.folding import has_cjk
from bot.search.glossary import Glossary
from bot.search.indexing import address_facet, section_facet, tag_facet
from bot.search.outline import Run, halves
from bot.search.people import Role, name_words
from bot.search.pieces import COMMON_STEMS, Piece, pieces
from bot.search.plan import Alternative, Facts, Terms
from bot.search.query import (
    Address,
    ByAuthor,
    Either,
    Handle,
    Has,
    InSection,
    InTitle,
    OnTopic,
    Phrase,
    Positive,
    Tag,
    Word,
)
from bot.search.stemming import stem
from bot.search.topics import Topics

# How well something stands for the very word, which is 1.
_SPLIT = 0.9
_SYNONYM = 0.8
_TOPIC = 0.8
_COMPOUND = 0.75
_NARROWER = 0.5
_SCATTERED = 0.4
_MENTION = 0.5
_ROLES = {Role.POSTED: 1.0, Role.QUOTED: 0.6, Role.COMMENTED: 0.35}

_MOST_PEOPLE = 12
_MOST_ALTERNATIVES = 48


class Alternatives:
    """Finds alternatives with one glossary, one set of topics, and the facts about one query's words.

    `notices` tell what it came upon that nothing satisfies.
    """

    def __init__(self, glossary: Glossary, topics: Topics, facts: Facts) -> None:
        self._glossary = glossary
        self._topics = topics
        self._facts = facts
        self.notices: list[Notice] = []

    def of_clause(self, clause: Positive | Either) -> tuple[Alternative, ...]:
        """Return what satisfies a clause, the best first; nothing where nothing can."""
        match clause:
            case Word(text=text, prefix=prefix):
                found = tuple(pieces(text, self._glossary, prefix=prefix))
                return best(self.of_piece(found[0])) if len(found) == 1 else (phrase(text, prefix=prefix),)
            case Phrase(text=text):
                return (phrase(text),)
            case InTitle(said=said):
                return _titled(self.of_clause(said))
            case Handle(name=name):
                return best((*self.of_person([name.lower()]), Alternative(tuple(query_terms(name)), _MENTION)))
            case ByAuthor(name=name):
                return self._of_author(name)
            case Either(choices=choices):
                return best(found for choice in choices for found in self.of_clause(choice))
            case _:
                return tuple(Alternative((facet,)) for facet in self._facets(clause))

    def of_piece(self, piece: Piece) -> Iterator[Alternative]:
        """Yield what stands for a word or a Chinese name: its other spellings, names, kinds, people called so."""
        if piece.beginning:
            yield from self._beginning_like(piece.beginning)
            return
        yield Alternative(piece.terms, prefix=piece.prefix)
        if piece.joined:
            yield Alternative((stem(piece.joined),))
        yield from self.of_concept(piece.terms)
        if piece.chinese or len(piece.terms) > 1:
            return
        word = piece.text
        if forms := analyze(word).forms:
            yield Alternative(tuple(forms))
        for first, second in halves(word):
            terms = (stem(first), stem(second))
            if self._facts.words.get(first) and self._facts.words.get(second):
                yield Alternative(terms, _SPLIT)
            yield from self.of_concept(terms)
        for whole in self._facts.compounds.get(piece.terms[0], ()):
            yield Alternative((stem(whole),), _COMPOUND)
        yield from self.of_person((word,))

    def of_concept(self, terms: Terms) -> Iterator[Alternative]:
        """Yield what the glossary and the topics have for a name."""
        for name in self._glossary.synonyms.get(terms, ()):
            yield Alternative(name, _SYNONYM)
            telling = tuple(term for term in name if term not in COMMON_STEMS)
            if has_cjk(terms[0]) and len(telling) > 1 and not has_cjk("".join(name)):
                # Who types a Chinese name typed no words in a row: those of its translation need not be either.
                yield Alternative(telling, _SCATTERED, scattered=True)
        for name in self._glossary.narrower.get(terms, ()):
            yield Alternative(name, _NARROWER)
        if topic := self._topics.entitled(terms):
            yield Alternative((f"topic:{topic}",), _TOPIC)

    def of_people(self, run: Run) -> Iterator[Alternative]:
        """Yield what stands for people whose names have all the words of a run."""
        return self.of_person(piece.text for piece in run)

    def of_person(self, names: Iterable[str]) -> Iterator[Alternative]:
        """Yield what stands for people whose names have all these words."""
        known = [self._facts.people.get(name, frozenset()) for name in names]
        people = sorted(frozenset.intersection(*known))[:_MOST_PEOPLE] if known else ()
        for person in people:
            for key in self._facts.keys.get(person, ()):
                for role, factor in _ROLES.items():
                    yield Alternative((f"{role}:{key}",), factor)

    def excluded(self, clause: Positive) -> Iterator[Alternative]:
        """Yield what an entry must not have: the word itself, not what it is called in another language."""
        if isinstance(clause, InTitle):
            yield from _titled(self.excluded(clause.said))
            return
        if not isinstance(clause, Word):
            yield from self.of_clause(clause)
            return
        found = tuple(pieces(clause.text, self._glossary, prefix=clause.prefix))
        if len(found) == 1 and found[0].beginning:
            yield from self._beginning_like(found[0].beginning)
            return
        yield phrase(clause.text, prefix=clause.prefix)
        yield from (Alternative((stem(piece.joined),)) for piece in found if piece.joined)
        if len(found) == 1:
            yield from (Alternative((stem(whole),)) for whole in self._facts.compounds.get(found[0].terms[0], ()))

    def _beginning_like(self, beginning: str) -> Iterator[Alternative]:
        """Yield the words that begin so: their stems may not."""
        yield Alternative((beginning,), prefix=True)
        yield from (Alternative((term,)) for term in self._facts.beginnings.get(beginning, ()))

    def _facets(self, clause: Positive | Either) -> Iterable[str]:
        match clause:
            case Tag(name=name):
                return (tag_facet(name),)
            case Has(feature=feature):
                return (f"has:{feature}",)
            case Address(target=target):
                return (address_facet(target),)
            case InSection(title=title):
                return self._sections(title)
            case OnTopic(name=name):
                return self._topic(name)
            case _:
                return ()

    def _of_author(self, name: str) -> tuple[Alternative, ...]:
        found = best(self.of_person([name.lower()[1:]] if name.startswith("@") else name_words(name)))
        if not found:
            self.notices.append(Notice(NoticeCode.UNKNOWN_AUTHOR, name))
        return found

    def _sections(self, title: str) -> Iterable[str]:
        asked = tuple(query_terms(title))
        others = (*self._glossary.synonyms.get(asked, ()), *self._glossary.narrower.get(asked, ()))
        names = [f" {' '.join(name)} " for name in (asked, *others)]
        padded = {section: f" {' '.join(analyze(section).terms)} " for section in self._facts.sections}
        found = [section for section, terms in padded.items() if any(name in terms for name in names)]
        if not found:
            self.notices.append(Notice(NoticeCode.UNKNOWN_SECTION, title))
        return dict.fromkeys(map(section_facet, found))

    def _topic(self, name: str) -> Iterable[str]:
        topic = self._topics.find(name)
        if topic is None:
            self.notices.append(Notice(NoticeCode.UNKNOWN_TOPIC, name, self._topics.nearest(name)))
            return ()
        return (f"topic:{topic.name}",)


def phrase(text: str, *, prefix: bool = False) -> Alternative:
    """Return a text's words one behind the other; a Chinese character that ends it may begin a longer word."""
    terms = tuple(query_terms(text))
    return Alternative(terms, prefix=prefix or (len(terms[-1]) == 1 and has_cjk(terms[-1])))


def _titled(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Return what of these a title can have."""
    return tuple(replace(one, titled=True) for one in alternatives if not one.is_facet)


def best(alternatives: Iterable[Alternative]) -> tuple[Alternative, ...]:
    """Return each phrase once, at its best, the best first, as many as can be asked for."""
    found: dict[tuple[Terms, bool, bool, bool], Alternative] = {}
    for alternative in alternatives:
        key = (alternative.terms, alternative.prefix, alternative.scattered, alternative.titled)
        if key not in found or found[key].factor < alternative.factor:
            found[key] = alternative
    return tuple(sorted(found.values(), key=lambda alternative: -alternative.factor)[:_MOST_ALTERNATIVES])
