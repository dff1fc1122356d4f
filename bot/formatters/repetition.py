"""What a writer's text says twice, or too loudly: a title that the text begins with, paragraphs in bold as a whole."""

from __future__ import annotations

import re
from dataclasses import replace

from bot.formatters.text import measure
from bot.model.digest import Entry
from bot.model.richtext import Block, Document, Heading, List, Mark, Paragraph, Quote, Span, Spans, recast

LOUD_FROM = 60
"""Columns from which on a paragraph in bold is no label any more: where all is said loudly, nothing is."""

_STOP = re.compile(r"[.。．]?(?:\s+|$)|[。．]")
"""What may stand between a title and what follows it in the text it was taken from."""


def calm(document: Document) -> Document:
    """Return the document without the bold of long paragraphs that are bold from end to end."""

    def quieten(block: Heading | Paragraph) -> Heading | Paragraph:
        said = [span for span in block.spans if span.text.strip()]
        is_loud = isinstance(block, Paragraph) and all(Mark.BOLD in span.marks for span in said)
        if not is_loud or measure("".join(span.text for span in said)) < LOUD_FROM:
            return block
        return replace(block, spans=tuple(replace(span, marks=span.marks - {Mark.BOLD}) for span in block.spans))

    return Document(recast(document.blocks, quieten))


def without_title(entry: Entry) -> tuple[Block, ...]:
    """Return an entry's own text without the words that stand above it already, as the title.

    Where the title was cut short, the text goes on from there.
    """
    return _after(entry.body.blocks, entry.title) if entry.title_derived else entry.body.blocks


def _after(blocks: tuple[Block, ...], title: str) -> tuple[Block, ...]:
    match blocks:
        case (Paragraph(spans=spans) as first, *rest):
            left = after_title(spans, title)
            return (*((replace(first, spans=left),) if left else ()), *rest)
        case (Quote(blocks=inner) as first, *rest):
            inside = _after(inner, title)
            return (*((replace(first, blocks=inside),) if inside else ()), *rest)
        case (List(items=(item, *others)) as first, *rest):
            inside = _after(item, title)
            items = (*((inside,) if inside else ()), *others)
            return (*((replace(first, items=items),) if items else ()), *rest)
        case _:
            return blocks


def after_title(spans: Spans, title: str) -> Spans:
    """Return what runs say behind the title they begin with; all of it, if they do not."""
    said, is_cut = title.removesuffix("…"), title.endswith("…")
    text = "".join(span.text for span in spans)
    end = len(said) if text.startswith(said) else 0
    if end and not is_cut:
        stop = _STOP.match(text, end)
        end = stop.end() if stop else 0
    if not end:
        return spans
    dropped, left = _split(spans, end)
    if any(span.href for span in dropped):  # a link is no repetition
        return spans
    left = _trim(left)
    if not (is_cut and left):
        return left
    return (Span("… " if left[0].text[0].isalnum() else "…"), *left)


def _split(spans: Spans, at: int) -> tuple[Spans, Spans]:
    before, after = [], []
    for span in spans:
        if span.text[:at]:
            before.append(replace(span, text=span.text[:at]))
        if span.text[at:]:
            after.append(replace(span, text=span.text[at:]))
        at = max(0, at - len(span.text))
    return tuple(before), tuple(after)


def _trim(spans: Spans) -> Spans:
    """Leave away the blanks that runs begin with."""
    for index, span in enumerate(spans):
        if text := span.text.lstrip():
            return (replace(span, text=text), *spans[index + 1 :])
    return ()
