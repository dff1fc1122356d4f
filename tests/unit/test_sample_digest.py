"""The issues and topics that the project ships with, read by the real parser."""

from __future__ import annotations

import tomllib
from collections import Counter
from datetime import date, timedelta
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.model.digest import Entry, Issue
from bot.parsing import parse_issue
from bot.search.analyzer import query_terms
from bot.search.topics import load_topics

DIGESTS = Path(__file__).parents[2] / "digests"
FIRST_DAY = date(2021, 11, 29)
FORTNIGHT = timedelta(days=14)
LARGEST_PICTURE = 60_000
FILES = sorted(DIGESTS.glob("[0-9]*.md"))


def read(path: Path) -> Issue:
    return parse_issue(path.read_text(encoding="utf-8"), filename=path.name)


@pytest.fixture(scope="module")
def issues() -> tuple[Issue, ...]:
    return tuple(read(path) for path in FILES)


@pytest.fixture(scope="module")
def entries(issues: tuple[Issue, ...]) -> tuple[Entry, ...]:
    return tuple(entry for issue in issues for entry in issue.entries)


def test_twelve_issues_are_numbered_in_order(issues):
    """The files are 001.md to 012.md, and each issue has its file's number."""
    assert [path.name for path in FILES] == [f"{number:03}.md" for number in range(1, 13)]
    assert [issue.number for issue in issues] == list(range(1, 13))


def test_issues_follow_one_another_by_fortnights(issues):
    """An issue's fortnight follows from its number; one issue does without front matter, and so without dates."""
    dated = [issue for issue in issues if issue.starts_on]
    assert len(dated) >= 11
    for issue in dated:
        assert issue.starts_on == FIRST_DAY + (issue.number - 1) * FORTNIGHT
        assert issue.ends_on - issue.starts_on == FORTNIGHT - timedelta(days=1)


def test_every_issue_has_a_title_of_its_own(issues):
    """No two issues share a title."""
    titles = [issue.title for issue in issues]
    assert all(titles)
    assert len(set(titles)) == len(titles)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_an_issue_is_short_and_in_sections(path):
    """An issue has six to twelve entries in at least two sections, none of which stands empty."""
    issue = read(path)
    assert 6 <= len(issue.entries) <= 12
    assert len(issue.sections) >= 2
    assert all(section.entries for section in issue.sections)


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_entry_reads_as_one(path):
    """An entry's title is words, not an address or a link's label; and the entry leads somewhere or says something."""
    for entry in read(path).entries:
        assert entry.title.strip()
        assert not entry.title.endswith((":", "："))
        assert "arxiv.org" not in entry.title
        assert "https://" not in entry.title
        assert entry.links or entry.source_url or entry.body, entry.title


def test_sections_keep_their_names(issues):
    """Readers subscribe to sections by name: the sample has four names and no variant of them."""
    names = {section.title for issue in issues for section in issue.sections}
    assert names == {"意见性分享", "课程和报告分享", "成果推荐及讨论", "招聘"}


def test_local_pictures_are_there_and_small(entries):
    """A picture given by a relative path lies in the folder, is a PNG, and is small enough to be sent by anybody."""
    local = {image.url for entry in entries for image in entry.images if not urlsplit(image.url).scheme}
    pictures = {path.relative_to(DIGESTS).as_posix() for path in (DIGESTS / "images").iterdir()}
    assert local == pictures
    for url in local:
        content = (DIGESTS / url).read_bytes()
        assert content.startswith(b"\x89PNG\r\n\x1a\n")
        assert len(content) <= LARGEST_PICTURE


def test_pictures_say_what_they_show(entries):
    """Every picture has words for those who do not see it."""
    assert all(image.alt for entry in entries for image in entry.images)


def test_the_sample_shows_what_an_issue_can_hold(entries):
    """The dialect's range is there: threads three deep, remarks, groups, pictures, posts, every common kind of link."""
    assert max(comment.depth for entry in entries for comment in entry.comments) >= 2
    assert sum(bool(entry.remark) for entry in entries) >= 5
    assert any(entry.group for entry in entries)
    assert sum(bool(entry.images) for entry in entries) >= 10
    assert sum(bool(entry.source_url) for entry in entries) >= 60
    kinds = {link.kind.value for entry in entries for link in entry.links}
    assert kinds >= {"paper", "code", "project", "video", "course", "dataset", "demo"}


def test_the_last_issue_is_a_showcase(issues):
    """Issue 12 has all sections, about ten entries, replies to replies, pictures from the web and from the folder."""
    last = issues[-1]
    assert [section.title for section in last.sections] == ["意见性分享", "课程和报告分享", "成果推荐及讨论", "招聘"]
    assert 9 <= len(last.entries) <= 12
    assert any(comment.depth for entry in last.entries for comment in entry.comments)
    schemes = {urlsplit(image.url).scheme for entry in last.entries for image in entry.images}
    assert schemes == {"", "https"}


def test_how_to_write_an_issue_shows_one_that_reads(issues):
    """The example in the folder's README is an issue in the sample's own dialect."""
    _, _, rest = (DIGESTS / "README.md").read_text(encoding="utf-8").partition("````markdown\n")
    example = parse_issue(rest.partition("````")[0], filename="013.md")
    assert (example.number, example.starts_on) == (13, issues[-1].ends_on + timedelta(days=1))
    assert [len(section.entries) for section in example.sections] == [1, 1, 1]
    debate, system, job = example.entries
    assert [(reply.speaker, reply.depth) for reply in debate.comments] == [("Ben Okafor", 0), ("Ada Lindqvist", 1)]
    assert [link.kind.value for link in system.links] == ["paper", "code", "video"]
    assert system.remark
    assert system.images
    assert job.authors


def test_the_page_on_writing_is_not_taken_for_an_issue():
    """The README beside the issues has neither number nor dates, which is how it is told from an issue."""
    page = parse_issue((DIGESTS / "README.md").read_text(encoding="utf-8"), filename="README.md")
    assert (page.number, page.starts_on) == (None, None)


def test_topics_are_well_formed():
    """Each topic has a name of its own, both titles, and aliases; nothing in the file is misspelt and so unread."""
    tables = tomllib.loads((DIGESTS / "topics.toml").read_text(encoding="utf-8"))
    assert set(tables) == {"topic"}
    topics = load_topics(DIGESTS / "topics.toml")
    assert 25 <= len(topics) <= 35
    for table, topic in zip(tables["topic"], topics, strict=True):
        assert set(table) <= {"name", "title", "aliases", "exclude"}
        assert set(dict(topic.titles)) == {"en", "zh"}
        assert topic.aliases


def test_an_alias_stands_there_once():
    """An alias leads to one topic and is listed once, however it is spelled."""
    topics = load_topics(DIGESTS / "topics.toml")
    spelled = Counter(tuple(query_terms(alias)) for topic in topics for alias in topic.aliases)
    assert [" ".join(terms) for terms, count in spelled.items() if count > 1] == []


def test_an_excluded_phrase_holds_an_alias():
    """A topic excludes only phrases that would otherwise bring an entry in."""
    for topic in load_topics(DIGESTS / "topics.toml"):
        aliases = [f" {' '.join(query_terms(alias))} " for alias in topic.aliases]
        for phrase in topic.exclude:
            terms = f" {' '.join(query_terms(phrase))} "
            assert any(alias in terms for alias in aliases), f"{topic.name}: {phrase}"
