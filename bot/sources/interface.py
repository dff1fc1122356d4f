"""What a source of issues offers: a list of files, each with a version, read only where it changed."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Protocol

from bot.errors import PlainError


class SourceError(PlainError):
    """A source, or one file of it, that cannot be read. Its text is one plain line: what is wrong, what to do."""


@dataclass(frozen=True, slots=True)
class SourceFile:
    """One file that may hold an issue.

    `name` is its path within the source (``012.md``, ``20210919-20211003/README.md``), `base` the absolute address its
    relative images are relative to (``file:///…/``, ``https://…/``; it ends in a slash). `version` changes whenever the
    content does. `read` gives the content; it raises SourceError, which concerns this file alone.
    """

    name: str
    base: str
    version: str
    read: Callable[[], Awaitable[bytes]]


@dataclass(frozen=True, slots=True)
class Listing:
    """What a source holds now. `state` is to be handed back next time; None instead of files: all is as it was then."""

    files: tuple[SourceFile, ...] | None
    state: str


class Source(Protocol):
    """A place where issues come from."""

    @property
    def name(self) -> str:
        """The source as settings name it, in one spelling."""
        ...

    @property
    def identity(self) -> str:
        """What the source is, wherever it is named from: what was read of it is kept under this."""
        ...

    async def look(self, state: str) -> Listing:
        """List the files, in the order of their names; `state` is the last listing's, "" at first.

        Raises SourceError where the source as a whole cannot be read.
        """
        ...
