"""Documents as Markdown (https://spec.commonmark.org), to be kept in somebody's own notes.

What a writer typed stays what it was: nothing of a text is taken for markup. A style that Markdown cannot say where it
stands (bold inside a Chinese sentence, ending in a full stop) is left away; the words never are.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from itertools import groupby

from bot.model.richtext import Block, Code, Divider, Document, Heading, Image, List, Mark, Paragraph, Quote, Span, Spans

_DEEPEST_HEADING = 6
_SIGNS = ((Mark.BOLD, "**"), (Mark.ITALIC, "*"), (Mark.STRIKE, "~~"))
_ALWAYS = re.compile(r"[\\`*\[\]<>&~|]|(?<![^\W_])_|_(?![^\W_])|!\Z")
"""Signs that may mean something anywhere in a line; an underscore inside a word does not, nor a mark before no link."""
_AT_START = re.compile(r"^(?:(?P<sign>[#+=-])|(?P<number>\d{1,9})(?P<dot>[.)]))", re.MULTILINE)
"""What means something at the beginning of a line alone."""
_BACKTICKS = re.compile(r"`+")
_WEB = re.compile(r"(?:https?|mailto):[^\s<>]+", re.IGNORECASE)
_UNSAFE = re.compile(r"[\s<>]|[\x00-\x1f\x7f]")
_APART = "<!-- -->"
"""Stands between two lists that would read as one."""


def render_markdown(document: Document) -> str:
    """Render a document as Markdown; it ends without a line break."""
    return _blocks(document.blocks)


def _blocks(blocks: Sequence[Block]) -> str:
    pieces: list[str] = []
    before: Block | None = None
    for block in blocks:
        if isinstance(block, List) and isinstance(before, List):
            pieces.append(_APART)
        pieces.append(_block(block))
        before = block
    return "\n\n".join(piece for piece in pieces if piece)


def _block(block: Block) -> str:
    match block:
        case Heading(spans=spans, level=level):
            text = " ".join(_spans(spans).replace("\\\n", " ").split())
            text = f"{text[:-1]}\\#" if text.endswith("#") else text
            return f"{'#' * min(level, _DEEPEST_HEADING)} {text}" if text else ""
        case Paragraph(spans=spans):
            return _spans(spans)
        case List(items=items, ordered=ordered, start=start):
            signs = (f"{start + index}. " if ordered else "- " for index in range(len(items)))
            hung = [_hang(sign, _blocks(item)) for sign, item in zip(signs, items, strict=True)]
            return ("\n\n" if any(len(item) > 1 for item in items) else "\n").join(hung)
        case Quote(blocks=inner, folded=True):  # nothing folds here, and it is nobody's quotation
            return _blocks(inner)
        case Quote(blocks=inner):
            return "\n".join(f"> {line}".rstrip() for line in _blocks(inner).split("\n"))
        case Code(text=text, language=language):
            fence = _fence(text, least=3)
            return f"{fence}{re.sub(r'[^A-Za-z0-9+#-]', '', language)}\n{text.rstrip()}\n{fence}"
        case Image(url=url, alt=alt):
            label = _escape(" ".join(alt.split()))
            return f"![{label}]({_target(url)})" if _WEB.fullmatch(url) else f"\\[{label}\\]"
        case Divider():
            return "* * *"


def _hang(sign: str, text: str) -> str:
    indent = " " * len(sign)
    return f"{sign}{text}".replace("\n", f"\n{indent}").replace(f"\n{indent}\n", "\n\n").rstrip()


def _spans(spans: Spans) -> str:
    """Render runs of text, those of one link together."""
    written = ""
    groups = [(href, tuple(group)) for href, group in groupby((one for one in spans if one.text), _href)]
    for index, (href, group) in enumerate(groups):
        follows = groups[index + 1][1][0].text[0] if index + 1 < len(groups) else "\n"
        if href is None:
            written += _runs(group, written, follows)
        else:
            written += _link(href, group)
    return _break_lines(written)


def _href(span: Span) -> str | None:
    return span.href if span.href and _WEB.match(span.href) else None


def _link(href: str, group: Spans) -> str:
    said = "".join(span.text for span in group)
    if said.strip() == href and _WEB.fullmatch(href):
        return f"<{href}>"
    text = _runs(group, "[", "]").strip() or _escape(href)
    return f"[{text}]({_target(href)})"


def _target(url: str) -> str:
    safe = _UNSAFE.sub(lambda sign: "".join(f"%{byte:02X}" for byte in sign[0].encode()), url)
    return f"<{safe}>" if re.search(r"[()\\&*_]", safe) else safe


def _runs(group: Iterable[Span], before: str, after: str) -> str:
    runs = list(group)
    written = ""
    for index, span in enumerate(runs):
        follows = runs[index + 1].text[0] if index + 1 < len(runs) else after
        written += _run(span, (before + written)[-1:] or "\n", follows)
    return written


def _run(span: Span, before: str, after: str) -> str:
    core = span.text.strip()
    if not core:
        return span.text
    start = span.text.index(core)
    lead, tail = span.text[:start], span.text[start + len(core) :]
    if Mark.CODE in span.marks:
        shown, edge = _code(core), "`"
        core = shown if before != "`" else _escape(core)
    else:
        shown, edge = _escape(core), ""
        signs = "".join(sign for mark, sign in _SIGNS if mark in span.marks)
        if signs and _may_style(signs, core, lead[-1:] or before, tail[:1] or after):
            shown = f"{signs}{shown}{signs[::-1]}"
    return f"{lead}{core if edge else shown}{tail}"


def _may_style(signs: str, core: str, before: str, after: str) -> bool:
    """Tell whether signs are read as a style around a text.

    https://spec.commonmark.org/0.31.2/#left-flanking-delimiter-run
    """
    if "\n" in core or before in "*~`\\" or after in "*~`":
        return False
    inner = core if len(set(signs)) == 1 else signs  # signs of two kinds are neighbours of each other
    opens = not _is_sign(inner[0]) or before.isspace() or _is_sign(before)
    closes = not _is_sign(inner[-1]) or after.isspace() or _is_sign(after)
    return opens and closes


def _is_sign(character: str) -> bool:
    return unicodedata.category(character)[0] in "PS"


def _code(text: str) -> str:
    text = " ".join(text.split())
    fence = _fence(text, least=1)
    room = " " if text[0] == "`" or text[-1] == "`" else ""
    return f"{fence}{room}{text}{room}{fence}"


def _fence(text: str, *, least: int) -> str:
    longest = max((len(run) for run in _BACKTICKS.findall(text)), default=0)
    return "`" * max(least, longest + 1)


def _escape(text: str) -> str:
    return _ALWAYS.sub(r"\\\g<0>", text)


def _break_lines(text: str) -> str:
    """Make every line break one that is read as such, and no line's beginning one that means something."""
    lines = [line.strip() for line in re.split(r"\r\n|[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]", text.strip())]
    return "\\\n".join(_AT_START.sub(_disarm, line) for line in lines)


def _disarm(found: re.Match[str]) -> str:
    return f"\\{found['sign']}" if found["sign"] else f"{found['number']}\\{found['dot']}"
