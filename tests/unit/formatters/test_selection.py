"""An issue for a chat that chose what it receives, and for one that watches for something."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatters.issue import format_issue
from bot.formatters.watching import MARK, TITLES
from bot.locales import open_words
from bot.model.chat import Layout
from bot.model.delivery import Post
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import List, Span, spans_of
from bot.model.selection import Match, Selection
from tests.unit.formatters.samples import ISSUE

EN, ZH = open_words("en"), open_words("zh")


def spans(posts: list[Post]) -> list[Span]:
    return [span for post in posts for unit in post.units for span in spans_of(unit.blocks)]


def text(posts: list[Post]) -> str:
    return "".join(span.text for span in spans(posts))


def only(*ids: int) -> Selection:
    return Selection(frozenset(ids))


@pytest.mark.parametrize("layout", Layout)
def test_a_chat_gets_the_entries_it_wants(layout: Layout) -> None:
    """Others are neither sent nor counted nor in the contents; a section that has none of them vanishes."""
    header, *posts = format_issue(ISSUE, layout=layout, words=EN, selection=only(102, 109))
    assert {post.section for post in posts} == {2}
    assert "Result 2" in text(posts)
    assert "Result 9" in text(posts)
    assert "Result 3" not in text([header, *posts])
    assert "2 entries" in text([header])
    assert "成果推荐及讨论" in text([header])
    assert "意见性分享" not in text([header])


def test_sections_and_entries_each_narrow() -> None:
    """An entry that is wanted does not come where its section is not."""
    chosen = format_issue(ISSUE, layout=Layout.COMPACT, words=EN, sections=["意见性分享"], selection=only(7, 101))
    assert [post.section for post in chosen] == [None, 0]
    assert "Result" not in text(chosen)


@pytest.mark.parametrize(
    ("sections", "selection"), [((), only()), (("招聘",), Selection()), (("意见性分享",), only(101))]
)
def test_an_issue_with_nothing_for_a_chat_says_that_it_came_out(
    sections: tuple[str, ...], selection: Selection
) -> None:
    """One short silent message with a way to the whole: a reader knows that nothing was lost."""
    (post,) = format_issue(ISSUE, layout=Layout.FULL, words=EN, sections=sections, selection=selection)
    assert post.silent
    assert "第 12 期" in text([post])
    assert "nothing of what this chat chose" in text([post])
    ((button,),) = post.buttons
    assert button.action == "issue 12"


@pytest.mark.parametrize("layout", Layout)
def test_entries_that_are_watched_for_are_marked(layout: Layout) -> None:
    """The mark stands before their titles alone, once; everything else comes as it would without."""
    selection = Selection(matches=(Match("penrose", frozenset({7})), Match("result 3", frozenset({103}))))
    marked = format_issue(ISSUE, layout=layout, words=EN, selection=selection)
    plain = format_issue(ISSUE, layout=layout, words=EN)
    said = spans(marked[1:])
    after = [said[at + 1].text for at, span in enumerate(said) if span == MARK]
    assert after == ["Drawing figures with Penrose", "Result 3"]
    assert [span for span in said if span != MARK] == spans(plain[1:])


def test_the_header_tells_what_was_watched_for() -> None:
    """How many entries match, which queries, and the entries' titles; queries that found nothing are not named."""
    selection = Selection(matches=(Match("penrose", frozenset({7})), Match("slam", frozenset({999}))))
    (header, *_) = format_issue(ISSUE, layout=Layout.COMPACT, words=EN, selection=selection)
    assert "1 entry matches what is watched for here: penrose" in text([header])
    assert "slam" not in text([header])
    (header, *_) = format_issue(ISSUE, layout=Layout.COMPACT, words=ZH, selection=selection)
    assert "有 1 条符合这里关注的内容：penrose" in text([header])


def test_many_matches_do_not_flood_the_header() -> None:
    """A few titles are enough; the count is of all."""
    everything = frozenset(entry.id for entry in ISSUE.entries)
    (header, *_) = format_issue(
        ISSUE, layout=Layout.COMPACT, words=EN, selection=Selection(matches=(Match("a", everything),))
    )
    (titles,) = (block for block in header.units[0].blocks if isinstance(block, List))
    assert f"{len(everything)} entries match" in text([header])
    assert len(titles.items) == TITLES + 1


@given(st.lists(st.integers(0, 4), max_size=5), st.sets(st.integers(1, 20)), st.sampled_from(Layout))
def test_what_is_wanted_comes_once_and_in_order(sizes: list[int], wanted: set[int], layout: Layout) -> None:
    """Whatever is chosen: exactly that, in the order of the issue, with sections under their own index."""
    ids = iter(range(1, 100))
    sections = tuple(
        Section(f"S{s}", tuple(Entry(f"E{at}", id=at) for at in (next(ids) for _ in range(size))))
        for s, size in enumerate(sizes)
    )
    issue = Issue(1, "T", sections=sections)
    _, *posts = format_issue(issue, layout=layout, words=EN, selection=Selection(frozenset(wanted)))
    said = [span.text for span in spans(posts) if span.text.startswith("E")]
    assert said == [entry.title for entry in issue.entries if entry.id in wanted]
    for post in posts:
        assert post.section is not None
        titles = {entry.title for entry in sections[post.section].entries}
        assert {span.text for span in spans([post]) if span.text.startswith("E")} <= titles
