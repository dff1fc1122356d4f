"""Documents as text with entities: offsets, nesting, budgets, and how each block looks."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.adapters.telegram.rendering import cost, linkable, render
from bot.adapters.telegram.writer import LIMIT, Entity, Rich, fits
from bot.model.richtext import (
    Block,
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
    spans_of,
)
from bot.renderers.splitting import pack
from tests.fakes.telegram.entities import check_text, cut
from tests.unit.renderers.documents import documents

URL = "https://arxiv.org/abs/2003.08934"


def shown(*blocks: Block) -> list[tuple[str, str]]:
    """Return each entity's kind and the words it covers, as the server would cut them out."""
    rich = render(blocks)
    return [(entity["type"], cut(rich.text, entity)) for entity in rich.json()]


@settings(deadline=None)
@given(documents)
def test_the_server_takes_every_text_as_it_is(document: Document):
    """Nothing is trimmed, dropped, split or refused: not by the limits of nesting, not by offsets, not by addresses."""
    rich = render(document.blocks)
    if rich.text and fits(rich):
        checked = check_text(rich.text, rich.json(), limit=4096)
        assert checked.text == rich.text
        assert checked.violations == []
        assert all(entity in checked.entities for entity in rich.json())


@settings(deadline=None)
@given(documents)
def test_every_word_is_there(document: Document):
    """All runs of a document stand in its text, in order."""
    text = "".join(render(document.blocks).text.replace("│", "").split())
    at = 0
    for span in spans_of(document.blocks):
        words = "".join(unicodedata.normalize("NFC", span.text).replace("│", "").split())
        at = text.index(words, at) + len(words)


@settings(deadline=None)
@given(st.lists(documents, max_size=4), st.integers(40, 400), st.integers(3, 20))
def test_packed_documents_cost_what_the_parts_cost(units: list[Document], length: int, entities: int):
    """A document that was packed by the costs of its blocks is within the limit as a whole."""
    limit = (length, entities, 2000)
    for piece in pack(units, cost=cost, limit=limit, joint=(2, 0, 0)):
        if len(piece.blocks) > 1:  # a single picture or rule cannot be cut
            assert fits(render(piece.blocks), limit)


@settings(deadline=None)
@given(
    st.lists(st.sampled_from(["a", "深", "👩‍👩‍👧‍👦", "🇨🇳", "👍🏽", "é", "ש"]), max_size=20),
    st.lists(st.integers(0, 20)),
)
def test_offsets_count_utf16_units(letters: list[str], cuts: list[int]):
    """An entity covers its own words whatever stands before it, counted as the server counts."""
    spans = [bold(letter) if index in cuts else Span(letter) for index, letter in enumerate(letters)]
    rich = render([Paragraph(tuple(spans))])
    strong = "".join(letter for index, letter in enumerate(letters) if index in cuts)
    assert "".join(cut(rich.text, entity) for entity in rich.json()) == strong


@pytest.mark.parametrize(
    ("block", "text", "entities"),
    [
        (Heading((Span("Title"),), 2), "Title", [("bold", "Title")]),
        (paragraph("a ", bold("b"), italic("c")), "a bc", [("bold", "b"), ("italic", "c")]),
        (paragraph(link("paper", URL)), "paper", [("text_link", "paper")]),
        (paragraph(code("x = 1")), "x = 1", [("code", "x = 1")]),
        (Quote((paragraph("said"),)), "said", [("blockquote", "said")]),
        (Quote((paragraph("long"),), folded=True), "long", [("expandable_blockquote", "long")]),
        (Code("a\n\tb\n", "python"), "a\n    b", [("pre", "a\n    b")]),
        (List(((paragraph("a"),), (paragraph("b"),))), "• a\n• b", []),
        (List(((paragraph("a"),), (paragraph("b"),)), ordered=True, start=9), "9. a\n10. b", []),
        (List(((paragraph("a"), List(((paragraph("b\nc"),),))),)), "• a\n    • b\n        c", []),
        (Image("https://e.org/a.png", "a plot"), "🖼 a plot", [("text_link", "🖼 a plot")]),
        (Image("file:///a.png", "a plot"), "🖼 a plot", []),
        (Divider(), "———", []),
        (Paragraph(()), "", []),
        (List(((), (paragraph("a"),))), "• a", []),
    ],
)
def test_blocks(block: Block, text: str, entities: list[tuple[str, str]]):
    """Each block has its own look."""
    assert render([block]).text == text
    assert shown(block) == entities


