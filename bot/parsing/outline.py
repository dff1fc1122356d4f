"""Blocks -> the parts of an issue: its title, its preface, its sections."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from bot.model.richtext import Block, Heading, List, Mark, Paragraph, Spans
from bot.parsing.heads import Lead
from bot.parsing.labels import COLONS
from bot.parsing.links import find_links
from bot.parsing.papers import split_papers
from bot.parsing.pieces import EntrySource
from bot.parsing.section import SectionReader, settle_names
from bot.parsing.spans import squeeze, strip, text_of

_TITLE_LEVELS = (1, 2)
_LEAST_SECTIONS = 2
_LONGEST_LOOSE_HEADING = 80
_CHINESE_COUNT = re.compile(r"[一二三四五六七八九十]{1,3}、")


@dataclass(frozen=True, slots=True)
class SectionSource:
    """A section's title and what belongs to its entries; `asides` are empty headings and what headings link to."""

    title: str
    entries: tuple[EntrySource, ...]
    asides: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of an issue."""

    title: str
    preface: tuple[Block, ...]
    sections: tuple[SectionSource, ...]
    asides: tuple[str, ...] = ()


def read_outline(blocks: Sequence[Block]) -> Outline:
    """Return the parts of an issue."""
    top, blocks = _split_title(blocks)
    title, asides = (_text(top), _addresses(top)) if top else ("", ())
    level = min((block.level for block in blocks if isinstance(block, Heading)), default=0)
    starts = [index for index, block in enumerate(blocks) if isinstance(block, Heading) and block.level == level]
    if not starts and (titled := _with_headings(blocks)) is not blocks:
        inner = read_outline(titled)
        return replace(inner, title=title or inner.title, asides=(*asides, *inner.asides))
    if not starts:
        untitled = _section(None, blocks)
        return Outline(title, (), (untitled,) if untitled.entries else (), asides)
    preface = blocks[: starts[0]]
    # A heading that stands higher than those before it (a closing "# Jobs" below many a "## …") ends no preface.
    before = read_outline(preface) if any(isinstance(block, Heading) for block in preface) else None
    chunks = [
        (heading, blocks[start + 1 : end])
        for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)
        if isinstance(heading := blocks[start], Heading)
    ]
    if len(chunks) > 1 and all(_is_prose(chunk) for _, chunk in chunks):
        # The headings name entries rather than sections: each stands over mere prose.
        entries = tuple(EntrySource(Lead.HEADING, heading.spans, list(chunk)) for heading, chunk in chunks)
        sections: tuple[SectionSource, ...] = (SectionSource("", entries),)
    else:
        sections = tuple(_section(heading, chunk) for heading, chunk in chunks)
    if before is None:
        return Outline(title, tuple(preface), sections, asides)
    return Outline(title or before.title, before.preface, (*before.sections, *sections), (*asides, *before.asides))


def _with_headings(blocks: Sequence[Block]) -> Sequence[Block]:
    """Make headings of lines that stand over lists like some, in a text that has several such and no other heading."""
    heads = {
        index
        for index, (block, below) in enumerate(pairwise(blocks))
        if isinstance(block, Paragraph) and isinstance(below, List) and _looks_like_heading(block.spans)
    }
    if len(heads) < _LEAST_SECTIONS:
        return blocks
    return [
        Heading(strip(block.spans, right=f" {COLONS}"), 2) if index in heads and isinstance(block, Paragraph) else block
        for index, block in enumerate(blocks)
    ]


def _looks_like_heading(spans: Spans) -> bool:
    """Tell whether a paragraph is one bold line, or one that is counted in Chinese (``一、论文``)."""
    text = text_of(spans)
    if "\n" in text or len(text) > _LONGEST_LOOSE_HEADING or any(span.href for span in spans):
        return False
    return all(Mark.BOLD in span.marks for span in spans) or _CHINESE_COUNT.match(text) is not None


def _split_title(blocks: Sequence[Block]) -> tuple[Heading | None, Sequence[Block]]:
    """Take the heading that names the whole issue off its beginning."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    match blocks:
        case (Heading(level=level) as heading, *rest) if level in _TITLE_LEVELS and levels.count(level) == 1:
            deeper = set(levels) - {level}
            if min(levels) == level and (level == 1 or len(deeper) > 1):
                return heading, rest
    return None, blocks


def _is_prose(blocks: Sequence[Block]) -> bool:
    """Tell whether some blocks begin like the text of one entry, and hold no marks of several."""
    entries = SectionReader(blocks).read()
    return len(entries) == 1 and entries[0].lead is Lead.NOTHING and not isinstance(blocks[0], List)


def _section(heading: Heading | None, blocks: Sequence[Block]) -> SectionSource:
    reader = SectionReader(blocks)
    entries = [part for entry in reader.read() for part in split_papers(entry)]
    settle_names(entries)
    asides = (*(_addresses(heading) if heading else ()), *reader.asides)
    return SectionSource(_text(heading) if heading else "", tuple(entries), asides)


def _text(heading: Heading) -> str:
    return squeeze(text_of(heading.spans))


def _addresses(heading: Heading) -> tuple[str, ...]:
    """Return where a heading leads: titles hold no links."""
    return tuple(found.url for found in find_links(heading.spans))
