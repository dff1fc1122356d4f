"""Stems: the forms of a word have one, other words have another."""

from __future__ import annotations

import pytest

from bot.search.stemming import stem


@pytest.mark.parametrize(
    "forms",
    [
        ["render", "rendering", "rendered", "renders"],
        ["colour", "color", "colours", "colors"],
        ["localisation", "localization", "localize", "localised"],
        ["modelling", "modeling", "modelled", "model"],
        ["geometry", "geometric", "geometrical"],
        ["photogrammetry", "photogrammetric"],
        ["topology", "topological"],
        ["phd", "phds"],
        ["cnn", "cnns"],
        ["mesh", "meshes", "meshing"],
        ["vertex", "vertices"],
        ["supervised", "supervision"],
        ["centre", "center"],
    ],
)
def test_forms_of_a_word_share_its_stem(forms: list[str]) -> None:
    """Plurals, tenses, adjectives, British and American spelling find each other."""
    assert len({stem(form) for form in forms}) == 1


@pytest.mark.parametrize(
    ("word", "other"),
    [
        ("animation", "animal"),
        ("diffusion", "diffuse"),
        ("internal", "intern"),
        ("local", "localization"),
        ("normal", "normalization"),
        ("visual", "visualization"),
        ("objective", "object"),
        ("experience", "experiment"),
        ("organ", "organization"),
    ],
)
def test_other_words_have_other_stems(word: str, other: str) -> None:
    """What Porter2 takes for forms of one word, but no reader does, stays apart."""
    assert stem(word) != stem(other)


@pytest.mark.parametrize("word", ["3d", "2022", "渲染", "u1f913", ""])
def test_what_is_no_english_word_is_its_own_stem(word: str) -> None:
    """Numbers and other scripts are left alone."""
    assert stem(word) == word
