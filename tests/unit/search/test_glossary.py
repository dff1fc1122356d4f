"""The glossary: names of one concept find each other, kinds are found by their concept."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.search.analyzer import query_terms
from bot.search.glossary import Glossary, GlossaryError, load_glossary, make_glossary

OURS = Path(__file__).resolve().parents[3] / "digests" / "glossary.toml"


def _terms(name: str) -> tuple[str, ...]:
    return tuple(query_terms(name))


def test_names_of_a_line_find_each_other() -> None:
    """Both ways, and within one language, too."""
    glossary = make_glossary({"渲染": ["rendering", "图像渲染"]}, {})
    assert _terms("rendering") in glossary.synonyms[_terms("渲染")]
    assert _terms("渲染") in glossary.synonyms[_terms("rendering")]
    assert _terms("图像渲染") in glossary.synonyms[_terms("rendered")]
    assert glossary.chinese == {"渲染", "图像渲染"}


def test_kinds_are_found_by_their_concept_and_not_the_other_way_round() -> None:
    """The concept's other names count; a kind is looked for in both languages; no concept is its own kind."""
    glossary = make_glossary(
        {"机器人": ["robot"], "无人机": ["drone", "UAV"]}, {"robot": ["drone", "grasping", "机器人"]}
    )
    expected = {_terms("drone"), _terms("无人机"), _terms("grasping")}
    assert set(glossary.narrower[_terms("robot")]) == expected
    assert set(glossary.narrower[_terms("机器人")]) == expected
    assert _terms("drone") not in glossary.narrower


def test_a_missing_file_is_an_empty_glossary(tmp_path: Path) -> None:
    """A digest without a glossary is searched all the same."""
    assert load_glossary(tmp_path / "none.toml") == Glossary()


@pytest.mark.parametrize("content", ["[synonyms]\n渲染 = 'x'", "synonyms = 3", '[synonyms]\n"渲染" = "rendering"', "["])
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    """The message begins with the file, whatever is wrong with it."""
    path = tmp_path / "glossary.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"glossary\.toml"):
        load_glossary(path)


def test_ours_can_be_read_and_speaks_both_languages() -> None:
    """The shipped glossary has no name that analyzes to nothing, and most lines have a Chinese and an English name."""
    glossary = load_glossary(OURS)
    assert len(glossary.chinese) > 300
    assert all(terms for terms in glossary.synonyms)
    assert _terms("神经渲染") in glossary.synonyms[_terms("neural rendering")]
