"""The first line of an entry: its title, or who posted it, or both."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

from bot.model.digest import Author
from bot.model.richtext import Mark, Spans
from bot.parsing.labels import COLONS, kind_of_label
from bot.parsing.links import Found, find_links, holds_links_only, is_label
from bot.parsing.names import Credit, looks_like_name, read_byline, take_credit
from bot.parsing.social import is_mention, is_social
from bot.parsing.spans import Run, cut, runs, squeeze, strip, text_of
from bot.parsing.speech import read_speech
from bot.parsing.titles import is_titular

_JOINTS = f"{COLONS} \t-–—|·,，、"
"""What stands between a title and the words after it."""

_OPENING = "(（[【"
_LONGEST_CHINESE_KIND = 6
"""Characters of a Chinese label such as 项目主页链接."""
_CREDIT = re.compile(r"\W*\b(?:from|by|via|来自|作者)\s*[:：]?\s*\Z", re.IGNORECASE)
_ADDRESS_BEHIND = re.compile(r"[(（]\s*(?P<url>https?://[^\s()（）]+)\s*[)）]")


class Lead(Enum):
    """What marks the beginning of an entry."""

    HEADING = auto()
    ITEM_HEADING = auto()
    ITEM = auto()
    PARAGRAPH = auto()
    NOTHING = auto()


@dataclass(frozen=True, slots=True)
class Head:
    """What a first line says. `rest` belongs to the body; `label` announced the title's link, or those that follow."""

    title: str = ""
    title_links: tuple[Found, ...] = ()
    authors: tuple[Author, ...] = ()
    rest: Spans = ()
    label: str = ""
    asides: tuple[str, ...] = ()


def read_head(line: Spans, lead: Lead, *, trust_looks: bool) -> Head:
    """Return what the first line of an entry says."""
    is_heading = lead in {Lead.HEADING, Lead.ITEM_HEADING}
    byline = read_byline(line, trust_looks=trust_looks)
    if byline:
        rest = strip(byline.rest, left=_JOINTS)
        if is_heading and is_titular(squeeze(text_of(rest))):
            return Head(squeeze(text_of(rest)), find_links(rest), byline.authors, asides=(byline.words,))
        return Head(authors=byline.authors, rest=rest, asides=(byline.words,))
    links = find_links(line)
    if is_heading:
        return _heading(line, links)
    return _credited(line, links) or _marked(line, links) or _labelled(line, links) or _plain(line, links)


def _heading(line: Spans, links: Sequence[Found]) -> Head:
    credited = _credited(line, links)
    if credited:
        title = squeeze(text_of(credited.rest)) or credited.label
        return replace(credited, title=title.rstrip(COLONS).rstrip(), title_links=tuple(links[:-1]), rest=(), label="")
    plain = _plain(line, links)
    return plain if plain.title else _titled(take_credit(squeeze(text_of(line))), links)


def _titled(credit: Credit, links: Sequence[Found]) -> Head:
    authors = (Author(credit.name),) if credit.name else ()
    return Head(credit.text.rstrip(COLONS).rstrip(), tuple(links), authors, asides=(credit.words,))


def _credited(line: Spans, links: Sequence[Found]) -> Head | None:
    """Read "… from [Name](profile)", and a name in a link behind a title of other words."""
    match list(runs(strip(line, right=" \t)）"))):
        case [*_, Run(text=joint, href=None, end=end), Run(href=str(url), text=name)] if is_social(url):
            length = end - len(joint) + len(_CREDIT.sub("", joint))
        case _:
            return None
    is_dashed = joint.rstrip().endswith(tuple("-–—|(（")) and looks_like_name(name)
    if length == end and not is_dashed:
        return None
    authors = (Author(squeeze(name), url),)
    words = text_of(cut(line, 0, length))
    if is_label(words) and kind_of_label(words) and len(links) == 1:  # "course from [Name]": it announces what follows
        return Head(authors=authors, label=words, asides=(joint,))
    return Head(authors=authors, rest=strip(cut(line, 0, length), right=_JOINTS + _OPENING), asides=(joint,))


def _marked(line: Spans, links: Sequence[Found]) -> Head | None:
    """Read a title that is bold or a link, with or without words behind it."""
    speech = read_speech(line)
    if speech and speech.is_sure and speech.looks_named:
        return Head(authors=(Author(speech.speaker, speech.url),), rest=speech.words)
    length = _marked_length(line)
    title = squeeze(text_of(cut(line, 0, length))).rstrip(COLONS)
    if not title or (links and title == links[0].words and names_nothing(links[0])):
        return None
    inside = tuple(found for found in links if found.words in title)
    rest = strip(cut(line, length), left=_JOINTS)
    behind = _ADDRESS_BEHIND.match(text_of(rest))
    if behind:
        inside = (*inside, *(found for found in links if found.url == behind["url"]))
        rest = strip(cut(rest, behind.end()), left=_JOINTS)
    return Head(title, inside, rest=rest)


def _labelled(line: Spans, links: Sequence[Found]) -> Head | None:
    """Read "class: [Title](address)"."""
    match links:
        case [found] if found.label and not names_nothing(found) and text_of(line).rstrip().endswith(found.words):
            return Head(found.words, (found,), label=found.label)
        case _:
            return None


def _plain(line: Spans, links: Sequence[Found]) -> Head:
    """Read a title in plain words, perhaps with its addresses behind it; a whole sentence is no title."""
    text = text_of(line)
    length = len(text)
    if links:
        length = text.index(links[0].words) if links[0].words in text else 0
        length = len(text[:length].rstrip(f" {COLONS}").removesuffix(links[0].label))
    title = squeeze(text[:length]).rstrip(_JOINTS + _OPENING)
    behind = strip(cut(line, length), left=_JOINTS + _OPENING)
    if not is_titular(title) or (links and not (all(map(names_nothing, links)) and holds_links_only(behind))):
        return Head(rest=line)
    return _titled(take_credit(title), links)


def names_nothing(found: Found) -> bool:
    """Tell whether a link's words are no title: an address, an account, or a mere "paper"."""
    return (
        found.is_bare
        or _is_mere_kind(found.words)
        or is_mention(found.words, found.url)
        or found.words.casefold() in {"link", "链接"}
    )


def _is_mere_kind(words: str) -> bool:
    """Tell whether a word does but announce what a link leads to; Chinese ones are not parted, a long one says more."""
    is_word = len(words.split()) == 1 and (words.isascii() or len(words) <= _LONGEST_CHINESE_KIND)
    return is_word and kind_of_label(words) is not None


def _marked_length(line: Spans) -> int:
    """Return how long the bold or linked run is that begins a line."""
    length = 0
    for index, span in enumerate(line):
        if Mark.BOLD not in span.marks and (span.href is None or (index > 0 and span.href != line[0].href)):
            break
        length += len(span.text)
    return length
