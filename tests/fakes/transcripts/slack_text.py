"""Slack's texts as HTML: mrkdwn, and rich text with its elements."""

from __future__ import annotations

import re
from html import unescape
from typing import Any

from markupsafe import Markup, escape

from tests.fakes.transcripts.markup import element, join

JSON = dict[str, Any]

EMOJI = {
    "tada": "🎉",
    "bell": "🔔",
    "no_bell": "🔕",
    "mag": "🔍",
    "newspaper": "📰",
    "bookmark": "🔖",
    "warning": "⚠️",
    "white_check_mark": "✅",
    "x": "❌",
    "link": "🔗",
    "speech_balloon": "💬",
    "framed_picture": "🖼️",
    "page_facing_up": "📄",
    "gear": "⚙️",
    "wave": "👋",
    "fire": "🔥",
    "star": "⭐",
    "eyes": "👀",
    "rocket": "🚀",
}
_MRKDWN = re.compile(
    r"```(?P<pre>.+?)```|`(?P<code>[^`\n]+)`|<(?P<link>[^<>]+)>|(?<![\w*])\*(?P<bold>[^*\n]+)\*(?![\w*])"
    r"|(?<![\w_])_(?P<italic>[^_\n]+)_(?![\w_])|(?<![\w~])~(?P<strike>[^~\n]+)~(?![\w~])|:(?P<emoji>[a-z0-9_+-]+):",
    re.DOTALL,
)


def mrkdwn(text: str) -> Markup:
    """Draw Slack's own markup. Its text comes with `&`, `<` and `>` escaped."""
    parts: list[Markup] = []
    position = 0
    for match in _MRKDWN.finditer(text):
        parts.append(_words(text[position : match.start()]))
        parts.append(_marked(str(match.lastgroup), match.group(match.lastgroup or 0)))
        position = match.end()
    parts.append(_words(text[position:]))
    return join(parts)


def _words(text: str) -> Markup:
    return escape(unescape(text))


def _marked(kind: str, inner: str) -> Markup:
    match kind:
        case "pre":
            return element("pre", unescape(inner.strip("\n")))
        case "code":
            return element("code", unescape(inner))
        case "link":
            return _bracketed(inner)
        case "bold":
            return element("strong", mrkdwn(inner))
        case "italic":
            return element("em", mrkdwn(inner))
        case "strike":
            return element("s", mrkdwn(inner))
        case _:
            return emoji(inner)


def _bracketed(inner: str) -> Markup:
    target, _, label = inner.partition("|")
    if target.startswith(("@", "#", "!")):
        return element("span", label or target, class_="mention")
    return element("a", unescape(label or target), href=unescape(target))


def emoji(name: str) -> Markup:
    """Draw an emoji by its name."""
    return element("span", EMOJI.get(name, f":{name}:"), class_="emoji")


def rich_text(block: JSON) -> Markup:
    """Draw a rich text block."""
    return element("div", *map(_rich, block["elements"]), class_="rich")


def _rich(part: JSON) -> Markup:
    inner = join([_leaf(leaf) for leaf in part["elements"]]) if part["type"] != "rich_text_list" else Markup("")
    match part["type"]:
        case "rich_text_list":
            items = [element("li", join([_leaf(leaf) for leaf in item["elements"]])) for item in part["elements"]]
            start = str(part.get("offset", 0) + 1) if part["style"] == "ordered" else None
            class_ = f"indent{part.get('indent', 0)}{' bordered' if part.get('border') else ''}"
            return element("ol" if part["style"] == "ordered" else "ul", *items, class_=class_, start=start)
        case "rich_text_quote":
            return element("blockquote", inner)
        case "rich_text_preformatted":
            return element("pre", inner)
        case _:
            return element("div", inner, class_="words")


_STYLES = (("code", "code"), ("strike", "s"), ("italic", "em"), ("bold", "strong"))


def _bare(leaf: JSON) -> Markup:
    match leaf["type"]:
        case "text":
            return escape(leaf["text"])
        case "link":
            return element("a", leaf.get("text") or leaf["url"], href=leaf["url"])
        case "emoji":
            return emoji(leaf["name"])
        case "user":
            return element("span", f"@{leaf['user_id']}", class_="mention")
        case "channel":
            return element("span", f"#{leaf['channel_id']}", class_="mention")
        case "date":
            return escape(leaf.get("fallback", leaf["format"]))
        case other:
            return element("span", f"@{other}", class_="mention")


def _leaf(leaf: JSON) -> Markup:
    drawn = _bare(leaf)
    for style, tag in _STYLES:
        if (leaf.get("style") or {}).get(style):
            drawn = element(tag, drawn)
    return drawn
