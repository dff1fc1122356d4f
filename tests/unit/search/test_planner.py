"""The planner: what a query asks for, given what the corpus knows about its words."""

from __future__ import annotations

from bot.model.search import Notice, NoticeCode, Topic
from bot.search.glossary import Glossary, make_glossary
from bot.search.outline import outline
from bot.search.parser import parse
from bot.search.plan import Alternative, Facts, Group, Plan
from bot.search.planner import Planner, with_corrections
from bot.search.topics import Topics

GLOSSARY = make_glossary(
    {"神经渲染": ["neural rendering"], "渲染": ["rendering"], "实习": ["internship"]}, {"robot": ["drone", "grasping"]}
)
TOPICS = Topics((Topic("slam", (("en", "SLAM"),), ("SLAM", "visual odometry")),))


def _plan(text: str, glossary: Glossary = GLOSSARY, **facts: object) -> Plan:
    known = Facts(entries=100, **facts)  # type: ignore[arg-type] # every test names its own facts
    return Planner(glossary, TOPICS, known).plan(outline(parse(text), glossary))


def _factors(group: Group) -> dict[tuple[str, ...], float]:
    found = (*group.alternatives, *(one for unit in group.units for one in unit.alternatives))
    return {one.terms: one.factor for one in found}


def test_a_word_is_asked_for_under_all_its_names() -> None:
    """Itself first; the other language; kinds at less than a synonym; the topic that is called so."""
    (group,) = _plan("渲染").groups
    assert _factors(group)[("render",)] < _factors(group)[("渲染",)] == 1
    (group,) = _plan("robot").groups
    assert _factors(group)[("drone",)] < 0.75
    (group,) = _plan("slam").groups
    assert ("topic:slam",) in _factors(group)


def test_words_that_are_one_name_may_be_stood_for_together() -> None:
    """The longest name wins; its words may also stand apart."""
    (group,) = _plan("neural rendering").groups
    assert Alternative(("神经", "经渲", "渲染"), 0.8) in group.alternatives
    assert len(group.units) == 2


def test_words_of_a_translation_may_stand_apart() -> None:
    """Who asks in Chinese never typed them in a row; they count for less there, and less than their kinds."""
    (group,) = _plan("神经渲染", make_glossary({"神经渲染": ["neural rendering"]}, {})).groups
    apart = Alternative(("neural", "render"), 0.4, scattered=True)
    assert apart in group.units[0].alternatives
    (group,) = _plan("neural rendering").groups
    assert not any(one.scattered for one in group.alternatives)


def test_words_of_a_name_are_worth_less_apart() -> None:
    """Whoever asks for neural rendering does not ask for rendering, and something neural besides."""
    (group,) = _plan("neural rendering").groups
    assert Alternative(("neural", "render")) in group.alternatives
    assert all(one.factor < 1 for unit in group.units for one in unit.alternatives)


def test_one_character_is_no_translation() -> None:
    """It ends many a word that means something else: 手 of 新手."""
    glossary = make_glossary({"手": ["hand"]}, {})
    (group,) = _plan("hand", glossary).groups
    assert ("手",) not in _factors(group)
    (group,) = _plan("手", glossary).groups
    assert ("hand",) in _factors(group)


def test_chinese_is_divided_by_the_names_it_holds() -> None:
    """And by words that only ask."""
    assert [unit.alternatives[0].terms for group in _plan("如何找实习").groups for unit in group.units] == [("实习",)]
    terms = [group.units[0].alternatives[0].terms for group in _plan("神经渲染的实习").groups]
    assert terms == [("神经", "经渲", "渲染"), ("实习",)]


def test_words_that_only_ask_are_left_out_unless_there_is_nothing_else() -> None:
    """A question is about its telling words."""
    assert len(_plan("how do I get an internship").groups) == 1
    assert len(_plan("how to").groups) == 2


def test_joined_and_divided_spellings_meet() -> None:
    """A hyphen, a space or nothing between two words."""
    assert ("realtim",) in _factors(_plan("real-time").groups[0])
    assert ("realtim",) in _factors(_plan("real time", frequencies={"realtim": 3}).groups[0])
    assert ("super", "resolut") in _factors(_plan("superresolution", words={"super": 1, "resolution": 2}).groups[0])
    assert ("siggraph", "2022") in _factors(_plan("siggraph2022").groups[0])


def test_a_name_finds_what_its_bearer_posted_before_what_they_said() -> None:
    """All keys of everybody called so; authors first, then quoted, then commenters."""
    facts = {"people": {"crane": frozenset({"kc"}), "keenan": frozenset({"kc"})}, "keys": {"kc": ("@keenan",)}}
    for query in ("crane", "keenan crane", "author:crane"):
        found = _factors(_plan(query, **facts).groups[0])
        assert found[("by:@keenan",)] > found[("of:@keenan",)] > found[("with:@keenan",)]


def test_rare_words_weigh_more_than_frequent_ones() -> None:
    """And a word that is nowhere weighs nothing: it tells no entries apart."""
    plan = _plan("make nerf unheard", frequencies={"nerf": 5, "make": 80})
    weights = {group.units[0].alternatives[0].terms[0]: group.weight for group in plan.groups}
    assert weights["nerf"] > 0 == weights["unheard"]


def test_what_plenty_of_entries_say_needs_no_kinds() -> None:
    """Kinds are looked for where little else is found."""
    (group,) = _plan("robot", frequencies={"robot": 5000}).groups
    assert ("drone",) not in _factors(group)


def test_exclusion_is_of_the_word_itself() -> None:
    """With names made of it, without its translations."""
    plan = _plan("nerf -gan -渲染", compounds={"gan": ("stylegan",)})
    assert {one.terms for one in plan.excluded} == {("gan",), ("stylegan",), ("渲染",)}


def test_filters_do_not_rank() -> None:
    """What cannot be satisfied is told, and makes the plan impossible."""
    plan = _plan("has:code #ICCV2021 section:课程 topic:slam", sections=("课程和报告分享", "招聘"))
    assert [[one.terms[0] for one in found] for found in plan.filters] == [
        ["has:code"],
        ["#iccv2021"],
        ["in:课程和报告分享"],
        ["topic:slam"],
    ]
    assert plan.possible
    for query, code in (("section:x", NoticeCode.UNKNOWN_SECTION), ("author:x", NoticeCode.UNKNOWN_AUTHOR)):
        plan = _plan(query)
        assert plan.notices == (Notice(code, "x"),)
        assert not plan.possible
    assert _plan("topic:slma").notices == (Notice(NoticeCode.UNKNOWN_TOPIC, "slma", "slam"),)


def test_a_section_is_found_in_the_other_language() -> None:
    """The glossary speaks about sections, too."""
    glossary = make_glossary({"课程": ["course"]}, {})
    plan = _plan("section:courses", glossary, sections=("课程和报告分享",))
    assert plan.possible


def test_corrections_replace_words_and_nothing_else() -> None:
    """Quotes, filters and exclusions stay as they were typed."""
    query = parse('gausian "gausian" author:gausian -gausian real-gausian')
    better = with_corrections(query, {"gausian": "gaussian"})
    assert str(better) == 'gaussian "gausian" author:gaussian -gausian real-gaussian'
