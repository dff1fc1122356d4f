"""The glossary: names of one concept in Chinese and English, and the narrower concepts that belong to it.

A reader who asks in one language finds what was written in the other, and one who asks for a concept finds its kinds.
"""

from __future__ import annotations

import re
import tomllib
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from bot.errors import PlainError
from bot.search.analyzer import query_terms, words
from bot.search.folding import CJK, fold, has_cjk

Terms = tuple[str, ...]
"""The query terms of a name, in order."""

_WHOLLY_CJK = re.compile(f"[{CJK}]+")


class GlossaryError(PlainError, ValueError):
    """A glossary or topics file that cannot be read. Its text names the file and says what is wrong."""


@dataclass(frozen=True, slots=True)
class Glossary:
    """What else to look for. Keys and values are the query terms of names."""

    synonyms: Mapping[Terms, tuple[Terms, ...]] = field(default_factory=dict)
    narrower: Mapping[Terms, tuple[Terms, ...]] = field(default_factory=dict)
    chinese: frozenset[str] = frozenset()
    """Every Chinese name, folded: the words that a run of Chinese is divided into."""
    english: frozenset[str] = frozenset()
    """Every word of English names, as spelled: what a misspelt word may stand for, too."""
    longest: int = 1
    """Terms in the longest name."""

    @property
    def longest_chinese(self) -> int:
        """Characters in the longest Chinese name."""
        return max(map(len, self.chinese), default=0)

    def knows(self, terms: Terms) -> bool:
        """Tell whether a name stands in the glossary."""
        return terms in self.synonyms or terms in self.narrower


def load_glossary(path: Path) -> Glossary:
    """Read a glossary file. Raises GlossaryError."""
    content = read_toml(path)
    return make_glossary(_lines(path, content, "synonyms"), _lines(path, content, "narrower"))


def _lines(path: Path, content: Mapping[str, Any], table: str) -> Mapping[str, list[str]]:
    lines = content.get(table, {})
    if isinstance(lines, dict) and all(isinstance(names, list) for names in lines.values()):
        return {key: [str(name) for name in names] for key, names in lines.items()}
    raise GlossaryError(f'{path}: a line under [{table}] reads "name" = ["other name", …]')


def make_glossary(synonyms: Mapping[str, Iterable[str]], narrower: Mapping[str, Iterable[str]]) -> Glossary:
    """Build a glossary from lines of names."""
    spelled = {name for lines in (synonyms, narrower) for key, others in lines.items() for name in (key, *others)}
    names = defaultdict[Terms, dict[Terms, None]](dict)
    chinese: set[str] = set()
    for key, others in synonyms.items():
        line = [terms for name in (key, *others) if (terms := tuple(query_terms(name)))]
        chinese.update(name for name in map(fold, (key, *others)) if _WHOLLY_CJK.fullmatch(name))
        for terms in line:
            names[terms].update(dict.fromkeys(other for other in line if other != terms and not _is_character(other)))
    kinds = defaultdict[Terms, dict[Terms, None]](dict)
    for key, members in narrower.items():
        concept = tuple(query_terms(key))
        found: dict[Terms, None] = {}
        for member in members:
            terms = tuple(query_terms(member))
            # Its other names in the same language may be wider than itself.
            translated = [other for other in names.get(terms, ()) if has_cjk(other[0]) != has_cjk(terms[0])]
            found |= dict.fromkeys((terms, *translated))
        for name in (concept, *names.get(concept, ())):
            kinds[name].update(found)
    for name, found in kinds.items():
        for known in (name, *names.get(name, ())):
            found.pop(known, None)
    return Glossary(
        {name: tuple(others) for name, others in names.items()},
        {name: tuple(found) for name, found in kinds.items()},
        frozenset(chinese),
        frozenset(word for name in spelled for word in words(name) if word.isascii() and word.isalpha()),
        max((len(name) for name in (*names, *kinds)), default=1),
    )


def _is_character(terms: Terms) -> bool:
    """Tell whether a name is one Chinese character: it stands at the end of many words that mean something else."""
    return len(terms) == 1 and len(terms[0]) == 1 and has_cjk(terms[0])


def read_toml(path: Path) -> Mapping[str, Any]:
    """Read a TOML file; one that is missing is empty. Raises GlossaryError."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise GlossaryError(f"{path}: {error}") from error
