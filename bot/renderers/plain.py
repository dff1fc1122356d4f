"""Documents as plain text: for a terminal, a notification, and where a platform refuses everything else."""

from __future__ import annotations

from collections.abc import Iterable

import regex

from bot.model.richtext import Block, Code, Divider, Document, Heading, Image, List, Paragraph, Quote, Span, Spans

_RULE = "———"
_GLYPHS = regex.compile(r"\X")


def render_plain(document: Document) -> str:
    """Render a document as text that keeps everything: an address stands behind the words that link to it."""
    return _blocks(document.blocks)


def one_line(document: Document, *, limit: int = 150) -> str:
    """Return the beginning of a document in one line without addresses, at most `limit` characters long."""
    words = " ".join(" ".join(_words(document.blocks)).split())
    if len(words) <= limit:
        return words
    kept = ""
    for glyph in _GLYPHS.finditer(words):
        if glyph.end() > limit - 1:
            break
        kept = words[: glyph.end()]
    return f"{kept.rstrip()}…"


def _words(blocks: Iterable[Block]) -> Iterable[str]:
    for block in blocks:
        match block:
            case Heading(spans=spans) | Paragraph(spans=spans):
                yield "".join(span.text for span in spans)
            case Code(text=text) | Image(alt=text):
                yield text
            case Quote(blocks=inner):
                yield from _words(inner)
            case List(items=items):
                for item in items:
                    yield from _words(item)


def _blocks(blocks: Iterable[Block], between: str = "\n\n") -> str:
    return between.join(filter(None, (_block(block) for block in blocks)))


def _block(block: Block) -> str:
    match block:
        case Heading(spans=spans) | Paragraph(spans=spans):
            return _spans(spans)
        case List(items=items, ordered=ordered, start=start):
            signs = (f"{start + index}. " if ordered else "• " for index in range(len(items)))
            return "\n".join(_hang(sign, _blocks(item, "\n")) for sign, item in zip(signs, items, strict=True))
        case Quote(blocks=inner):
            return "\n".join(f"> {line}".rstrip() for line in _blocks(inner).split("\n"))
        case Code(text=text):
            return text.rstrip("\n")
        case Image(url=url, alt=alt):
            return f"[{alt}] {url}" if alt else url
        case Divider():
            return _RULE


def _hang(sign: str, text: str) -> str:
    indent = " " * len(sign)
    return sign + text.replace("\n", f"\n{indent}")


def _spans(spans: Spans) -> str:
    runs: list[Span] = []
    for span in spans:
        if runs and span.href is not None and runs[-1].href == span.href:  # one link in several styles
            runs[-1] = Span(runs[-1].text + span.text, href=span.href)
        else:
            runs.append(span)
    return "".join(_run(run) for run in runs)


def _run(run: Span) -> str:
    if run.href is None or run.href.removeprefix("mailto:") == run.text.strip():
        return run.text
    return f"{run.text} ({run.href})" if run.text.strip() else run.text + run.href
