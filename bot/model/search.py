"""What a search finds."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model.digest import Entry
from bot.model.richtext import Spans


class Sort(StrEnum):
    """The order of results."""

    BEST = "best"
    NEWEST = "newest"


@dataclass(frozen=True, slots=True)
class Place:
    """Where an entry stands."""

    issue: int
    section: str
    entry_id: int


@dataclass(frozen=True, slots=True)
class Hit:
    """One found entry; `snippet` is the text around the best match, with the matches in bold.

    `places` are all the entries about the same paper, this one first.
    """

    entry: Entry
    place: Place
    score: float
    snippet: Spans
    places: tuple[Place, ...]


@dataclass(frozen=True, slots=True)
class Results:
    """One page of an answer.

    `total` counts all hits; `did_you_mean` is a whole corrected query or ""; `notices` are plain sentences about what
    in the query was not understood; `widened` tells that no entry has all the words and any of them was enough.
    """

    query: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    offset: int = 0
    did_you_mean: str = ""
    notices: tuple[str, ...] = ()
    widened: bool = False


@dataclass(frozen=True, slots=True)
class Topic:
    """A topic of `topics.toml`: `name` is its command, `titles` go by language, `aliases` are what entries say."""

    name: str
    titles: tuple[tuple[str, str], ...]
    aliases: tuple[str, ...]
    exclude: tuple[str, ...] = ()

    def title(self, language: str) -> str:
        """Return the title in a language, else in the first one given, else the name."""
        titles = dict(self.titles)
        return titles.get(language) or next(iter(titles.values()), self.name)
