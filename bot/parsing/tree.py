"""Tokens -> blocks of rich text: what a text says, in the order in which it says it.

Knows Markdown, and nothing of digests.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from markdown_it.token import Token

from bot.model.richtext import (
    Block,
    Code,
    Divider,
    Heading,
    Image,
    List,
    Paragraph,
    Quote,
    Span,
    Spans,
    spans_of,
)
from bot.parsing.inline import Piece, mend_bold, read_inline
from bot.parsing.markdown import tokenize
from bot.parsing.spans import Run, join, join_lines, lines_of, runs, squeeze, text_of
from bot.parsing.tables import Cell, draw_table, list_rows

_LONGEST_UNDERLINED = 100
"""Characters of the longest paragraph that a line of dashes below makes a heading."""

_WRAPPED = range(50, 121)
"""Lengths of lines that an editor has wrapped."""

_CALL = re.compile(r"\[([^\[\]\s]+)\]")
_LINE_END = re.compile(r"\r\n?|\n")
_CELL_BORDER = re.compile(r"(?<!\\)\|")
_SENTENCE_END = tuple(".!?:;。！？：；")


@dataclass(frozen=True, slots=True)
class Tree:
    """A text as blocks, and the words of its markup that no block holds (comments, attributes, titles of links)."""

    blocks: tuple[Block, ...]
    asides: tuple[str, ...]


def read_tree(markdown: str) -> Tree:
    """Return the blocks of a Markdown text. Raises ParseError for one that no hand has written."""
    tokens, definitions = tokenize(markdown)
    builder = _Builder(tokens, _LINE_END.split(markdown))
    blocks = builder.read_blocks("")
    return Tree(tuple(builder.place_notes(blocks)), (*builder.asides, *_definition_words(definitions)))


def _definition_words(definitions: Mapping[str, Any]) -> Iterable[str]:
    """Yield the names and titles of link definitions (``[name]: address "title"``): they are shown nowhere."""
    known: Mapping[str, Mapping[str, Any]] = definitions.get("references", {})
    again: Sequence[Mapping[str, Any]] = definitions.get("duplicate_refs", ())
    for name, definition in (*known.items(), *((str(one.get("label", "")), one) for one in again)):
        yield squeeze(f"{name} {definition['href']} {definition['title']}")


class _Builder:
    """Walks the block tokens, one method for each kind."""

    def __init__(self, tokens: Sequence[Token], lines: Sequence[str]) -> None:
        self.asides: list[str] = []
        self._tokens = tokens
        self._lines = lines
        self._underlines = _underlines_headings(tokens)
        self._position = 0
        self._notes: dict[str, list[Block]] = {}

    def read_blocks(self, closing: str) -> list[Block]:
        """Read up to a closing token."""
        blocks: list[Block] = []
        while self._position < len(self._tokens):
            token = self._tokens[self._position]
            self._position += 1
            if token.type == closing:
                break
            blocks.extend(self._read(token))
        return blocks

    def _read(self, token: Token) -> Iterable[Block]:
        match token.type:
            case "heading_open":
                return self._heading(token)
            case "paragraph_open":
                return _paragraphs(self._inline())
            case "bullet_list_open" | "ordered_list_open":
                return self._list(token)
            case "blockquote_open":
                inner = self.read_blocks("blockquote_close")
                return (Quote(tuple(inner)),) if inner else ()
            case "fence":
                return (Code(token.content.rstrip("\n"), token.info.strip()),)
            case "hr":
                return (Divider(),)
            case "table_open":
                return self._table()
            case "footnote_reference_open":
                self._note(str(token.meta["label"]))
            case "html_block":
                comment, end, behind = token.content.rpartition("-->")
                self.asides.append(squeeze(comment + end) or squeeze(behind))
                return _paragraph([Span(squeeze(behind))]) if end else ()
        return ()

    def _inline(self) -> list[Piece]:
        """Read the inline token here and the closing one behind it."""
        token = self._tokens[self._position]
        self._position += 2
        return read_inline(token.children or (), self.asides)

    def _heading(self, token: Token) -> Iterable[Block]:
        pieces = self._inline()
        blocks = _paragraphs(pieces)
        if token.markup in {"-", "="} and not (self._underlines and _is_underlined_title(blocks)):
            return (*blocks, Divider())
        level = int(token.tag[1:])
        return [Heading(block.spans, level) if isinstance(block, Paragraph) else block for block in blocks]

    def _list(self, token: Token) -> Iterable[Block]:
        closing = token.type.replace("_open", "_close")
        items: list[tuple[Block, ...]] = []
        while self._tokens[self._position].type != closing:
            self._position += 1
            items.append(tuple(self.read_blocks("list_item_close")))
        self._position += 1
        ordered = token.type == "ordered_list_open"
        return (List(tuple(items), ordered, int(token.attrs.get("start", 1)) if ordered else 1),)

    def _note(self, label: str) -> None:
        blocks = self.read_blocks("footnote_reference_close")
        sign = Span(f"[{label}] ")
        match blocks:
            case [Paragraph(spans=spans), *rest]:
                blocks = [Paragraph(join((sign, *spans))), *rest]
            case _:
                blocks.insert(0, Paragraph((sign,)))
        self._notes.setdefault(label, []).extend(blocks)

    def _table(self) -> Iterable[Block]:
        rows: list[list[Cell]] = []
        while (token := self._tokens[self._position]).type != "table_close":
            self._position += 1
            if token.type == "tr_open":
                rows.append([])
                line = token.map[0] if token.map else 0
            elif token.type == "inline":
                rows[-1].append(read_inline(token.children or (), self.asides))
            elif token.type == "tr_close":
                rows[-1].extend([Span(cell)] for cell in _cells_beyond(self._lines[line], len(rows[-1])))
        self._position += 1
        listed = list_rows(rows, self.asides)
        return _drawn(rows) if listed is None else (listed,)

    def place_notes(self, blocks: Iterable[Block]) -> list[Block]:
        """Put every footnote below the block that first refers to it, the others at the end."""
        if not self._notes:
            return list(blocks)
        placed: list[Block] = []
        for block in blocks:
            match block:
                case List(items=items):
                    placed.append(replace(block, items=tuple((*item, *self._notes_of(item)) for item in items)))
                case _:
                    placed.extend((block, *self._notes_of((block,))))
        return [*placed, *(block for note in self._notes.values() for block in note)]

    def _notes_of(self, blocks: Iterable[Block]) -> list[Block]:
        called: list[Block] = []
        waiting = list(blocks)
        while waiting and self._notes:
            labels = _CALL.findall("".join(span.text for span in spans_of(waiting)))
            waiting = [block for label in labels for block in self._notes.pop(label, ())]
            called.extend(waiting)
        return called


def _paragraphs(pieces: Iterable[Piece]) -> list[Block]:
    """Make paragraphs of runs; an image between them stands alone."""
    blocks: list[Block] = []
    spans: list[Span] = []
    for piece in pieces:
        if isinstance(piece, Span):
            spans.append(piece)
            continue
        blocks.extend(_paragraph(spans))
        blocks.append(piece)
        spans = []
    blocks.extend(_paragraph(spans))
    return blocks


def _paragraph(spans: Sequence[Span]) -> list[Paragraph]:
    lines = lines_of(mend_bold(join(spans)))
    return [Paragraph(lines[0] if len(lines) == 1 else _unwrap(lines))] if lines else []


def _unwrap(lines: Sequence[Spans]) -> Spans:
    """Join lines that an editor has wrapped at its margin; others were broken on purpose, and stay so."""
    *texts, last = map(text_of, lines)
    wrapped = all(len(text) in _WRAPPED for text in texts) and not any("://" in text for text in (*texts, last))
    if wrapped and sum(text.endswith(_SENTENCE_END) for text in texts) * 2 <= len(texts):
        return join_lines(lines, " ")
    return join_lines(lines)


def _underlines_headings(tokens: Iterable[Token]) -> bool:
    """Tell whether a writer underlines headings on purpose: the title with ``===``, or all headings.

    Elsewhere a line of dashes is a rule whose writer forgot the empty line above it.
    """
    marks = {token.markup for token in tokens if token.type == "heading_open"}
    return "=" in marks or not any(mark.startswith(("#", "<")) for mark in marks)


def _is_underlined_title(blocks: Sequence[Block]) -> bool:
    """Tell whether an underlined paragraph is short enough for a heading."""
    match blocks:
        case [Paragraph(spans=spans)]:
            text = text_of(spans)
            return len(text) <= _LONGEST_UNDERLINED and "\n" not in text and "://" not in text
        case _:
            return False


def _drawn(rows: Sequence[Sequence[Cell]]) -> Iterable[Block]:
    """Return a table as preformatted text, with what that cannot hold below it."""
    spans = [[[piece for piece in cell if isinstance(piece, Span)] for cell in row] for row in rows]
    texts = [[squeeze(text_of(cell)) for cell in row] for row in spans]
    links = (_cell_link(run) for row in spans for cell in row for run in runs(cell))
    linked = join_lines(filter(None, links))
    images = (piece for row in rows for cell in row for piece in cell if isinstance(piece, Image))
    return (Code(draw_table(texts)), *([Paragraph(linked)] if linked else []), *images)


def _cell_link(run: Run) -> Spans:
    """Tell the address of a link in a table below it: preformatted text holds none."""
    if run.href is None:
        return ()
    label = squeeze(run.text)
    return (*((Span(f"{label}: "),) if label != run.href else ()), Span(run.href, href=run.href))


def _cells_beyond(line: str, columns: int) -> list[str]:
    """Return the cells of a row that stand beyond the last column of its table: Markdown would leave them out."""
    cells = _CELL_BORDER.split(line.strip().removeprefix("|").removesuffix("|"))
    return [squeeze(cell) for cell in cells[columns:]]
