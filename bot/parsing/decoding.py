"""Bytes of a file -> its text, or one line that says why there is none."""

from __future__ import annotations

from bot.parsing.errors import UnreadableFile

MAX_BYTES = 1_000_000
"""Size of the largest file that is read. A real issue has about 30 kB."""

_SIGNATURES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a PNG image",
    b"\xff\xd8\xff": "a JPEG image",
    b"GIF8": "a GIF image",
    b"PK\x03\x04": "a ZIP archive or an office document",
    b"\x1f\x8b": "a gzip archive",
}
"""First bytes of files that somebody may have renamed to .md."""


def decode(content: bytes, *, name: str) -> str:
    """Return a file's text. Raises UnreadableFile for one that is too large, empty, binary or not UTF-8."""
    if len(content) > MAX_BYTES:
        size, limit = len(content) / 1e6, MAX_BYTES / 1e6
        raise UnreadableFile(f"{name}: {size:.1f} MB is too large for an issue, which may have {limit:.0f} MB")
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise UnreadableFile(f"{name}: this is {kind}, not Markdown text")
    text = _decode_unicode(content, name)
    if "\0" in text:
        raise UnreadableFile(f"{name}: this is a binary file, not Markdown text")
    if not text.strip():
        raise UnreadableFile(f"{name}: the file is empty")
    return text


def _decode_unicode(content: bytes, name: str) -> str:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise UnreadableFile(f"{name}: this is UTF-16 text; save the file as UTF-8")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        if b"\0" in content:
            raise UnreadableFile(f"{name}: this is a binary file, not Markdown text") from error
        line = content[: error.start].count(b"\n") + 1
        raise UnreadableFile(f"{name}: line {line} is not UTF-8 text; save the file as UTF-8") from error
