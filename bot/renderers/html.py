"""Documents as HTML: the one place that escapes.

What a writer typed can become neither markup nor a script: text and attributes are escaped, and only addresses of
harmless schemes become links and pictures.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from html import escape
from urllib.parse import urlsplit

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
)

_LINKED = frozenset({"http", "https", "mailto"})
_SHOWN = frozenset({"http", "https"})
_TAGS = {Mark.BOLD: "strong", Mark.ITALIC: "em", Mark.UNDERLINE: "u", Mark.STRIKE: "s", Mark.CODE: "code"}


Picture = Callable[[str], str | None]
"""Says where a browser finds an image; None where it cannot, and the image's description stands in its place."""


def safe_href(url: str) -> str | None:
    """Return the address if it is harmless as a link, else None."""
    return url if _scheme(url) in _LINKED else None


def web_picture(url: str) -> str | None:
    """Return the address of an image that lies on the web, else None."""
    return url if _scheme(url) in _SHOWN else None


def render_html(document: Document, *, picture: Picture = web_picture) -> str:
    """Render a document as HTML."""
    return _blocks(document.blocks, picture)


def _scheme(url: str) -> str:
    try:
        return urlsplit(url).scheme.lower()
    except ValueError:
        return ""


def _blocks(blocks: Iterable[Block], picture: Picture) -> str:
    return "\n".join(_block(block, picture) for block in blocks)


def _block(block: Block, picture: Picture) -> str:
    match block:
        case Heading(spans=spans, level=level):
            tag = f"h{min(max(level, 1), 6)}"
            return f"<{tag}>{_spans(spans)}</{tag}>"
        case Byline(spans=spans) | LinkLine(spans=spans):
            return f'<p class="{"byline" if isinstance(block, Byline) else "links"}">{_spans(spans)}</p>'
        case Paragraph(spans=spans):
            return f"<p>{_spans(spans)}</p>"
        case List():
            return _list(block, picture)
        case Quote():
            return _quote(block, picture)
        case Code(text=text, language=language):
            style = f' class="language-{escape(language)}"' if language else ""
            return f"<pre><code{style}>{escape(text)}</code></pre>"
        case Image(url=url, alt=alt):
            return _image(picture(url), alt)
        case Divider():
            return "<hr>"


def _list(block: List, picture: Picture) -> str:
    tag = "ol" if block.ordered else "ul"
    start = f' start="{block.start}"' if block.ordered and block.start != 1 else ""
    style = ' class="talk"' if isinstance(block, Talk) else ""
    items = "\n".join(f"<li>{_item(item, picture)}</li>" for item in block.items)
    return f"<{tag}{style}{start}>\n{items}\n</{tag}>"


def _item(blocks: tuple[Block, ...], picture: Picture) -> str:
    match blocks:
        case (Paragraph(spans=spans), *rest):  # a tight list, unless it goes on
            return "\n".join(filter(None, (_spans(spans), _blocks(rest, picture))))
        case _:
            return _blocks(blocks, picture)


def _quote(block: Quote, picture: Picture) -> str:
    match block:
        case Quote(blocks=(Heading(spans=spans) | Paragraph(spans=spans), *rest), folded=True) if rest:
            return f'<details class="quote"><summary>{_spans(spans)}</summary>\n{_blocks(rest, picture)}\n</details>'
        case _:
            return f"<blockquote>\n{_blocks(block.blocks, picture)}\n</blockquote>"


def _image(address: str | None, alt: str) -> str:
    if address is None:
        return f"<p>{escape(alt)}</p>" if alt else ""
    return (
        f'<p class="image"><img src="{escape(address)}" alt="{escape(alt)}" '
        'loading="lazy" referrerpolicy="no-referrer"></p>'
    )


def _spans(spans: Spans) -> str:
    return "".join(_span(span) for span in spans)


def _span(span: Span) -> str:
    html = escape(span.text).replace("\n", "<br>\n")
    for mark in sorted(span.marks):
        html = f"<{_TAGS[mark]}>{html}</{_TAGS[mark]}>"
    href = safe_href(span.href) if span.href is not None else None
    return f'<a href="{escape(href)}" rel="noopener noreferrer">{html}</a>' if href else html
