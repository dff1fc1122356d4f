"""Whole issues as Slack messages: every layout of every issue there is passes Slack's checks."""

from __future__ import annotations

from dataclasses import replace
from itertools import count
from pathlib import Path

import pytest

from bot.adapters.slack import PLATFORM, limits
from bot.adapters.slack.messages import as_message, local_pictures, with_files
from bot.adapters.slack.rendering import weigh
from bot.formatters.issue import format_issue
from bot.locales import LANGUAGES, open_words
from bot.model.chat import Layout
from bot.model.delivery import Degradation, Payload
from bot.model.digest import Issue
from bot.parsing import decode, is_index, parse_issue
from tests.fakes.slack.blocks import check_blocks

ROOT = Path(__file__).resolve().parents[3]
CORPUS = ROOT.parent / "shared" / "corpus"
FILES = [*sorted((ROOT / "digests").glob("0*.md")), *sorted(CORPUS.rglob("*.md"))]


def compose(path: Path, layout: Layout, language: str) -> list[Payload]:
    text = decode(path.read_bytes(), name=path.name)
    if is_index(text, filename=f"{path.parent.name}/{path.name}"):
        pytest.skip("lists issues, and is none")
    issue = replace(parse_issue(text, filename=f"{path.parent.name}/{path.name}"), base=f"{path.parent.as_uri()}/")
    posts = format_issue(stored(issue), layout=layout, words=open_words(language))
    return [payload for post in posts for payload in PLATFORM.compose(post)]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real issues is not here")
def test_real_issues_are_read() -> None:
    """The corpus is among what is checked below."""
    assert any(path.is_relative_to(CORPUS) for path in FILES)


def stored(issue: Issue) -> Issue:
    """Give the entries ids, as the storage does: what is folded has its button then."""
    ids = count(1)
    sections = (
        replace(section, entries=tuple(replace(entry, id=next(ids)) for entry in section.entries))
        for section in issue.sections
    )
    return replace(issue, sections=tuple(sections))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", list(Layout))
@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem if path.stem != "README" else path.parent.name)
def test_issue_passes_in_every_layout_and_language(path: Path, layout: Layout, language: str) -> None:
    """Every message of an issue, with pictures and without, keeps Slack's limits and has no fault."""
    payloads = compose(path, layout, language)
    assert payloads
    for payload in payloads:
        for form in (payload, PLATFORM.degrade(payload, Degradation.NO_IMAGES) or payload):
            assert len(form["blocks"]) <= limits.MESSAGE_BLOCKS
            assert weigh(form["blocks"]) <= limits.MESSAGE_TEXT + len(form["blocks"]) * len("🖼 ")
            files = {picture["image_url"]: "F0123ABCD" for picture in local_pictures(form)}
            message = as_message(with_files(form, files))
            assert check_blocks(message["blocks"])[0] == []
            assert len(message["text"].encode()) <= limits.FALLBACK_BYTES
            assert str(path.parent) not in str(message)
