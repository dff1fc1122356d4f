"""Whole issues as Telegram messages: every layout of every issue there is passes the server's checks."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.telegram import PLATFORM
from bot.adapters.telegram.payloads import ALBUM, caption_of
from bot.formatters.anchors import resolve_post
from bot.formatters.issue import format_issue
from bot.locales import LANGUAGES, open_words
from bot.model.chat import Layout
from bot.model.delivery import Degradation, Payload
from bot.model.digest import Issue
from tests.contract.issues import for_every_issue, read_stored
from tests.fakes.telegram.entities import check_text
from tests.fakes.telegram.keyboards import check_keyboard


def compose(issue: Issue, layout: Layout, language: str) -> list[Payload]:
    posts = format_issue(issue, layout=layout, words=open_words(language))
    return [payload for post in posts for payload in PLATFORM.compose(resolve_post(post, {}))]


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("layout", list(Layout))
@for_every_issue
def test_issue_passes_in_every_layout_and_language(path: Path, layout: Layout, language: str) -> None:
    """Texts, entities, captions, albums and buttons keep the limits, and nothing is dropped without a word."""
    payloads = compose(read_stored(path), layout, language)
    assert payloads
    for payload in payloads:
        for form in filter(None, (payload, PLATFORM.degrade(payload, Degradation.NO_IMAGES))):
            text, entities = caption_of(form)
            if text:
                limit = 4096 if form["method"] == "sendMessage" else 1024
                checked = check_text(text, entities, limit=limit)
                assert (checked.text, checked.violations) == (text, [])
            assert "\n\n\n" not in text
            assert form["method"] != ALBUM or 2 <= len(form["media"]) <= 10
            assert check_keyboard(form.get("reply_markup"))[1] == []


@for_every_issue
def test_a_compact_issue_is_few_messages(path: Path) -> None:
    """It fits what a channel takes in a minute, with room for what else is said there."""
    assert sum(PLATFORM.weight(payload) for payload in compose(read_stored(path), Layout.COMPACT, "zh")) <= 36
