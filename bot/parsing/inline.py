"""The tokens inside a paragraph -> runs of text and images."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace

from markdown_it.token import Token

from bot.model.richtext import Image, Mark, Span, Spans
from bot.parsing.html import MARKS, Tag, is_comment, read_tag
from bot.parsing.spans import join, split_at

_MARKS = {"strong": Mark.BOLD, "em": Mark.ITALIC, "s": Mark.STRIKE}
_ABSOLUTE = re.compile(r"(?:https?://|mailto:)", re.IGNORECASE)
_STARS = re.compile(r"\*\*+")

_PLAIN: frozenset[Mark] = frozenset()

Piece = Span | Image


def read_inline(tokens: Iterable[Token], asides: list[str]) -> list[Piece]:
    """Return the runs and images of a paragraph. What only arranges them is appended to `asides`."""
    reader = _Reader(asides)
    for token in tokens:
        reader.read(token)
    return reader.pieces


class _Reader:
    """Walks the tokens and knows which styles are open."""

    def __init__(self, asides: list[str]) -> None:
        self.pieces: list[Piece] = []
        self._asides = asides
        self._open: dict[Mark, int] = {}
        self._style = _PLAIN
        self._href: str | None = None
        self._target = ""
        self._link_start = 0

    def read(self, token: Token) -> None:
        match token.type:
            case "text":
                self._say(token.content)
            case "softbreak" | "hardbreak":
                self._say("\n")
            case "link_open" | "link_close":
                self._link(token)
            case "code_inline":
                self.pieces.append(Span(token.content, self._style | {Mark.CODE}, self._href))
            case "image":
                self._image(str(token.attrs.get("src", "")), token.content, str(token.attrs.get("title", "")))
            case "html_inline":
                self._html(token.content)
            case "footnote_ref":
                self._say(f"[{token.meta['label']}]")
            case _:
                self._mark(_MARKS[token.tag], opens=token.nesting > 0)

    def _say(self, text: str) -> None:
        if text:
            self.pieces.append(Span(text, self._style, self._href))

    def _mark(self, mark: Mark, *, opens: bool) -> None:
        self._open[mark] = max(self._open.get(mark, 0) + (1 if opens else -1), 0)
        self._style = frozenset(mark for mark, count in self._open.items() if count)

    def _link(self, token: Token) -> None:
        if token.nesting > 0:
            self._open_link(str(token.attrs.get("href", "")))
            self._note(str(token.attrs.get("title", "")))
        else:
            self._close_link()

    def _open_link(self, target: str) -> None:
        self._target = target
        self._href = target if _ABSOLUTE.match(target) else None
        self._link_start = len(self.pieces)

    def _close_link(self) -> None:
        inside = self.pieces[self._link_start :]
        words = "".join(piece.text for piece in inside if isinstance(piece, Span))
        if self._href and not words.strip():
            # A picture that is a link: what it shows names the link, too.
            alt = next((piece.alt for piece in inside if isinstance(piece, Image)), "")
            self._say(alt or self._href)
        self._tell_target(words)
        self._href = None
        self._target = ""

    def _tell_target(self, words: str) -> None:
        # A link to another file of the digest leads nowhere from a chat: its target is told in words.
        if self._href is None and self._target and not self._target.startswith("#") and self._target != words:
            self._say(f" ({self._target})")

    def _image(self, source: str, alt: str, title: str) -> None:
        if not source:
            self._say(alt or title)
            return
        self.pieces.append(Image(source, alt or title))
        self._note(title if alt else "")

    def _note(self, text: str) -> None:
        if text:
            self._asides.append(text)

    def _html(self, markup: str) -> None:
        tag = read_tag(markup)
        if tag is not None:
            self._tag(tag)
        elif is_comment(markup):
            self._note(markup)
        else:
            self._say(markup)

    def _tag(self, tag: Tag) -> None:
        match tag.name, tag.role:
            case "img", "open":
                self._image(tag.attributes.get("src", ""), tag.attributes.get("alt", ""), "")
            case "a", "open":
                self._open_link(tag.attributes.get("href", ""))
            case "a", "close":
                self._close_link()
            case (("video" | "iframe" | "source" | "audio"), "open"):
                self._media(tag.attributes.get("src", ""))
            case (("td" | "th"), "close"):
                self._say("  ")
            case name, role if name in MARKS:
                self._mark(MARKS[name], opens=role == "open")
        if tag.breaks:
            self._say("\n")
        self._note(tag.layout)

    def _media(self, source: str) -> None:
        if source:
            self._open_link(source)
            self._say(source)
            self._href = None
            self._target = ""


def mend_bold(spans: Sequence[Span]) -> Spans:
    """Make bold what stands between stars that CommonMark did not take for any.

    It wants a space or a letter at the right side of ``**``; Chinese writers, and those who put a space inside, mean
    bold nevertheless: ``**评述：**新的``, ``**from ** [@name]``.
    """
    if not any("**" in span.text for span in spans):
        return tuple(spans)
    text = "".join(span.text for span in spans)
    stars = [found.span() for found in _STARS.finditer(text)]
    pairs = [pair for pair in zip(stars[::2], stars[1::2], strict=False) if _hugs(text, pair[0][1], pair[1][0])]
    edges = [edge for opening, closing in pairs for edge in (*opening, *closing)]
    mended: list[Span] = []
    for index, part in enumerate(split_at(spans, edges)):
        match index % 4:
            case 0:
                mended.extend(part)
            case 2:
                mended.extend(replace(span, marks=span.marks | {Mark.BOLD}) for span in part)
    return join(mended)


def _hugs(text: str, start: int, end: int) -> bool:
    """Tell whether the stars stand tight against what they enclose, on one side at least."""
    inside = text[start:end]
    return bool(inside.strip()) and not (inside[0].isspace() and inside[-1].isspace())
