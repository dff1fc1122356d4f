"""Whole issues, one for each way in which people write them: what is read of each stands beside it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bot.parsing import parse, to_json

FIXTURES = Path(__file__).parents[2] / "fixtures" / "parsing"
ISSUES = sorted(path.relative_to(FIXTURES).as_posix() for path in FIXTURES.rglob("*.md"))


@pytest.mark.parametrize("name", ISSUES)
def test_issue_is_read_as_a_reader_does(name: str) -> None:
    """The Markdown on the left is the JSON on the right."""
    path = FIXTURES / name
    parsed = parse(path.read_text(encoding="utf-8"), filename=name)
    expected = json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))
    assert to_json(parsed.issue, asides=parsed.asides) == expected


@pytest.mark.parametrize("name", ISSUES)
def test_line_ends_do_not_matter(name: str) -> None:
    """An editor on Windows writes the same issue."""
    text = (FIXTURES / name).read_text(encoding="utf-8")
    unix, windows = (parse(source, filename=name).issue for source in (text, text.replace("\n", "\r\n")))
    assert windows == unix
