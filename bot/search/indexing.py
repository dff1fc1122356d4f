"""What the index keeps of an entry: terms by field, facets to filter by, the words it teaches the vocabulary.

Fields are runs of terms, weighed differently. Facets are single terms with a sign inside (``has:code``, ``#iccv2021``,
``by:@handle``), so that no word of a text can be taken for one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import unquote, urlsplit

from bot.model.digest import Entry
from bot.model.identifiers import Identifier, IdentifierKind, canonical, identify
from bot.model.richtext import Block, Code, Document, Heading, Paragraph, spans_of, walk
from bot.search.analyzer import Analysis, analyze, compounds, hashtags, index_terms, words
from bot.search.folding import fold
from bot.search.people import Mention, Role, mentions
from bot.search.topics import Topics

FIELDS = ("title", "authors", "body", "discussion", "labels", "facets")
"""The columns of terms, in the order of the table."""

REPEATED = "twice:paper"
"""The facet of an entry about a paper that others are about, too: of those, one is found and counted."""


@dataclass(frozen=True, slots=True)
class IndexRow:
    """An entry as the index knows it; the fields and `surface` are terms and words with spaces between and around."""

    title: str
    authors: str
    body: str
    discussion: str
    labels: str
    facets: str
    surface: str
    vocabulary: dict[str, str]
    compounds: frozenset[tuple[str, str]]
    mentions: tuple[Mention, ...]
    topics: tuple[str, ...]
    paper: str | None


def index_entry(entry: Entry, section: str, topics: Topics) -> IndexRow:
    """Return what the index keeps of an entry."""
    own = "\n".join((plain_text(entry.body), plain_text(entry.remark)))
    replies = [plain_text(comment.body) for comment in entry.comments]
    people = tuple(mentions(entry, f"{entry.title}\n{own}"))
    handles = [mention.profile for mention in people if mention.role is Role.POSTED and mention.profile[:1] == "@"]
    labels = "\n".join(link_labels(entry))
    texts = {
        "title": entry.title,
        "authors": "\n".join((*(author.name for author in entry.authors), *handles)),
        "body": own,
        "discussion": "\n".join(
            f"{comment.speaker}\n{reply}" for comment, reply in zip(entry.comments, replies, strict=True)
        ),
        "labels": "\n".join((section, entry.group or "", *entry.hashtags, labels)),
    }
    texts = {name: without_urls(text) for name, text in texts.items()}
    analyses = {name: analyze(text) for name, text in texts.items()}
    parts = frozenset(compounds("\n".join(texts.values())))
    said = (analyses["title"].terms, analyses["body"].terms, index_terms(labels), *([part] for part, _ in parts))
    belongs = topics.of(said)
    paper = paper_of(entry)
    tags = (*entry.hashtags, *(tag for text in (entry.title, own, *replies) for tag in hashtags(without_urls(text))))
    vocabulary: dict[str, str] = {}
    for analysis in analyses.values():
        vocabulary.update(analysis.vocabulary)
    return IndexRow(
        **{name: _field(analysis) for name, analysis in analyses.items()},
        facets=_spaced(dict.fromkeys(_facets(entry, section, tags, paper=paper, people=people, topics=belongs))),
        surface="|".join(_spaced(analysis.words) for analysis in analyses.values()),
        vocabulary=vocabulary,
        compounds=parts,
        mentions=people,
        topics=belongs,
        paper=str(paper) if paper else None,
    )


_URL = re.compile(r"(?:https?://|www\.)[^\s<>\"'）】」，。、；]+", re.IGNORECASE)


def without_urls(text: str) -> str:
    """Return the text with its web addresses blanked, as long as before: their letters are no words of it."""
    return _URL.sub(lambda match: " " * len(match[0]), text) if "://" in text or "www." in text else text


def plain_text(document: Document) -> str:
    """Return the text of a document, a line a block."""
    return "\n".join(_lines(document.blocks))


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    for block in walk(blocks):
        match block:
            case Heading(spans=spans) | Paragraph(spans=spans):
                yield "".join(span.text for span in spans)
            case Code(text=text):
                yield text


@lru_cache(maxsize=256)
def section_facet(title: str) -> str:
    """Return the facet of a section."""
    return f"in:{''.join(words(title))}"


def tag_facet(tag: str) -> str:
    """Return the facet of a hashtag."""
    return f"#{fold(tag)}"


def address_facet(url: str) -> str:
    """Return the facet of what an address stands for."""
    return f"key:{identify(url) or canonical(url)}".lower()


def paper_of(entry: Entry) -> Identifier | None:
    """Return the paper that an entry is about: the only one it links to outside its discussion."""
    discussed = {span.href for comment in entry.comments for span in spans_of(comment.body.blocks)}
    found = {identifier for link in entry.links if link.url not in discussed and (identifier := identify(link.url))}
    for kind in (IdentifierKind.ARXIV, IdentifierKind.DOI, IdentifierKind.OPENREVIEW):
        papers = [identifier for identifier in found if identifier.kind is kind]
        if papers:
            return papers[0] if len(papers) == 1 else None
    return None


def _facets(
    entry: Entry,
    section: str,
    tags: Iterable[str],
    *,
    paper: Identifier | None,
    people: Iterable[Mention],
    topics: Iterable[str],
) -> Iterator[str]:
    yield section_facet(section)
    yield from (f"has:{link.kind}" for link in entry.links)
    if entry.images:
        yield "has:image"
    if entry.comments:
        yield "has:comments"
    yield from map(tag_facet, tags)
    urls = (entry.source_url, *(link.url for link in entry.links), *(author.url for author in entry.authors))
    yield from (address_facet(url) for url in urls if url)
    if paper:
        yield f"paper:{paper}"
    yield from (f"topic:{name}" for name in topics)
    yield from (f"{mention.role}:{key}" for mention in people for key in mention.keys)


def link_labels(entry: Entry) -> Iterator[str]:
    """Yield what the links and images of an entry are called: their labels, and the words of their addresses."""
    for link in entry.links:
        if fold(link.label).strip(" :：") not in _PLAIN_LABELS:
            yield link.label
        yield " ".join(slug_words(link.url))
    yield from (image.alt for image in entry.images if " " in image.alt.strip())


_PLAIN_LABELS = frozenset(
    {"", "abs", "paper", "pdf", "arxiv", "code", "github", "video", "youtube", "project", "project page", "page"}
    | {"webpage", "website", "homepage", "link", "url", "slides", "dataset", "data", "demo", "course", "blog", "post"}
    | {"tweet", "twitter", "original twitter", "reference", "论文", "代码", "项目", "主页", "视频", "链接", "数据集"}
)
_PLAIN_SLUGS = frozenset(
    {"html", "htm", "index", "pdf", "www", "com", "org", "net", "edu", "projects", "project", "page", "pages", "home"}
    | {"people", "publications", "papers", "paper", "blog", "watch", "main", "master", "tree", "blob", "docs", "wiki"}
)
_IDENTIFIED_BY_NUMBER = frozenset(IdentifierKind) - {IdentifierKind.GITHUB}
_SLUG_WORD = re.compile(r"[A-Za-z][A-Za-z0-9]{1,30}")


def slug_words(url: str) -> list[str]:
    """Return the words of an address that tell what is behind it: of a repository's name, a project's path."""
    identifier = identify(url)
    if identifier and identifier.kind in _IDENTIFIED_BY_NUMBER:
        return []
    try:
        parts = urlsplit(url)
    except ValueError:  # a broken IPv6 address
        return []
    host = parts.netloc.lower().removeprefix("www.")
    owner = [host.partition(".")[0]] if host.endswith((".github.io", ".gitlab.io")) else []
    segments = [unquote(segment) for segment in parts.path.split("/") if segment][-3:]
    named = [segment for segment in segments if sum(map(str.isdigit, segment)) * 3 <= len(segment)]
    return [word for text in (*owner, *named) for word in _slug(text)]


def _slug(text: str) -> list[str]:
    parts = [part for part in _SLUG_WORD.findall(text) if part.lower() not in _PLAIN_SLUGS]
    joined = "".join(parts)
    return [*parts, joined] if 1 < len(parts) <= 3 else parts


def _field(analysis: Analysis) -> str:
    # A bar between the text and its other forms: no phrase reaches across it.
    return _spaced((*analysis.terms, "|", *analysis.forms) if analysis.forms else analysis.terms)


def _spaced(terms: Iterable[str]) -> str:
    joined = " ".join(terms)
    return f" {joined} " if joined else ""
