"""Blocks -> the parts of an issue: its title, its preface, its sections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.model.richtext import Block, Divider, Heading, List
from bot.parsing.heads import Lead
from bot.parsing.papers import split_papers
from bot.parsing.pieces import EntrySource
from bot.parsing.section import SectionReader, settle_names
from bot.parsing.spans import squeeze, text_of

_TITLE_LEVELS = (1, 2)


@dataclass(frozen=True, slots=True)
class SectionSource:
    """A section's title and what belongs to its entries; `empty_headings` have nothing beneath."""

    title: str
    entries: tuple[EntrySource, ...]
    empty_headings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outline:
    """The parts of an issue."""

    title: str
    preface: tuple[Block, ...]
    sections: tuple[SectionSource, ...]


def read_outline(blocks: Sequence[Block]) -> Outline:
    """Return the parts of an issue."""
    title, blocks = _split_title(blocks)
    level = min((block.level for block in blocks if isinstance(block, Heading)), default=0)
    starts = [index for index, block in enumerate(blocks) if isinstance(block, Heading) and block.level == level]
    if not starts:
        return Outline(title, (), (_section("", blocks),) if _says_something(blocks) else ())
    chunks = [blocks[start:end] for start, end in zip(starts, [*starts[1:], len(blocks)], strict=True)]
    preface = tuple(blocks[: starts[0]])
    if _are_entries(chunks):
        entries = tuple(_whole_entry(chunk) for chunk in chunks)
        return Outline(title, preface, (SectionSource("", entries),))
    return Outline(title, preface, tuple(_section(_heading_text(chunk[0]), chunk[1:]) for chunk in chunks))


def _split_title(blocks: Sequence[Block]) -> tuple[str, Sequence[Block]]:
    """Take the heading that names the whole issue off its beginning."""
    levels = [block.level for block in blocks if isinstance(block, Heading)]
    match blocks:
        case (Heading(level=level) as heading, *rest) if level in _TITLE_LEVELS and levels.count(level) == 1:
            deeper = set(levels) - {level}
            if min(levels) == level and (level == 1 or len(deeper) > 1):
                return _heading_text(heading), rest
    return "", blocks


def _are_entries(chunks: Sequence[Sequence[Block]]) -> bool:
    """Tell whether the headings name entries rather than sections: each stands over mere prose."""
    return len(chunks) > 1 and all(_is_prose(chunk[1:]) for chunk in chunks)


def _is_prose(blocks: Sequence[Block]) -> bool:
    """Tell whether some blocks begin like the text of one entry, and hold no marks of several."""
    entries = SectionReader(blocks).read()
    return len(entries) == 1 and entries[0].lead is Lead.NOTHING and not any(map(_is_list, blocks[:1]))


def _is_list(block: Block) -> bool:
    return isinstance(block, List)


def _whole_entry(chunk: Sequence[Block]) -> EntrySource:
    heading = chunk[0]
    return EntrySource(Lead.HEADING, heading.spans if isinstance(heading, Heading) else (), list(chunk[1:]))


def _section(title: str, blocks: Sequence[Block]) -> SectionSource:
    reader = SectionReader(blocks)
    entries = [part for entry in reader.read() for part in split_papers(entry)]
    settle_names(entries)
    return SectionSource(title, tuple(entries), tuple(reader.empty_headings))


def _heading_text(block: Block) -> str:
    return squeeze(text_of(block.spans)) if isinstance(block, Heading) else ""


def _says_something(blocks: Iterable[Block]) -> bool:
    return any(not isinstance(block, Divider) for block in blocks)
