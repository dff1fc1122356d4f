"""What is stored as a whole value comes back as it was."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.formatters.issue import format_issue
from bot.locales import open_words
from bot.model.chat import Layout
from bot.parsing import parse_issue
from bot.storage.codec import decode_post, encode_post

DIGESTS = sorted((Path(__file__).resolve().parents[3] / "digests").glob("0*.md"))


@pytest.mark.parametrize("layout", Layout)
def test_a_header_comes_back_whole(layout: Layout) -> None:
    """With all that its formatter knew of its blocks: else it could not be composed again as it was."""
    assert DIGESTS
    for path in DIGESTS:
        issue = parse_issue(path.read_text(encoding="utf-8"), filename=path.name)
        header, *_ = format_issue(issue, layout=layout, words=open_words("en"))
        assert decode_post(encode_post(header)) == header
