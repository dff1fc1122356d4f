"""What kind of picture some bytes are, and how large: as much as a platform looks at before it takes an upload."""

from __future__ import annotations

import struct
from base64 import b64encode
from dataclasses import dataclass

DRAWN_BYTES = 300_000
_JPEG_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture's kind (``png``, ``jpeg``, ``gif``, ``webp``) and size in pixels."""

    kind: str
    width: int
    height: int


def look_at(content: bytes) -> Picture | None:
    """Recognise a picture; None for anything else."""
    if content.startswith(b"\x89PNG\r\n\x1a\n") and len(content) >= 24:
        return Picture("png", *struct.unpack(">II", content[16:24]))
    if content.startswith((b"GIF87a", b"GIF89a")) and len(content) >= 10:
        return Picture("gif", *struct.unpack("<HH", content[6:10]))
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return Picture("webp", 0, 0)
    if content.startswith(b"\xff\xd8"):
        return _jpeg(content)
    return None


def drawn(content: bytes) -> str:
    """Return a picture as an address that holds it whole, "" for one too large or of no known kind."""
    picture = look_at(content)
    if picture is None or len(content) > DRAWN_BYTES:
        return ""
    return f"data:image/{picture.kind};base64,{b64encode(content).decode()}"


def _jpeg(content: bytes) -> Picture | None:
    position = 2
    while position + 9 <= len(content) and content[position] == 0xFF:
        marker, length = content[position + 1], struct.unpack(">H", content[position + 2 : position + 4])[0]
        if marker in _JPEG_FRAMES:
            height, width = struct.unpack(">HH", content[position + 5 : position + 9])
            return Picture("jpeg", width, height)
        position += 2 + length
    return None
