"""An issue as the posts of a delivery."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.formatters.anchors import section_anchor
from bot.formatters.issue import format_issue
from bot.locales import open_words
from bot.model.chat import Layout
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import Byline, Document, Heading, Image, List, Paragraph, Span, bold, paragraph, spans_of, walk
from tests.unit.formatters.samples import ISSUE, RICH

EN, ZH = open_words("en"), open_words("zh")


def titles(document: Document, level: int) -> list[str]:
    headings = (block for block in walk(document.blocks) if isinstance(block, Heading) and block.level == level)
    return ["".join(span.text for span in heading.spans) for heading in headings]


def test_the_header_tells_title_days_preface_and_contents() -> None:
    """A reader sees at once what the issue holds; a section without entries is not mentioned."""
    header = format_issue(ISSUE, layout=Layout.COMPACT, words=ZH)[0]
    assert header.section is None
    assert header.units == (
        Document(
            (
                Heading((Span("第 12 期 2022.01.10-2022.01.23"),), level=1),
                Byline((Span("2022 年 1 月 10 日至 23 日"), Span(" · "), Span("14 条内容"))),
                paragraph("新年好！"),
                paragraph(
                    bold("意见性分享", section_anchor(0)), " · 2", "\nDrawing figures with Penrose", "\n只有标题"
                ),
                paragraph(
                    bold("成果推荐及讨论", section_anchor(2)),
                    " · 12",
                    "\nResult 1",
                    "\nResult 2",
                    "\nResult 3",
                    "\n…… 还有 9 条",
                ),
            )
        ),
    )


@pytest.mark.parametrize("layout", Layout)
def test_the_header_has_buttons_that_open_the_sections(layout: Layout) -> None:
    """As messages of their own: what was delivered stays as it is. An issue that is not stored has none."""
    header, *_ = format_issue(ISSUE, layout=layout, words=ZH, images=False)
    assert [[button.action for button in row] for row in header.buttons] == [["section 12 0", "section 12 2"]]
    assert format_issue(replace(ISSUE, number=None), layout=layout, words=ZH)[0].buttons == ()


@pytest.mark.parametrize(
    ("number", "title", "name"),
    [
        (12, "Radiance everywhere", "Issue 12: Radiance everywhere"),
        (12, "2022.01.12–2022.01.23", "Issue 12"),
        (1, "第 12 期", "Issue 1: 第 12 期"),
        (12, "第 12 期 2022.01.10-2022.01.23", "第 12 期 2022.01.10-2022.01.23"),
        (12, "第12期", "第12期"),
        (12, "#12", "#12"),
        (12, "Digest no. 12", "Digest no. 12"),
        (12, "Issue 12: radiance", "Issue 12: radiance"),
        (None, "Radiance everywhere", "Radiance everywhere"),
    ],
)
def test_the_number_is_told_once(number: int | None, title: str, name: str) -> None:
    """A title that tells the issue's number is not preceded by it; one of mere dates gives way to it."""
    header = format_issue(Issue(number, title), layout=Layout.COMPACT, words=EN)[0]
    assert titles(header.units[0], 1) == [name]


def test_compact_packs_a_section_into_one_post() -> None:
    """An entry is a unit, the first one with the section's title above it, so that no title stands alone."""
    _header, first, second = format_issue(ISSUE, layout=Layout.COMPACT, words=EN)
    assert [first.section, second.section] == [0, 2]
    assert [len(first.units), len(second.units)] == [2, 12]
    assert titles(first.units[0], 2) == ["意见性分享"]
    assert [titles(unit, 3) for unit in first.units] == [["Drawing figures with Penrose"], ["只有标题"]]
    assert [titles(unit, 2) for unit in second.units[1:]] == [[]] * 11


def test_full_gives_each_entry_a_post() -> None:
    """An entry a message, in order, under its section's index."""
    _, *posts = format_issue(ISSUE, layout=Layout.FULL, words=EN)
    assert [post.section for post in posts] == [0] * 2 + [2] * 12
    assert all(len(post.units) == 1 for post in posts)
    assert titles(posts[2].units[0], 2) == ["成果推荐及讨论"]
    assert titles(posts[3].units[0], 2) == []


