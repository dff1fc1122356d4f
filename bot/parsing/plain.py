"""Blocks as plain text, for the reader of a JSON file: words alone, links without their addresses."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model.richtext import Block, Code, Divider, Heading, Image, List, Paragraph, Quote
from bot.parsing.spans import text_of


def plain_text(blocks: Iterable[Block]) -> str:
    """Return the words of some blocks, a paragraph a line."""
    return "\n".join(filter(None, map(_block, blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return text_of(spans)
        case List(items=items):
            return "\n".join(filter(None, map(plain_text, items)))
        case Quote(blocks=blocks):
            return plain_text(blocks)
        case Code(text=text):
            return text
        case Image(alt=alt):
            return alt
        case Divider():
            return ""
