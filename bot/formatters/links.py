"""An entry's links as names one can read: "Paper · Code: kubric, nerfies · Video"."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from itertools import groupby

from bot.formatters.text import clip, join
from bot.locales import Words
from bot.model.digest import Link, LinkKind
from bot.model.identifiers import IdentifierKind, canonical, identify
from bot.model.richtext import Document, Heading, Mark, Paragraph, Span, Spans, link, recast

NAME_LIMIT = 40
"""Characters of a link's name: several stand in one line."""

_ORDER = {kind: position for position, kind in enumerate(LinkKind)}
NAMED_BY_KIND = frozenset(LinkKind) - {LinkKind.OTHER, LinkKind.POST}
"""Kinds whose name says what stands behind a link; of the others only the link's own words do."""

_VAGUE = {*LinkKind, "link", "url", "here", "this", "website", "webpage", "链接", "网址", "网页", "网站", "官网"}
"""Words that name no link: its address says more."""

_UNCLOSED = re.compile(r"\s*[(（][^)）]*$|^[^(（]*[)）]\s*")
_BARE = re.compile(
    r"(?:https?://|\b(?:www\.|arxiv\.org/|github\.com/|youtu\.be/|t\.co/))[^\s<>\"“”，。；！？、）》]+[^\s<>\"“”，。；！？、）》.,;:!?')\]]",
    re.IGNORECASE,
)
"""An address in a text. Without a scheme it is one of those that people write so."""

_ADDRESS = re.compile(r"https?://|www\.|\S+\.\S+/", re.IGNORECASE)


def link_spans(links: Iterable[Link], words: Words, *, source_url: str | None = None) -> Spans:
    """Return links by name, best kinds first and the source last."""
    ordered = sorted(links, key=lambda one: _ORDER[one.kind])
    groups = [_group(kind, tuple(alike), words) for kind, alike in groupby(ordered, lambda one: one.kind)]
    if source_url:
        groups.append((link(words("Original post"), source_url),))
    return join(groups)


def best_links(links: Sequence[Link], limit: int) -> list[Link]:
    """Return the few links that matter most: papers, code and the like, or else the others."""
    named = [one for one in links if one.kind in NAMED_BY_KIND]
    return sorted(named or links, key=lambda one: _ORDER[one.kind])[:limit]


def name_kind(kind: LinkKind, words: Words) -> str:
    """Return the name of a kind of links, "" for one whose name would say nothing."""
    match kind:
        case LinkKind.PAPER:
            return words("Paper")
        case LinkKind.CODE:
            return words("Code")
        case LinkKind.VIDEO:
            return words("Video")
        case LinkKind.PROJECT:
            return words("Project")
        case LinkKind.DATASET:
            return words("Dataset")
        case LinkKind.SLIDES:
            return words("Slides")
        case LinkKind.COURSE:
            return words("Course")
        case LinkKind.DEMO:
            return words("Demo")
        case _:
            return ""


def name_link(one: Link) -> str:
    """Return a short name for one link: its own words, else what it stands for, else its address, shortened."""
    label = _UNCLOSED.sub("", one.label).strip().rstrip(":：")
    if len(label) > 1 and not _ADDRESS.match(label) and label.casefold() not in _VAGUE:
        return clip(label, NAME_LIMIT)
    return clip(_name_target(one.url), NAME_LIMIT)


def name_addresses(document: Document) -> Document:
    """Return the document with a short name wherever it shows an address; where it leads stays as it was written."""

    def rename(block: Heading | Paragraph) -> Heading | Paragraph:
        return replace(block, spans=name_runs(block.spans))

    return Document(recast(document.blocks, rename))


def name_runs(spans: Spans) -> Spans:
    """Return runs with a short name wherever they show an address."""
    return tuple(piece for span in spans for piece in _named(span))


def _named(span: Span) -> Iterator[Span]:
    if Mark.CODE in span.marks:
        yield span
        return
    if span.href is not None:
        shown = span.text.strip()
        yield replace(span, text=clip(_name_target(shown), NAME_LIMIT)) if _BARE.fullmatch(shown) else span
        return
    end = 0
    for found in _BARE.finditer(span.text):
        if before := span.text[end : found.start()]:
            yield replace(span, text=before)
        href = found[0] if "://" in found[0] else f"https://{found[0]}"
        yield replace(span, text=clip(_name_target(href), NAME_LIMIT), href=href)
        end = found.end()
    if rest := span.text[end:]:
        yield replace(span, text=rest) if end else span


def _group(kind: LinkKind, alike: Sequence[Link], words: Words) -> Spans:
    kind_name = name_kind(kind, words)
    if kind_name and len(alike) == 1:
        return (link(kind_name, alike[0].url),)
    names = _distinct([name_link(one) for one in alike])
    links = [(link(name, one.url),) for name, one in zip(names, alike, strict=True)]
    return (Span(words("{name}: ", name=kind_name)), *join(links, Span(words(", ")))) if kind_name else join(links)


def _distinct(names: Sequence[str]) -> list[str]:
    """Number names that are equal."""
    seen: dict[str, int] = {}
    distinct = []
    for name in names:
        seen[name] = seen.get(name, 0) + 1
        distinct.append(f"{name} {seen[name]}" if names.count(name) > 1 else name)
    return distinct


def _name_target(url: str) -> str:
    identifier = identify(url)
    match identifier.kind if identifier else None:
        case IdentifierKind.ARXIV if identifier:
            return f"arXiv:{identifier.key}"
        case IdentifierKind.DOI:
            return str(identifier)
        case IdentifierKind.GITHUB:
            return "/".join(canonical(url).split("/")[1:3])
        case IdentifierKind.OPENREVIEW:
            return "OpenReview"
        case IdentifierKind.YOUTUBE:
            return "YouTube"
        case IdentifierKind.TWEET:
            return "Twitter"
        case _:
            return canonical(url) or url