def test_headlines_list_titles_and_people() -> None:
    """A section is one numbered list of linked titles, its header tells the sections alone; a number opens an entry."""
    header, first, second = format_issue(ISSUE, layout=Layout.HEADLINES, words=EN)
    assert header.units[0].blocks[-1] == Paragraph(
        (
            bold("意见性分享", section_anchor(0)),
            Span(" · 2"),
            Span("\n"),
            bold("成果推荐及讨论", section_anchor(2)),
            Span(" · 12"),
        )
    )
    assert [button.action for row in first.buttons for button in row] == ["entry 7", "entry 8"]
    assert [[button.label for button in row] for row in second.buttons][2] == ["11", "12"]
    heading, listed = first.units[0].blocks
    assert heading == Heading((Span("意见性分享"),), level=2)
    assert isinstance(listed, List)
    assert listed.ordered
    assert listed.items[0] == (
        Paragraph(
            (
                Span(RICH.title, href=RICH.source_url),
                Span(" · "),
                Span("Keenan Crane", href="https://twitter.com/keenanisalive"),
                Span(", "),
                Span("Wode Ni"),
            )
        ),
    )
    assert len(second.units) == 1


def test_a_title_in_the_contents_takes_a_line_of_a_phone() -> None:
    """It is cut by the room it takes, not by its characters; one more title takes no more room than "1 more"."""
    titles = ("深" * 30, "x" * 60, "y", "z")
    issue = replace(ISSUE, preface=Document(), sections=(Section("A", tuple(Entry(title) for title in titles)),))
    contents = format_issue(issue, layout=Layout.COMPACT, words=EN)[0].units[0].blocks[-1]
    assert contents == paragraph(
        bold("A", section_anchor(0)), " · 4", "\n" + "深" * 17 + "…", "\n" + "x" * 35 + "…", "\ny", "\nz"
    )


def test_a_chat_gets_the_sections_it_asked_for() -> None:
    """Other sections are neither sent nor in the contents; an unknown one is none."""
    header, post = format_issue(ISSUE, layout=Layout.COMPACT, words=EN, sections=["意见性分享", "x"])
    assert post.section == 0
    told = "".join(span.text for span in spans_of(header.units[0].blocks))
    assert "意见性分享" in told
    assert "成果推荐及讨论" not in told


def test_section_titles_are_compared_without_regard_to_case() -> None:
    """A title typed by hand finds its section."""
    issue = replace(ISSUE, sections=(Section("Courses", (RICH,)),))
    assert len(format_issue(issue, layout=Layout.COMPACT, words=EN, sections=["COURSES"])) == 2


@pytest.mark.parametrize("layout", Layout)
def test_a_chat_without_images_gets_none(layout: Layout) -> None:
    """Links stand in their place."""
    posts = format_issue(ISSUE, layout=layout, words=EN, images=False)
    blocks = [block for post in posts for unit in post.units for block in walk(unit.blocks)]
    assert not [block for block in blocks if isinstance(block, Image)]
    if layout is not Layout.HEADLINES:
        hrefs = {span.href for block in blocks if isinstance(block, Paragraph) for span in block.spans}
        assert "https://pbs.twimg.com/media/FDG.jpg" in hrefs


@given(st.lists(st.integers(0, 4), max_size=5), st.sampled_from(Layout))
def test_every_entry_is_said_once_and_in_order(sizes: list[int], layout: Layout) -> None:
    """Whatever the layout, the entries come in the order of the issue, none left out, none twice."""
    sections = [Section(f"S{s}", tuple(Entry(f"E{s}.{n}") for n in range(size))) for s, size in enumerate(sizes)]
    issue = Issue(1, "T", sections=tuple(sections))
    _, *posts = format_issue(issue, layout=layout, words=EN)
    blocks = [block for post in posts for unit in post.units for block in walk(unit.blocks)]
    said = [span.text for block in blocks if isinstance(block, Heading | Paragraph) for span in block.spans]
    assert [text for text in said if text.startswith("E")] == [entry.title for entry in issue.entries]
    assert [post.section for post in posts] == sorted(post.section or 0 for post in posts)


def test_an_issue_without_entries_is_its_header() -> None:
    """Nothing is promised that does not come."""
    (header,) = format_issue(Issue(1, "T", sections=(Section("Empty"),)), layout=Layout.FULL, words=EN)
    assert not [block for block in header.units[0].blocks if isinstance(block, List)]
