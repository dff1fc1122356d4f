"""Lines in which somebody speaks: ``**Name:** words``."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from bot.model.richtext import Mark, Span, Spans
from bot.parsing.labels import COLONS, find_remark
from bot.parsing.names import LONGEST_NAME, is_personal, looks_like_name, may_be_name
from bot.parsing.social import is_social
from bot.parsing.spans import cut, links_in, squeeze, strip, text_of


@dataclass(frozen=True, slots=True)
class Speech:
    """Who says what in a line. `is_sure`: the name is bold or linked to a profile, not merely words before a colon."""

    speaker: str
    url: str | None
    words: Spans
    is_sure: bool

    @property
    def looks_named(self) -> bool:
        """Tell whether the speaker is written like a name."""
        return looks_like_name(self.speaker)

    @property
    def is_full(self) -> bool:
        """Tell whether there is no doubt that a name stands before the colon: it is marked, or of several words."""
        return self.is_sure or (" " in self.speaker and looks_like_name(self.speaker))

    @property
    def is_named(self) -> bool:
        """Tell whether a person's first and last name stand before the colon."""
        return is_personal(self.speaker)


@lru_cache(maxsize=256)  # asked where entries begin, where lists are discussions, and where somebody speaks
def read_speech(line: Spans) -> Speech | None:
    """Return who says what in a line; None where nobody speaks."""
    speech = read_answer(line)
    if speech is None or not (may_be_name(speech.speaker) if speech.words else speech.looks_named):
        # A name alone in its line looks like one; other bold words alone are a heading of the text's own.
        return None
    return speech


def read_answer(line: Spans) -> Speech | None:
    """Return who says what in a line of a discussion, where whatever stands before a colon is a speaker."""
    text = text_of(line)
    marked = _marked_length(line)
    end = _colon_behind(text, marked) if marked else _first_colon(text)
    if end is None or find_remark(text):
        return None
    name = squeeze(text[:end]).rstrip(COLONS).strip(" @*")
    url = next((href for href, _ in links_in(cut(line, 0, end))), None)
    if not 0 < len(name) <= LONGEST_NAME or (url is not None and not is_social(url)):
        return None
    return Speech(name, url, strip(cut(line, end + 1)), is_sure=marked > 0)


def _marked_length(line: Spans) -> int:
    """Return how long the bold or linked beginning of a line is."""
    length = 0
    for span in line:
        if not _is_marked(span):
            break
        length += len(span.text)
    return length


def _is_marked(span: Span) -> bool:
    return Mark.BOLD in span.marks or (span.href is not None and span.href != span.text and is_social(span.href))


def _colon_behind(text: str, marked: int) -> int | None:
    """Return where the colon stands at the end of a marked name or right behind it."""
    head = text[:marked].rstrip()
    if head.endswith(tuple(COLONS)):
        return len(head) - 1
    rest = text[marked:]
    gap = len(rest) - len(rest.lstrip(" "))
    return marked + gap if rest[gap:].startswith(tuple(COLONS)) else None


def _first_colon(text: str) -> int | None:
    positions = [position for colon in COLONS if (position := text.find(colon, 0, LONGEST_NAME + 2)) > 0]
    return min(positions, default=None)
