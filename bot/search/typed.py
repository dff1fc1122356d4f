"""Words and phrases as they are typed: what of them is asked for, and what stands around it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.model.identifiers import ARXIV_NUMBER, identify
from bot.search.analyzer import query_terms
from bot.search.query import Address, Phrase, Word

MINUS = "-\u2010\u2011\u2012\u2013\u2014\u2212"
SEPARATOR = r"\s()\[\]{}<>,;!?，。、；！？…《》〈〉【】（）·|"
"""What divides words (for a character class of regular expressions)."""

_OPERATORS = frozenset({"OR", "AND", "NOT"})
_EDGES = "-+*:#@'\"./\\~^=&%$_|" + MINUS
_PARTED = re.compile(r"[:/\\+*&=^~]+")
_SHARP = re.compile(r"^(?:[cC]\+\+|[cCfF]\#)$")


def read_word(text: str) -> Iterator[Word | Address]:
    """Yield what a text without spaces asks for: a word, an address, or the words that its signs divide it into."""
    plain = text.strip(_EDGES)
    if ARXIV_NUMBER.fullmatch(plain):
        yield Address(f"arxiv:{plain}")
    elif _PARTED.search(plain):
        if identifier := identify(plain):
            yield Address(str(identifier))
            return
        for piece in _PARTED.split(plain):
            yield from read_word(piece)
    else:
        sharp = _SHARP.search(text)
        word = sharp[0] if sharp else plain
        if word not in _OPERATORS and query_terms(word):
            yield Word(word, text.endswith("*"))


def read_phrase(text: str) -> Iterator[Phrase]:
    """Yield the phrase that stood in quotation marks, if there are words in it."""
    words = " ".join(text.split())
    if query_terms(words):
        yield Phrase(words)
