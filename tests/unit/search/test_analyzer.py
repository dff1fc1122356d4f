"""The analyzer: what is asked for is found in what was written, however both are spelled."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.analyzer import Tokens, analyze, compounds, hashtags, index_terms, query_terms, words

CHINESE = st.text(st.characters(min_codepoint=0x4E00, max_codepoint=0x9FFF), min_size=2, max_size=12)


def _holds(text: str, query: str) -> bool:
    """Whether the index of a text has the terms of a query, one behind the other, or as another form."""
    analysis = analyze(text)
    asked = " ".join(query_terms(query))
    return f" {asked} " in f" {' '.join(analysis.terms)} " or asked in analysis.forms


@pytest.mark.parametrize(
    ("text", "query"),
    [
        ("Real-Time Rendering", "real time"),
        ("Real-Time Rendering", "realtime"),
        ("C-IPC", "cipc"),
        ("at SIGGRAPH2022", "siggraph"),
        ("at SIGGRAPH2022", "SIGGRAPH2022"),
        ("#DeepLearning", "learning"),
        ("written in C++", "c++"),
        ("written in C#", "C#"),
        ("NeRF's renderings", "nerf rendering"),
        ("神经辐射场的渲染", "辐射场"),
        ("神经辐射场的渲染", "渲染"),
        ("三維重建", "三维重建"),
        ("用NeRF做重建", "NeRF"),
        ("Gabriel Peyré", "peyre"),
        ("well done 🤓", "🤓"),
    ],
)
def test_a_text_is_found_by_other_spellings(text: str, query: str) -> None:
    """Hyphens, joined and divided words, forms, scripts side by side: the terms meet."""
    assert _holds(text, query)


@pytest.mark.parametrize(("text", "query"), [("Java", "JavaScript"), ("JavaScript", "java"), ("产品", "产业")])
def test_a_part_of_a_word_is_not_the_word(text: str, query: str) -> None:
    """Only what stands there is found."""
    assert not _holds(text, query)


@given(CHINESE, st.data())
def test_any_stretch_of_chinese_is_found(text: str, data: st.DataObject) -> None:
    """A query of two characters and more matches wherever it stands inside a run."""
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 2, len(text)))
    assert _holds(text, text[start:end])


@given(st.text(st.characters(codec=None)))
def test_any_text_is_analyzed(text: str) -> None:
    """Nothing raises, and no term has a sign that means something in an expression or to a facet."""
    analysis = analyze(text)
    list(compounds(text))
    for term in (*analysis.terms, *analysis.forms, *query_terms(text), *words(text)):
        assert term
        assert not set(term) & set(' "|:#@*()')


@given(st.text(st.characters(codec="ascii")) | st.text("aB1-_'#+c ") | st.text("aB1-'#é渲染 "))
def test_one_analyzer_reads_every_script(text: str) -> None:
    """What stands beside a word changes nothing about it, be it plain ASCII or not; terms alone are the same."""
    alone, beside = analyze(text), analyze(f"{text} ’ 渲")
    assert (alone.terms, alone.words) == (beside.terms[:-1], beside.words[:-1])
    assert (alone.forms, alone.vocabulary) == (beside.forms, beside.vocabulary)
    assert index_terms(text) == alone.terms
    assert words(text) == alone.words


@given(st.text(st.characters(codec=None)))
def test_every_query_term_has_its_place(text: str) -> None:
    """The highlighter sees the terms that a query is made of, each over a stretch of the original text."""
    tokens = Tokens(text)
    rows = (tokens.row, tokens.others)
    assert set(query_terms(text)) <= {term for row in rows for term in row.terms}
    places = [tokens.place(*place) for row in rows for place in zip(row.starts, row.ends, strict=True)]
    assert all(0 <= start < end <= len(text) for start, end in places)
    assert len(places) == sum(len(row.terms) for row in rows)


@pytest.mark.parametrize(
    ("text", "pair"),
    [
        ("HyperNeRF", ("nerf", "hypernerf")),
        ("NerfingMVS", ("nerf", "nerfingmvs")),
        ("StyleGAN2", ("gan", "stylegan2")),
        ("GANimator", ("gan", "ganimator")),
        ("iPhone", ("phone", "iphone")),
    ],
)
def test_names_made_of_others_are_taken_apart(text: str, pair: tuple[str, str]) -> None:
    """A capital inside a name begins a part, and a plain word has none."""
    assert pair in set(compounds(text))
    assert not list(compounds(text.lower()))


def test_hashtags_are_read_as_written() -> None:
    """Both widths of the sign count, punctuation ends a tag."""
    assert hashtags("#ICCV2021, ＃深度学习 and #3D") == ["ICCV2021", "深度学习", "3D"]
