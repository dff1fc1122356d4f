"""The first line of an entry: its title, or who posted it, or both."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum, auto

from bot.model.digest import Author
from bot.model.richtext import Mark, Spans
from bot.parsing.labels import COLONS, kind_of_label
from bot.parsing.links import Found, find_links, is_label
from bot.parsing.people import (
    is_mention,
    is_post,
    is_profile,
    is_social,
    looks_like_name,
    read_speech,
    resembles,
)
from bot.parsing.spans import cut, squeeze, strip, text_of
from bot.parsing.titles import is_titular

_JOINTS = f"{COLONS} \t-–—|·,，"
"""What stands between a title and the words after it."""

_FROM = re.compile(r"\s*[(（]\s*(?:from|by|via|来自)\s*@?(?P<name>[^()（）]+?)\s*[)）]", re.IGNORECASE)
_BY = re.compile(r"(?:^|.*\W)(?:from|by|via|来自|作者)\s*[:：]?\s*\Z", re.IGNORECASE | re.DOTALL)
_JOINT_BY = re.compile(r"\W*(?:from|by|via|来自|作者)\s*[:：]?\s*\Z", re.IGNORECASE)
_SENTENCE_SIGNS = re.compile(r"[!?:;。！？：；]")
_NAME_WORDS = 6


class Lead(Enum):
    """What marks the beginning of an entry."""

    HEADING = auto()
    ITEM_HEADING = auto()
    ITEM = auto()
    PARAGRAPH = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Head:
    """What a first line says. `rest` belongs to the body; `label` announced the title's link."""

    title: str = ""
    title_links: tuple[Found, ...] = ()
    author: Author | None = None
    rest: Spans = ()
    label: str = ""


def take_from(text: str) -> tuple[str, str]:
    """Return a label or title without its "(from @Name)", and that name, "" where there is none."""
    found = _FROM.search(text)
    if found is None:
        return text, ""
    return squeeze(text[: found.start()] + text[found.end() :]), squeeze(found["name"])


def names_author(words: str, url: str, *, trust_looks: bool) -> bool:
    """Tell whether the words of a link into a social network are the name of who posted it, rather than a title.

    A post may be linked from either: then the name is known by its handle, or, where linked names lead the entries
    beside it (`trust_looks`), by its looks.
    """
    if len(words.split()) > _NAME_WORDS or _SENTENCE_SIGNS.search(words) or words.startswith("#"):
        return False
    if is_profile(url):
        return True
    return is_post(url) and (resembles(words, url) or (trust_looks and looks_like_name(words)))


def read_head(line: Spans, lead: Lead, *, trust_looks: bool) -> Head:
    """Return what the first line of an entry says."""
    links = list(find_links(line))
    text = squeeze(text_of(line))
    first = links[0] if links else None
    if first and text.startswith(first.words) and names_author(first.words, first.url, trust_looks=trust_looks):
        rest = strip(cut(line, _length_until(line, first.words)), left=_JOINTS)
        return Head(author=Author(first.words, first.url), rest=rest)
    if lead in {Lead.HEADING, Lead.ITEM_HEADING}:
        return _heading(line, links)
    return _by_line(line, links) or _marked(line, links) or _labelled(line, links) or _plain(line, links)


def _heading(line: Spans, links: list[Found]) -> Head:
    by = _by_line(line, links)
    text, name = take_from(squeeze(text_of(by.rest if by else line)))
    author = by.author if by else Author(name) if name else None
    titled = tuple(found for found in links if by is None or found is not links[-1])
    return Head(text.rstrip(COLONS).rstrip(), titled, author)


def _by_line(line: Spans, links: list[Found]) -> Head | None:
    """Read "… from [Name](profile)"."""
    if not links or not is_social(links[-1].url) or not text_of(line).rstrip().endswith(links[-1].words):
        return None
    before = text_of(line).rstrip()[: -len(links[-1].words)]
    if not _BY.match(before):
        return None
    author = Author(links[-1].words, links[-1].url)
    words = _JOINT_BY.sub("", before)
    if is_label(words) and kind_of_label(words):  # "course from [Name]": it announces what follows
        return Head(author=author, label=words)
    return Head(author=author, rest=cut(line, 0, len(words)))


def _marked(line: Spans, links: list[Found]) -> Head | None:
    """Read a title that is bold or a link, with or without words behind it."""
    speech = read_speech(line)
    if speech and speech.is_sure and looks_like_name(speech.speaker):
        return Head(author=Author(speech.speaker, speech.url), rest=speech.words)
    length = _marked_length(line)
    title = squeeze(text_of(cut(line, 0, length))).rstrip(COLONS)
    if not title or (links and title == links[0].words and names_nothing(links[0])):
        return None
    inside = tuple(found for found in links if found.words in title)
    rest = strip(cut(line, length), left=_JOINTS)
    behind = re.match(r"[(（]\s*(?P<url>https?://[^\s()（）]+)\s*[)）]", text_of(rest))
    if behind:
        inside = (*inside, *(found for found in links if found.url == behind["url"]))
        rest = strip(cut(rest, behind.end()), left=_JOINTS)
    return Head(title, inside, rest=rest)


def _labelled(line: Spans, links: list[Found]) -> Head | None:
    """Read "class: [Title](address)"."""
    match links:
        case [found] if found.label and not names_nothing(found) and text_of(line).rstrip().endswith(found.words):
            return Head(found.words, (found,), label=found.label)
        case _:
            return None


def _plain(line: Spans, links: list[Found]) -> Head:
    """Read a title in plain words, perhaps with its address behind it; a whole sentence is no title."""
    text = squeeze(text_of(line))
    if links and all(found.is_bare for found in links):
        title = squeeze(text.partition(links[0].words)[0]).rstrip(_JOINTS + "(（")
        if title and is_titular(title) and text.rstrip(")）").endswith(links[-1].words) and len(links) == 1:
            return Head(title, tuple(links))
    if links or not is_titular(text):
        return Head(rest=line)
    title, name = take_from(text)
    return Head(title.rstrip(COLONS), author=Author(name) if name else None)


def names_nothing(found: Found) -> bool:
    """Tell whether a link's words are no title: an address, an account, or a mere "paper"."""
    is_kind = is_label(found.words) and kind_of_label(found.words) is not None and len(found.words.split()) == 1
    return found.is_bare or is_kind or is_mention(found.words, found.url) or found.words.casefold() in {"link", "链接"}


def _marked_length(line: Spans) -> int:
    """Return how long the bold or linked run is that begins a line."""
    length = 0
    for index, span in enumerate(line):
        if Mark.BOLD not in span.marks and (span.href is None or (index > 0 and span.href != line[0].href)):
            break
        length += len(span.text)
    return length


def _length_until(line: Spans, words: str) -> int:
    text = text_of(line)
    return text.index(words) + len(words) if words in text else len(line[0].text)
