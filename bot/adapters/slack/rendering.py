"""Documents as Block Kit.

Text goes into rich_text blocks alone. Slack's own markup cannot write a star or an underscore safely, and fails beside
Chinese; rich_text is a tree of runs like ours, so nothing is escaped and nothing can be mistaken for markup.
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import takewhile
from typing import Any
from urllib.parse import SplitResult, parse_qs, unquote, urlsplit

import regex

from bot.adapters.slack import limits
from bot.model.richtext import (
    Block,
    Code,
    Divider,
    Document,
    Heading,
    Image,
    List,
    Mark,
    Paragraph,
    Quote,
    Span,
    Spans,
    walk,
)

JSON = dict[str, Any]

LOCAL = "file:"
"""How the address of a picture begins that is uploaded before it is shown."""

_LINKABLE = frozenset({"http", "https", "mailto"})
_PICTURES = frozenset({"png", "jpg", "jpeg", "gif"})
_STYLES = {
    Mark.BOLD: "bold",
    Mark.ITALIC: "italic",
    Mark.UNDERLINE: "underline",
    Mark.STRIKE: "strike",
    Mark.CODE: "code",
}
_WEIGHED = frozenset({"text", "url", "image_url", "alt_text", "value"})
_GLYPHS = regex.compile(r"\X")
_LONGEST_GLYPH = 64  # a family of emoji takes a dozen characters


def render_blocks(document: Document) -> list[JSON]:
    """Render a document.

    A small heading shares a block with the paragraph below it, so that they stand together, and has an empty line
    above it: blocks alone stand so close that one entry would run into the next.
    """
    rendered: list[JSON] = []
    lead: list[JSON] = []
    for block in document.blocks:
        if lead:
            runs = _runs(block.spans) if isinstance(block, Paragraph) else []
            rendered.append(_rich_text([_section(_joined(lead, runs, "\n"))]))
            lead = []
            if isinstance(block, Paragraph):
                continue
        if isinstance(block, Heading) and not _is_title(block):
            lead = _runs(block.spans, bold=True)
            if lead and rendered and rendered[-1]["type"] != "header":
                lead.insert(0, _text("\n"))
        else:
            rendered.extend(_render(block))
    if lead:
        rendered.append(_rich_text([_section(lead)]))
    return rendered


def cost(block: Block) -> tuple[int, int]:
    """Return how many blocks and characters a block takes at most."""
    rendered = _render(block)
    return len(rendered), weigh(rendered)


def weigh(rendered: Any) -> int:
    """Count the characters of rendered blocks as Slack does: what is shown, and the addresses behind it."""
    match rendered:
        case list():
            return sum(map(weigh, rendered))
        case dict():
            return sum(
                len(value) if key in _WEIGHED and isinstance(value, str) else weigh(value)
                for key, value in rendered.items()
            )
        case _:
            return 0


def linked_picture(image: JSON) -> JSON:
    """Return what stands in for a picture Slack does not take: a link to it, or the words of a local one."""
    url, alt = image["image_url"], image["alt_text"]
    return _rich_text([_section([_run(f"🖼 {alt}", {}, None if url.startswith(LOCAL) else url)])])


def _render(block: Block) -> list[JSON]:
    match block:
        case Divider():
            return [{"type": "divider"}]
        case Image():
            image = _image(block)
            return [image if _is_shown(block.url) else linked_picture(image)]
        case Heading(spans=spans) if _is_title(block):
            text = "".join(span.text for span in spans).strip()
            return [{"type": "header", "text": {"type": "plain_text", "text": text, "emoji": False}}]
        case _:
            elements = list(_elements(block))
            # A picture cannot stand inside a list or a quote: it follows the block it stood in.
            pictures = [_image(inner) for inner in walk((block,)) if isinstance(inner, Image) and _is_shown(inner.url)]
            return [*([_rich_text(elements)] if elements else []), *pictures]


def _is_title(heading: Heading) -> bool:
    text = "".join(span.text for span in heading.spans).strip()
    return heading.level <= 2 and 0 < len(text) <= limits.HEADER_TEXT and not any(span.href for span in heading.spans)


# Pictures.


def alt_text(image: Image) -> str:
    """Return a picture's words, or what it is called where it has none."""
    name = unquote(_split(image.url).path.rpartition("/")[2])
    return (image.alt.strip() or name or image.url)[: limits.IMAGE_ALT]


def _image(image: Image) -> JSON:
    return {"type": "image", "image_url": image.url, "alt_text": alt_text(image)}


