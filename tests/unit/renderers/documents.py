"""Hypothesis strategies for documents, and ways to read them back."""

from __future__ import annotations

from collections.abc import Iterable

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
    Paragraph,
    Quote,
    Span,
    Talk,
)

WORDS = (
    "NeRF ", "depth", "a paper, by Ada et al. 2021. ", "It works! ", "深度学习", "很好。", "真的吗？", " ", "\n",
    "👩‍👩‍👧‍👦", "🇨🇳", "👍🏽", "é", "e\u0301", "שלום ", "x" * 40, "<b>&\"'", "…",
)  # fmt: skip
HREFS = ("https://arxiv.org/abs/2003.08934", "http://example.org/?a=1&b=2", "mailto:ada@example.org")

texts = st.lists(st.sampled_from(WORDS), min_size=1, max_size=8).map("".join)
marks = st.sampled_from([frozenset[Mark](), *(frozenset({one, other}) for one in Mark for other in Mark)])
spans = st.lists(
    st.builds(Span, texts, marks, st.sampled_from((None, None, *HREFS))), min_size=1, max_size=3
).map(tuple)  # fmt: skip

leaves: st.SearchStrategy[Block] = st.one_of(
    st.builds(Paragraph, spans),
    st.builds(Byline, spans),
    st.builds(LinkLine, spans),
    st.builds(Heading, spans, st.integers(1, 4)),
    st.builds(Code, texts, st.sampled_from(("", "python"))),
    st.sampled_from((Image(HREFS[0]), Image(HREFS[1], "a plot"), Divider())),
)


def _containers(inner: st.SearchStrategy[Block]) -> st.SearchStrategy[Block]:
    blocks = st.lists(inner, min_size=1, max_size=3).map(tuple)
    return st.one_of(
        st.builds(Quote, blocks, st.booleans()),
        st.builds(Fold, blocks),
        st.builds(Talk, st.lists(blocks, min_size=1, max_size=3).map(tuple)),
        st.builds(List, st.lists(blocks, min_size=1, max_size=3).map(tuple), st.booleans(), st.integers(0, 12)),
    )


blocks = st.recursive(leaves, _containers, max_leaves=5)
documents = st.lists(blocks, max_size=4).map(lambda found: Document(tuple(found)))


def characters(found: Iterable[Block]) -> list[tuple[str, object]]:
    """Return every character with all that says how it looks, and every image and rule, in reading order."""
    read: list[tuple[str, object]] = []
    for block in found:
        match block:
            case Heading(spans=runs, level=level):
                read += [(char, (run.marks, run.href, level)) for run in runs for char in run.text]
            case Paragraph(spans=runs):
                read += [(char, (run.marks, run.href)) for run in runs for char in run.text]
            case Code(text=text, language=language):
                read += [(char, language) for char in text]
            case Quote(blocks=inner, folded=folded):
                read += [(char, ("quote", folded, style)) for char, style in characters(inner)]
            case List(items=items, ordered=ordered, start=start):
                for number, item in enumerate(items, start):
                    read += [(char, ("item", ordered, number, style)) for char, style in characters(item)]
            case Image() | Divider():
                read.append(("", block))
    return read
