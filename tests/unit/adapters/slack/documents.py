"""Documents of any shape, and what can be read in them and in blocks."""

from __future__ import annotations

from collections.abc import Iterator
from html import unescape
from typing import Any

from hypothesis import settings
from hypothesis import strategies as st

from bot.model.richtext import (
    Block,
    Byline,
    Code,
    Divider,
    Document,
    Fold,
    Heading,
    Image,
    LinkLine,
    List,
    Mark,
    Opening,
    Paragraph,
    Quote,
    Span,
    Talk,
)

UNHURRIED = settings(deadline=None)
"""Laws about what comes out, not about how fast: a busy machine breaks none."""

GLYPHS = (*"abc Zé 中文。*_~<>&`\n\u00a0", "👩‍🔬", "🇨🇭", "e\u0301", ". ")
TEXTS = st.lists(st.sampled_from(GLYPHS), max_size=40).map("".join)
HREFS = st.none() | st.sampled_from(
    [
        "https://example.org/a?b=1&c=2",
        "http://[",
        "mailto:a@example.org",
        "/relative",
        "javascript:x",
        "https://e.org/" + "x" * 3000,
    ]
)
SPANS = st.lists(st.builds(Span, TEXTS, st.frozensets(st.sampled_from(list(Mark)), max_size=3), HREFS), max_size=4).map(
    tuple
)
IMAGES = st.builds(
    Image,
    st.sampled_from(
        [
            "https://example.org/a.png",
            "https://pbs.twimg.com/media/abc?format=jpg&name=large",
            "https://example.org/a.webp",
            "http://example.org/a.png",
            "file:///tmp/a.png",
            "file:///tmp/a.mp4",
            "https://[/x.png",
        ]
    ),
    TEXTS,
)
LEAVES = (
    st.builds(Heading, SPANS, st.integers(1, 6))
    | st.builds(Paragraph, SPANS)
    | st.builds(Byline, SPANS)
    | st.builds(LinkLine, SPANS)
    | st.builds(Code, TEXTS)
    | IMAGES
    | st.just(Divider())
)
BLOCKS = st.recursive(
    LEAVES,
    lambda inner: (
        st.builds(
            List,
            st.lists(st.lists(inner, max_size=3).map(tuple), max_size=3).map(tuple),
            st.booleans(),
            st.integers(1, 30),
        )
        | st.builds(Talk, st.lists(st.lists(inner, max_size=3).map(tuple), max_size=3).map(tuple))
        | st.builds(Quote, st.lists(inner, max_size=3).map(tuple))
        | st.builds(Fold, st.lists(inner, max_size=3).map(tuple))
    ),
    max_leaves=12,
)
FOLDS = st.builds(Fold, st.lists(BLOCKS, max_size=4).map(tuple), opening=st.just(Opening("Read more", "entry 34")))
"""What a button opens: its words are not all shown."""
DOCUMENTS = st.lists(BLOCKS, max_size=6).map(lambda blocks: Document(tuple(blocks)))


def words_of(rendered: Any) -> str:
    """Return every word shown by rendered blocks, in order, without the white space and dots between."""
    return "".join("".join(_texts(rendered)).replace("↳", "").replace("·", "").split())


def _texts(rendered: Any) -> Iterator[str]:
    match rendered:
        case list():
            for item in rendered:
                yield from _texts(item)
        case {"type": "image", "alt_text": str(alt)}:
            yield alt
        case {"type": "plain_text" | "text" | "link", "text": str(text)}:
            yield text
        case {"type": "mrkdwn", "text": str(text)}:
            yield unescape(text.removesuffix(">").partition("|")[2])
        case dict():
            yield from _texts(rendered.get("text"))
            yield from _texts(rendered.get("elements"))


def texts_of(block: Block) -> Iterator[str]:
    """Yield the texts of a block as written, pictures left away."""
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            yield from (span.text for span in spans)
        case Code(text=text):
            yield text
        case Quote(blocks=blocks):
            for inner in blocks:
                yield from texts_of(inner)
        case List(items=items):
            for item in items:
                for inner in item:
                    yield from texts_of(inner)
