"""What a file's name and its front matter say of an issue."""

from __future__ import annotations

from datetime import date

import pytest

from bot.parsing import is_index, parse_issue

SEPTEMBER, OCTOBER = date(2021, 9, 19), date(2021, 10, 3)


@pytest.mark.parametrize(
    ("filename", "number", "title", "starts_on", "ends_on"),
    [
        ("012.md", 12, "#12", None, None),
        ("012-neural-fields.md", 12, "neural fields", None, None),
        ("digests/7.markdown", 7, "#7", None, None),
        ("20210919-20211003.md", None, "2021.09.19–2021.10.03", SEPTEMBER, OCTOBER),
        ("20210919-20211003/README.md", None, "2021.09.19–2021.10.03", SEPTEMBER, OCTOBER),
        ("C:\\digests\\20210919-20211003\\README.md", None, "2021.09.19–2021.10.03", SEPTEMBER, OCTOBER),
        ("2021-09-19.md", None, "2021.09.19", SEPTEMBER, None),
        ("2021-09-19-autumn.md", None, "autumn", SEPTEMBER, None),
        ("012-2021.09.19-2021.10.03.md", 12, "2021.09.19–2021.10.03", SEPTEMBER, OCTOBER),
        ("20211399.md", None, "20211399", None, None),
        ("spring letter.md", None, "spring letter", None, None),
    ],
)
def test_name_tells_number_and_dates(
    filename: str, number: int | None, title: str, starts_on: date | None, ends_on: date | None
) -> None:
    """A leading number is the issue's, dates are its own; where nothing else is given they make the title."""
    issue = parse_issue("### Papers", filename=filename)
    assert (issue.number, issue.title, issue.starts_on, issue.ends_on) == (number, title, starts_on, ends_on)


def test_front_matter_says_more_than_the_name() -> None:
    """Number, title and dates of the front matter go before those of the name, and before a heading."""
    text = "---\nnumber: 40\ntitle: 'Fields: autumn'\ndate: 2021-09-19..2021-10-03\n---\n# Heading\n\n### Papers\n"
    issue = parse_issue(text, filename="012.md")
    assert (issue.number, issue.title) == (40, "Fields: autumn")
    assert (issue.starts_on, issue.ends_on) == (SEPTEMBER, OCTOBER)
    assert [section.title for section in issue.sections] == ["Papers"]


@pytest.mark.parametrize("title", ["NeRF: a survey", "[draft", '"a quote', "a: b: c", "* star", "- dash"])
def test_front_matter_is_read_though_it_is_no_yaml(title: str) -> None:
    """A colon or a bracket in a title is no YAML; the fields count all the same, and no reader sees them as text."""
    issue = parse_issue(f"---\nnumber: 7\ntitle: {title}\n---\n\n## A\n\n### x\n\ntext", filename="012.md")
    assert (issue.number, issue.preface.blocks) == (7, ())
    assert title.strip('"-* ') in issue.title


@pytest.mark.parametrize(
    "text",
    [
        "---\nSome prose between rules.\n\n---\n### Papers\n",
        "---\na: [1, 2\n---\n### Papers\n",
        "---\n- a\n- b\n---\n### Papers\n",
        "---\nnumber: twelve\n---\n### Papers\n",
        "---\nnever: closed\n\n### Papers\n",
    ],
)
def test_what_only_looks_like_front_matter_is_no_obstacle(text: str) -> None:
    """A rule above some prose, broken YAML, a number in words: the issue is read all the same."""
    issue = parse_issue(text, filename="012.md")
    assert issue.number == 12
    assert "Papers" in [section.title for section in issue.sections]


def test_first_heading_is_the_title() -> None:
    """One heading above all others names the issue; what stands between it and the first section is the preface."""
    issue = parse_issue("# Autumn letter\n\nHello!\n\n## Papers\n\n- a\n\n## Talks\n", filename="012-letter.md")
    assert issue.title == "Autumn letter"
    assert len(issue.preface.blocks) == 1
    assert [section.title for section in issue.sections] == ["Papers", "Talks"]


LIST = "# Issues\n\nSee [us](https://example.org).\n\n- [First](20210919-20211003.md)\n- [Second](012-next/README.md)\n"


@pytest.mark.parametrize(
    ("text", "filename", "expected"),
    [
        (LIST, "README.md", True),
        (LIST, "archive.md", True),
        ("How to write an issue.", "README.md", True),
        ("How to write an issue.", "digests/README.md", True),
        ("---\nnumber: 3\n---\n### Papers", "README.md", False),
        ("### Papers", "20210919-20211003/README.md", False),
        (LIST, "012.md", False),
        ("- [A paper](https://arxiv.org/abs/2101.00001)\n- [Next](013.md)\n- [Talk](talk.md)", "letter.md", False),
    ],
)
def test_pages_about_issues_are_none(text: str, filename: str, *, expected: bool) -> None:
    """A README that names no issue and a list of issues are none; a page with a number or dates always is one."""
    assert is_index(text, filename=filename) is expected
