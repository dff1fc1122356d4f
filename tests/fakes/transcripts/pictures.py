"""Pictures and faces in a drawing: uploads as they are, addresses as a quiet stand-in, since nothing is fetched."""

from __future__ import annotations

import re
from urllib.parse import urlsplit
from zlib import crc32

from markupsafe import Markup

from tests.fakes.transcripts.markup import element, void

_PICTURES = re.compile(r"\.(?:png|jpe?g|gif|webp)\b|[?&]format=(?:png|jpe?g)\b", re.IGNORECASE)
FACES = ("#e17076", "#eda86c", "#a695e7", "#7bc862", "#6ec9cb", "#65aadd", "#ee7aae")


def is_picture(url: str) -> bool:
    """Tell by its looks whether an address leads to a picture."""
    return bool(_PICTURES.search(url))


def picture(source: str, alt: str, class_: str) -> Markup:
    """Draw a picture."""
    if source.startswith("data:"):
        return void("img", src=source, alt=alt, class_=class_)
    parts = urlsplit(source)
    name = parts.path.rsplit("/", 1)[-1] or parts.netloc
    words = element("span", alt or name, class_="picture-alt")
    return element("span", words, element("span", parts.netloc, class_="picture-host"), class_=f"{class_} picture-stub")


def face(name: str, class_: str) -> Markup:
    """Draw somebody's face: two letters on their own colour."""
    words = name.split() or ["?"]
    letters = "".join(word[0] for word in words[:2]).upper()
    colour = FACES[crc32(name.encode()) % len(FACES)]
    return element("span", letters, class_=class_, style=f"--face: {colour}")


def name_colour(name: str) -> str:
    """Return the colour somebody's name is written in."""
    return FACES[crc32(name.encode()) % len(FACES)]
