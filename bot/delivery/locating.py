"""Locating: in which of a post's messages each of its entries begins. Pure.

Platforms pack entries into messages by rules of their own. What they all do is to begin an entry with its title, on a
line of its own.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

JOINTS = (" · ", " (http")
"""What follows a title in its line: who wrote the entry, or where the title leads."""

SIGNS = 6
"""Characters that may stand before a title in its line: a bullet, a number, a mark."""


def locate(titles: Sequence[str], texts: Sequence[str]) -> list[int]:
    """Return, for each of some titles in order, the index of the text in which it begins.

    One that is nowhere begins where the one before it does: a little early is near enough for who follows a link.
    """
    lines = [[_plain(line) for line in text.splitlines()] for text in texts]
    places = []
    at = 0
    for title in map(_plain, titles):
        left = range(at, len(lines))
        at = next((place for fits in (_is_line, _begins) for place in left if fits(title, lines[place])), at)
        places.append(at)
    return places


def _is_line(title: str, lines: Sequence[str]) -> bool:
    """Tell whether a line is the title, with no words of its own behind it: "NeRF" is not "NeRF in NYC"."""
    return any(0 <= line.find(title) <= SIGNS and _ends(line, title) for line in lines)


def _ends(line: str, title: str) -> bool:
    behind = line[line.find(title) + len(title) :]
    return not behind or behind.startswith(JOINTS)


def _begins(title: str, lines: Sequence[str]) -> bool:
    return any(0 <= line.find(title) <= SIGNS for line in lines)


def _plain(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).split())
