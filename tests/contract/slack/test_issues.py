"""Whole issues as Slack messages: every layout of every issue there is passes Slack's checks."""

from __future__ import annotations

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
from tests.contract.issues import CORPUS, FILES, for_every_issue, read_stored
from tests.fakes.slack.blocks import check_blocks


def compose(issue: Issue, layout: Layout, language: str) -> list[Payload]:
    posts = format_issue(issue, layout=layout, words=open_words(language))
    return [payload for post in posts for payload in PLATFORM.compose(post)]


@pytest.mark.skipif(not CORPUS.exists(), reason="the corpus of real issues is not here")
def test_real_issues_are_read() -> None:
    """The corpus is among what is checked below."""
    assert any(path.is_relative_to(CORPUS) for path in FILES)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", list(Layout))
@for_every_issue
def test_issue_passes_in_every_layout_and_language(path: Path, layout: Layout, language: str) -> None:
    """Every message of an issue, with pictures and without, keeps Slack's limits and has no fault."""
    payloads = compose(read_stored(path), layout, language)
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