def _is_shown(url: str) -> bool:
    """Slack fetches a picture while it takes the message, and refuses both where the picture is of another kind."""
    parts = _split(url)
    if parts.scheme not in {"https", "file"} or len(url) > limits.URL:
        return False
    ending = parts.path.rpartition(".")[2].partition(":")[0].lower()  # Twitter writes name.jpg:large
    return ending in _PICTURES or parse_qs(parts.query).get("format", [""])[0].lower() in _PICTURES


def _split(url: str) -> SplitResult:
    try:
        return urlsplit(url)
    except ValueError:  # no address at all, such as "http://[": it is shown as its words
        return SplitResult("", "", "", "", "")


# Rich text: runs stand in elements, elements in one block.


def _elements(block: Block, *, indent: int = 0, quoted: bool = False) -> Iterator[JSON]:
    match block:
        case Heading(spans=spans):
            yield from _sections(_runs(spans, bold=True), quoted=quoted)
        case Paragraph(spans=spans):
            yield from _sections(_runs(spans), quoted=quoted)
        case Code(text=text):
            if runs := _runs((Span(text.rstrip("\n")),)):
                yield {"type": "rich_text_preformatted", "elements": runs, **_border(quoted=quoted)}
        case List():
            yield from _list(block, indent=indent, quoted=quoted)
        case Quote(blocks=blocks):
            yield from _quote(blocks, indent=indent, quoted=quoted)
        case Image(url=url) if not _is_shown(url):
            yield from linked_picture(_image(block))["elements"]


def _quote(blocks: Sequence[Block], *, indent: int, quoted: bool) -> Iterator[JSON]:
    """A quote holds runs alone: lists and code in one get its border, a quote in a quote becomes a list in it."""
    if quoted:
        yield from _list(List((tuple(blocks),)), indent=indent, quoted=True)
        return
    texts: list[JSON] = []
    for block in blocks:
        if isinstance(block, Heading | Paragraph):
            texts = _joined(texts, _runs(block.spans, bold=isinstance(block, Heading)), "\n\n")
            continue
        yield from _sections(texts, quoted=True)
        texts = []
        yield from _elements(block, indent=indent, quoted=True)
    yield from _sections(texts, quoted=True)


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
                runs = _joined(runs, _runs(part.spans, bold=isinstance(part, Heading)), "\n")
        if not items:
            first = number
        items.append(_section(runs or [_text("\u00a0")]))  # an empty section is refused
        if rest := item[len(texts) :]:
            yield from close()
            for part in rest:
                yield from _elements(part, indent=indent + 1, quoted=quoted)
    yield from close()


def _sections(runs: list[JSON], *, quoted: bool) -> Iterator[JSON]:
    if runs:
        yield {"type": "rich_text_quote", "elements": runs} if quoted else _section(runs)


def _border(*, quoted: bool) -> JSON:
    return {"border": 1} if quoted else {}


def _joined(before: list[JSON], runs: list[JSON], joint: str) -> list[JSON]:
    return [*before, _text(joint), *runs] if before and runs else before or runs


def _runs(spans: Spans, *, bold: bool = False) -> list[JSON]:
    return [run for span in spans for run in _span(span, bold=bold)]


def _span(span: Span, *, bold: bool) -> Iterator[JSON]:
    marks = span.marks | {Mark.BOLD} if bold else span.marks
    style = {name: True for mark, name in _STYLES.items() if mark in marks}
    for piece in _pieces(span.text):
        yield _run(piece, style, span.href)


def _pieces(text: str) -> Iterator[str]:
    """Yield a text in pieces that one run holds, none ending within a glyph; runs side by side read as one."""
    while len(text) > limits.ELEMENT_TEXT:
        end = _glyph_end(text, limits.ELEMENT_TEXT)
        yield text[:end]
        text = text[end:]
    if text:
        yield text


def _glyph_end(text: str, limit: int) -> int:
    """Return where the last whole glyph before a limit ends."""
    near = max(0, limit - _LONGEST_GLYPH)
    ends = [glyph.end() for glyph in _GLYPHS.finditer(text, near, limit + _LONGEST_GLYPH)]
    return max((end for end in ends if near < end <= limit), default=limit)


def _run(text: str, style: JSON, href: str | None) -> JSON:
    styled = {"style": style} if style else {}
    if href and len(href) <= limits.URL and _split(href).scheme in _LINKABLE:
        return {"type": "link", "url": href, "text": text, **styled}
    return {"type": "text", "text": text, **styled}


def _text(text: str) -> JSON:
    return {"type": "text", "text": text}


def _section(runs: Iterable[JSON]) -> JSON:
    return {"type": "rich_text_section", "elements": list(runs)}


def _rich_text(elements: Iterable[JSON]) -> JSON:
    return {"type": "rich_text", "elements": list(elements)}