@pytest.mark.parametrize(
    ("blocks", "text"),
    [
        ((Heading((Span("T"),)), paragraph("a"), paragraph("b")), "T\na\n\nb"),
        ((paragraph("a"), Heading((Span("T"),))), "a\n\nT"),
        ((paragraph("a"), List(((paragraph("b"),),)), paragraph("c")), "a\n• b\n\nc"),
        ((paragraph("a"), Quote((paragraph("b"), paragraph("c"))), paragraph("d")), "a\nb\n\nc\nd"),
        ((paragraph("a"), Paragraph(()), paragraph(" \n"), paragraph("b ")), "a\n\nb"),
        ((Image("https://e.org/a.png"), Image("https://e.org/b.png", "b")), "🖼 1 · b"),
        ((Quote((paragraph("a"), Quote((paragraph("b\nc"),)))),), "a\n│ b\n│ c"),
        ((List(((Quote((paragraph("a\nb"),)),),)),), "•\na\nb"),
        ((List(((paragraph("x"), Code("a\nb")),)),), "• x\na\nb"),
    ],
)
def test_blocks_stand_apart(blocks: tuple[Block, ...], text: str):
    """Headings are close to their text, quotes and code bring a margin of their own, nothing is doubled."""
    assert render(blocks).text == text


def test_an_entity_covers_words_and_neither_bullets_before_nor_blanks_behind():
    """A style in a list begins behind the bullet; a quote's own bullets belong to it."""
    assert shown(List(((paragraph(bold("a ")),),))) == [("bold", "a")]
    assert shown(Quote((List(((paragraph("a"),), (paragraph("b"),))),))) == [("blockquote", "• a\n• b")]


def test_marks_nest_and_links_are_outermost():
    """A link in two styles stays one link; a title is bold as a whole, its link inside."""
    two = paragraph(link("one ", URL), bold("two", URL))
    assert shown(two) == [("text_link", "one two"), ("bold", "two")]
    title = Heading((Span("See "), Span("this", href=URL), Span(" now")))
    assert shown(title) == [("bold", "See this now"), ("text_link", "this")]
    every = Span("x", frozenset({Mark.BOLD, Mark.ITALIC, Mark.UNDERLINE, Mark.STRIKE}))
    assert [kind for kind, _ in shown(paragraph(every))] == ["bold", "italic", "underline", "strikethrough"]


def test_code_stands_alone():
    """The server takes no style, heading or link around code: the link wins, then the code."""
    assert shown(paragraph(Span("x", frozenset({Mark.CODE, Mark.BOLD})))) == [("code", "x")]
    assert shown(paragraph(Span("x", frozenset({Mark.CODE}), URL))) == [("text_link", "x")]
    assert shown(Heading((Span("Run "), code("make")))) == [("bold", "Run"), ("code", "make")]


@pytest.mark.parametrize(
    ("span", "text", "entities"),
    [
        (link("mail", "mailto:ada@example.org"), "mail (ada@example.org)", []),
        (link("ada@example.org", "mailto:ada@example.org"), "ada@example.org", []),
        (link("page", "http://localhost:8080/x"), "page (http://localhost:8080/x)", []),
        (link("x", "javascript:alert(1)"), "x (javascript:alert(1))", []),
        (link(" ", URL), URL, [("text_link", URL)]),
        (link("", URL), URL, [("text_link", URL)]),
        (link("words", ""), "words", []),
    ],
)
def test_no_address_is_lost(span: Span, text: str, entities: list[tuple[str, str]]):
    """What Telegram takes for no link is written out; a link without words shows its address."""
    assert render([paragraph(span)] if span.text else [Paragraph((span,))]).text == text
    assert shown(Paragraph((span,))) == entities


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (URL, True),
        ("http://1.2.3.4/x", True),
        ("https://[::1]/x", True),
        ("HTTPS://Example.org", True),
        ("http://localhost/x", False),
        ("https://e.org:99999/", False),
        ("https://e.org/a b", False),
        ("https://[broken", False),
        ("mailto:ada@example.org", False),
        ("file:///a.png", False),
        ("", False),
    ],
)
def test_which_addresses_telegram_takes(url: str, expected: bool):
    """Web addresses with a host that is more than a local name."""
    assert linkable(url) is expected


def test_texts_come_as_the_server_would_leave_them():
    """Line breaks of other kinds, control characters and loose accents do not shift any offset."""
    assert render([paragraph("a\r\nb\u2028c\x00d\te")]).text == "a\nb\nc d e"
    assert render([paragraph("A\u030angstro\u0308m")]).text == "Ångström"
    assert render([paragraph("\u202ex\u202c")]).text == "x"


def test_costs_are_counted():
    """Code points, entities, and what the entities take on the wire."""
    assert render([paragraph("👩‍👩‍👧‍👦 ", link("p", "https://e.org"))]).cost == (9, 1, 16 + 13)
    assert fits(Rich("x" * 4096), LIMIT)
    assert not fits(Rich("x" * 4097), LIMIT)
    assert not fits(Rich("x", (Entity("bold", 0, 1),) * 101), LIMIT)
