"""Real issues are read as a careful reader reads them, however the same thing is written."""

from __future__ import annotations

import re
from collections.abc import Callable
from statistics import mean

import pytest

from tests.unit.parsing.scoring import HAS_LABELS, score_corpus

pytestmark = pytest.mark.skipif(not HAS_LABELS, reason="no labelled issues beside the repository")

LEAST = {
    "entries": 0.98,
    "title": 0.98,
    "links": 0.98,
    "images": 0.98,
    "authors": 0.98,
    "source_url": 0.98,
    "dates": 0.98,
    "comments": 0.95,
    "coverage": 0.995,
}
LEAST_OVERALL = 0.97


def test_real_issues_are_read_as_labelled() -> None:
    """Every field reaches its score, and so do all together."""
    scores, problems = score_corpus()
    missed = {field: scores[field] for field, least in LEAST.items() if scores[field] < least}
    assert not missed, problems
    assert mean(scores.values()) >= LEAST_OVERALL


REWRITES: dict[str, Callable[[str], str]] = {
    "other bullets": lambda text: re.sub(r"(?m)^(\s*)- ", r"\1* ", text),
    "ascii colons": lambda text: text.replace("：", ":"),
    "full-width reference": lambda text: re.sub(r"reference\s*[:：]\s*", "Reference：", text),
    "bold reference": lambda text: re.sub(r"reference\s*[:：]\s*(\S+)", r"**reference:** \1", text),
    "linked reference": lambda text: re.sub(r"reference\s*[:：]\s*(\S+)", r"[reference](\1)", text),
    "reference below its label": lambda text: re.sub(r"( *)reference\s*[:：]\s*(\S+)", r"\1reference:\n\1\2", text),
    "reference in a list": lambda text: re.sub(r"reference\s*[:：]\s*(\S+)", r"- reference: \1", text),
    "remark without a space": lambda text: text.replace("**评述：** ", "**评述：**"),
    "headings not in items": lambda text: re.sub(r"(?m)^\s*- ##### ", "##### ", text),
    "headings of another level": lambda text: re.sub(r"(?m)^(\s*)- ##### ", r"\1- #### ", text),
    "headings without a space": lambda text: re.sub(r"(?m)^(\s*(?:- )?#{3,5}) +", r"\1", text),
    "bold headings": lambda text: re.sub(r"(?m)^(\s*(?:- )?#{4,5} +)([^\[\n\r]+?)\s*$", r"\1**\2**", text),
    "a title above": lambda text: f"# Digest\n\n{text}",
    "images in Markdown": lambda text: re.sub(
        r'<div align=center><img src="([^"]*)" alt="([^"]*)"[^>]*/></div>', r"![\2](\1)", text
    ),
    "colons outside the bold": lambda text: re.sub(r"\*\*([^*\n:]{2,30}):\*\* ?", r"**\1**：", text),
    "bold bylines": lambda text: re.sub(r"(?m)^(\s*)(\[[^\]]+\]\(https://twitter\.com/[^)]*\))$", r"\1**\2**", text),
    "rules below the text": lambda text: re.sub(r"\r?\n\s*\n\*\*\*", "\n---", text),
    "unindented": lambda text: re.sub(r"(?m)^ +(?![-*+ ])", "", text),
}


@pytest.mark.parametrize("name", REWRITES)
def test_other_ways_of_writing_are_read_alike(name: str) -> None:
    """What a writer could just as well have written is read as well, give or take a hundredth."""
    scores, problems = score_corpus(REWRITES[name])
    assert mean(scores.values()) >= 0.985, problems
