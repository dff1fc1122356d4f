"""The query language: what one can type into a search box, and what it means.

Any text is a query. What looks like a filter but is none is told as a notice, never an error.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

from bot.model.identifiers import identify
from bot.model.search import Notice, NoticeCode
from bot.search.fields import (
    CHINESE_NAMES,
    field_called,
    field_instead_of,
    is_known_elsewhere,
    nearest_field,
    read_field,
)
from bot.search.query import (
    Address,
    After,
    Before,
    Clause,
    Either,
    Handle,
    InIssues,
    Not,
    NotInIssues,
    Positive,
    Query,
    Span,
    Tag,
)
from bot.search.typed import MINUS, SEPARATOR, read_phrase, read_word

LONGEST_QUERY = 1000
"""Characters of a query that are read."""

MOST_CLAUSES = 32
"""Words and filters of a query that are read."""


_QUOTES = str.maketrans(dict.fromkeys("“”„‟«»「」『』〝〞", '"') | dict.fromkeys("‘’‚‛`´", "'"))
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]+")
_TOKEN = re.compile(
    r"(?P<either>(?-i:OR)(?![^\s\"(])|\|+)"
    r"|(?P<both>(?-i:AND)(?![^\s\"(]))"
    r"|(?P<not>(?-i:NOT)(?![^\s\"(]))"
    r"|(?P<close>\))"
    rf"|(?P<minus>[{MINUS}])?"
    r"(?:"
    r"(?P<open>\()"
    r"|(?P<address>https?://[^\s\"<>]+)"
    rf"|(?P<field>[A-Za-z]{{2,15}}|{'|'.join(CHINESE_NAMES)}):(?!//)"
    r"[ \t]*(?:\"(?P<quoted>[^\"]*)\"?|(?P<bare>[^\s\"]*))"
    r"|\"(?P<phrase>[^\"]*)\"?"
    r"|\#(?P<tag>\w+)"
    r"|@(?P<handle>\w[\w.-]*)"
    rf"|(?P<word>[^{SEPARATOR}\"]+)"
    r")",
    re.IGNORECASE,
)
_LIKE_FIELD = re.compile(r"-?[a-z]+:\S", re.ASCII)
_AFTER_ADDRESS = ".,;:!?)]}'*"


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
        self._excluding = False
        self._depth = 0

    def read(self, text: str) -> None:
        position = 0
        while match := _TOKEN.search(text, position):
            position = match.end()
            if match["both"]:
                continue
            if match["either"]:
                # Of what is left out, each is, whether it says "and" or "or" between them.
                self._joining = bool(self.clauses) and not self._depth
            elif match["not"]:
                self._excluding = True
            elif match["open"] or match["close"]:
                self._bracket(match)
            elif match["field"] and is_known_elsewhere(match["field"]) and _LIKE_FIELD.match(match[0]):
                position -= _closing(match)
                self.notices.append(Notice(NoticeCode.FIELD_LEFT_OUT, match["field"]))
                self._excluding = False
            elif match["field"] and not self._is_field(match):
                self._excluding |= match["minus"] is not None
                # The value may be anything, quoted or with filters of its own: it is read next.
                position = match.end("field") + 1
                self._unknown_field(match)
            else:
                self._excluding |= match["minus"] is not None
                position -= _closing(match)
                for clause in self._clauses_of(match):
                    self._add(clause)
                self._excluding = False

    def _bracket(self, match: re.Match[str]) -> None:
        """Note that what follows is left out up to the bracket's other half, or that this is it."""
        if match["close"]:
            self._depth = max(0, self._depth - 1)
        elif self._depth or match["minus"] or self._excluding:
            self._depth += 1
        self._excluding = False

    def _is_field(self, match: re.Match[str]) -> bool:
        return field_called(match["field"]) != "" or identify(f"{match['field']}:{_value(match)}") is not None

    def _unknown_field(self, match: re.Match[str]) -> None:
        name = match["field"]
        looks_like_one = _LIKE_FIELD.match(match[0]) is not None
        suggestion = nearest_field(name) or (field_instead_of(name) if looks_like_one else "")
        if suggestion:
            self.notices.append(Notice(NoticeCode.UNKNOWN_FIELD, name, suggestion))
            return
        if looks_like_one:
            self.notices.append(Notice(NoticeCode.NO_FIELD, name))
        for word in read_word(name):
            self._add(word)

    def _add(self, asked: Positive | Span) -> None:
        joining, self._joining = self._joining, False
        clause = _opposite(asked) if self._excluding or self._depth else asked
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
                yield from read_phrase(match["phrase"])
            case "tag":
                yield Tag(match["tag"])
            case "handle":
                yield Handle(match["handle"].rstrip(".-"))
            case _:
                yield from read_word(match["word"] or "")

    def _field(self, match: re.Match[str]) -> Iterator[Positive | Span]:
        name, value = match["field"], _value(match)
        if identifier := identify(f"{name}:{value}"):
            yield Address(str(identifier))
            return
        found = read_field(field_called(name), value)
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
    if match["quoted"] is not None:
        return " ".join(match["quoted"].split())
    bare: str = match["bare"]
    return bare[: len(bare) - _closing(match)]


def _closing(match: re.Match[str]) -> int:
    """Return how many brackets at the end of a field or an address close one that was opened before it."""
    said = match["bare"] or match["address"] or ""
    return 0 if "(" in said else len(said) - len(said.rstrip(")"))
