"""Papers as BibTeX (http://mirrors.ctan.org/biblio/bibtex/base/btxdoc.pdf).

A record says what the digest knows for certain: the title as it stands there, the arXiv number or DOI, and what follows
from these. Who posted an entry shared the paper, and need not have written it, so that stands in a note; a reference
manager completes the authors from the number.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.model.digest import Entry
from bot.model.identifiers import Identifier, IdentifierKind, identify
from bot.model.richtext import spans_of

_LATEX = str.maketrans(
    {
        "\\": r"\textbackslash{}",
        # A brace counts in BibTeX even behind a backslash, so that one alone would swallow the rest of the file.
        "{": r"\textbraceleft{}",
        "}": r"\textbraceright{}",
        "~": r"\textasciitilde{}",
        "^": r"\textasciicircum{}",
        **{sign: f"\\{sign}" for sign in "&%$#_"},
    }
)
_KEY_WORD = re.compile(r"[A-Za-z][A-Za-z0-9-]+")
_PLAIN = frozenset(
    {"an", "and", "are", "at", "by", "can", "for", "from", "how", "in", "is", "it", "of", "on", "or", "the", "to"}
)
_NEW_NUMBER = re.compile(r"(?P<year>\d{2})\d{2}\.\d+")
_OLD_NUMBER = re.compile(r"[a-z-]+/(?P<year>\d{2})\d{5}")
_YEAR_IN_DOI = re.compile(r"(?<![\d])(?:19[89]|20[0-4])\d(?!\d)")
_CITABLE = (IdentifierKind.ARXIV, IdentifierKind.DOI)
_FIRST_YEAR = 91
"""arXiv began in 1991: https://info.arxiv.org/about."""


@dataclass(frozen=True, slots=True)
class Reference:
    """A paper to refer to: an entry's, with where it was shared, in words."""

    entry: Entry
    note: str = ""


@dataclass(frozen=True, slots=True)
class Bibliography:
    """A file of records, and the entries that name no paper."""

    text: str
    count: int
    left_out: tuple[Entry, ...]


def write_bibtex(references: Iterable[Reference]) -> Bibliography:
    """Write a record for each paper, once; keys are unique, and the same for the same papers in the same order."""
    records, left_out = [], []
    keys: set[str] = set()
    known: set[Identifier] = set()
    for reference in references:
        papers = cited_papers(reference.entry)
        if not papers:
            left_out.append(reference.entry)
        elif papers[0] not in known:
            known.add(papers[0])
            records.append(_record(_unique(_key(reference.entry, papers), keys), reference, papers))
    return Bibliography("\n".join(records), len(records), tuple(left_out))


def write_comment(lines: Iterable[str]) -> str:
    """Write lines that no program reads. Outside of records everything is a comment but the sign that begins one."""
    return "".join(f"% {' '.join(line.split()).replace('@', '(at)')}\n" for line in lines)


def cited_papers(entry: Entry) -> tuple[Identifier, ...]:
    """Return what names the paper an entry is about: its arXiv number, its DOI, or both, the number first.

    Of an entry about several papers it is the first that it links to. What only its discussion mentions is another.
    """
    discussed = {span.href for comment in entry.comments for span in spans_of(comment.body.blocks)}
    named = [identifier for link in entry.links if link.url not in discussed and (identifier := identify(link.url))]
    numbers, names = (list(dict.fromkeys(one for one in named if one.kind is kind)) for kind in _CITABLE)
    if len(numbers) > 1 or len(names) > 1:
        return (*numbers, *names)[:1]
    return (*numbers, *names)


def _record(key: str, reference: Reference, papers: Iterable[Identifier]) -> str:
    # Braces of its own keep the capitals of names like NeRF.
    title = ("title", f"{{{_escape(reference.entry.title)}}}")
    note = (("note", _escape(reference.note)),) if reference.note else ()
    fields = (title, *_identified(papers), *note)
    width = max(len(name) for name, _ in fields)
    lines = (f"  {name:<{width}} = {{{value}}},\n" for name, value in fields)
    return f"@misc{{{key},\n{''.join(lines)}}}\n"


def _identified(papers: Iterable[Identifier]) -> Iterator[tuple[str, str]]:
    found = tuple(papers)
    if year := _year(found):
        yield "year", year
    urls = []
    for paper in found:
        if paper.kind is IdentifierKind.ARXIV:
            yield "eprint", paper.key
            yield "archivePrefix", "arXiv"
            urls.append(f"https://arxiv.org/abs/{paper.key}")
        else:
            yield "doi", _raw(paper.key)
            urls.append(f"https://doi.org/{_raw(paper.key)}")
    yield "url", urls[0]


def _year(papers: Iterable[Identifier]) -> str:
    for paper in papers:
        if found := _NEW_NUMBER.match(paper.key) or _OLD_NUMBER.match(paper.key):
            short = int(found["year"])
            return str((1900 if short >= _FIRST_YEAR else 2000) + short)
        if in_doi := _YEAR_IN_DOI.search(paper.key.partition("/")[2]):
            return in_doi[0]
    return ""


def _key(entry: Entry, papers: Iterable[Identifier]) -> str:
    """Return a name that one can type: the first telling word of the title, and the year."""
    ascii_title = unicodedata.normalize("NFKD", entry.title).encode("ascii", "ignore").decode()
    telling = (word for word in _KEY_WORD.findall(ascii_title) if word.lower() not in _PLAIN)
    return f"{next(telling, 'paper').replace('-', '').lower()}{_year(papers)}"


def _unique(key: str, taken: set[str]) -> str:
    unique, number = key, 1
    while unique in taken:
        number += 1
        unique = f"{key}-{number}"
    taken.add(unique)
    return unique


def _escape(text: str) -> str:
    return " ".join(text.split()).translate(_LATEX)


def _raw(name: str) -> str:
    """Return a DOI as it is, but for what would end its field."""
    return "".join(f"%{ord(sign):02X}" if sign in "{}\\%" else sign for sign in name)
