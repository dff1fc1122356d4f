"""Blocks of a document as the elements of one block of rich text: sections, lists, quotes, code."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile

from bot.adapters.slack import limits
from bot.adapters.slack.pictures import image_block, is_shown, linked_picture
from bot.adapters.slack.runs import JSON, joined, plain_run, runs_of, section
from bot.model.richtext import Block, Code, Heading, Image, List, Paragraph, Quote, Span, Talk

_ANSWER, _STEP = "↳ ", "\u2003"


def elements_of(block: Block, *, indent: int = 0, quoted: bool = False) -> Iterator[JSON]:
    """Yield the elements that say a block. Pictures Slack can show are left to others: they stand in no rich text."""
    match block:
        case Heading(spans=spans):
            yield from _sections(runs_of(spans, bold=True), quoted=quoted)
        case Paragraph(spans=spans):
            yield from _sections(runs_of(spans), quoted=quoted)
        case Code(text=text):
            if runs := runs_of((Span(text.rstrip("\n")),)):
                yield {"type": "rich_text_preformatted", "elements": runs, **_border(quoted=quoted)}
        case List():
            yield from _list(block, indent=indent, quoted=quoted)
        case Quote(blocks=blocks):
            yield from _quote(blocks, indent=indent, quoted=quoted)
        case Image(url=url) if not is_shown(url):
            yield from linked_picture(image_block(block))["elements"]


def _quote(blocks: Sequence[Block], *, indent: int, quoted: bool) -> Iterator[JSON]:
    """A quote holds runs alone: lists and code in one get its border, a quote in a quote becomes a list in it."""
    if quoted:
        yield from _list(List((tuple(blocks),)), indent=indent, quoted=True)
        return
    runs: list[JSON] = []
    for block, joint, sign in _said(blocks):
        if isinstance(block, Heading | Paragraph):
            said = runs_of(block.spans, bold=isinstance(block, Heading))
            runs = joined(runs, [plain_run(sign), *said] if sign and said else said, joint)
            continue
        yield from _sections(runs, quoted=True)
        runs = []
        yield from elements_of(block, indent=indent, quoted=True)
    yield from _sections(runs, quoted=True)


def _said(blocks: Sequence[Block]) -> Iterator[tuple[Block, str, str]]:
    """Yield the blocks of a quote with what stands before them: a joint, and the sign of an answer."""
    for block in blocks:
        if isinstance(block, Talk):
            yield from _talk(block, 0)
        else:
            yield block, "\n\n", ""


def _talk(talk: Talk, depth: int) -> Iterator[tuple[Block, str, str]]:
    """Threads stand apart; an arrow, further in for each step, marks an answer."""
    for item in talk.items:
        joint = "\n" if depth else "\n\n"
        sign = _STEP * (depth - 1) + _ANSWER if depth else ""
        for block in item:
            if isinstance(block, Talk):
                yield from _talk(block, depth + 1)
            else:
                yield block, joint, sign
            joint, sign = "\n", ""


def _list(block: List, *, indent: int, quoted: bool) -> Iterator[JSON]:
    """An item of a Slack list is one section; what else stands in an item follows the list, which then goes on."""
    style: JSON = {"style": "ordered" if block.ordered else "bullet", "indent": min(indent, limits.LIST_INDENT)}
    items: list[JSON] = []
    first = block.start

    def close() -> Iterator[JSON]:
        if items:
            offset = {"offset": first - 1} if block.ordered and first > 1 else {}
            yield {"type": "rich_text_list", **style, **offset, **_border(quoted=quoted), "elements": list(items)}
            items.clear()

    for number, item in enumerate(block.items, block.start):
        texts = list(takewhile(lambda part: isinstance(part, Heading | Paragraph), item))
        runs: list[JSON] = []
        for part in texts:
            if isinstance(part, Heading | Paragraph):
                runs = joined(runs, runs_of(part.spans, bold=isinstance(part, Heading)), "\n")
        if not items:
            first = number
        items.append(section(runs or [plain_run("\u00a0")]))  # an empty section is refused
        if rest := item[len(texts) :]:
            yield from close()
            for part in rest:
                yield from elements_of(part, indent=indent + 1, quoted=quoted)
    yield from close()


def _sections(runs: list[JSON], *, quoted: bool) -> Iterator[JSON]:
    if runs:
        yield {"type": "rich_text_quote", "elements": runs} if quoted else section(runs)


def _border(*, quoted: bool) -> JSON:
    return {"border": 1} if quoted else {}
