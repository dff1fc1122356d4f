"""Plain text: everything can still be read, and one line is one line."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model.richtext import (
    Block,
    Code,
    Divider,
    Document,
    Heading,
    Image,
    List,
    Quote,
    Span,
    bold,
    link,
    paragraph,
    spans_of,
)
from bot.renderers.plain import one_line, render_plain
from tests.unit.renderers.documents import documents


@settings(deadline=None)
@given(documents)
def test_all_words_and_addresses_are_there(document: Document):
    """No run and no address of a document is missing in its plain text."""
    plain = "".join(render_plain(document).replace(">", "").split())
    for span in spans_of(document.blocks):
        assert "".join(span.text.replace(">", "").split()) in plain
        assert (span.href or "").removeprefix("mailto:") in plain


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        (Heading((Span("Title"),)), "Title"),
        (paragraph("a ", bold("b"), " c"), "a b c"),
        (paragraph(link("paper", "https://e.org")), "paper (https://e.org)"),
        (paragraph(link("https://e.org", "https://e.org")), "https://e.org"),
        (paragraph(bold("two ", "https://e.org"), link("styles", "https://e.org")), "two styles (https://e.org)"),
        (paragraph(link("", "https://e.org")), "https://e.org"),
        (List(((paragraph("a"), paragraph("b")), (paragraph("c"),))), "• a\n  b\n• c"),
        (List(((paragraph("a"),), (paragraph("b"),)), ordered=True, start=9), "9. a\n10. b"),
        (Quote((paragraph("a"), Quote((paragraph("b"),)))), "> a\n>\n> > b"),
        (Code("x = 1\n", "python"), "x = 1"),
        (Image("https://e.org/a.png", "a plot"), "[a plot] https://e.org/a.png"),
        (Image("https://e.org/a.png"), "https://e.org/a.png"),
        (Divider(), "———"),
    ],
)
def test_blocks(block: Block, expected: str):
    """Each block has its own look."""
    assert render_plain(Document((block,))) == expected


def test_blocks_stand_apart():
    """An empty line separates two blocks."""
    assert render_plain(Document((paragraph("a"), paragraph("b")))) == "a\n\nb"


@settings(deadline=None)
@given(documents, st.integers(5, 60))
def test_one_line_is_one_line_of_whole_letters(document: Document, limit: int):
    """A notification's text has no line break, is within its length, and is not cut inside an emoji."""
    line = one_line(document, limit=limit)
    assert "\n" not in line
    assert len(line) <= limit
    whole = regex.findall(r"\X", one_line(document, limit=100_000))
    kept = regex.findall(r"\X", line.removesuffix("…")) if line.endswith("…") else whole
    assert kept == whole[: len(kept)] or line == "…"


def test_one_line_leaves_addresses_and_rules_out():
    """What a notification shows are words."""
    shown = Document((Heading((Span("Title"),)), Divider(), paragraph("a\nb ", link("paper", "https://e.org"))))
    assert one_line(shown) == "Title a b paper"
    assert one_line(shown, limit=8) == "Title a…"
