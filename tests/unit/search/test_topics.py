"""Topics: an entry belongs to those whose names it uses, unless it means something else by them."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.model.search import Topic
from bot.search.analyzer import analyze
from bot.search.glossary import GlossaryError
from bot.search.topics import Topics, load_topics

OURS = Path(__file__).resolve().parents[3] / "digests" / "topics.toml"
SLAM = Topic("slam", (("en", "SLAM and localisation"), ("zh", "SLAM 与定位")), ("SLAM", "visual odometry", "即时定位"))
COURSES = Topic("courses", (("en", "Courses"),), ("course",), ("of course",))
TOPICS = Topics((SLAM, COURSES))


def _of(*texts: str) -> tuple[str, ...]:
    return TOPICS.of([analyze(text).terms for text in texts])


@pytest.mark.parametrize("text", ["DROID-SLAM", "visual-odometry on a drone", "Visual odometries", "即时定位与建图"])
def test_an_entry_that_uses_an_alias_belongs(text: str) -> None:
    """Case, hyphens, endings and what stands around do not count."""
    assert _of(text) == ("slam",)


@pytest.mark.parametrize("text", ["Islam", "visual and odometry", "", "定位"])
def test_an_entry_that_uses_none_does_not(text: str) -> None:
    """A part of an alias, or of a word, is not the alias."""
    assert _of(text) == ()


def test_an_alias_does_not_reach_across_texts() -> None:
    """The end of a title and the beginning of a body make no phrase."""
    assert _of("visual", "odometry") == ()


def test_an_excluded_phrase_does_not_count() -> None:
    """Said once in the excluded phrase and once beside it, the alias counts."""
    assert _of("Of course it works") == ()
    assert _of("Of course this is a course") == ("courses",)


def test_a_topic_is_found_by_any_of_its_names() -> None:
    """Name, title, alias; a misspelt name is suggested."""
    assert TOPICS.find("SLAM") is SLAM
    assert TOPICS.find("Courses") is COURSES
    assert TOPICS.find("visual odometry") is SLAM
    assert TOPICS.find("nothing") is None
    assert TOPICS.nearest("slma") == "slam"


def test_only_a_name_or_title_means_the_whole_topic() -> None:
    """Who types an alias may want that alone."""
    assert TOPICS.entitled(("slam",)) == "slam"
    assert TOPICS.entitled(("visual", "odometri")) == ""


def test_a_failed_query_reminds_of_topics_with_similar_names() -> None:
    """The nearest come first, and what is like none reminds of none."""
    assert TOPICS.remind("odometer", most=3) == (SLAM,)
    assert TOPICS.remind("zzzz", most=3) == ()


def test_ours_can_be_read() -> None:
    """Every shipped topic has a command, titles in both languages, and aliases that its own rules do not exclude."""
    topics = load_topics(OURS)
    for topic in topics:
        assert topic.title("zh") != topic.title("en")
        assert topic.name in Topics(topics).of([analyze(alias).terms for alias in topic.aliases])


@pytest.mark.parametrize(
    "content",
    [
        '[[topic]]\nname = "Slam!"\ntitle = { en = "x" }\naliases = []',
        '[[topic]]\nname = "slam"',
        '[[topic]]\nname = "a"\ntitle = {}\naliases = []\n[[topic]]\nname = "a"\ntitle = {}\naliases = []',
    ],
)
def test_a_file_that_cannot_be_used_is_named(tmp_path: Path, content: str) -> None:
    """A name that can be no command, a missing part, a topic twice: the message begins with the file."""
    path = tmp_path / "topics.toml"
    path.write_text(content, encoding="utf-8")
    with pytest.raises(GlossaryError, match=r"topics\.toml"):
        load_topics(path)
