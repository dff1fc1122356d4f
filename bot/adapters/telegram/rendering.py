"""Documents as Telegram shows them: a text with entities. Pure; nothing here knows of messages or calls.

What may stand inside what: https://core.telegram.org/bots/api#formatting-options. Code stands alone or in a quote,
links hold no links, quotes no quotes; everything else nests.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from itertools import groupby
from urllib.parse import urlsplit

from bot.adapters.telegram.payloads import is_local
from bot.adapters.telegram.writer import Rich, Writer
from bot.model.richtext import (
    Block,
    Byline,
    Code,
    Divider,
    Document,
    Heading,
    Image,
    LinkLine,
    List,
    Mark,
    Paragraph,
    Quote,
    Span,
    Spans,
    Talk,
    paragraph,
)
from bot.renderers.plain import one_line
from bot.renderers.splitting import Cost

_Order = Sequence[Mark | None]
_LINK = None
_KINDS: dict[Mark | None, str] = {
    _LINK: "text_link",
    Mark.BOLD: "bold",
    Mark.ITALIC: "italic",
    Mark.UNDERLINE: "underline",
    Mark.STRIKE: "strikethrough",
    Mark.CODE: "code",
}
_OF_PARAGRAPHS: _Order = tuple(_KINDS)
_OF_HEADINGS: _Order = (Mark.BOLD, _LINK, Mark.ITALIC, Mark.UNDERLINE, Mark.STRIKE, Mark.CODE)
_RULE = "———"
_PICTURE = "🖼"
_NESTED_QUOTE = "│ "
_ANSWER, _STEP = "↳ ", "\u2003"
_BETWEEN = " · "
_NUMBERING = 8
_LABEL = 100  # characters of a picture's description


def render(blocks: Iterable[Block]) -> Rich:
    """Render blocks. A picture becomes a named link, one on this machine its name alone."""
    writer = Writer()
    _write_blocks(writer, blocks, quoted=False)
    return writer.rich()


def cost(block: Block) -> Cost:
    """Return what a block takes of a message."""
    length, entities, size = render((block,)).cost
    # Pictures that stand side by side are numbered: a little longer than each alone.
    return length + _NUMBERING * isinstance(block, Image), entities, size


@lru_cache(maxsize=4096)
def linkable(href: str) -> bool:
    """Tell whether Telegram takes an address for a link or a button: on the web, and not a bare local name."""
    try:
        parts = urlsplit(href)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme.lower() in {"http", "https"} and ("." in host or ":" in host) and not set(href) & set(" \t\r\n")


def _write_blocks(writer: Writer, blocks: Iterable[Block], *, quoted: bool, tight: bool = False) -> None:
    begun, previous, level = writer.length, None, 0
    for block in _gathered(blocks):
        if writer.length > begun:
            writer.gap("\n" if tight else _gap(previous, block, level))
        before = writer.length
        _write_block(writer, block, quoted=quoted)
        if writer.length > before:
            previous = block
            level = block.level if isinstance(block, Heading) else level


def _gathered(blocks: Iterable[Block]) -> Iterator[Block]:
    """Put pictures that stand together on one line; those without a description beside the links that follow."""
    waiting: LinkLine | None = None
    for pictures, group in groupby(blocks, key=lambda block: isinstance(block, Image)):
        if pictures:
            images = [block for block in group if isinstance(block, Image)]
            line = LinkLine(_picture_links(images))
            if any(image.alt.strip() for image in images):
                yield line
            elif line.spans:
                waiting = line
            continue
        for block in group:
            if waiting is not None and isinstance(block, LinkLine):
                yield LinkLine((*block.spans, Span(_BETWEEN), *waiting.spans))
            else:
                yield from (block,) if waiting is None else (waiting, block)
            waiting = None
    if waiting is not None:
        yield waiting


def _gap(before: Block | None, after: Block, level: int) -> str:
    """Return what stands between two blocks below a heading of a level: what belongs to an entry stands close."""
    match before, after:
        case Byline(), Heading(level=inner) if inner > level > 1:
            return "\n"
        case _, Heading():
            return "\n\n"
        case (Byline(), _) if level == 1:
            return "\n\n"
        case (Heading() | Byline() | Quote() | Code(), _) | (_, Byline() | LinkLine() | Quote() | Code() | List()):
            return "\n"
        case _:
            return "\n\n"


def _write_block(writer: Writer, block: Block, *, quoted: bool) -> None:
    match block:
        case Heading(spans=spans):
            _write_heading(writer, spans)
        case Paragraph(spans=spans):
            _write_styled(writer, _linked(spans), _OF_PARAGRAPHS)
        case Talk():
            _write_talk(writer, block, quoted=quoted)
        case List():
            _write_list(writer, block, quoted=quoted)
        case Quote(blocks=blocks) if quoted:
            with writer.item(_NESTED_QUOTE, _NESTED_QUOTE):
                _write_blocks(writer, blocks, quoted=True)
        case Quote(blocks=blocks, folded=folded):
            with writer.flush_left(), writer.marked("expandable_blockquote" if folded else "blockquote"):
                _write_blocks(writer, blocks, quoted=True)
        case Code(text=text, language=language):
            with writer.flush_left(), writer.marked("pre", {"language": language} if language else None):
                writer.put(text.expandtabs(4).strip("\n"))
        case Divider():
            writer.put(_RULE)


def _write_list(writer: Writer, block: List, *, quoted: bool) -> None:
    begun = writer.length
    for number, item in enumerate(block.items, block.start):
        if writer.length > begun:
            writer.gap("\n")
        sign = f"{number}. " if block.ordered else "• "
        with writer.item(sign, "  " * len(sign)):  # a blank is about half as wide as a letter
            _write_blocks(writer, item, quoted=quoted)


def _write_talk(writer: Writer, talk: Talk, *, quoted: bool, depth: int = 0) -> None:
    """Write what people said, an empty line between threads; an arrow, further in for each step, marks an answer.

    Lines that wrap begin at the edge, whatever stood before the first of them: so depth is a sign, not an indent.
    """
    begun = writer.length
    sign = f"{_STEP * (depth - 1)}{_ANSWER}" if depth else ""
    for item in talk.items:
        if writer.length > begun:
            writer.gap("\n" if depth else "\n\n")
        answered = writer.length
        for is_talk, group in groupby(item, key=lambda block: isinstance(block, Talk)):
            if writer.length > answered:
                writer.gap("\n")
            if not is_talk:
                with writer.item(sign, ""):
                    _write_blocks(writer, group, quoted=quoted, tight=True)
                continue
            for block in group:
                if isinstance(block, Talk):
                    _write_talk(writer, block, quoted=quoted, depth=depth + 1)


def _write_heading(writer: Writer, spans: Spans) -> None:
    strong = [
        span if Mark.CODE in span.marks else replace(span, marks=span.marks | {Mark.BOLD}) for span in _linked(spans)
    ]
    _write_styled(writer, strong, _OF_HEADINGS)


def _write_styled(writer: Writer, spans: Sequence[Span], order: _Order) -> None:
    """Write runs: one entity for each stretch of the outermost kind, inside it those of the next."""
    kinds = _kinds_of(spans)
    outermost = next((at for at, kind in enumerate(order) if kind in kinds), None)
    if outermost is None:
        for span in spans:
            writer.put(span.text)
        return
    kind, inner = order[outermost], order[outermost + 1 :]
    for value, group in groupby(spans, key=lambda span: span.href if kind is _LINK else kind in span.marks):
        if not value:
            _write_styled(writer, list(group), inner)
            continue
        extra = {"url": str(value)} if kind is _LINK else None
        with writer.marked(_KINDS[kind], extra):
            _write_styled(writer, list(group), inner)


def _kinds_of(spans: Sequence[Span]) -> set[Mark | None]:
    kinds: set[Mark | None] = set()
    for span in spans:
        kinds |= span.marks
        if span.href:
            kinds.add(_LINK)
    return kinds


def _trimmed(spans: Sequence[Span]) -> Sequence[Span]:
    """Leave away the blanks at the beginning of a block; those at its end are never written."""
    for index, span in enumerate(spans):
        if text := span.text.lstrip():
            first = span if text == span.text else replace(span, text=text)
            return [first, *spans[index + 1 :]]
    return ()


def _linked(spans: Spans) -> Sequence[Span]:
    """Keep of links and code what Telegram can show together; an address it takes for none is written out."""
    shown: list[Span] = []
    for href, group in groupby((span for span in spans if span.text or span.href), key=lambda span: span.href or None):
        run = list(group)
        if href is not None and not any(span.text.strip() for span in run):
            run = [Span(href, href=href)]
        if href is None or linkable(href):
            shown += run
        else:
            shown += (replace(span, href=None) for span in run)
            written, words = href.removeprefix("mailto:"), "".join(span.text for span in run).strip()
            shown += [] if words in {href, written} else [Span(f" ({written})")]
    return _trimmed([_alone(span) for span in shown])


def _alone(span: Span) -> Span:
    """Let a link win over code, and code over everything else."""
    if Mark.CODE not in span.marks:
        return span
    return replace(span, marks=span.marks - {Mark.CODE} if span.href else frozenset({Mark.CODE}))


def _picture_links(images: Sequence[Image]) -> Spans:
    """Name pictures; one on this machine and without a description has neither a name nor an address."""
    images = [image for image in images if image.alt.strip() or not is_local(image.url)]
    spans = [Span(f"{_PICTURE} ")] if len(images) > 1 else []
    for number, image in enumerate(images, 1):
        label = one_line(Document((paragraph(image.alt),)), limit=_LABEL)
        if len(images) == 1:
            label = f"{_PICTURE} {label}".strip()
        href = image.url if linkable(image.url) else None
        spans += [Span(_BETWEEN)] if number > 1 else []
        spans.append(Span(label or (str(number) if href else image.url), href=href))
    return tuple(spans)
