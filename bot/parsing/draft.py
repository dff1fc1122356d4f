"""An entry under construction: what was found of it so far, and how the findings become one value."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import takewhile

from bot.model.digest import Author, Comment, Entry, Link, LinkKind
from bot.model.richtext import (
    Block,
    Divider,
    Document,
    Heading,
    Image,
    List,
    Mark,
    Paragraph,
    Quote,
    Span,
    Spans,
    spans_of,
)
from bot.parsing.addresses import is_address
from bot.parsing.labels import kind_of_label
from bot.parsing.links import Found, find_links, kind_of
from bot.parsing.references import refers
from bot.parsing.social import is_post
from bot.parsing.spans import first_line, join_lines, lines_of, squeeze, text_of
from bot.parsing.speech import Speech
from bot.parsing.titles import derive_title, shorten_title

_HASHTAG = re.compile(r"(?<![\w/#&@.])#(\w*[^\W\d_]\w*)")
_COURSE = re.compile(r"\b(?:course|class)\b|课程", re.IGNORECASE)
_CJK = re.compile(r"[\u3400-\u9fff]")
_LETTER = re.compile(r"[^\W\d_]")
_NAMELESS = "…"
_REMARK_CHARACTERS = 4
_REMARK_SHARE = 0.2
"""A closing line is the editors' own remark where it is bold and so much of it is Chinese."""


