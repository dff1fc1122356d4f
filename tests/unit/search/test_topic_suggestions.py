"""Topic suggestions: what is spoken of often, has no topic, and is a name."""

from __future__ import annotations

from bot.model.search import Topic, TopicSuggestion
from bot.search.glossary import make_glossary
from bot.search.topic_suggestions import Usage, suggest_topics, usage
from bot.search.topics import Topics

TOPICS = Topics((Topic("slam", (("en", "SLAM"),), ("SLAM",)),))
GLOSSARY = make_glossary({"光流": ["optical flow"], "图神经网络": ["GNN"]}, {})


def _used(names: str = "", pairs: str = "", topics: str = "") -> Usage:
    return Usage(*(frozenset(filter(None, part.split(","))) for part in (names, pairs, topics)))


def test_names_are_hashtags_acronyms_and_terms_of_the_glossary() -> None:
    """Pairs of words are kept apart, without words that only ask."""
    found = usage("New #Polycam and the MVS paper on optical flow, 关于图神经网络", ["slam"], GLOSSARY)
    assert found.names >= {"polycam", "mvs", "optical flow", "图神经网络"}
    assert "paper on" not in found.pairs
    assert found.topics == {"slam"}


def test_a_frequent_name_without_a_topic_is_proposed() -> None:
    """Most used first; what has a topic already, or too few entries, is not."""
    entries = [_used("polycam,slam"), _used("polycam,cuda"), _used("polycam,cuda"), _used("polycam,cuda,once")]
    assert suggest_topics(entries, TOPICS, ()) == (TopicSuggestion("polycam", 4), TopicSuggestion("cuda", 3))


def test_a_name_used_within_one_topic_is_proposed_as_its_alias() -> None:
    """Where most of what uses it belongs to a topic that little else belongs to."""
    inside = [_used("", "loop closing", "slam")] * 3
    outside = [_used("", "new paper")] * 9
    assert suggest_topics([*inside, *outside], TOPICS, ()) == (TopicSuggestion("loop closing", 3, "slam"),)


def test_a_name_is_one_however_it_is_spelled() -> None:
    """As a hashtag, with a hyphen, in the plural: counted together, and proposed as words."""
    entries = [_used("computervision"), _used("computervision,computer vision"), _used("", "computer visions")]
    assert suggest_topics(entries, TOPICS, ()) == (TopicSuggestion("computer vision", 3),)


def test_of_two_topics_the_narrower_one_has_the_alias() -> None:
    """And none has it for what it shares with a name once or twice."""
    topics = Topics((*TOPICS, Topic("wide", (("en", "Wide"),), ("wide",))))
    inside = [_used("orb", "", "slam,wide")] * 3 + [_used("", "", "wide")]
    outside = [_used()] * 9
    assert suggest_topics([*inside, *outside], topics, ()) == (TopicSuggestion("orb", 3, "slam"),)
    twice = [_used("orb", "", "slam")] * 2 + [_used("orb")]
    assert suggest_topics([*twice, *outside], topics, ()) == (TopicSuggestion("orb", 3),)


def test_events_are_no_topics() -> None:
    """A conference of a year says where, not what."""
    assert suggest_topics([_used("cvpr2022,cvpr")] * 4, TOPICS, ()) == (TopicSuggestion("cvpr", 4),)


def test_people_are_no_topics() -> None:
    """However often somebody is named."""
    assert suggest_topics([_used("keenan crane")] * 5, TOPICS, {"keenan crane"}) == ()
