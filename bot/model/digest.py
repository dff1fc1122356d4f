"""The digest: issues of sections of entries."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from bot.model.richtext import Document, Image


class LinkKind(StrEnum):
    """What stands behind a link. The label beside it decides, then its host."""

    PAPER = "paper"
    CODE = "code"
    VIDEO = "video"
    PROJECT = "project"
    DATASET = "dataset"
    SLIDES = "slides"
    COURSE = "course"
    DEMO = "demo"
    POST = "post"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Author:
    """Who posted it: a person or an organisation, with the profile or post its name links to, if any."""

    name: str
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Link:
    """An address in an entry, exactly as written, with the words that name it."""

    url: str
    kind: LinkKind = LinkKind.OTHER
    label: str = ""


@dataclass(frozen=True, slots=True)
class Comment:
    """A reply under an entry. `depth` follows the source's nesting: 0 stands directly under the entry."""

    speaker: str
    depth: int
    body: Document
    url: str | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One shared item.

    `body` is the entry's own text: everything of the source that no other field holds whole. Where the title was
    derived from the text (`title_derived`), its sentence stays in `body`. `id` is the stored identity, 0 until
    stored; it survives edits of the file.
    """

    title: str
    group: str | None = None
    authors: tuple[Author, ...] = ()
    source_url: str | None = None
    links: tuple[Link, ...] = ()
    images: tuple[Image, ...] = ()
    comments: tuple[Comment, ...] = ()
    remark: Document = Document()
    hashtags: tuple[str, ...] = ()
    body: Document = Document()
    title_derived: bool = False
    id: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """A section of an issue; it may stand empty."""

    title: str
    entries: tuple[Entry, ...] = ()


@dataclass(frozen=True, slots=True)
class Issue:
    """One issue of the digest.

    `number` is None only while an issue read from a file named by dates has not been stored. `base` is the folder's or
    repository's address that relative images are resolved against (``file:///…/`` or ``https://…/``), "" where unknown.
    `preface` is what the source says before its first section.
    """

    number: int | None
    title: str
    starts_on: date | None = None
    ends_on: date | None = None
    sections: tuple[Section, ...] = ()
    preface: Document = Document()
    base: str = ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """All entries in order."""
        return tuple(entry for section in self.sections for entry in section.entries)
