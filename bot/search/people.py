"""People: who is one person, across issues and spellings.

A profile address is the surest sign, then the name; accents, hyphens, dots and case of a name do not count. A name that
stands once over somebody else's profile is a slip of the pen, and does not make two people one.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, KeysView, Mapping
from dataclasses import dataclass
from enum import StrEnum
from urllib.parse import urlsplit

from bot.model.digest import Entry
from bot.model.identifiers import canonical
from bot.search.folding import fold

_WORD = re.compile(r"[^\W_]+")
_MENTION = re.compile(r"(?<![\w@/.])@(?P<handle>[A-Za-z0-9_]{2,30})(?![\w@.]*@)", re.ASCII)
_HANDLE_HOSTS = frozenset({"twitter.com", "mobile.twitter.com", "x.com", "nitter.net"})
_NO_HANDLE = frozenset({"", "i", "home", "search", "hashtag", "intent", "share", "explore", "settings"})


class Role(StrEnum):
    """What somebody has to do with an entry; the value begins the facet of the index."""

    POSTED = "by"
    QUOTED = "of"
    COMMENTED = "with"


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody in an entry: a name in folded words, the key of a profile, or both."""

    role: Role
    name: str = ""
    profile: str = ""

    @property
    def keys(self) -> tuple[str, ...]:
        """What the index knows the person by."""
        return tuple(filter(None, (self.profile, name_key(self.name))))


def mentions(entry: Entry, text: str) -> Iterator[Mention]:
    """Yield everybody in an entry; `text` is what it says without its comments."""
    posted: set[str] = set()
    for author in entry.authors:
        mention = _mention(Role.POSTED, author.name, author.url)
        posted.update(mention.keys)
        yield mention
    for comment in entry.comments:
        yield _mention(Role.COMMENTED, comment.speaker, comment.url)
    quoted = {f"@{match['handle'].lower()}" for match in _MENTION.finditer(text)}
    source = profile_key(entry.source_url or "")
    for profile in sorted((quoted | {source}) - posted):
        if profile.startswith("@"):
            yield Mention(Role.QUOTED, profile=profile)


def profile_key(url: str) -> str:
    """Return what tells a profile from all others: a handle, or the address itself; a post's is its author's."""
    try:
        parts = urlsplit(url)
    except ValueError:  # a broken IPv6 address
        return ""
    host = parts.netloc.lower().removeprefix("www.")
    first = parts.path.strip("/").partition("/")[0].lower()
    if host in _HANDLE_HOSTS or first.startswith("@"):
        handle = first.removeprefix("@")
        return "" if handle in _NO_HANDLE else f"@{handle}"
    return canonical(url).lower()


def name_words(name: str) -> tuple[str, ...]:
    """Return the folded words of a name."""
    return tuple(_WORD.findall(fold(name)))


def name_key(name: str) -> str:
    """Return what the spellings of a name have in common."""
    return f"name/{joined}" if (joined := "".join(name_words(name))) else ""


def _mention(role: Role, name: str, url: str | None) -> Mention:
    profile = profile_key(url) if url else ""
    if not profile and name.startswith("@"):
        profile = name.lower()
    return Mention(role, " ".join(name_words(name)), profile)


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody: every key the index may know them by, every word of their names and handles."""

    id: str
    keys: frozenset[str]
    words: frozenset[str]


def recognise(pairs: Mapping[tuple[str, str], int]) -> tuple[Person, ...]:
    """Tell who is who, from how often each name (in words) stands with each profile; either may be ""."""
    names_of = defaultdict[str, Counter[str]](Counter)
    words = defaultdict[str, set[str]](set)
    groups = _Groups()
    for (name, profile), count in pairs.items():
        if name:
            words[groups.add(name_key(name))].update(name.split(), ["".join(name.split())])
        if profile:
            handle = profile[1:] if profile.startswith("@") else ""
            words[groups.add(profile)].update(filter(None, (handle, handle.replace("_", ""))))
        if name and profile:
            names_of[profile][name] += count
    for profile in groups.keys:
        if names := names_of.get(profile):
            principal = min(names, key=lambda name: (-names[name], name))
            groups.join(profile, *(name_key(name) for name in names if _alike(name, principal)))
        if profile.startswith("@") and (name := name_key(profile)) in groups.keys:
            groups.join(profile, name)
    return tuple(
        Person(min(keys, key=_names_first), keys, frozenset(word for key in keys for word in words[key]))
        for keys in groups.sets()
    )


def _alike(name: str, other: str) -> bool:
    """Tell whether two names may be one person's: they share a word, or all letters (given in words)."""
    shared = {word for word in name.split() if len(word) > 1} & set(other.split())
    return bool(shared) or name_key(name) == name_key(other)


def _names_first(key: str) -> tuple[bool, str]:
    return not key.startswith("name/"), key


class _Groups:
    """Keys that are known to be the same (a disjoint-set forest)."""

    def __init__(self) -> None:
        self._parents: dict[str, str] = {}

    @property
    def keys(self) -> KeysView[str]:
        return self._parents.keys()

    def add(self, key: str) -> str:
        self._parents.setdefault(key, key)
        return key

    def join(self, *keys: str) -> None:
        first, *others = map(self._root, keys)
        for other in others:
            self._parents[other] = first

    def sets(self) -> Iterable[frozenset[str]]:
        found = defaultdict[str, set[str]](set)
        for key in self._parents:
            found[self._root(key)].add(key)
        return map(frozenset, found.values())

    def _root(self, key: str) -> str:
        while (parent := self._parents[key]) != key:
            self._parents[key] = self._parents[parent]
            key = parent
        return key
