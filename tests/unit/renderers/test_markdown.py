"""Markdown that reads back as what it was made of."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from bot.model.richtext import (
    Code,
    Divider,
    Document,
    Heading,
    Image,
    List,
    Mark,
    Paragraph,
    Quote,
    Span,
    bold,
    code,
    italic,
    link,
    paragraph,
)
from bot.renderers.markdown import render_markdown

READER = MarkdownIt("commonmark").enable("strikethrough")


def render(*blocks) -> str:
    return render_markdown(Document(tuple(blocks)))


def read(markdown: str) -> str:
    """Return the words that a reader of Markdown sees."""
    seen = []
    for token in READER.parse(markdown):
        inside = token.children or ([token] if token.type in {"fence", "code_block", "html_block"} else [])
        seen += ["\n" if one.type in {"hardbreak", "softbreak"} else one.content for one in inside]
        seen.append("\n")
    return " ".join("".join(seen).split())


def html(markdown: str) -> str:
    return READER.render(markdown).strip()


@pytest.mark.parametrize(
    ("block", "written"),
    [
        (paragraph("plain ", bold("bold"), " ", italic("italic")), "plain **bold** *italic*"),
        (paragraph("see ", link("the paper", "https://a.org/x")), "see [the paper](https://a.org/x)"),
        (paragraph(link("x", "https://a.org/(x)")), "[x](<https://a.org/(x)>)"),
        (paragraph(link("https://a.org", "https://a.org")), "<https://a.org>"),
        (paragraph(link("here", "javascript:alert(1)")), "here"),
        (paragraph("run ", code("a`b")), "run ``a`b``"),
        (paragraph("one\ntwo"), "one\\\ntwo"),
        (Heading((Span("C#"),), level=2), "## C\\#"),
        (List(((paragraph("a"),), (paragraph("b"),))), "- a\n- b"),
        (List(((paragraph("a"), List(((paragraph("b"),),))),), ordered=True, start=9), "9. a\n\n   - b"),
        (Quote((paragraph("a"), paragraph("b"))), "> a\n>\n> b"),
        (Quote((paragraph("a"), paragraph("b")), folded=True), "a\n\nb"),
        (Code("x = '```'", language="python"), "````python\nx = '```'\n````"),
        (Image("https://a.org/a.png", "a *b*"), "![a \\*b\\*](https://a.org/a.png)"),
        (Image("file:///home/me/a.png", "a figure"), "\\[a figure\\]"),
        (Divider(), "* * *"),
        (paragraph("snake_case and _this_"), "snake_case and \\_this\\_"),
        (paragraph("# 1"), "\\# 1"),
        (paragraph("2021. A year"), "2021\\. A year"),
        (paragraph("- no item"), "\\- no item"),
        (paragraph("文", bold("字。"), "后"), "文字。后"),
    ],
)
def test_each_block_has_its_form(block, written: str) -> None:
    """Short, plain, and as people write it."""
    assert render(block) == written


def test_two_lists_stay_two() -> None:
    """Nothing grows together that was apart."""
    assert html(render(List(((paragraph("a"),),)), List(((paragraph("b"),),)))).count("<ul>") == 2


TEXTS = st.text(
    st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("*_`[]()<>#&~\\-+=.1 \n中。"), max_size=30
)
SPANS = st.builds(
    Span,
    TEXTS,
    st.frozensets(st.sampled_from(Mark), max_size=2),
    st.none() | st.sampled_from(["https://a.org/x_y(z)", "https://b.org/?a=1&b=2"]),
).filter(lambda span: span.text.strip() or span.href is None)  # a link without words shows its address


@given(st.lists(SPANS, max_size=6))
def test_every_word_is_read_as_it_was_written(spans: list[Span]) -> None:
    """Whatever somebody typed, styled or linked in any way, is text, and all of it."""
    written = " ".join("".join(span.text for span in spans).split())
    seen = read(render(Paragraph(tuple(spans))))
    assert seen.replace(" ", "") == written.replace(" ", "")
    assert "<h1>" not in html(render(Paragraph(tuple(spans))))


@given(st.text(st.characters(exclude_categories=("Cs", "Cc")) | st.sampled_from("`~\n")))
def test_code_stays_code(text: str) -> None:
    """However many fences it holds."""
    assert html(render(Code(text))).startswith("<pre><code>")
    assert html(render(Code(text))).count("<pre>") == 1
