"""The fields of the query language, by all their names: what may stand behind the colon, and what it asks for."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date

from bot.model.search import Notice, NoticeCode
from bot.search.analyzer import query_terms
from bot.search.folding import fold
from bot.search.query import (
    FEATURES,
    After,
    Before,
    ByAuthor,
    Has,
    InIssues,
    InSection,
    InTitle,
    OnTopic,
    Phrase,
    Positive,
    Span,
    Tag,
    Word,
)
from bot.search.suggest import closest
from bot.search.typed import SEPARATOR, read_word

CHINESE_NAMES = {
    "作者": "author",
    "标题": "title",
    "栏目": "section",
    "版块": "section",
    "板块": "section",
    "话题": "topic",
    "主题": "topic",
    "标签": "tag",
    "期": "issue",
    "期号": "issue",
}
_OTHER_NAMES = CHINESE_NAMES | {
    "by": "author",
    "from": "author",
    "user": "author",
    "speaker": "author",
    "subject": "title",
    "intitle": "title",
    "tags": "tag",
    "hashtag": "tag",
    "since": "after",
    "until": "before",
}
"""What fields are called elsewhere, and in Chinese."""

_MEANT = {
    **dict.fromkeys(("date", "year", "newer", "during", "on"), "after"),
    **dict.fromkeys(("older", "till"), "before"),
    **dict.fromkeys(("type", "kind", "is", "link", "with", "filter", "contains"), "has"),
    **dict.fromkeys(("person", "people", "name", "who", "writer"), "author"),
    **dict.fromkeys(("category", "group"), "section"),
    **dict.fromkeys(("number", "num", "volume", "vol"), "issue"),
}
"""Fields that others have and we have not, and what may do instead."""

_ELSEWHERE = frozenset(
    {"lang", "language", "site", "filetype", "ext", "sort", "order", "page", "repo", "near", "cache"}
)
"""Fields that others have and nothing here corresponds to: neither their name nor their value is to be looked for."""

_OTHER_FEATURES = {"comment": "comments", "reply": "comments", "replies": "comments", "picture": "image"}

_SEPARATED = re.compile(f"[{SEPARATOR}]")
_NO_TAG = re.compile(r"\W+")
_ISSUES = re.compile(r"#?(?P<first>\d{1,9})?(?P<range>\.{2,3}|-|~)?#?(?P<last>\d{1,9})?", re.ASCII)
_DAY = re.compile(r"(?P<year>\d{4})(?:[-/.年](?P<month>\d{1,2}))?(?:[-/.月](?P<day>\d{1,2}))?日?月?", re.ASCII)


def field_called(name: str) -> str:
    """Return the field of this name, "" where there is none."""
    known = name.lower()
    known = _OTHER_NAMES.get(known, known)
    return known if known in _READERS else ""


def read_field(name: str, value: str) -> Positive | Span | Notice:
    """Return what a field asks for; for a value that it cannot take, what is wrong with it."""
    return _READERS[name](value.strip(" ,;")) if value else Notice(NoticeCode.EMPTY_FIELD, name)


def nearest_field(name: str) -> str:
    """Return the field that a mistyped name was meant for, or ""."""
    return closest(name.lower(), _GUESSED)


def field_instead_of(name: str) -> str:
    """Return the field that does what one of another search engine does there, or ""."""
    return _MEANT.get(name, "")


def is_known_elsewhere(name: str) -> bool:
    """Tell whether other search engines have a field of this name, which nothing here can do."""
    return name in _ELSEWHERE


def _read_title(value: str) -> InTitle | Notice:
    match list(read_word(value)):
        case [Word() as word] if not _SEPARATED.search(value):
            return InTitle(word)
        case _ if query_terms(value):
            return InTitle(Phrase(value))
    return Notice(NoticeCode.EMPTY_FIELD, "title")


def _read_tag(value: str) -> Tag | Notice:
    name = _NO_TAG.sub("", value)
    return Tag(name) if query_terms(name) else Notice(NoticeCode.EMPTY_FIELD, "tag")


def _named(name: str, make: Callable[[str], Positive]) -> Callable[[str], Positive | Notice]:
    return lambda value: make(value) if query_terms(value) else Notice(NoticeCode.EMPTY_FIELD, name)


def _read_has(value: str) -> Has | Notice:
    wanted = fold(value)
    wanted = _OTHER_FEATURES.get(wanted, wanted)
    for feature in FEATURES:
        if wanted in {feature, f"{feature}s"}:
            return Has(feature)
    return Notice(NoticeCode.UNKNOWN_FEATURE, value, closest(wanted, FEATURES))


def _read_issues(value: str) -> InIssues | Notice:
    match = _ISSUES.fullmatch(value)
    if match is None or not (match["first"] or match["last"]):
        return Notice(NoticeCode.NO_ISSUE, value)
    first = int(match["first"]) if match["first"] else None
    last = int(match["last"]) if match["last"] else None
    if not match["range"]:
        return InIssues(int(value.strip("#")), int(value.strip("#")))
    return InIssues(last, first) if first is not None and last is not None and last < first else InIssues(first, last)


def _read_day(field: str, make: Callable[[date], After | Before]) -> Callable[[str], After | Before | Notice]:
    def read(value: str) -> After | Before | Notice:
        match = _DAY.fullmatch(value)
        try:
            if match:
                return make(date(int(match["year"]), int(match["month"] or 1), int(match["day"] or 1)))
        except ValueError:  # the 31st of February
            pass
        return Notice(NoticeCode.NO_DATE, f"{field}:{value}")

    return read


_READERS: Mapping[str, Callable[[str], Positive | Span | Notice]] = {
    "author": _named("author", ByAuthor),
    "title": _read_title,
    "section": _named("section", InSection),
    "topic": _named("topic", OnTopic),
    "tag": _read_tag,
    "has": _read_has,
    "issue": _read_issues,
    "after": _read_day("after", After),
    "before": _read_day("before", Before),
}
_GUESSED = tuple(name for name in _READERS if name != "tag")
"""Fields that a mistyped one may have been meant for: too many words are near the shortest."""
