"""Highlighting: the stretch that answers best, with what matches in bold, as it was written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model.digest import Comment, Entry
from bot.model.richtext import Document, Mark, Spans, paragraph
from bot.search.glossary import make_glossary
from bot.search.highlight import SNIPPET_WIDTH, Highlighter
from bot.search.outline import outline
from bot.search.parser import parse
from bot.search.plan import Facts
from bot.search.planner import Planner
from bot.search.topics import Topics

GLOSSARY = make_glossary({"渲染": ["rendering"], "神经渲染": ["neural rendering"]}, {})


def _highlighter(query: str) -> Highlighter:
    facts = Facts(entries=9, frequencies=dict.fromkeys(("nerf", "rare", "word", "time"), 1))
    return Highlighter(Planner(GLOSSARY, Topics(), facts).plan(outline(parse(query), GLOSSARY)))


def _bold(spans: Spans) -> list[str]:
    return [span.text for span in spans if Mark.BOLD in span.marks]


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans)


def _entry(*body: str, said: str = "") -> Entry:
    comments = (Comment("Ada", 0, Document((paragraph(said),))),) if said else ()
    return Entry("A title", body=Document(tuple(map(paragraph, body))), comments=comments)


@pytest.mark.parametrize(
    ("query", "text", "bold"),
    [
        ("nerf", "TermiNeRF beats NeRFs, and NeRF's kin", ["NeRFs", "NeRF's"]),
        ("peyre", "by Gabriel Peyré", ["Peyré"]),
        ("渲染", "關於渲染與Rendering", ["渲染", "Rendering"]),
        ("渲染", "體積渲染器", ["渲染"]),
        ("neural rendering", "Neural  rendering, 神经渲染", ["Neural  rendering", "神经渲染"]),
        ("realtime", "real-time and realtime", ["real-time", "realtime"]),
        ("nerf https://x.org", "see https://nerf.org/nerf", []),
        ("ner*", "nerd NeRF owner", ["nerd NeRF"]),
        ("猫", "三只猫猫", ["猫猫"]),
        ("has:code", "code", []),
    ],
)
def test_matches_are_bold_as_they_stand(query: str, text: str, bold: list[str]) -> None:
    """Forms, accents, scripts, joined words, neighbouring matches; never inside another word or an address."""
    found = _bold(_highlighter(query).mark(text))
    assert [" ".join(part.split()) for part in found] == [" ".join(part.split()) for part in bold]


def test_the_best_stretch_is_shown() -> None:
    """Where most of what is asked for stands close together, from the beginning of its sentence, with dots around."""
    filler = "Nothing to see here at all, really nothing. " * 12
    text = f"A word here. {filler}The rare word stands in this sentence. {filler}"
    shown = _text(_highlighter("rare word").snippet(_entry(text)))
    assert shown.startswith("…")
    assert shown.endswith("…")
    assert "The rare word stands" in shown
    assert len(shown) <= SNIPPET_WIDTH + 2


def test_a_snippet_cuts_no_word_and_no_emoji() -> None:
    """Except a word that is longer than any."""
    family = "👩‍👩‍👧‍👦"
    for text in ("word " * 60, f"nerf {family * 60}", "x" * 999):
        shown = _text(_highlighter("nerf").snippet(_entry(text))).removesuffix("…")
        assert len(shown) > SNIPPET_WIDTH // 2
        assert not shown.rstrip().endswith(("w", "wo", "wor", "\u200d"))


def test_an_entrys_own_words_come_before_its_discussion() -> None:
    """The discussion is shown, with its speaker, only where it alone answers."""
    assert _text(_highlighter("nerf").snippet(_entry("a nerf", said="a nerf"))) == "a nerf"
    assert _text(_highlighter("nerf").snippet(_entry("a mesh", said="a nerf"))) == "Ada: a nerf"


def test_without_a_match_the_beginning_is_shown() -> None:
    """A hit by a filter or by its title has a snippet, too; an entry without words has none."""
    assert _text(_highlighter("has:code").snippet(_entry("The beginning.", "The end."))) == "The beginning."
    assert _highlighter("nerf").snippet(Entry("A title")) == ()


@given(st.text(st.characters(codec=None)), st.text("渲染nerf word- \n", max_size=400))
def test_marking_loses_nothing(query: str, text: str) -> None:
    """Any query, any text: the spans are the text with its white space collapsed, a snippet is as short as told."""
    highlighter = _highlighter(f"{query} nerf 渲染")
    assert "".join(_text(highlighter.mark(text)).split()) == "".join(text.split())
    assert len(_text(highlighter.snippet(_entry(text)))) <= SNIPPET_WIDTH + 2
