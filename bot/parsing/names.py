"""Names of people and organisations: what looks like one, and where a line tells who posted something."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.model.digest import Author
from bot.model.richtext import Spans
from bot.parsing.labels import COLONS, is_authorship, is_common
from bot.parsing.social import handle_of, is_mention, is_post, is_profile
from bot.parsing.spans import cut, runs, squeeze, strip, text_of
from bot.parsing.vocabulary import NAME_PARTICLES

LONGEST_NAME = 40
"""Characters of a name."""

_MOST_WORDS = 5
_MOST_LINKED_WORDS = 6
_LONGEST_CHINESE = 4
_RESEMBLING = 0.4
"""The part of a name that its handle holds, at least."""

_LETTER = re.compile(r"[^\W\d_]")
_CAPITAL_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’.‘`-])*")
_PERSONAL_WORD = re.compile(r"(?:[A-Z]\.|[^\W\d_a-z][a-zß-ÿ'’]+(?:-?[A-Z][a-z]+)?)")
_CHINESE = re.compile(r"[\u3400-\u9fff]+(?:·[\u3400-\u9fff]+)*")
_OTHERS = re.compile(r"[\W_]+")
_NO_NAME_SIGNS = frozenset('?!;:：；，。？！《》/\\"“”=+#')
_SENTENCE_SIGNS = re.compile(r"[!?:;。！？：；#]")
_FROM = re.compile(r"\s*[(（]\s*(?P<sign>from|by|via|来自)\s*@?(?P<name>[^()（）]+?)\s*[)）]", re.IGNORECASE)
_BETWEEN = frozenset({"", "(", "（", ",", "，", "、", "&", "/", "|", "and", "和", "与"})


def may_be_name(text: str) -> bool:
    """Tell whether words could be how somebody calls themselves: short, and none of them common before a colon."""
    text = squeeze(text)
    if not 0 < len(text) <= LONGEST_NAME or len(text.split()) > _MOST_WORDS or not _LETTER.search(text):
        return False
    if not _NO_NAME_SIGNS.isdisjoint(text) or is_common(text):
        return False
    return all(len(run) <= _LONGEST_CHINESE for run in re.findall(r"[\u3400-\u9fff]+", text))


def looks_like_name(text: str) -> bool:
    """Tell whether words are written like a person's or an organisation's name, each with a capital."""
    text = squeeze(text).strip("@*")
    if not may_be_name(text):
        return False
    if _CHINESE.fullmatch(text):
        return len(text) > 1
    plain = [word.strip('()"“”,.') for word in text.split()]
    named = [word for word in plain if word and word.lower() not in NAME_PARTICLES]
    return bool(named) and all(_CAPITAL_WORD.fullmatch(word) and word[0].isupper() for word in named)


def is_personal(text: str) -> bool:
    """Tell whether words can hardly be but a person's first and last name: "Keenan Crane", "Michael J. Black"."""
    words = [word for word in squeeze(text).split() if word.lower() not in NAME_PARTICLES]
    return 2 <= len(words) <= _LONGEST_CHINESE and may_be_name(text) and all(map(_PERSONAL_WORD.fullmatch, words))


def resembles(name: str, url: str) -> bool:
    """Tell whether a name is the one behind a social address: ``Maithra Raghu``, ``/maithra_raghu``."""
    handle = _OTHERS.sub("", handle_of(url).casefold())
    words = [letters for word in re.split(r"[\s-]+", name.casefold()) if (letters := _OTHERS.sub("", word))]
    total = sum(map(len, words))
    return total > 0 and sum(len(word) for word in words if len(word) > 1 and word in handle) >= _RESEMBLING * total


def names_author(words: str, url: str, *, trust_looks: bool) -> bool:
    """Tell whether the words of a link into a social network are the name of who posted it, rather than a title.

    A post may be linked from either: then the name is known by its handle, or, where linked names lead the entries
    beside it (`trust_looks`), by its looks.
    """
    if len(words.split()) > _MOST_LINKED_WORDS or _SENTENCE_SIGNS.search(words):
        return False
    if is_profile(url):
        return True
    return is_post(url) and (resembles(words, url) or (trust_looks and looks_like_name(words)))


@dataclass(frozen=True, slots=True)
class Credit:
    """A label or title without its "(from @Name)", that name, and the words around it; empty where there is none."""

    text: str
    name: str = ""
    words: str = ""


def take_credit(text: str) -> Credit:
    """Part a label or title from its "(from @Name)"."""
    found = _FROM.search(text)
    if found is None:
        return Credit(text)
    return Credit(squeeze(text[: found.start()] + text[found.end() :]), squeeze(found["name"]), found["sign"])


@dataclass(frozen=True, slots=True)
class Byline:
    """The linked names at the beginning of a line, and what stands behind them."""

    authors: tuple[Author, ...]
    rest: Spans
    words: str
    """What labels the names or stands between them."""

    is_mention: bool
    """Whether the names are mere handles, as they stand in any sentence."""


def read_byline(line: Spans, *, trust_looks: bool) -> Byline | None:
    """Return who posted something, where a line begins with linked names; None where it does not."""
    if not any(span.href for span in line):
        return None
    authors: list[Author] = []
    mentions: list[bool] = []
    between: list[str] = []
    end = 0
    for run in runs(line):
        if run.href is None:
            words = squeeze(run.text)
            if words.lower() not in _BETWEEN and (authors or not is_authorship(words)):
                break
            between.append(words)
            continue
        if not names_author(run.text, run.href, trust_looks=trust_looks):
            break
        authors.append(Author(squeeze(run.text).lstrip("@"), run.href))
        mentions.append(is_mention(run.text, run.href))
        end = run.end
    if not authors:
        return None
    rest = strip(cut(line, end), left=" \t\xa0)）")
    return Byline(tuple(authors), rest, " ".join(between[: len(authors)]), all(mentions))


def read_plain_byline(line: Spans) -> Byline | None:
    """Return who posted something, where a line is nothing but a name, or a name with a label ("by Jane Doe").

    The name may lead to the person's own page.
    """
    addresses = {span.href for span in line}
    if len(addresses) != 1:
        return None
    text = squeeze(text_of(line)).rstrip(COLONS).rstrip()
    if len(text) > 2 * LONGEST_NAME:
        return None
    first, _, rest = text.partition(" ")
    if is_authorship(first) and may_be_name(rest):
        return Byline((Author(rest.lstrip("@"), *addresses),), (), first, is_mention=False)
    return Byline((Author(text, *addresses),), (), "", is_mention=False) if is_personal(text) else None
