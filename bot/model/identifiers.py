"""What an address stands for: the paper, repository, video or post behind its many spellings.

Two addresses with the same `Identifier` lead to the same thing, whatever version, mirror or file of it they name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit


class IdentifierKind(StrEnum):
    """The registry that an identifier belongs to."""

    ARXIV = "arxiv"
    DOI = "doi"
    OPENREVIEW = "openreview"
    GITHUB = "github"
    YOUTUBE = "youtube"
    TWEET = "tweet"


PAPERS = frozenset({IdentifierKind.ARXIV, IdentifierKind.DOI, IdentifierKind.OPENREVIEW})
"""The kinds that name a paper."""


@dataclass(frozen=True, slots=True)
class Identifier:
    """A canonical name: ``arxiv:2109.08203``, ``github:owner/name``, ``tweet:1428775742943412233``."""

    kind: IdentifierKind
    key: str

    def __str__(self) -> str:
        return f"{self.kind}:{self.key}"

    @property
    def is_paper(self) -> bool:
        """Tell whether it names a paper."""
        return self.kind in PAPERS


ARXIV_NUMBER = re.compile(r"(?<!\d)(?P<number>\d{4}\.\d{4,5})(?:v\d+)?(?!\d)", re.ASCII)
"""A paper's number on arXiv since 2007 (https://info.arxiv.org/help/arxiv_identifier.html), its version left aside."""

_ARXIV_OLD = re.compile(r"(?P<archive>[a-z-]+)(?:\.[a-z]{2})?/(?P<number>\d{7})(?!\d)", re.ASCII | re.IGNORECASE)
_ARXIV_VIEW = re.compile(r"/(abs|pdf|html|papers)/", re.ASCII)
_ARXIV_DOI = re.compile(r"10\.48550/arxiv\.(?P<number>.+)", re.ASCII | re.IGNORECASE)
_DOI = re.compile(r"10\.\d{4,9}/[^\s?#]+", re.ASCII)
_GITHUB_PAGES = re.compile(
    r"about|apps|codespaces|collections|contact|customer-stories|enterprise|events|explore|features|issues|join|login"
    r"|marketplace|new|notifications|orgs|organizations|pricing|pulls|readme|search|security|settings|sponsors|stars"
    r"|team|topics|trending|users",
    re.IGNORECASE,
)
"""First path segments of github.com that are no account."""

_GITHUB_NAME = re.compile(r"[A-Za-z0-9._-]+", re.ASCII)
_OPENREVIEW_ID = re.compile(r"[A-Za-z0-9_-]{4,64}", re.ASCII)
_YOUTUBE_NAME = re.compile(r"[A-Za-z0-9_-]{11}|list/[A-Za-z0-9_-]{12,64}", re.ASCII)
_YOUTUBE_PATH = re.compile(r"/(?:(?:embed|shorts|live|v)/)?(?P<video>[A-Za-z0-9_-]{11})/?", re.ASCII)
_TWEET_ID = re.compile(r"\d{1,20}", re.ASCII)
_STATUS = re.compile(r"/(?:[^/]+|i/web)/status(?:es)?/(?P<number>\d{1,20})(?!\d)", re.ASCII)
_SCHEME = re.compile(r"[a-z][a-z0-9+.-]*://", re.ASCII | re.IGNORECASE)
_TRACKING = re.compile(r"utm_\w+|fbclid|gclid|si|feature|ref_src|ref_url|amp", re.ASCII | re.IGNORECASE)


@lru_cache(maxsize=256)
def identify(url: str) -> Identifier | None:
    """Return what an address stands for, None for one of no known registry.

    Takes any text: ``https://`` may be missing, and names like ``arXiv:2109.08203`` are read too. The last answers
    are kept: whoever reads an entry asks several times about each of its addresses.
    """
    text = url.strip()
    registry, _, name = text.partition(":")
    if reader := _NAMES.get(registry.lower()):
        return reader(name.strip())
    parts = _split(text)
    return _READERS.get(_host(parts), _publisher)(parts) if parts else None


def canonical(url: str) -> str:
    """Return an address without what does not change its target: scheme, ``www.``, tracking, fragment, final slash."""
    parts = _split(url.strip())
    if parts is None:
        return ""
    pairs = [pair for pair in parts.query.split("&") if pair and not _TRACKING.fullmatch(pair.partition("=")[0])]
    return "?".join(filter(None, (_host(parts) + parts.path.rstrip("/"), "&".join(pairs))))


