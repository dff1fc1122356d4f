"""Packing documents into messages, and cutting what is too long for one.

No platform is known here: what a block costs and how much a message holds come from the caller. All text is laid out on
one line of positions, each position is rated as a place to break, and every message reaches as far as it fits and then
steps back to the best break. So the work grows with the length of the text, whatever its shape.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from enum import IntEnum
from operator import attrgetter
from typing import Any, Generic, TypeVar

import regex

from bot.model.richtext import Block, Byline, Code, Document, Heading, LinkLine, List, Paragraph, Quote, Span, Spans

Cost = tuple[int, ...]
"""What a block takes of each thing a message has a limit of (characters, entities, bytes, …). Costs add up."""


class _Break(IntEnum):
    """How good a position is for breaking before it; NONE is never good, the others come best first."""

    NONE = 0
    UNIT = 1
    BLOCK = 2
    INNER = 3  # a list's item, a block in a quote
    SENTENCE = 4
    WORD = 5
    GLYPH = 6
    AFTER_HEADING = 7
    KEPT_WORD = 8  # in a link or a heading
    KEPT_GLYPH = 9


_WELCOME = (_Break.BLOCK, _Break.INNER, _Break.SENTENCE, _Break.WORD)
_KEEP = bytes.maketrans(
    bytes([_Break.SENTENCE, _Break.WORD, _Break.GLYPH]),
    bytes([_Break.KEPT_WORD, _Break.KEPT_WORD, _Break.KEPT_GLYPH]),
)

_GLYPHS = regex.compile(r"\X")
_WORDS = regex.compile(r"\s+|[\p{Han}\p{Hiragana}\p{Katakana}][\p{Pe}\p{Pf}\p{Po}]*\s*")
# A full stop before a small letter or a figure is an abbreviation more often than an end: "et al. 2021".
_SENTENCES = regex.compile(r"[.!?]+[\"'”’)\]]*\s++(?![\p{Ll}\p{Nd}])|[。！？…]+[”’」』）】]*\s*|\n+")
_LINES = regex.compile(r"\n+")

_start = attrgetter("start")
_end = attrgetter("end")


_Content = TypeVar("_Content")
_Item = tuple[Block, ...]


@dataclass(frozen=True, slots=True)
class _Node(Generic[_Content]):
    """A block, an item of a list or a run of text, and the positions it covers.

    A block and an item end with one position of their own, so that empty ones count, too.
    """

    content: _Content
    start: int
    end: int
    parts: tuple[_Node[Any], ...] = ()


def pack(units: Sequence[Document], *, cost: Callable[[Block], Cost], limit: Cost, joint: Cost = ()) -> list[Document]:
    """Pack units, in order, into as few documents as fit the limit.

    A unit that fits a document alone is not cut; one that does not is cut between blocks, else between sentences,
    words, grapheme clusters, and inside a link only where the link alone exceeds the limit. Quotes, lists and code go
    on as what they are. A heading goes with what follows it: a unit that ends with one counts as one with the next.

    `cost` must not fall when a block grows; `joint` is the cost of standing between two blocks.
    """
    whole = tuple(block for unit in units for block in unit.blocks)
    measure = _remembering(cost, whole)

    def hold(blocks: Sequence[Block]) -> bool:
        used = [0] * len(limit)
        for block in blocks:
            used = [total + more for total, more in zip(used, measure(block), strict=True)]
        between = len(blocks) - 1
        if joint:
            used = [total + between * more for total, more in zip(used, joint, strict=True)]
        return all(total <= most for total, most in zip(used, limit, strict=True))

    if whole and hold(whole):  # mostly it does, and then nobody asks where it could be cut
        return [Document(whole)]
    nodes: list[_Node[Block]] = []
    starts: list[int] = []
    at = 0
    for unit in units:
        starts.append(at)
        laid = _lay_blocks(unit.blocks, at)
        nodes.extend(laid)
        at = laid[-1].end if laid else at

    ranks = _rate(nodes, starts, at)

    def fits(start: int, stop: int) -> bool:
        return hold(_cut_blocks(nodes, start, stop))

    documents = []
    start = 0
    while start < at:
        stop = _next_break(ranks, start, _reach(start, at, fits), fits)
        documents.append(Document(_cut_blocks(nodes, start, stop)))
        start = stop
    return documents


def _remembering(cost: Callable[[Block], Cost], blocks: Iterable[Block]) -> Callable[[Block], Cost]:
    """Return a measure that measures each of these blocks once; a piece of one is measured anew."""
    costs: dict[int, Cost | None] = dict.fromkeys(map(id, blocks))

    def measure(block: Block) -> Cost:
        key = id(block)
        known = costs.get(key)
        if known is None:
            known = cost(block)
            if key in costs:
                costs[key] = known
        return known

    return measure


def _reach(start: int, end: int, fits: Callable[[int, int], bool]) -> int:
    """Return the furthest position up to which a document beginning at `start` fits."""
    good, step = start, 512
    while good < end:
        probe = min(start + step, end)
        if not fits(start, probe):
            return good + bisect_left(range(good + 1, probe + 1), True, key=lambda stop: not fits(start, stop))  # noqa: FBT003 - the value looked for
        good, step = probe, step * 2
    return end


def _next_break(ranks: bytearray, start: int, reach: int, fits: Callable[[int, int], bool]) -> int:
    """Choose where a document that may reach from `start` to `reach` ends.

    A document is at least half full, if that takes no more than cutting between words; but nothing is cut to fill it
    that would fit the next one whole.
    """
    end = len(ranks) - 1
    if reach >= end:
        return end
    low, half = start + 1, start + max(1, (reach - start) // 2)
    unit = ranks.rfind(_Break.UNIT, low, reach + 1)
    if unit >= 0 and (unit >= half or fits(unit, _next_unit(ranks, unit))):
        return unit
    for rank in _WELCOME:
        if (found := ranks.rfind(rank, half, reach + 1)) >= 0:
            return found
    for rank in _Break:
        if rank is not _Break.NONE and (found := ranks.rfind(rank, low, reach + 1)) >= 0:
            return found
    return max(low, reach)


def _next_unit(ranks: bytearray, unit: int) -> int:
    found = ranks.find(_Break.UNIT, unit + 1)
    return found if found >= 0 else len(ranks) - 1


# Laying out: every block gets its positions.


def _lay_blocks(blocks: Iterable[Block], at: int) -> tuple[_Node[Block], ...]:
    nodes = []
    for block in blocks:
        node = _lay_block(block, at)
        nodes.append(node)
        at = node.end
    return tuple(nodes)


def _lay_block(block: Block, at: int) -> _Node[Block]:
    parts: tuple[_Node[Any], ...] = ()
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            parts = _lay_spans(spans, at)
        case Quote(blocks=blocks):
            parts = _lay_blocks(blocks, at)
        case List(items=items):
            parts = _lay_items(items, at)
        case Code(text=text):
            return _Node(block, at, at + len(text) + 1)
    return _Node(block, at, _end_of(parts, at) + 1, parts)


def _lay_items(items: Iterable[_Item], at: int) -> tuple[_Node[_Item], ...]:
    nodes = []
    for item in items:
        parts = _lay_blocks(item, at)
        nodes.append(_Node(item, at, _end_of(parts, at) + 1, parts))
        at = nodes[-1].end
    return tuple(nodes)


def _lay_spans(spans: Spans, at: int) -> tuple[_Node[Span], ...]:
    nodes = []
    for span in spans:
        if span.text:
            nodes.append(_Node(span, at, at + len(span.text)))
            at += len(span.text)
    return tuple(nodes)


def _end_of(parts: Sequence[_Node[Any]], otherwise: int) -> int:
    return parts[-1].end if parts else otherwise


# Rating: every position is told how good it is to break before it.


def _rate(nodes: Sequence[_Node[Block]], units: Sequence[int], end: int) -> bytearray:
    ranks = bytearray(end + 1)
    for node in nodes:
        _rate_block(ranks, node)
        ranks[node.start] = _Break.BLOCK
    for node in nodes:
        _keep_small_print(ranks, node)
    for start in units:
        ranks[start] = _Break.UNIT
    for node in nodes:
        _keep_with_next(ranks, node)
    return ranks


def _rate_block(ranks: bytearray, node: _Node[Block]) -> None:
    match node.content:
        case Heading(spans=spans):
            _rate_text(ranks, node.start, _text(spans), _SENTENCES)
            _keep(ranks, node.start, node.end)
        case Paragraph(spans=spans):
            _rate_text(ranks, node.start, _text(spans), _SENTENCES)
            _keep_links(ranks, node.parts)
        case Code(text=text):
            _rate_text(ranks, node.start, text, _LINES)
        case Quote():
            _rate_inner(ranks, node.parts)
        case List():
            for item in node.parts:
                _rate_inner(ranks, item.parts)
                ranks[item.start] = _Break.INNER


def _rate_inner(ranks: bytearray, nodes: Iterable[_Node[Block]]) -> None:
    for node in nodes:
        _rate_block(ranks, node)
        ranks[node.start] = _Break.INNER


def _rate_text(ranks: bytearray, at: int, text: str, sentences: regex.Pattern[str]) -> None:
    for glyph in _GLYPHS.finditer(text):
        ranks[at + glyph.start()] = _Break.GLYPH
    for pattern, rank in ((_WORDS, _Break.WORD), (sentences, _Break.SENTENCE)):
        for found in pattern.finditer(text):
            if ranks[at + found.end()]:  # else it is inside a grapheme cluster, or behind the whole text
                ranks[at + found.end()] = rank


def _keep_links(ranks: bytearray, spans: Sequence[_Node[Span]]) -> None:
    previous: str | None = None
    for span in spans:
        href = span.content.href
        if href is not None:
            inside = span.start if href == previous else span.start + 1  # one link may change its style halfway
            _keep(ranks, inside, span.end)
        previous = href


def _keep(ranks: bytearray, start: int, end: int) -> None:
    ranks[start:end] = ranks[start:end].translate(_KEEP)


def _keep_small_print(ranks: bytearray, node: _Node[Block]) -> None:
    """Keep who wrote a text above it, and where it leads below it, as long as both are of one unit."""
    match node.content:
        case Byline():
            ranks[node.end] = _Break.AFTER_HEADING
        case LinkLine():
            ranks[node.start] = _Break.AFTER_HEADING


def _keep_with_next(ranks: bytearray, node: _Node[Any]) -> bool:
    """Mark the positions behind headings; tell whether the node ends in one."""
    if isinstance(node.content, Paragraph):
        return False
    ends_in_heading = isinstance(node.content, Heading)
    if not ends_in_heading:
        for part in node.parts:
            ends_in_heading = _keep_with_next(ranks, part)
    if ends_in_heading:
        ranks[node.end] = _Break.AFTER_HEADING
    return ends_in_heading


def _text(spans: Spans) -> str:
    return "".join(span.text for span in spans)


# Cutting: a stretch of positions becomes blocks again.


def _overlapping(nodes: Sequence[_Node[_Content]], start: int, stop: int) -> Sequence[_Node[_Content]]:
    return nodes[bisect_right(nodes, start, key=_end) : bisect_left(nodes, stop, key=_start)]


def _cut_blocks(nodes: Sequence[_Node[Block]], start: int, stop: int) -> tuple[Block, ...]:
    cut = (_cut_block(node, start, stop) for node in _overlapping(nodes, start, stop))
    return tuple(block for block in cut if block is not None)


def _cut_block(node: _Node[Block], start: int, stop: int) -> Block | None:
    """Return what of a block lies in a stretch, None where that is no more than its own last position."""
    block = node.content
    if start <= node.start and node.end <= stop:
        return block
    match block:
        case Heading() | Paragraph():
            spans = tuple(_cut_span(span, start, stop) for span in _overlapping(node.parts, start, stop))
            return replace(block, spans=spans) if spans else None
        case Code(text=text):
            text = text[max(0, start - node.start) : stop - node.start]
            return replace(block, text=text) if text else None
        case Quote():
            blocks = _cut_blocks(node.parts, start, stop)
            return replace(block, blocks=blocks) if blocks else None
        case List():
            return _cut_list(block, node.parts, start, stop)
        case _:
            return None


def _cut_list(block: List, nodes: Sequence[_Node[_Item]], start: int, stop: int) -> List | None:
    first, items = block.start + bisect_right(nodes, start, key=_end), []
    for node in _overlapping(nodes, start, stop):
        item = _cut_blocks(node.parts, start, stop)
        if item or not node.content:
            items.append(item)
        else:
            first += 1
    return replace(block, items=tuple(items), start=first) if items else None


def _cut_span(node: _Node[Span], start: int, stop: int) -> Span:
    span = node.content
    return replace(span, text=span.text[max(0, start - node.start) : stop - node.start])
