"""Ranking: what answers better stands before what answers worse."""

from __future__ import annotations

from itertools import pairwise

import pytest

from bot.model.digest import Author, Comment, Entry
from bot.model.richtext import Document, paragraph
from bot.search.indexing import FIELDS, index_entry
from bot.search.plan import Alternative, Group, Plan, Unit
from bot.search.ranking import Ranker, enough
from bot.search.topics import Topics


def _fields(title: str = "", body: str = "", said: str = "", author: str = "") -> list[str]:
    entry = Entry(
        title,
        body=Document((paragraph(body),)),
        comments=(Comment("Somebody", 0, Document((paragraph(said),))),) if said else (),
        authors=(Author(author),) if author else (),
    )
    row = index_entry(entry, "", Topics())
    return [getattr(row, name) for name in FIELDS]


def _unit(*terms: str, weight: float = 1.0, factor: float = 1.0) -> Unit:
    return Unit((Alternative(terms, factor),), weight)


NERF = Plan((Group((_unit("nerf"),)),))
NERF_MESH = Plan((Group((_unit("nerf", weight=2),)), Group((_unit("mesh"),))), nearby=(Alternative(("nerf", "mesh")),))


@pytest.mark.parametrize(
    ("plan", "better_first"),
    [
        (NERF, [_fields("NeRF"), _fields(body="NeRF"), _fields(said="NeRF"), _fields("mesh")]),
        (NERF, [_fields(author="NeRF"), _fields(body="NeRF")]),
        (NERF, [_fields(body="NeRF NeRF here"), _fields(body="NeRF here and there")]),
        (NERF, [_fields(body="a NeRF"), _fields(body="a NeRF" + " and so on" * 50)]),
        (NERF_MESH, [_fields(body="NeRF mesh"), _fields(body="mesh of a NeRF"), _fields(body="NeRF"), _fields("mesh")]),
    ],
)
def test_better_answers_score_higher(plan: Plan, better_first: list[list[str]]) -> None:
    """Title and names before body before discussion; more often, in less; all words, together; rare words first."""
    scores = [Ranker(plan).judge(fields).score for fields in better_first]
    assert all(better > worse for better, worse in pairwise(scores))


def test_many_names_of_one_thing_count_as_one_word() -> None:
    """Two synonyms do not make an entry twice as good as the word itself does."""
    names = Unit((Alternative(("nerf",)), Alternative(("radiance", "field"), 0.8), Alternative(("辐射", "射场"), 0.8)))
    ranker = Ranker(Plan((Group((names,)),)))
    once = ranker.judge(_fields(body="nerf")).score
    assert ranker.judge(_fields(body="radiance field")).score < once
    assert ranker.judge(_fields(body="nerf, a radiance field, 辐射场")).score < 2 * once


def test_coverage_is_the_share_of_the_weight() -> None:
    """A group's name stands for all of its words; what stands for nothing covers nothing."""
    assert Ranker(NERF_MESH).judge(_fields(body="nerf")).coverage == pytest.approx(2 / 3)
    named = Plan((Group((_unit("neural"), _unit("render")), (Alternative(("渲染",)),)),))
    assert Ranker(named).judge(_fields(body="渲染")).coverage == 1
    assert Ranker(named).judge(_fields(body="neural")).coverage == pytest.approx(0.5)


def test_a_prefix_counts_where_a_word_begins() -> None:
    """Not inside of one."""
    ranker = Ranker(Plan((Group((Unit((Alternative(("ner",), prefix=True),)),)),)))
    assert ranker.judge(_fields(body="a nerf")).score > 0
    assert ranker.judge(_fields(body="owner")).score == 0


def test_a_long_question_needs_less_of_itself() -> None:
    """Of two words one must be there, of many a third of their weight."""
    plans = [Plan(tuple(Group((_unit(str(word)),)) for word in range(words))) for words in (2, 3, 6)]
    shares = [enough(plan) for plan in plans]
    assert shares == sorted(shares, reverse=True)
