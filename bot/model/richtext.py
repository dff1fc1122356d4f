"""Rich text: a tree of blocks with flat styled runs.

One `Document` feeds Telegram entities, Slack rich_text blocks and HTML. It holds no markup: whoever renders it escapes
or measures for one platform, so nothing a writer typed can be taken for markup on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Annotated, Literal

from pydantic import Discriminator


class Mark(StrEnum):
    """A style of a run of text. Marks combine freely; a renderer drops what its platform cannot combine."""

    BOLD = "bold"
    ITALIC = "italic"
    UNDERLINE = "underline"
    STRIKE = "strike"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. `text` may hold line breaks; `href` is an absolute address."""

    text: str
    marks: frozenset[Mark] = frozenset()
    href: str | None = None


Spans = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading; level 1 is an issue's title, 2 a section's, 3 an entry's, deeper ones stand inside bodies."""

    spans: Spans
    level: int = 3
    kind: Literal["heading"] = "heading"


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A paragraph."""

    spans: Spans
    kind: Literal["paragraph"] = "paragraph"


@dataclass(frozen=True, slots=True)
class List:
    """A list; each item is a sequence of blocks, so lists nest. `start` is the first number of an ordered list."""

    items: tuple[tuple[Block, ...], ...]
    ordered: bool = False
    start: int = 1
    kind: Literal["list"] = "list"


@dataclass(frozen=True, slots=True)
class Quote:
    """A block quote. A `folded` one shows its first lines and opens on demand, where the platform can."""

    blocks: tuple[Block, ...]
    folded: bool = False
    kind: Literal["quote"] = "quote"


@dataclass(frozen=True, slots=True)
class Code:
    """A block of preformatted text (tables come as one, too: columns aligned with spaces)."""

    text: str
    language: str = ""
    kind: Literal["code"] = "code"


@dataclass(frozen=True, slots=True)
class Image:
    """A picture. `url` is as the source wrote it, so possibly relative, until resolved against the issue's base."""

    url: str
    alt: str = ""
    kind: Literal["image"] = "image"


@dataclass(frozen=True, slots=True)
class Divider:
    """A horizontal rule."""

    kind: Literal["divider"] = "divider"


Block = Annotated[Heading | Paragraph | List | Quote | Code | Image | Divider, Discriminator("kind")]


# What a formatter knows more of a block. A renderer may show it in a way of its own; for everybody else it is the block
# it derives from, and so it is stored.


@dataclass(frozen=True, slots=True)
class Byline(Paragraph):
    """Who and where, below a heading: small print."""


@dataclass(frozen=True, slots=True)
class LinkLine(Paragraph):
    """Where the text above leads, by name: a line of small print, or buttons."""


@dataclass(frozen=True, slots=True)
class Talk(List):
    """What people said, one an item; a talk inside an item answers it."""


@dataclass(frozen=True, slots=True)
class Opening:
    """What shows a folded text where a platform cannot unfold it: a button's words, and the command line behind it."""

    label: str
    action: str


@dataclass(frozen=True, slots=True)
class Fold(Quote):
    """A folded quote that something opens. Its `folded` is true."""

    folded: bool = True
    opening: Opening | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """A text to be shown somewhere: blocks in order."""

    blocks: tuple[Block, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.blocks)


def walk(blocks: Iterable[Block]) -> Iterator[Block]:
    """Yield every block, outer ones before what stands inside them."""
    for block in blocks:
        yield block
        match block:
            case List(items=items):
                for item in items:
                    yield from walk(item)
            case Quote(blocks=inner):
                yield from walk(inner)


def recast(blocks: Iterable[Block], change: Callable[[Heading | Paragraph], Heading | Paragraph]) -> tuple[Block, ...]:
    """Return the blocks with every heading and paragraph changed, wherever it stands."""

    def cast(block: Block) -> Block:
        match block:
            case Heading() | Paragraph():
                return change(block)
            case List(items=items):
                return replace(block, items=tuple(recast(item, change) for item in items))
            case Quote(blocks=inner):
                return replace(block, blocks=recast(inner, change))
            case _:
                return block

    return tuple(map(cast, blocks))


def spans_of(blocks: Iterable[Block]) -> Iterator[Span]:
    """Yield every run of text in reading order."""
    for block in walk(blocks):
        if isinstance(block, Heading | Paragraph):
            yield from block.spans


def paragraph(*parts: str | Span) -> Paragraph:
    """Make a paragraph of plain strings and spans."""
    return Paragraph(tuple(Span(part) if isinstance(part, str) else part for part in parts if part))


def bold(text: str, href: str | None = None) -> Span:
    """Make a bold run."""
    return Span(text, frozenset({Mark.BOLD}), href)


def italic(text: str, href: str | None = None) -> Span:
    """Make an italic run."""
    return Span(text, frozenset({Mark.ITALIC}), href)


def code(text: str) -> Span:
    """Make a run in a fixed-width face."""
    return Span(text, frozenset({Mark.CODE}))


def link(text: str, href: str) -> Span:
    """Make a linked run."""
    return Span(text, frozenset(), href)
