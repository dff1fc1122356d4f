"""Links: what kind each is, and which lines hold nothing else."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from bot.model.digest import Link, LinkKind
from bot.model.richtext import Span, Spans
from bot.parsing.addresses import is_address, looks_like_address
from bot.parsing.labels import COLONS, kind_of_label
from bot.parsing.sites import kind_of_address
from bot.parsing.social import is_mention
from bot.parsing.spans import runs, squeeze

_LABEL_WORDS = 5
_LABEL_LENGTH = 48
_NAME_WORDS = 4

_CLAUSE_LENGTH = 2 * _LABEL_LENGTH
_CLAUSE_END = re.compile(r"[.!?。！？;；,，](?:\s|$)|[。！？；，]|[:：]\s")
_IN_BRACKETS = re.compile(r"[(（][^()（）]*[)）]")
_SEPARATORS = " \t\n,;.，；、。|/·•&+-–—()[]（）【】「」"


def kind_of(url: str, label: str, words: str) -> LinkKind:
    """Return what stands behind a link: its label decides, then its own words, then its address.

    Where the words are an address, they are the one that a shortened address hides.
    """
    shown = words.strip() if is_address(words.strip()) else url
    short = words if len(words.split()) <= _NAME_WORDS and shown is url else ""
    return kind_of_label(label) or kind_of_label(short) or kind_of_address(shown)


@dataclass(frozen=True, slots=True)
class Found:
    """A link as it stands in a line: `label` is what comes right before it, up to the colon."""

    url: str
    words: str
    label: str

    @property
    def is_mention(self) -> bool:
        """Tell whether it only names an account or a hashtag."""
        return is_mention(self.words, self.url)

    @property
    def is_bare(self) -> bool:
        """Tell whether its words are an address."""
        return self.words == self.url or looks_like_address(self.words)

    def as_link(self, kind_hint: str = "") -> Link:
        """Return the link, named by its own words (which may tell the address behind a short one), or by its label."""
        label = self.label or kind_hint
        return Link(self.url, kind_of(self.url, label, self.words), label if self.words == self.url else self.words)


def find_links(line: Iterable[Span]) -> tuple[Found, ...]:
    """Return the web links of a line in order, each with its label."""
    line = tuple(line)
    return _find_links(line) if any(span.href for span in line) else ()


@lru_cache(maxsize=256)  # a line is looked at from several sides before it is settled what it is
def _find_links(line: Spans) -> tuple[Found, ...]:
    links: list[Found] = []
    before = ""
    for run in runs(line):
        if run.href is None or not is_address(run.href):
            before = run.text
        else:
            links.append(Found(run.href, squeeze(run.text), label_before(before)))
            before = ""
    return tuple(links)


def first_link(line: Iterable[Span]) -> Found | None:
    """Return the first web link of a line, None where it has none."""
    return next(iter(find_links(line)), None)


def label_before(text: str) -> str:
    """Return the label that ends a text, "" where it ends in no colon or in a whole sentence."""
    text = text.rstrip(_SEPARATORS)
    if not text or text[-1] not in COLONS:
        return ""
    clause = _CLAUSE_END.split(text[-_CLAUSE_LENGTH:-1])[-1]
    label = squeeze(clause).lstrip(_SEPARATORS)
    return label if is_label(label) else ""


def is_label(text: str) -> bool:
    """Tell whether words are short enough to be a label rather than a sentence."""
    return 0 < len(text) <= _LABEL_LENGTH and len(text.split()) <= _LABEL_WORDS


def holds_links_only(line: Spans) -> bool:
    """Tell whether a line is nothing but links and their labels: ``abs: https://… code: https://…``."""
    links = find_links(line)
    if not links or any(found.is_mention for found in links):
        return False
    between = ""
    for span in line:
        if span.href is None:
            between += span.text
            continue
        if not _is_labelling(between):
            return False
        between = ""
    return not between.strip(_SEPARATORS)


def is_address_line(line: Spans) -> bool:
    """Tell whether a line is one bare address."""
    links = find_links(line)
    return len(links) == 1 and links[0].is_bare and holds_links_only(line)


def _is_labelling(text: str) -> bool:
    words = _IN_BRACKETS.sub("", text).strip(_SEPARATORS)
    if not words:
        return not any(map(str.isalnum, text))
    if words[-1] not in COLONS or any(sign in words for sign in "!?！？。#"):
        return False
    is_one = not re.search(rf"[{COLONS}].*[{COLONS}]|[.,]\s", words)
    return is_one and is_label(words.rstrip(COLONS)) and label_before(text) != ""
