"""Markdown becomes blocks of rich text."""

from __future__ import annotations

import pytest

from bot.model.richtext import Block, Code, Divider, Heading, Image, List, Mark, Paragraph, Quote, Span
from bot.parsing.tree import read_tree

BOLD = frozenset({Mark.BOLD})


def _blocks(markdown: str) -> tuple[Block, ...]:
    return read_tree(markdown).blocks


def _words(text: str) -> Paragraph:
    return Paragraph((Span(text),))


def _spans(markdown: str) -> tuple[Span, ...]:
    [block] = _blocks(markdown)
    assert isinstance(block, Paragraph)
    return block.spans


def test_blocks_of_every_kind() -> None:
    """Headings, paragraphs, lists, quotes, code, rules and images come in order."""
    text = "# A\n\nb\n\n- c\n- d\n  1. e\n\n> f\n\n```py\ng\n```\n\n***\n\n![h](i.png)"
    assert _blocks(text) == (
        Heading((Span("A"),), 1),
        Paragraph((Span("b"),)),
        List(
            ((Paragraph((Span("c"),)),), (Paragraph((Span("d"),)), List(((Paragraph((Span("e"),)),),), ordered=True)))
        ),
        Quote((Paragraph((Span("f"),)),)),
        Code("g", "py"),
        Divider(),
        Image("i.png", "h"),
    )


def test_marks_combine() -> None:
    """Styles stand beside each other in one run."""
    assert _spans("a **b *c* ~~d~~** `e` [**f**](https://g.example)") == (
        Span("a "),
        Span("b ", BOLD),
        Span("c", BOLD | {Mark.ITALIC}),
        Span(" ", BOLD),
        Span("d", BOLD | {Mark.STRIKE}),
        Span(" "),
        Span("e", frozenset({Mark.CODE})),
        Span(" "),
        Span("f", BOLD, "https://g.example"),
    )


@pytest.mark.parametrize(
    ("markdown", "spans"),
    [
        ("**评述：**新的", (Span("评述：", BOLD), Span("新的"))),
        ("a **b **c", (Span("a "), Span("b ", BOLD), Span("c"))),
        ("5 ** 2 and 3 ** 4", (Span("5 ** 2 and 3 ** 4"),)),
        ("**a", (Span("**a"),)),
    ],
)
def test_bold_is_what_the_writer_meant(markdown: str, spans: tuple[Span, ...]) -> None:
    """Stars that CommonMark leaves standing still mean bold, where they hug their words."""
    assert _spans(markdown) == spans


@pytest.mark.parametrize(
    ("markdown", "spans"),
    [
        ("<b>a</b> <i>b</i><br>c", (Span("a", BOLD), Span(" "), Span("b", frozenset({Mark.ITALIC})), Span("\nc"))),
        ('<a href="https://a.example">b</a>', (Span("b", frozenset(), "https://a.example"),)),
        ("<span style='x'>a</span>", (Span("a"),)),
        ("a vector<int> b", (Span("a vector<int> b"),)),
        ("a <!-- hidden --> b", (Span("a  b"),)),
        ("<!-- hidden --> b", (Span("b"),)),
        ("&lt;b&gt; &amp; &copy;", (Span("<b> & ©"),)),
    ],
)
def test_html_means_what_it_does(markdown: str, spans: tuple[Span, ...]) -> None:
    """Known tags style and break; what is no HTML is text; comments are hidden."""
    assert _spans(markdown) == spans


def test_html_does_not_swallow_the_markdown_below() -> None:
    """A line of HTML ends where it ends."""
    text = '<div align=center><img src="a.png" alt="A"/></div>\n**b**\n- c'
    assert _blocks(text) == (
        Image("a.png", "A"),
        Paragraph((Span("b", BOLD),)),
        List(((Paragraph((Span("c"),)),),)),
    )


def test_layout_and_comments_are_kept_aside() -> None:
    """What is shown nowhere is still told."""
    text = (
        '<div align=center><img src="a.png" width="75%"></div>\n\n<!-- to\n\ndo -->\n\n[x]: https://a.example "Title"'
    )
    assert set(read_tree(text).asides) == {"align=center", "width=75%", "<!-- to do -->", "X https://a.example Title"}


@pytest.mark.parametrize(
    ("markdown", "text"),
    [
        ("one\ntwo", "one\ntwo"),
        (f"{'word ' * 14}\n{'word ' * 15}\nend.", " ".join(["word"] * 29) + " end."),
        (f"{'word ' * 14}\npaper: https://a.example", " ".join(["word"] * 14) + "\npaper: https://a.example"),
    ],
)
def test_wrapped_lines_are_joined(markdown: str, text: str) -> None:
    """Lines that an editor wrapped at its margin are one; lines that a writer broke stay apart."""
    assert "".join(span.text for span in _spans(markdown)) == text


def test_rule_right_below_a_text_makes_no_heading() -> None:
    """Dashes under a paragraph are a rule where headings have signs; elsewhere they underline one."""
    assert _blocks("# A\n\nb\n---") == (Heading((Span("A"),), 1), Paragraph((Span("b"),)), Divider())
    assert _blocks("A\n===\n\nb\n---") == (Heading((Span("A"),), 1), Heading((Span("b"),), 2))


def test_table_is_drawn_and_its_links_follow() -> None:
    """Columns are aligned, wide characters counted as two, cells beyond the head kept."""
    code, links = _blocks("|名|b|\n|-|-|\n|[c](https://c.example)|d|e|")
    assert code == Code("名  b\n──  ─  ─\nc   d  e")
    assert links == Paragraph((Span("c: "), Span("https://c.example", href="https://c.example")))


def test_footnote_stands_below_what_refers_to_it() -> None:
    """Wherever a note is written, it is read where it is called; one that nobody calls stays at the end."""
    paragraph, note, other, uncalled = _blocks("a[^1]\n\nb\n\n[^2]: d\n\n[^1]: c")
    assert [paragraph, note, other, uncalled] == [
        Paragraph((Span("a[1]"),)),
        Paragraph((Span("[1] c"),)),
        Paragraph((Span("b"),)),
        Paragraph((Span("[2] d"),)),
    ]


def test_indented_list_is_a_list() -> None:
    """A list that stands far to the right as a whole has as many items as bullets."""
    assert _blocks("    - a\n    - b\n      - c\n    - d") == (
        List(((_words("a"),), (_words("b"), List(((_words("c"),),))), (_words("d"),))),
    )


def test_indented_text_is_text() -> None:
    """Nobody who indents a paragraph means code."""
    assert _blocks("- a\n\n        b") == (List(((Paragraph((Span("a"),)), Paragraph((Span("b"),))),)),)
