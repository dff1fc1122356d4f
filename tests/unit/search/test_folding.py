"""Folding: spellings that a reader takes for one become one, and every character knows where it came from."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.search.folding import fold, fold_with_offsets


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("Peyré", "peyre"),
        ("Veličković", "velickovic"),
        ("Nießner", "niessner"),
        ("TöRF", "torf"),
        ("ＮｅＲＦ：２０２１", "nerf:2021"),
        ("審稿與渲染", "审稿与渲染"),
        ("Søren Łukasz", "soren lukasz"),
        ("ﬁne", "fine"),
        ("zero\u200bwidth", "zerowidth"),
        ("e\u0301tude", "etude"),
    ],
)
def test_spellings_fold_to_one(text: str, same: str) -> None:
    """Width, case, accents, ligatures and traditional characters do not count."""
    assert fold(text) == same


def test_japanese_and_korean_keep_their_marks() -> None:
    """A voiced kana or a syllable of hangul is another letter, not an accented one."""
    assert fold("がデータ한국") == "がデータ한국"


@given(st.text(st.characters(codec=None)))
def test_any_text_folds_and_offsets_lead_back(text: str) -> None:
    """Nothing raises, lone halves of character pairs included; offsets are in order and within the text."""
    folded, offsets = fold_with_offsets(text)
    assert folded == fold(text)
    assert len(offsets) == len(folded)
    assert list(offsets) == sorted(offsets)
    assert all(0 <= offset < len(text) for offset in offsets)


@given(st.text())
def test_folding_twice_changes_nothing_for_the_index(text: str) -> None:
    """What the index keeps, folded again, is itself: a term read back from the index is the same term."""
    once = fold(text)
    assert fold(fold(once)) == fold(once)