@dataclass(slots=True)
class Draft:
    """What was found of an entry so far. `asides` are words that only label: no field holds them."""

    group: str | None = None
    title: str = ""
    title_post: str | None = None
    authors: list[Author] = field(default_factory=list)
    references: list[str] = field(default_factory=list)
    images: list[Image] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    remark: list[Block] = field(default_factory=list)
    body: list[Block] = field(default_factory=list)
    hashtags: list[str] = field(default_factory=list)
    asides: list[str] = field(default_factory=list)
    leading_name: str = ""
    affiliation: str = ""
    _links: dict[str, Link] = field(default_factory=dict)

    def add_links(self, line: Spans, label: str = "") -> None:
        """Note the links of a line; `label` announces them where nothing nearer does."""
        for found in find_links(line):
            self.add_link(found, label)

    def add_link(self, found: Found, label: str = "") -> None:
        """Note a link, once; one that is announced as the post itself becomes the source."""
        if refers(found):
            self.refer(found.url, found.label or found.words)
        elif not found.is_mention:
            link = self._links.setdefault(found.url, found.as_link(label))
            # A link goes by one name.
            self.note_aside(found.label if found.label != link.label else "")
            self.note_aside(found.words if found.words not in {link.label, link.url} else "")

    def refer(self, url: str, label: str) -> None:
        """Note the address of the post itself."""
        self.references.append(url)
        self.asides.append(label)

    def add_author(self, author: Author) -> None:
        """Note who posted it, once; a link to the post itself tells more than one to a profile."""
        known = next((index for index, one in enumerate(self.authors) if one.name == author.name), None)
        if known is None:
            self.authors.append(author)
            return
        addresses = [url for url in (self.authors[known].url, author.url) if url]
        best = max(addresses, key=is_post, default=None)
        self.authors[known] = Author(author.name, best)
        self.asides.extend(url for url in addresses if url != best)

    def note_aside(self, words: str) -> None:
        """Note words that only label."""
        if words.strip():
            self.asides.append(words)

    def add_remark(self, label: str, blocks: Iterable[Block]) -> None:
        """Note a remark of the editors'."""
        self.asides.append(label)
        self.remark.extend(self.keep(blocks))

    def add_comment(self, speech: Speech, blocks: Iterable[Block], *, depth: int) -> None:
        """Note what somebody answers."""
        self.comments.append(Comment(speech.speaker, depth, Document(tuple(self.keep(blocks))), speech.url))

    def knows_speaker(self, name: str) -> bool:
        """Tell whether somebody has spoken here, or posted it."""
        people = (*(author.name for author in self.authors), *(comment.speaker for comment in self.comments))
        return name in people

    def keep(self, blocks: Iterable[Block]) -> list[Block]:
        """Note links and images of blocks that stay as they are; return the blocks without the images."""
        kept: list[Block] = []
        for block in blocks:
            match block:
                case Image():
                    self.images.append(block)
                    continue
                case Paragraph(spans=spans) | Heading(spans=spans):
                    self.add_links(spans)
                    kept.append(block)
                case List(items=items):
                    kept.append(replace(block, items=tuple(tuple(self.keep(item)) for item in items)))
                case Quote(blocks=inner):
                    kept.append(replace(block, blocks=tuple(self.keep(inner))))
                case _:
                    kept.append(block)
        return kept

    def note_hashtags(self, spans: Iterable[Span]) -> None:
        """Note the hashtags of a text, once each."""
        known = {tag.casefold() for tag in self.hashtags}
        for span in spans:
            if "#" not in span.text or is_address(span.text) or Mark.CODE in span.marks:
                continue
            for tag in _HASHTAG.findall(span.text):
                if tag.casefold() not in known:
                    known.add(tag.casefold())
                    self.hashtags.append(tag)

    def finish(self, section: str) -> Entry:
        """Return the entry."""
        self._trim()
        self._find_remark()
        source = self._source()
        links = self._own_links(source)
        title = self.title or self._derive_title(links, section)
        return Entry(
            title=title,
            group=self.group,
            authors=tuple(self.authors),
            source_url=source,
            links=links,
            images=tuple(self.images),
            comments=tuple(self.comments),
            remark=Document(tuple(self.remark)),
            hashtags=tuple(self.hashtags),
            body=Document(tuple(self.body)),
            title_derived=not self.title,
        )

    def _trim(self) -> None:
        while self.body and isinstance(self.body[-1], Divider):
            self.body.pop()
        while self.body and isinstance(self.body[0], Divider):
            self.body.pop(0)

    def _find_remark(self) -> None:
        """Take the editors' remark off the end of the body: a closing line of their own, bold or a heading."""
        closes = len(self.body) > 1 or self._links or self.images or self.references
        if self.remark or not self.body or not closes:
            return
        match self.body[-1]:
            case Heading(spans=spans) if _is_chinese(text_of(spans)):
                self.body.pop()
                self.remark = [Paragraph(spans)]
            case Paragraph(spans=spans):
                *above, last = lines_of(spans)
                if _is_bold(last) and _is_chinese(text_of(last)):
                    self.body[-1:] = [Paragraph(join_lines(above))] if above else []
                    self.remark = [Paragraph(tuple(replace(span, marks=span.marks - {Mark.BOLD}) for span in last))]

    def _source(self) -> str | None:
        """Return the post itself: as referred to, or else where its author's name or its title leads."""
        posts = (author.url for author in self.authors if author.url and is_post(author.url))
        return next((url for url in (*self.references, *posts, self.title_post) if url), None)

    def _own_links(self, source: str | None) -> tuple[Link, ...]:
        people = {author.url for author in self.authors} | {comment.url for comment in self.comments}
        posts = [url for url in (*self.references, self.title_post) if url]
        more = {url: Link(url, kind_of(url, "", "")) for url in posts if url not in self._links}
        links = {**self._links, **more}
        own: list[Link] = []
        for url, link in links.items():
            if url != source and url not in people:
                own.append(self._as_course(link) if _COURSE.search(self.title) else link)
            else:
                self.note_aside(link.label)
        return tuple(own)

    def _as_course(self, link: Link) -> Link:
        """A course's website is the course."""
        is_page = link.kind is LinkKind.PROJECT and kind_of_label(link.label) is LinkKind.PROJECT
        return replace(link, kind=LinkKind.COURSE) if is_page else link

    def _derive_title(self, links: tuple[Link, ...], section: str) -> str:
        names = {author.name.casefold() for author in self.authors}
        for text in self._title_texts(links):
            title = derive_title(text)
            if title.casefold() not in names and any(map(str.isalpha, title)):
                return title
        addresses = (*(link.url for link in links), *(image.url for image in self.images))
        address = next((shorten_title(url.partition("://")[2] or url) for url in addresses), "")
        rest = (squeeze(section), address) if self.body else (address, squeeze(section))
        return next(filter(None, (*rest, squeeze(text_of(spans_of(self.body))))), _NAMELESS)

    def _title_texts(self, links: tuple[Link, ...]) -> Iterator[str]:
        """Yield what could name the entry, best first."""
        yield self.leading_name
        yield from (text for text in map(_opening, self.body) if text != self.affiliation)
        yield from (link.label for link in links if " " in link.label and kind_of_label(link.label) is None)
        for document in (Document(tuple(self.remark)), *(comment.body for comment in self.comments)):
            yield text_of(spans_of(document.blocks))
        yield from (image.alt for image in self.images)


def _opening(block: Block) -> str:
    """Return the words with which a block begins: its bold ones, or its first line."""
    match block:
        case Quote(blocks=(first, *_)) | List(items=((first, *_), *_)):
            return _opening(first)
    line = first_line((block,))
    bold = text_of(takewhile(lambda span: Mark.BOLD in span.marks, line))
    return bold if len(bold.split()) > 2 or bold == text_of(line) else text_of(line)


def _is_bold(spans: Spans) -> bool:
    return all(Mark.BOLD in span.marks or not span.text.strip() for span in spans)


def _is_chinese(text: str) -> bool:
    chinese = len(_CJK.findall(text))
    return chinese >= _REMARK_CHARACTERS and chinese >= _REMARK_SHARE * len(_LETTER.findall(text))
