"""Documents as Block Kit.

Text goes into rich_text blocks. Slack's own markup cannot write a star or an underscore safely, and fails beside
Chinese; rich_text is a tree of runs like ours, so nothing is escaped and nothing can be mistaken for markup. Only small
print has blocks of its own (`bot.adapters.slack.lines`).
https://docs.slack.dev/reference/block-kit/blocks/rich-text-block
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Any

from bot.adapters.slack import limits
from bot.adapters.slack.buttons import row_of
from bot.adapters.slack.elements import elements_of
from bot.adapters.slack.lines import link_buttons, small_print
from bot.adapters.slack.pictures import HEADING_ALT, alt_text, image_block, is_shown
from bot.adapters.slack.runs import JSON, joined, plain_run, rich_text, section
from bot.formatters.text import measure
from bot.model.command import Button
from bot.model.richtext import (
    Block,
    Byline,
    Code,
    Divider,
    Document,
    Fold,
    Heading,
    Image,
    LinkLine,
    List,
    Opening,
    Paragraph,
    Quote,
    Span,
    Talk,
    paragraph,
    spans_of,
    walk,
)
from bot.renderers.splitting import pack

PREVIEW = 280
"""Characters of a folded text that are shown: about three lines."""

_ENTRY = 3
_SECTION = "rich_text_section"
_WEIGHED = frozenset({"text", "url", "image_url", "alt_text", "value"})


def render_blocks(document: Document) -> list[JSON]:
    """Render a document.

    Text stays in one block as long as nothing else stands between: blocks of their own stand so close that one entry
    would run into the next. What can be opened has its buttons in one row, at the end of its entry; where an entry is
    alone, its links are buttons of that row.
    """
    entries = sum(isinstance(block, Heading) and block.level == _ENTRY for block in document.blocks)
    page = _Page(has_link_buttons=entries <= 1)
    for block in document.blocks:
        page.add(block)
    return page.finish()


def cost(block: Block) -> tuple[int, int]:
    """Return how many blocks and characters a block takes at most."""
    if isinstance(block, Fold) and block.opening is not None:
        return _cost_of_beginning(block, block.opening)
    pages = [_Page(has_link_buttons=has_buttons) for has_buttons in (True, False)]
    for page in pages:
        page.add(block)
    shapes = [page.finish() for page in pages]
    nameless = sum(isinstance(inner, Image) and not inner.alt.strip() for inner in walk((block,)))
    return max(map(len, shapes)), max(map(weigh, shapes)) + nameless * HEADING_ALT


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


@dataclass(slots=True)
class _Page:
    """Blocks as they are written, front to back."""

    has_link_buttons: bool
    _blocks: list[JSON] = field(default_factory=list)
    _row: list[Button] = field(default_factory=list)
    _rows: int = 0
    _heading: str = ""
    _last: Block | None = None

    def add(self, block: Block) -> None:
        """Write a block."""
        match block:
            case Heading(level=level):
                if level <= _ENTRY:
                    self._close_row()
                    self._heading = _text_of(block)
                if _is_title(block):
                    self._put(_header(block))
                else:
                    self._write(block)
            case Byline(spans=spans):
                self._put(*small_print(spans))
            case LinkLine(spans=spans):
                buttons, rest = link_buttons(block) if self.has_link_buttons else ([], spans)
                self._row += buttons
                self._put(*small_print(rest))
            case Image() if is_shown(block.url):
                self._put(image_block(block, self._heading))
            case Fold(opening=opening) if opening is not None:
                self._row.append(Button(opening.label, action=opening.action))
                self._write_beginning(block)
            case Divider():
                self._put({"type": "divider"})
            case _:
                self._write(block)
        self._last = block

    def finish(self) -> list[JSON]:
        """Return what was written."""
        self._close_row()
        return self._blocks

    def _write(self, block: Block) -> None:
        """Write rich text, in the block that stands open if there is one; then the pictures that stood in it."""
        elements = list(elements_of(block))
        if elements:
            self._put_text(elements, is_apart=_stands_apart(self._last, block))
        # A picture cannot stand inside a list or a quote: it follows the block it stood in.
        inside = (inner for inner in walk((block,)) if isinstance(inner, Image) and is_shown(inner.url))
        self._put(*(image_block(image, self._heading) for image in inside))

    def _write_beginning(self, fold: Fold) -> None:
        """Write as much of a folded text as leads into it; of a discussion its button says enough."""
        if any(isinstance(block, Talk) for block in fold.blocks):
            return
        beginning, *more = pack([Document(fold.blocks)], cost=_length, limit=(PREVIEW,)) or [Document()]
        self._write(Quote(_with_dots(beginning.blocks) if more else beginning.blocks))
        hidden = (block for document in more for block in walk(document.blocks))
        pictures = (block for block in hidden if isinstance(block, Image) and is_shown(block.url))
        self._put(*(image_block(picture, self._heading) for picture in pictures))

    def _put_text(self, elements: list[JSON], *, is_apart: bool) -> None:
        """Put elements into the block of rich text that stands open, or into a new one."""
        follows = self._blocks[-1:] and self._blocks[-1]["type"] == "rich_text"
        if not follows:
            is_apart = is_apart and self._blocks[-1:] != [] and self._blocks[-1]["type"] != "header"
            self._blocks.append(rich_text([]))
        written = self._blocks[-1]["elements"]
        first, *others = elements
        if written and written[-1]["type"] == first["type"] == _SECTION:
            joint = "\n\n" if is_apart else "\n"
            first = section(joined(written.pop()["elements"], first["elements"], joint))
        elif is_apart and first["type"] == _SECTION:
            first = section([plain_run("\n"), *first["elements"]])
        written += [first, *others]

    def _put(self, *blocks: JSON) -> None:
        self._blocks += blocks

    def _close_row(self) -> None:
        if self._row:
            self._put(row_of(self._row, f"entry{self._rows}"))
            self._row, self._rows = [], self._rows + 1


def _is_title(heading: Heading) -> bool:
    text = _text_of(heading)
    return (
        heading.level < _ENTRY and 0 < len(text) <= limits.HEADER_TEXT and not any(span.href for span in heading.spans)
    )


def _header(heading: Heading) -> JSON:
    return {"type": "header", "text": {"type": "plain_text", "text": _text_of(heading), "emoji": False}}


def _text_of(heading: Heading) -> str:
    return "".join(span.text for span in heading.spans).strip()


def _stands_apart(before: Block | None, after: Block) -> bool:
    """Tell whether an empty line stands between two blocks."""
    return isinstance(after, Heading) or type(before) is type(after) is Paragraph


def _with_dots(blocks: tuple[Block, ...]) -> tuple[Block, ...]:
    """Show that a text goes on: close behind a word, apart from the end of a sentence."""
    match blocks:
        case (*before, Heading(spans=(*spans, last)) | Paragraph(spans=(*spans, last)) as block):
            text = last.text.rstrip()
            dots = "…" if text[-1:].isalnum() else " …"
            return (*before, replace(block, spans=(*spans, replace(last, text=text), Span(dots))))
        case _:
            return (*blocks, paragraph("…"))


def _length(block: Block) -> tuple[int]:
    """Return how wide the text of a block is; what has none takes some room all the same."""
    return (sum(_width(inner) for inner in walk((block,))),)


def _width(block: Block) -> int:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return 1 + sum(measure(span.text) for span in spans)
        case Code(text=text):
            return 1 + measure(text)
        case List(items=items):
            return len(items)
        case _:
            return 0


def _cost_of_beginning(fold: Fold, opening: Opening) -> tuple[int, int]:
    pictures = [block for block in walk(fold.blocks) if isinstance(block, Image)]
    room, addresses = PREVIEW, 0
    for span in spans_of(fold.blocks):
        if room <= 0:
            break
        room -= measure(span.text)
        addresses += len(span.href or "")
    told = sum(len(picture.url) + max(HEADING_ALT, len(alt_text(picture))) for picture in pictures)
    return 2 + len(pictures), PREVIEW + addresses + told + len(opening.label) + len(opening.action) + len("\n …")
