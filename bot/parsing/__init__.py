"""Reading an issue: Markdown in, values out. Pure functions; no file, no network, no storage.

The way of a text: `decoding` (bytes) -> `naming` (front matter, file name) -> `markdown` (tokens) -> `tree` (blocks of
rich text) -> `outline` and `section` (where sections and entries begin) -> `entry` (what each says) -> `Issue`.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.digest import Issue, Section
from bot.model.richtext import Document
from bot.parsing.decoding import MAX_BYTES, decode
from bot.parsing.entry import read_entry
from bot.parsing.errors import ParseError, UnreadableFile
from bot.parsing.export import to_json
from bot.parsing.index import is_index
from bot.parsing.naming import Naming, read_naming, span_title, split_front_matter
from bot.parsing.outline import SectionSource, read_outline
from bot.parsing.tree import read_tree

__all__ = [
    "MAX_BYTES",
    "READER_VERSION",
    "ParseError",
    "Parsed",
    "UnreadableFile",
    "decode",
    "is_index",
    "parse",
    "parse_issue",
    "to_json",
]

READER_VERSION = 3
"""Raise it with every change by which some file is read otherwise: what is stored is then read anew."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """An issue, and every word of its source that no field of it holds.

    These `asides` only label or arrange: "reference:" before an address, the width of an image, a hidden comment, the
    heading of a group that is empty. No reader misses them; they are kept so that nothing is ever lost unseen.
    """

    issue: Issue
    asides: tuple[str, ...]


def parse_issue(markdown: str, *, filename: str) -> Issue:
    """Return the issue in a Markdown text.

    `filename` is the path as far as it tells: ``012-title.md``, ``20210919-20211003/README.md``. Raises ParseError for
    a text that no hand has written.
    """
    return parse(markdown, filename=filename).issue


def parse(markdown: str, *, filename: str) -> Parsed:
    """Return the issue in a Markdown text with what its fields do not hold. Raises ParseError."""
    fields, front_matter, text = split_front_matter(markdown)
    tree = read_tree(text)
    outline = read_outline(tree.blocks)
    naming = read_naming(filename, fields)
    asides = [front_matter, *tree.asides, *outline.asides]
    sections = tuple(_read_section(source, asides) for source in outline.sections)
    title, other = _title(naming, outline.title)
    issue = Issue(
        number=naming.number,
        title=title,
        starts_on=naming.starts_on,
        ends_on=naming.ends_on,
        sections=sections,
        preface=Document(outline.preface),
    )
    return Parsed(issue, tuple(aside for aside in (*asides, other) if aside.strip()))


def _read_section(source: SectionSource, asides: list[str]) -> Section:
    readings = [read_entry(entry, source.title) for entry in source.entries]
    for reading in readings:
        asides.extend(reading.asides)
    asides.extend(source.asides)
    return Section(source.title, tuple(reading.entry for reading in readings))


def _title(naming: Naming, heading: str) -> tuple[str, str]:
    """Return the title of an issue, and the heading that another title stands for."""
    if naming.is_titled or not heading:
        dates = span_title(naming.starts_on, naming.ends_on) if naming.starts_on else ""
        number = f"#{naming.number}" if naming.number is not None else ""
        return naming.title or dates or number or "?", heading
    return heading, ""
