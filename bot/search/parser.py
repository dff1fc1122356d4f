"""The query language: what one can type into a search box, and what it means.

Any text is a query. What looks like a filter but is none is told as a notice, never an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from datetime import date

from bot.model.identifiers import ARXIV_NUMBER, identify
from bot.model.search import Notice, NoticeCode
from bot.search.analyzer import query_terms
from bot.search.folding import fold
from bot.search.query import (
    FEATURES,
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
from bot.search.suggest import closest

LONGEST_QUERY = 1000
"""Characters of a query that are read."""

MOST_CLAUSES = 32
"""Words and filters of a query that are read."""

_OTHER_FEATURES = {"comment": "comments", "reply": "comments", "replies": "comments", "picture": "image"}


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞", '"') | dict.fromkeys("‘’‚‛`´", "'"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_MINUS = "-\u2010\u2011\u2012\u2013\u2014\u2212"
_SEPARATOR = r"\s()\[\]{}<>,;!?，。、；！？…《》〈〉【】（）·|"
_TOKEN = re.compile(
    r"(?P<either>(?-i:OR)(?![^\s\"])|\|+)"
    rf"|(?P<minus>[{_MINUS}])?"
    r"(?:"
    r"(?P<address>https?://[^\s\"<>]+)"
    r"|(?P<field>[A-Za-z]{2,15}):(?!//)[ \t]*(?:\"(?P<quoted>[^\"]*)\"?|(?P<bare>[^\s\"]*))"
    r"|\"(?P<phrase>[^\"]*)\"?"
    r"|\#(?P<tag>\w+)"
    r"|@(?P<handle>\w[\w.-]*)"
    rf"|(?P<word>[^{_SEPARATOR}\"]+)"
    r")",
    re.IGNORECASE,
)
_EDGES = "-+*:#@'\"./\\~^=&%$_|" + _MINUS
_AFTER_ADDRESS = ".,;:!?)]}'*"
_PARTED = re.compile(r"[:/\\+*&=^~]+")
_SHARP = re.compile(r"^(?:[cC]\+\+|[cCfF]\#)$")
_ISSUES = re.compile(r"#?(?P<first>\d{1,9})?(?P<range>\.{2,3}|-|~)?#?(?P<last>\d{1,9})?", re.ASCII)
_DAY = re.compile(r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2}))?(?:[-/.月](?P<day>\d{1,2}))?日?月?", re.ASCII)


def parse(text: str) -> Query:
    """Read a query. Never raises."""
    # What cannot be encoded or printed cannot stand in any entry.
    plain = _CONTROL.sub(" ", text[: LONGEST_QUERY * 2].encode(errors="ignore").decode())
    plain = unicodedata.normalize("NFKC", plain).translate(_QUOTES)
    reader = _Reader()
    reader.read(plain[:LONGEST_QUERY])
    clauses = reader.clauses[:MOST_CLAUSES]
    if len(plain) > LONGEST_QUERY or len(clauses) < len(reader.clauses):
        reader.notices.append(Notice(NoticeCode.TOO_LONG))
    return Query(tuple(clauses), tuple(dict.fromkeys(reader.notices)))


class _Reader:
    """Collects clauses token by token; an ``OR`` waits for what stands behind it."""

    def __init__(self) -> None:
        self.clauses: list[Clause] = []
        self.notices: list[Notice] = []
        self._joining = False

    def read(self, text: str) -> None:
        position = 0
        while match := _TOKEN.search(text, position):
            position = match.end()
            if match["either"]:
                self._joining = bool(self.clauses)
            elif match["field"] and not self._is_field(match):
                # The value may be anything, quoted or with filters of its own: it is read next.
                position = match.end("field") + 1
                self._unknown_field(match)
            else:
                for clause in self._clauses_of(match):
                    self._add(_opposite(clause) if match["minus"] else clause)

    def _is_field(self, match: re.Match[str]) -> bool:
        return match["field"].lower() in _FIELDS or identify(f"{match['field']}:{_value(match)}") is not None

    def _unknown_field(self, match: re.Match[str]) -> None:
        name = match["field"]
        suggestion = closest(name.lower(), tuple(_FIELDS))
        if suggestion:
            self.notices.append(Notice(NoticeCode.UNKNOWN_FIELD, name, suggestion))
        else:
            for word in _word(name):
                self._add(word)

    def _add(self, clause: Clause) -> None:
        joining, self._joining = self._joining, False
        if joining:
            previous = self.clauses[-1]
            if isinstance(clause, Positive) and isinstance(previous, Positive | Either):
                choices = previous.choices if isinstance(previous, Either) else (previous,)
                self.clauses[-1] = Either((*choices, clause))
                return
            self.notices.append(Notice(NoticeCode.OR_BETWEEN, str(clause)))
        self.clauses.append(clause)

    def _clauses_of(self, match: re.Match[str]) -> Iterator[Positive | Span]:
        match match.lastgroup:
            case "address":
                address = match["address"].rstrip(_AFTER_ADDRESS)
                yield Address(str(identify(address) or address))
            case "field" | "quoted" | "bare":
                yield from self._field(match)
            case "phrase":
                yield from _phrase(match["phrase"])
            case "tag":
                yield Tag(match["tag"])
            case "handle":
                yield Handle(match["handle"].rstrip(".-"))
            case _:
                yield from _word(match["word"] or "")

    def _field(self, match: re.Match[str]) -> Iterator[Positive | Span]:
        name, value = match["field"].lower(), _value(match)
        if identifier := identify(f"{name}:{value}"):
            yield Address(str(identifier))
            return
        found = _FIELDS[name](value.strip(" ,;")) if value else Notice(NoticeCode.EMPTY_FIELD, name)
        if isinstance(found, Notice):
            self.notices.append(found)
        else:
            yield found


def _opposite(clause: Positive | Span) -> Not | Span:
    match clause:
        case InIssues():
            return NotInIssues(clause)
        case After(day=day):
            return Before(day)
        case Before(day=day):
            return After(day)
        case NotInIssues(issues=issues):
            return issues
        case _:
            return Not(clause)


def _value(match: re.Match[str]) -> str:
    return " ".join((match["quoted"] if match["quoted"] is not None else match["bare"]).split())


def _word(text: str) -> Iterator[Word | Address]:
    plain = text.strip(_EDGES)
    if ARXIV_NUMBER.fullmatch(plain):
        yield Address(f"arxiv:{plain}")
    elif _PARTED.search(plain):
        if identifier := identify(plain):
            yield Address(str(identifier))
            return
        for piece in _PARTED.split(plain):
            yield from _word(piece)
    else:
        sharp = _SHARP.search(text)
        word = sharp[0] if sharp else plain
        if word != "OR" and query_terms(word):
            yield Word(word, text.endswith("*"))


def _phrase(text: str) -> Iterator[Phrase]:
    words = " ".join(text.split())
    if query_terms(words):
        yield Phrase(words)


def _named(name: str, make: Callable[[str], Positive]) -> Callable[[str], Positive | Notice]:
    return lambda value: make(value) if query_terms(value) else Notice(NoticeCode.EMPTY_FIELD, name)


def _read_has(value: str) -> Has | Notice:
    wanted = fold(value)
    wanted = _OTHER_FEATURES.get(wanted, wanted)
    for feature in FEATURES:
        if wanted in {feature, f"{feature}s"}:
            return Has(feature)
    return Notice(NoticeCode.UNKNOWN_FEATURE, value, closest(wanted, FEATURES))


def _read_issues(value: str) -> InIssues | Notice:
    match = _ISSUES.fullmatch(value)
    if match is None or not (match["first"] or match["last"]):
        return Notice(NoticeCode.NO_ISSUE, value)
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else None
    if not match["range"]:
        return InIssues(int(value.strip("#")), int(value.strip("#")))
    return InIssues(last, first) if first is not None and last is not None and last < first else InIssues(first, last)


def _read_day(field: str, make: Callable[[date], After | Before]) -> Callable[[str], After | Before | Notice]:
    def read(value: str) -> After | Before | Notice:
        match = _DAY.fullmatch(value)
        try:
            if match:
                return make(date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)))
        except ValueError:  # the 31st of February
            pass
        return Notice(NoticeCode.NO_DATE, f"{field}:{value}")

    return read


_FIELDS: Mapping[str, Callable[[str], Positive | Span | Notice]] = {
    "author": _named("author", ByAuthor),
    "section": _named("section", InSection),
    "topic": _named("topic", OnTopic),
    "has": _read_has,
    "issue": _read_issues,
    "after": _read_day("after", After),
    "before": _read_day("before", Before),
}