def _split(text: str) -> SplitResult | None:
    if "." not in text:
        return None
    try:
        parts = urlsplit(text if _SCHEME.match(text) else f"https://{text}")
    except ValueError:  # "http://[" and other broken IPv6 addresses
        return None
    return parts if parts.scheme.lower() in {"http", "https"} and "." in parts.netloc else None


def _host(parts: SplitResult) -> str:
    return parts.netloc.rpartition("@")[2].partition(":")[0].lower().removeprefix("www.")


def _arxiv(text: str) -> Identifier | None:
    if found := ARXIV_NUMBER.search(text):
        return Identifier(IdentifierKind.ARXIV, found["number"])
    if found := _ARXIV_OLD.search(text):
        return Identifier(IdentifierKind.ARXIV, f"{found['archive']}/{found['number']}".lower())
    return None


def _doi(text: str) -> Identifier | None:
    found = _DOI.search(text)
    if found is None:
        return None
    name = found[0].lower().rstrip("/.,;").removesuffix(".pdf")
    arxiv = _ARXIV_DOI.fullmatch(name)
    return _arxiv(arxiv["number"]) if arxiv else Identifier(IdentifierKind.DOI, name)


def _openreview(name: str) -> Identifier | None:
    return Identifier(IdentifierKind.OPENREVIEW, name) if _OPENREVIEW_ID.fullmatch(name) else None


def _github(name: str) -> Identifier | None:
    owner, _, repository = name.rstrip(".,;").removesuffix(".git").partition("/")
    if _GITHUB_PAGES.fullmatch(owner) or not (_GITHUB_NAME.fullmatch(owner) and _GITHUB_NAME.fullmatch(repository)):
        return None
    return Identifier(IdentifierKind.GITHUB, f"{owner}/{repository}".lower())


def _youtube(name: str) -> Identifier | None:
    return Identifier(IdentifierKind.YOUTUBE, name) if _YOUTUBE_NAME.fullmatch(name) else None


def _tweet(name: str) -> Identifier | None:
    return Identifier(IdentifierKind.TWEET, name) if _TWEET_ID.fullmatch(name) else None


def _publisher(parts: SplitResult) -> Identifier | None:
    # Publishers put the DOI into their own paths: dl.acm.org/doi/abs/10.…, link.springer.com/article/10.…
    return _doi(unquote(parts.path))


def _paper_page(parts: SplitResult) -> Identifier | None:
    return _arxiv(_ARXIV_VIEW.sub("", parts.path))


def _paper_list(parts: SplitResult) -> Identifier | None:
    return _paper_page(parts) if parts.path.startswith("/papers/") else None


def _forum(parts: SplitResult) -> Identifier | None:
    return _openreview(parse_qs(parts.query).get("id", [""])[0])


def _repository(parts: SplitResult) -> Identifier | None:
    return _github("/".join(parts.path.split("/")[1:3]))


def _video(parts: SplitResult) -> Identifier | None:
    query = parse_qs(parts.query)
    if found := _YOUTUBE_PATH.fullmatch(parts.path):
        return _youtube(found["video"])
    if "v" in query:
        return _youtube(query["v"][0])
    return _youtube(f"list/{query['list'][0]}") if "list" in query else None


def _status(parts: SplitResult) -> Identifier | None:
    found = _STATUS.match(parts.path)
    return _tweet(found["number"]) if found else None


_NAMES: Mapping[str, Callable[[str], Identifier | None]] = {
    IdentifierKind.ARXIV: _arxiv,
    IdentifierKind.DOI: _doi,
    IdentifierKind.OPENREVIEW: _openreview,
    IdentifierKind.GITHUB: _github,
    IdentifierKind.YOUTUBE: _youtube,
    IdentifierKind.TWEET: _tweet,
}
"""Who reads the names of a registry, as `Identifier` prints them."""

_READERS: Mapping[str, Callable[[SplitResult], Identifier | None]] = {
    **dict.fromkeys(
        ("arxiv.org", "export.arxiv.org", "ar5iv.org", "ar5iv.labs.arxiv.org", "alphaxiv.org"), _paper_page
    ),
    **dict.fromkeys(("huggingface.co", "hf.co"), _paper_list),
    **dict.fromkeys(("youtube.com", "m.youtube.com", "music.youtube.com", "youtube-nocookie.com", "youtu.be"), _video),
    **dict.fromkeys(("twitter.com", "mobile.twitter.com", "x.com", "mobile.x.com"), _status),
    **dict.fromkeys(("nitter.net", "fxtwitter.com", "vxtwitter.com"), _status),
    "openreview.net": _forum,
    "github.com": _repository,
}
"""Who reads the addresses of a host; the others may still hold a DOI."""
