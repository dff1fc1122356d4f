"""A text with entities, as it is written: the one place that knows of UTF-16 offsets.

Telegram counts a text in code points and its entities in UTF-16 units. Entities are kept in code points here and
translated when all is written. They come out nested as they were opened, never crossing.
"""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any, Final

from bot.adapters.telegram import limits
from bot.renderers.splitting import Cost

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_LINE_BREAKS = re.compile("\r\n?|[\u2028\u2029]")
_CONTROLS = {code: " " for code in range(0x20) if code != ord("\n")} | dict.fromkeys(range(0x202A, 0x202F), "")
_UNCLEAN = re.compile("[\x00-\x09\x0b-\x1f\u2028-\u202e]")
_BLANKS = " \n"


@dataclass(frozen=True, slots=True)
class Entity:
    """A style, a link, a quote; `start` and `stop` count code points, `extra` is what its kind has besides."""

    kind: str
    start: int
    stop: int
    extra: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Rich:
    """A text with its entities, outer ones first."""

    text: str = ""
    entities: tuple[Entity, ...] = ()

    @property
    def cost(self) -> Cost:
        """Return code points, entities, and the bytes all entities take."""
        words = (word for entity in self.entities for _, word in entity.extra)
        size = limits.ENTITY_OVERHEAD * len(self.entities) + sum(len(word.encode()) for word in words)
        return len(self.text), len(self.entities), size

    def json(self) -> list[dict[str, Any]]:
        """Return the entities as the Bot API has them."""
        astral = [match.start() for match in _ASTRAL.finditer(self.text)]

        def utf16(position: int) -> int:
            return position + bisect_left(astral, position)

        return [
            {
                "type": entity.kind,
                "offset": utf16(entity.start),
                "length": utf16(entity.stop) - utf16(entity.start),
                **dict(entity.extra),
            }
            for entity in self.entities
        ]


LIMIT: Final[Cost] = (limits.TEXT, limits.ENTITIES, limits.ENTITY_BYTES)
"""What a message holds, in the terms of `Rich.cost`."""
CAPTION_LIMIT: Final[Cost] = (limits.CAPTION, limits.ENTITIES, limits.ENTITY_BYTES)
"""What a caption holds."""


def fits(rich: Rich, limit: Cost = LIMIT) -> bool:
    """Tell whether a text is within a limit."""
    return all(used <= most for used, most in zip(rich.cost, limit, strict=True))


@dataclass(slots=True)
class _Open:
    skip: int  # how much of what is pending stands before it
    start: int | None = None


@dataclass(slots=True)
class Writer:
    """Writes a text from front to back.

    Gaps, bullets, indents and blanks are pending until there is something to put behind them; so nothing is written
    around nothing, and neither a line nor an entity ends in a blank.
    """

    length: int = 0
    _text: list[str] = field(default_factory=list)
    _pending: str = ""
    _indent: str = ""
    _open: list[_Open] = field(default_factory=list)
    _closed: list[tuple[Entity, int]] = field(default_factory=list)  # with the number of entities around it

    def put(self, text: str) -> None:
        """Write words."""
        text = _clean(text).replace("\n", f"\n{self._indent}")
        words = text.rstrip(_BLANKS)
        if words:
            for frame in self._open:
                if frame.start is None:
                    frame.start = self.length + frame.skip
            for written in (self._pending, words):
                self._text.append(written)
                self.length += len(written)
            self._pending = ""
        self._pending += text[len(words) :]

    def gap(self, breaks: str) -> None:
        """Begin a new line before the next words."""
        self._pending = breaks + self._indent

    @contextmanager
    def marked(self, kind: str, extra: Mapping[str, str] | None = None) -> Iterator[None]:
        """Make an entity of what is written inside."""
        frame = _Open(len(self._pending))
        self._open.append(frame)
        yield
        self._open.pop()
        if frame.start is not None:
            entity = Entity(kind, frame.start, self.length, tuple((extra or {}).items()))
            self._closed.append((entity, len(self._open)))

    @contextmanager
    def item(self, sign: str, indent: str) -> Iterator[None]:
        """Put a sign before what is written inside, an indent before its other lines."""
        length, pending, outer = self.length, self._pending, self._indent
        self._pending += sign
        self._indent += indent
        yield
        self._indent = outer
        if self.length == length:
            self._pending = pending

    @contextmanager
    def flush_left(self) -> Iterator[None]:
        """Let what is written inside stand on lines of its own, without an indent."""
        self._pending = self._pending.rstrip(" ")
        if self._pending and not self._pending.endswith("\n"):
            self._pending += "\n"  # behind a bullet
        outer, self._indent = self._indent, ""
        yield
        self._indent = outer

    def rich(self) -> Rich:
        """Return what was written."""
        closed = sorted(self._closed, key=lambda found: (found[0].start, -found[0].stop, found[1]))
        return Rich("".join(self._text), tuple(entity for entity, _ in closed))


def _clean(text: str) -> str:
    """Return the text as the server leaves it.

    It takes out line breaks of other kinds, turns tabs into single blanks, and strips the ring off a letter that is not
    composed ("A" + U+030A): https://github.com/tdlib/td/blob/master/td/telegram/misc.cpp, clean_input_string.
    """
    if _UNCLEAN.search(text):  # few texts have any of that
        text = _LINE_BREAKS.sub("\n", text).translate(_CONTROLS)
    return unicodedata.normalize("NFC", text)
