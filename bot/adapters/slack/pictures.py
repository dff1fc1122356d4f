"""Pictures as blocks: which of them Slack takes, by which words they are told, and what stands in for the others."""

from __future__ import annotations

from urllib.parse import parse_qs, unquote

from bot.adapters.slack import limits
from bot.adapters.slack.runs import JSON, linked_run, rich_text, section, split_address
from bot.model.richtext import Image

LOCAL = "file:"
"""How the address of a picture begins that is uploaded before it is shown."""

HEADING_ALT = 150
"""Characters of a heading that tell of a nameless picture below it."""

_PICTURES = frozenset({"png", "jpg", "jpeg", "gif"})


def image_block(image: Image, heading: str = "") -> JSON:
    """Return the block of a picture; one without words is told by those of the heading it stands below."""
    alt = image.alt.strip() or heading[:HEADING_ALT]
    return {"type": "image", "image_url": image.url, "alt_text": alt[: limits.IMAGE_ALT] or alt_text(image)}


def alt_text(image: Image) -> str:
    """Return a picture's words, or what it is called where it has none."""
    name = unquote(split_address(image.url).path.rpartition("/")[2])
    return (image.alt.strip() or name or image.url)[: limits.IMAGE_ALT]


def is_shown(url: str) -> bool:
    """Slack fetches a picture while it takes the message, and refuses both where the picture is of another kind."""
    parts = split_address(url)
    if parts.scheme not in {"https", "file"} or len(url) > limits.URL:
        return False
    ending = parts.path.rpartition(".")[2].partition(":")[0].lower()  # Twitter writes name.jpg:large
    return ending in _PICTURES or parse_qs(parts.query).get("format", [""])[0].lower() in _PICTURES


def linked_picture(image: JSON) -> JSON:
    """Return what stands in for a picture Slack does not take: a link to it, or the words of a local one."""
    url, alt = image["image_url"], image["alt_text"]
    return rich_text([section([linked_run(f"🖼 {alt}", None if url.startswith(LOCAL) else url)])])
