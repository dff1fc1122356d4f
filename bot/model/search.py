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


class NoticeCode(StrEnum):
    """What there is to tell about a query. The value is the English sentence, to be filled with a notice's words."""

    UNKNOWN_FIELD = "no such field '{value}': did you mean '{suggestion}'?"
    NO_FIELD = "there is no field '{value}', so it was searched for as a word"
    FIELD_LEFT_OUT = "there is no field '{value}', so it was left out"
    UNKNOWN_FEATURE = "nothing is known of has:{value}: it may ask for code, paper, video, image, comments and the like"
    UNKNOWN_AUTHOR = "nobody is known as '{value}'"
    UNKNOWN_SECTION = "no section has '{value}' in its title"
    UNKNOWN_TOPIC = "no such topic '{value}'"
    EMPTY_FIELD = "{value}: needs something behind the colon"
    NO_ISSUE = "'{value}' is no issue: write issue:4 or issue:3..6"
    NO_DATE = "'{value}' is no date: write it like after:2022-01-31"
    OR_BETWEEN = "OR cannot stand before '{value}', it was left out"
    TOO_LONG = "the query is very long: only its beginning was searched"
    NOTHING = "there is nothing to search for in this"


@dataclass(frozen=True, slots=True)
class Notice:
    """Something about a query that its writer should know: `str()` says it in English."""

    code: NoticeCode
    value: str = ""
    suggestion: str = ""

    def __str__(self) -> str:
        said = self.code.value.format(value=self.value, suggestion=self.suggestion)
        if self.suggestion and "{suggestion}" not in self.code.value:
            return f"{said}: did you mean '{self.suggestion}'?"
        return said


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

    `total` counts all hits. `did_you_mean` is a whole corrected query or "", and `corrected` tells that the hits answer
    that one already, since nothing has the words as typed. `notices` say what in the query was not understood;
    `partial` how many of all hits have most of the words only. `nearest` are topics to look at where nothing is found.
    """

    query: str
    hits: tuple[Hit, ...] = ()
    total: int = 0
    offset: int = 0
    did_you_mean: str = ""
    notices: tuple[Notice, ...] = ()
    partial: int = 0
    corrected: bool = False
    nearest: tuple[Topic, ...] = ()


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


@dataclass(frozen=True, slots=True)
class TopicSuggestion:
    """A name that many entries use: an alias for `topic`, or a topic of its own where that is ""."""

    name: str
    count: int
    topic: str = ""
