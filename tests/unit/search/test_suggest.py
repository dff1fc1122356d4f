"""Did you mean: the known word that a misspelt one stands for."""

from __future__ import annotations

import pytest

from bot.search.suggest import closest, correct

VOCABULARY = {
    "splatting": 3,
    "differentiable": 9,
    "differential": 2,
    "radiance": 8,
    "reconstruction": 20,
    "malisiewicz": 8,
}


@pytest.mark.parametrize(
    ("misspelt", "meant"),
    [
        ("splating", "splatting"),
        ("differentiabel", "differentiable"),
        ("radience", "radiance"),
        ("recontruction", "reconstruction"),
        ("malisievicz", "malisiewicz"),
    ],
)
def test_a_slip_is_corrected(misspelt: str, meant: str) -> None:
    """A letter missing, doubled, swapped or wrong."""
    assert correct(misspelt, VOCABULARY) == meant


@pytest.mark.parametrize("word", ["one", "kubernetes", "", "splatting"])
def test_what_is_near_nothing_stays(word: str) -> None:
    """Short words, other words, and known words are not corrected."""
    assert correct(word, VOCABULARY) == ""


def test_the_frequent_word_wins_among_equally_near_ones() -> None:
    """And one that begins alike before one that does not."""
    assert correct("meshs", {"meshy": 1, "mesha": 100}) == "mesha"
    assert correct("mesha", {"besha": 1, "meshi": 1}) == "meshi"


def test_a_name_of_few_is_told_apart() -> None:
    """A field is suggested only when it is near."""
    assert closest("autor", ("author", "after")) == "author"
    assert closest("colour", ("author", "after")) == ""
