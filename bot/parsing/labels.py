"""What a label announces. One that the vocabulary does not know is no error: it stays text."""

from __future__ import annotations

import re

from bot.model.digest import LinkKind
from bot.parsing.spans import squeeze
from bot.parsing.vocabulary import (
    AUTHORSHIP,
    CHINESE_COMMON,
    COMMENTS,
    COMMON,
    CONTENTS,
    KINDS,
    PAGES,
    REFERENCE_NOUNS,
    REFERENCES,
    REMARKS,
)

COLONS = ":："

_KIND_OF_WORD = {word: kind for kind, known in KINDS.items() for word in known}
_CHINESE = tuple(word for word in (*_KIND_OF_WORD, *PAGES) if not word.isascii())
_WORD = re.compile(r"[A-Za-z]+")
_MODIFIER = re.compile(r"\s(?:for|of|to|from|at|on|in|by|with|is|are)\b.*|[(（].*", re.DOTALL)
_REMARK = re.compile(rf"(?:{'|'.join(map(re.escape, REMARKS))})\s*[{COLONS}]", re.IGNORECASE)


def kind_of_label(label: str) -> LinkKind | None:
    """Return the kind of link that a label announces. The last telling word counts: a "project video" is a video.

    What stands in brackets ("slides (pdf)") or tells what it is for ("code for the paper") counts only without it.
    """
    label = squeeze(label).lower()
    return _kind_of_words(_MODIFIER.sub("", label)) or _kind_of_words(label)


def _kind_of_words(head: str) -> LinkKind | None:
    found = [(word.start(), word[0]) for word in _WORD.finditer(head)]
    if not head.isascii():  # Chinese words are not parted
        found.extend((head.rfind(word), word) for word in _CHINESE if word in head)
    kinds = [_KIND_OF_WORD[word] for _, word in sorted(found) if word in _KIND_OF_WORD]
    if kinds:
        return kinds[-1]
    return LinkKind.PROJECT if any(word in PAGES for _, word in found) else None


def is_reference(label: str) -> bool:
    """Tell whether a label announces the post itself: "reference", "original twitter link"."""
    first, *others = _plain(label).removeprefix("the ").split() or [""]
    return first in REFERENCES and all(word in REFERENCE_NOUNS for word in others)


def is_authorship(label: str) -> bool:
    """Tell whether a label announces who posted it: "author", "by"."""
    return _plain(label).lstrip("(（") in AUTHORSHIP


def find_remark(text: str) -> int:
    """Return how long a remark's label is at the beginning of a text, 0 where there is none."""
    found = _REMARK.match(text)
    return found.end() if found else 0


def is_comments(label: str) -> bool:
    """Tell whether a label announces what others said."""
    return _plain(label) in COMMENTS


def is_content(label: str) -> bool:
    """Tell whether a label says no more than that text follows."""
    return _plain(label) in CONTENTS


def is_common(words: str) -> bool:
    """Tell whether any of some words is a common one that no name holds."""
    if not COMMON.isdisjoint(_WORD.findall(words.lower())) or kind_of_label(words) is not None:
        return True
    return not words.isascii() and any(word in words for word in CHINESE_COMMON)


def _plain(label: str) -> str:
    return squeeze(label).rstrip(COLONS).rstrip().lower()
