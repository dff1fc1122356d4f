"""Bytes become text, or one clear line."""

from __future__ import annotations

import pytest

from bot.parsing import MAX_BYTES, UnreadableFile, decode


def test_utf8_is_read_with_or_without_its_mark() -> None:
    """A byte-order mark is no text."""
    assert decode("### 论文\n".encode(), name="012.md") == "### 论文\n"
    assert decode("### 论文\n".encode("utf-8-sig"), name="012.md") == "### 论文\n"


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (b"", "the file is empty"),
        (b" \r\n\t", "the file is empty"),
        (b"\xef\xbb\xbf", "the file is empty"),
        (b"one\ntwo \xe9t\xe9", "line 2 is not UTF-8 text"),
        ("论文".encode("gb18030"), "line 1 is not UTF-8 text"),
        ("# title".encode("utf-16"), "UTF-16"),
        (b"text\0more", "binary"),
        (b"\x00\x01\x02\xff", "binary"),
        (b"\x89PNG\r\n\x1a\n", "PNG image"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"a" * (MAX_BYTES + 1), "too large"),
        (b"a" * 50_000_000, "50.0 MB is too large"),
    ],
)
def test_what_is_no_text_is_told_in_one_line(content: bytes, reason: str) -> None:
    """The line names the file and the reason."""
    with pytest.raises(UnreadableFile, match=reason) as caught:
        decode(content, name="digests/012.md")
    assert str(caught.value).startswith("digests/012.md: ")
    assert "\n" not in str(caught.value)
