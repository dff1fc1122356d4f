"""Anchors: links to what stands elsewhere in the same delivery, whose address is known only after it was sent.

A formatter writes them like any link; whoever shows a document gives them their addresses, or takes them out.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from bot.model.delivery import Post
from bot.model.richtext import Document, Heading, Paragraph, Span, recast

Addresses = Mapping[str, str]
"""Where anchors lead."""

_SCHEME = "anchor:"


def section_anchor(index: int) -> str:
    """Return what leads to a section of the issue, by its index."""
    return f"{_SCHEME}section/{index}"


def entry_anchor(entry_id: int) -> str:
    """Return what leads to an entry."""
    return f"{_SCHEME}entry/{entry_id}"


def resolve_anchors(document: Document, addresses: Addresses) -> Document:
    """Return the document with addresses for its anchors; one without an address is no link."""

    def resolve(span: Span) -> Span:
        is_anchor = span.href is not None and span.href.startswith(_SCHEME)
        return replace(span, href=addresses.get(span.href or "")) if is_anchor else span

    def change(block: Heading | Paragraph) -> Heading | Paragraph:
        return replace(block, spans=tuple(map(resolve, block.spans)))

    return Document(recast(document.blocks, change))


def resolve_post(post: Post, addresses: Addresses) -> Post:
    """Return the post with addresses for its anchors."""
    return replace(post, units=tuple(resolve_anchors(unit, addresses) for unit in post.units))
