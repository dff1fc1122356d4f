"""Titles for entries whose writers gave none: what a reader would call them."""

from __future__ import annotations

import re

from bot.parsing.labels import COLONS
from bot.parsing.spans import squeeze

LONGEST = 100
"""Characters of a derived title."""

_SHORTEST_WORDS = 3
_TITLE_WORDS = 8
_SENTENCE = re.compile(
    r"(?<![\s.(][A-Z])(?<!\bal)(?<!\bvs)(?<!\betc)(?<!\be\.g)(?<!\bi\.e)(?<!\bProf)(?<!\bDr)(?<!\bapprox)[.!?…]+[\"”’)*]*(?=\s|$)"
    r"|[。！？]+[”」』）]*",
)
_ADDRESS = re.compile(r"\(?https?://\S+|www\.\S+")
_QUOTED = re.compile(r"《(?P<book>[^《》]{4,})》|[“\"](?P<quoted>[^“”\"\n]{12,140})[”\"]")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")


def derive_title(text: str) -> str:
    """Return a title from a text: the name of a paper in quotes, or else the first sentence, cut at a word."""
    text = squeeze(text.split("\n\n", 1)[0])
    bare = squeeze(_ADDRESS.sub(" ", text))
    name = _quoted_name(bare)
    return name or shorten_title(_first_sentence(bare))


def shorten_title(text: str, limit: int = LONGEST) -> str:
    """Return a title of at most `limit` characters, cut between words."""
    title = text.strip().rstrip(COLONS + ",，;；-–—").rstrip()
    if len(title) <= limit:
        return title.removesuffix(".") if not title.endswith("..") else title
    kept = title[: limit - 1]
    space = kept.rfind(" ")
    if space > limit // 2 and not _CJK.match(title[limit - 1]):
        kept = kept[:space]
    return f"{kept.rstrip(' ,;:，；：-–—')}…"


def _quoted_name(text: str) -> str:
    """Return the name of a paper, book or talk that a first sentence holds in quotes."""
    found = _QUOTED.search(_first_sentence(text))
    if found is None:
        return ""
    name = squeeze(found["book"] or found["quoted"]).rstrip(".,")
    words = name.split()
    capitals = sum(word[0].isupper() for word in words)
    is_name = found["book"] is not None or (len(words) >= _SHORTEST_WORDS and capitals * 2 >= len(words))
    return shorten_title(name) if is_name else ""


def _first_sentence(text: str) -> str:
    """Return the first sentence, with the next ones while it is but a cry ("Progress!")."""
    for end in _SENTENCE.finditer(text):
        sentence = text[: end.end()]
        if len(sentence.split()) >= _SHORTEST_WORDS or len(_CJK.findall(sentence)) > _SHORTEST_WORDS:
            return sentence
    return text


def is_titular(text: str) -> bool:
    """Tell whether a line is a title rather than a sentence."""
    words = text.split()
    if not words or len(text) > LONGEST or _first_sentence(text) != text or text.endswith(("!", "！", "?", "？", "。")):
        return False
    return not text.endswith(".") or len(words) <= _TITLE_WORDS
