"""MATCH expressions: a plan in the words of the full-text index, as narrow as its answer allows."""

from __future__ import annotations

from bot.search.plan import Alternative, Group, Plan, Unit
from bot.storage.search_match import match_all, match_excluded, match_some, match_titled


def _group(*words: str, weight: float = 1.0, together: str = "", required: bool = False) -> Group:
    units = tuple(Unit((Alternative((word,)),), weight) for word in words)
    return Group(units, (Alternative((together,)),) if together else (), required)


def test_everything_is_asked_for_at_once() -> None:
    """Groups and filters all, a group's name instead of its words, exclusions last."""
    plan = Plan(
        groups=(_group("nerf"), _group("neural", "render", together="渲染")),
        filters=((Alternative(("has:code",)),),),
        excluded=(Alternative(("gan",)),),
    )
    expected = '((("nerf")) AND ((("neural") AND ("render")) OR ("渲染")) AND ("has:code")) NOT ("gan")'
    assert match_all(plan) == expected
    assert match_excluded(plan) == '("gan")'


def test_nothing_to_ask_for_is_no_expression() -> None:
    """A plan of exclusions or dates alone."""
    assert match_all(Plan(excluded=(Alternative(("gan",)),))) == ""
    assert match_excluded(Plan()) == ""


def test_part_of_a_query_is_asked_for_by_its_rarer_words() -> None:
    """What the commoner words cannot make up for together must be there; what is required is never given up."""
    plan = Plan((_group("common", weight=1), _group("rare", weight=4), _group("rarer", weight=5)))
    assert match_some(plan, 0.5) == '(("rare") OR ("rarer"))'
    required = Plan((_group("must", required=True), _group("a"), _group("b")))
    assert match_some(required, 0.5).startswith('(("must")) AND ')


def test_titles_are_asked_for_words_alone() -> None:
    """Topics and people stand in no title; filters stay outside, and a group of mere people is asked for anywhere."""
    unit = Unit((Alternative(("nerf",)), Alternative(("topic:nerf",))))
    plan = Plan((Group((unit,)), _group("by:@crane", required=True)), filters=((Alternative(("has:code",)),),))
    assert match_titled(plan) == '{title authors} : (("nerf")) AND (("by:@crane")) AND ("has:code")'


def test_scattered_terms_are_all_asked_for() -> None:
    """Each on its own."""
    plan = Plan((Group((Unit((Alternative(("neural", "render"), scattered=True),)),)),))
    assert match_all(plan) == '((("neural" AND "render")))'


def test_quotes_and_prefixes() -> None:
    """Terms stand between quotes, doubled inside; a prefix is marked behind them."""
    plan = Plan((Group((Unit((Alternative(('a"b',), prefix=True),)),)),))
    assert match_all(plan) == '(("a""b" *))'
