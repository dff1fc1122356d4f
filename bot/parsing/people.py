"""Names: whose profile an address is, what looks like a name, who speaks in a line."""

from __future__ import annotations

import re
from dataclasses import dataclass
from urllib.parse import unquote

from bot.model.richtext import Mark, Span, Spans
from bot.parsing.addresses import split_address
from bot.parsing.labels import COLONS, find_remark, is_common
from bot.parsing.spans import cut, links_in, squeeze, strip, text_of
from bot.parsing.vocabulary import NAME_PARTICLES

_LONGEST_NAME = 40
_MOST_WORDS = 5
_RESEMBLING = 0.4
"""The part of a name that its handle holds, at least."""

_POST = re.compile(
    r"/(?:[^/]+|i/web)/status(?:es)?/\d+"  # Twitter
    r"|/@[^/]+/(?:posts/)?\w+"  # Mastodon, Threads
    r"|/profile/[^/]+/post/\w+"  # Bluesky
    r"|/feed/update/.+|/posts/.+"  # LinkedIn
    r"|/\d{6,}/\w{6,}"  # Weibo
)
_PROFILE = re.compile(r"/(?P<plain>@?[A-Za-z0-9_.-]+)/?|/(?:in|people|profile|u|n)/(?P<named>[^/]+)/?", re.IGNORECASE)
_HANDLE = re.compile(r"/(?:(?:in|people|profile|u|n)/)?@?(?P<handle>[^/?#]+)")
_SOCIAL_HOSTS = re.compile(
    r"(?:(?:www|mobile|m)\.)?(?:twitter|x|nitter|weibo|linkedin|zhihu|bsky|threads|facebook|instagram)\.(?:com|net|cn|app)"
    r"|(?:[\w-]+\.)*(?:mastodon|sigmoid|fosstodon|mstdn|mathstodon)\.\w+|github\.com",
    re.IGNORECASE,
)
_NOT_ACCOUNTS = frozenset({"i", "home", "hashtag", "search", "share", "intent", "explore", "login", "about", "topics"})

_WORD = re.compile(r"[^\W\d_]")
_NAME_WORD = re.compile(r"[^\W\d_](?:[^\W_]|['’.‘`-])*", re.UNICODE)
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af·]+")
_OTHERS = re.compile(r"[\W_]+")


def is_social(url: str) -> bool:
    """Tell whether an address is a profile or a post on a social network."""
    return is_post(url) or is_profile(url)


def is_post(url: str) -> bool:
    """Tell whether an address is one post on a social network."""
    host, path = split_address(url)
    return _SOCIAL_HOSTS.fullmatch(host) is not None and host != "github.com" and _POST.match(path) is not None


def is_profile(url: str) -> bool:
    """Tell whether an address is somebody's profile."""
    host, path = split_address(url)
    found = _PROFILE.fullmatch(path)
    if found is None or _SOCIAL_HOSTS.fullmatch(host) is None:
        return False
    return (found["plain"] or found["named"]).lower() not in _NOT_ACCOUNTS


def handle_of(url: str) -> str:
    """Return the account in a social address."""
    found = _HANDLE.match(split_address(url)[1])
    return unquote(found["handle"]) if found else ""


def is_mention(words: str, url: str) -> bool:
    """Tell whether a link only names an account or a hashtag: its words are the handle, or a tag."""
    words = words.strip()
    host, path = split_address(url)
    if _SOCIAL_HOSTS.fullmatch(host) is None:
        return False
    if words.startswith("#"):
        return True
    if not is_profile(url) or path.count("/") > 2:
        return False
    return words.startswith("@") or words.casefold() == handle_of(url).casefold()


def looks_like_name(text: str) -> bool:
    """Tell whether words are written like a person's or an organisation's name, each with a capital."""
    words = squeeze(text).strip("@*").split()
    if _CJK.fullmatch("".join(words)):
        return len("".join(words)) <= 4 + text.count("·") * 6
    if not may_be_name(text):
        return False
    plain = [word.strip('()"“”,.') for word in words]
    named = [word for word in plain if word and word.lower() not in NAME_PARTICLES]
    return bool(named) and all(_NAME_WORD.fullmatch(word) and word[0].isupper() for word in named)


def may_be_name(text: str) -> bool:
    """Tell whether words could be how somebody calls themselves: short, and none of them common before a colon."""
    text = squeeze(text)
    if not 0 < len(text) <= _LONGEST_NAME or len(text.split()) > _MOST_WORDS or not _WORD.search(text):
        return False
    if any(sign in text for sign in '?!;:：；，。？！《》/\\"“”=+'):
        return False
    return not is_common(text)


def resembles(name: str, url: str) -> bool:
    """Tell whether a name is the one behind a social address: ``Maithra Raghu``, ``/maithra_raghu``."""
    handle = _OTHERS.sub("", handle_of(url).casefold())
    words = [letters for word in re.split(r"[\s-]+", name.casefold()) if (letters := _OTHERS.sub("", word))]
    total = sum(map(len, words))
    return total > 0 and sum(len(word) for word in words if len(word) > 1 and word in handle) >= _RESEMBLING * total


@dataclass(frozen=True, slots=True)
class Speech:
    """A line in which somebody speaks: ``**Name:** words``."""

    speaker: str
    url: str | None
    words: Spans
    is_sure: bool
    """Whether the name is marked as one (bold, or linked to a profile), not merely words before a colon."""


def read_speech(line: Spans) -> Speech | None:
    """Return who says what in a line; None where nobody speaks."""
    text = text_of(line)
    if find_remark(text):
        return None
    marked = _marked_length(line)
    head = text[:marked].rstrip() if marked else text.split("\n", 1)[0]
    end = _colon(head, text, marked)
    if end is None:
        return None
    name = squeeze(text[:end]).rstrip(COLONS).strip(" @*")
    url = next((href for href, _ in links_in(cut(line, 0, end))), None)
    if not may_be_name(name) or (url is not None and not is_social(url)):
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
    return Mark.BOLD in span.marks or (span.href is not None and is_social(span.href) and span.href != span.text)


def _colon(head: str, text: str, marked: int) -> int | None:
    """Return where the colon behind a name stands: in its bold run, right behind it, or after plain words."""
    if marked:
        if head and head[-1] in COLONS:
            return len(head) - 1
        rest = text[marked:]
        gap = len(rest) - len(rest.lstrip(" "))
        return marked + gap if rest[gap : gap + 1] and rest[gap] in COLONS else None
    positions = [position for colon in COLONS if (position := head.find(colon)) > 0]
    if not positions or head.startswith("//", min(positions) + 1):
        return None
    return min(positions)
