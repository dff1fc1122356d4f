"""Markdown -> markdown-it tokens, in the dialect that digests are really written in.

CommonMark with tables, strikethrough and footnotes, and four differences, each because of how people write: bare web
addresses are links; indented text is text, never code; a line of HTML does not swallow the Markdown below it, and
``<h2>`` makes a heading; and a heading needs no space behind its signs.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, MutableMapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, list_block
from markdown_it.rules_block import html_block as any_html_block
from markdown_it.rules_core import StateCore
from markdown_it.rules_inline import StateInline
from markdown_it.token import Token
from mdit_py_plugins.footnote import footnote_plugin

from bot.parsing.addresses import trim_address
from bot.parsing.errors import ParseError

MAX_LEVEL = 32
"""How deep blocks may stand inside one another: a list takes two levels, itself and its item, a quote takes one."""

MAX_BRACKETS = 100
"""How many square brackets of a paragraph may be open at once."""

_BRACKET = re.compile(r"[\[\]]")
_TIGHT_HEADING = re.compile(r"(?P<signs>#{2,6})(?P<text>[^\s#].*?)#*[ \t]*\Z")
_HTML_HEADING = re.compile(r"<h(?P<level>[1-6])(?:\s[^<>]*)?>.*?</h(?P=level)>[ \t]*\Z", re.IGNORECASE)
_SCHEME = re.compile(r"(?<![a-z])https?\Z", re.IGNORECASE)
_CJK = "\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\ufe30-\ufe4f\uff00-\uffef"
_ADDRESS = re.compile(rf"://[^\s<>\"`*\\^{{}}|\[\]“”‘’«»…{_CJK}]+")


def tokenize(text: str) -> tuple[list[Token], Mapping[str, Any]]:
    """Return the tokens of a text, and its link definitions. Raises ParseError for one that no hand has written."""
    env: MutableMapping[str, Any] = {}
    return _PARSER.parse(text, env), env


def _bare_address(state: StateInline, silent: bool) -> bool:
    """Make a link of an address that stands in the text. A rule, so that its underscores are not taken for emphasis."""
    start = state.pos
    if not state.src.startswith("://", start):
        return False
    scheme = _SCHEME.search(state.src, max(0, start - len("https")), start)
    if scheme is None or (not silent and not state.pending.endswith(scheme[0])):
        return False
    found = _ADDRESS.match(state.src, start, state.posMax)
    if found is None:
        return False
    rest = trim_address(found[0])
    if state.src[scheme.start() - 1 : scheme.start()] == "_":
        rest = rest.rstrip("_")
    if len(rest) <= len("://"):
        return False
    if not silent:
        _push_address(state, scheme[0], rest)
    state.pos += len(rest)
    return True


def _push_address(state: StateInline, scheme: str, rest: str) -> None:
    if state.linkLevel > 0:
        state.append_pending(rest)
        return
    state.pending = state.pending[: -len(scheme)]
    state.push("link_open", "a", 1).attrs = {"href": scheme + rest}
    state.push("text", "", 0).content = scheme + rest
    state.push("link_close", "a", -1)


def _tight_heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Take ``###Title`` for the heading it is meant to be. One sign alone begins a hashtag."""
    begin = state.bMarks[start] + state.tShift[start]
    found = _TIGHT_HEADING.match(state.src, begin, state.eMarks[start])
    if found is not None and not silent:
        _push_heading(state, start, level=len(found["signs"]), content=found["text"], markup=found["signs"])
    return found is not None


def _html_heading(state: StateBlock, start: int, _end: int, silent: bool) -> bool:
    """Take ``<h2>Title</h2>`` for a heading; what its tag says else is read with the text."""
    begin = state.bMarks[start] + state.tShift[start]
    found = _HTML_HEADING.match(state.src, begin, state.eMarks[start])
    if found is not None and not silent:
        _push_heading(state, start, level=int(found["level"]), content=found[0], markup="<h>")
    return found is not None


def _push_heading(state: StateBlock, line: int, *, level: int, content: str, markup: str) -> None:
    state.line = line + 1
    opening = state.push("heading_open", f"h{level}", 1)
    opening.markup = markup
    inline = state.push("inline", "", 0)
    inline.content = content.strip()
    inline.children = []
    inline.map = opening.map = [line, state.line]
    state.push("heading_close", f"h{level}", -1)


def _any_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take a list for one however far to the right it stands: where indented text is no code, a bullet is a bullet."""
    indent, state.listIndent = state.listIndent, -1
    try:
        return list_block(state, start, end, silent)
    finally:
        state.listIndent = indent


def _comment_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Take HTML comments, over any number of paragraphs, and leave other HTML to the paragraphs."""
    if not state.src.startswith("<!--", state.bMarks[start] + state.tShift[start]):
        return False
    return any_html_block(state, start, end, silent)


def _refuse_depth(state: StateBlock, _start: int, _end: int, silent: bool) -> bool:
    # markdown-it would leave out whatever stands deeper than its maxNesting, without a word.
    if not silent and state.level > MAX_LEVEL:
        raise ParseError(f"lists or quotes stand inside one another more than {MAX_LEVEL // 2} deep")
    return False


class _AsWritten(MarkdownIt):
    """Keeps addresses as they are written, neither percent-encoded nor in punycode."""

    def normalizeLink(self, url: str) -> str:  # noqa: N802  (markdown-it's own name)
        """Return an address as it is."""
        return url

    def normalizeLinkText(self, link: str) -> str:  # noqa: N802  (markdown-it's own name)
        """Return the words of an automatic link as they are."""
        return link


def _refuse_brackets(state: StateCore) -> None:
    # Every open bracket may begin a link, so markdown-it looks at the whole paragraph again for each.
    for token in state.tokens:
        if token.type == "inline" and _open_brackets(token.content) > MAX_BRACKETS:
            raise ParseError(f"a paragraph has more than {MAX_BRACKETS} brackets that are opened and not closed")


def _open_brackets(text: str) -> int:
    """Return how many square brackets are open at once, at the most."""
    if text.count("[") <= MAX_BRACKETS:
        return 0
    open_now = most = 0
    for sign in _BRACKET.findall(text):
        open_now = open_now + 1 if sign == "[" else max(open_now - 1, 0)
        most = max(most, open_now)
    return most


def _make_parser() -> MarkdownIt:
    parser = _AsWritten("commonmark", {"maxNesting": MAX_LEVEL + 4})
    parser.enable(["table", "strikethrough"]).disable(["code"])
    parser.use(footnote_plugin, inline=False, move_to_end=False)
    parser.core.ruler.before("inline", "refuse_brackets", _refuse_brackets)
    parser.block.ruler.before("table", "refuse_depth", _refuse_depth)
    parser.block.ruler.at("list", _any_list, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.at("html_block", _comment_block, {"alt": ["paragraph", "reference", "blockquote"]})
    parser.block.ruler.after("heading", "tight_heading", _tight_heading, {"alt": ["paragraph", "reference"]})
    parser.block.ruler.after("heading", "html_heading", _html_heading, {"alt": ["paragraph", "reference"]})
    parser.inline.ruler.before("escape", "bare_address", _bare_address)
    return parser


_PARSER = _make_parser()
