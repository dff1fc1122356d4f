"""Queries as values: the clauses of the query language. Printing one gives a text that reads back as the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from bot.model.digest import LinkKind
from bot.model.search import Notice

FEATURES = (*(kind.value for kind in LinkKind), "image", "comments")
"""What `has:` may ask for."""


@dataclass(frozen=True, slots=True)
class Word:
    """A word, in any of its forms; with `prefix`, the beginning of one."""

    text: str
    prefix: bool = False

    def __str__(self) -> str:
        return f"{self.text}*" if self.prefix else self.text


@dataclass(frozen=True, slots=True)
class Phrase:
    """Words exactly as they stand, one behind the other."""

    text: str

    def __str__(self) -> str:
        return f'"{self.text}"'


@dataclass(frozen=True, slots=True)
class InTitle:
    """A word or a phrase in the entry's title."""

    said: Word | Phrase

    def __str__(self) -> str:
        return f"title:{self.said}"


@dataclass(frozen=True, slots=True)
class Tag:
    """A hashtag."""

    name: str

    def __str__(self) -> str:
        return f"#{self.name}"


@dataclass(frozen=True, slots=True)
class Handle:
    """A person's name on a platform: as author, speaker or mentioned in a text."""

    name: str

    def __str__(self) -> str:
        return f"@{self.name}"


@dataclass(frozen=True, slots=True)
class Address:
    """What the entry links to: an address as typed, or the name of what it stands for (``arxiv:2109.08203``)."""

    target: str

    def __str__(self) -> str:
        return self.target


@dataclass(frozen=True, slots=True)
class ByAuthor:
    """Who posted it, was quoted in it, or commented."""

    name: str

    def __str__(self) -> str:
        return _field("author", self.name)


@dataclass(frozen=True, slots=True)
class InSection:
    """Words of the section's title."""

    title: str

    def __str__(self) -> str:
        return _field("section", self.title)


@dataclass(frozen=True, slots=True)
class OnTopic:
    """A topic's name, title or alias."""

    name: str

    def __str__(self) -> str:
        return _field("topic", self.name)


@dataclass(frozen=True, slots=True)
class Has:
    """A kind of link, images or comments: one of `FEATURES`."""

    feature: str

    def __str__(self) -> str:
        return f"has:{self.feature}"


@dataclass(frozen=True, slots=True)
class InIssues:
    """Issues from one number to another; None leaves that end open."""

    first: int | None
    last: int | None

    def __str__(self) -> str:
        if self.first == self.last:
            return f"issue:{self.first}"
        return f"issue:{'' if self.first is None else self.first}..{'' if self.last is None else self.last}"


@dataclass(frozen=True, slots=True)
class NotInIssues:
    """All issues but these."""

    issues: InIssues

    def __str__(self) -> str:
        return f"-{self.issues}"


@dataclass(frozen=True, slots=True)
class After:
    """Issues that start on this day or later."""

    day: date

    def __str__(self) -> str:
        return f"after:{self.day.isoformat()}"


@dataclass(frozen=True, slots=True)
class Before:
    """Issues that start before this day."""

    day: date

    def __str__(self) -> str:
        return f"before:{self.day.isoformat()}"


Span = InIssues | NotInIssues | After | Before
"""Filters by issue."""

Positive = Word | Phrase | InTitle | Tag | Handle | Address | ByAuthor | InSection | OnTopic | Has
"""What an entry can have, or not."""


@dataclass(frozen=True, slots=True)
class Not:
    """What an entry must not have."""

    clause: Positive

    def __str__(self) -> str:
        return f"-{self.clause}"


@dataclass(frozen=True, slots=True)
class Either:
    """At least one of several."""

    choices: tuple[Positive, ...]

    def __str__(self) -> str:
        return " OR ".join(map(str, self.choices))


Clause = Positive | Not | Either | Span


@dataclass(frozen=True, slots=True)
class Query:
    """A query: an entry must satisfy every clause. `notices` tell what of the text was not understood."""

    clauses: tuple[Clause, ...] = ()
    notices: tuple[Notice, ...] = ()

    def __str__(self) -> str:
        return " ".join(map(str, self.clauses))


def _field(name: str, value: str) -> str:
    # A bracket at the end would be taken for one that closes another.
    return f'{name}:"{value}"' if " " in value or value.endswith(")") else f"{name}:{value}"
