"""The HTML that people put into Markdown: what each tag means for the text around it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import unescape
from typing import Literal

from bot.model.richtext import Mark
from bot.parsing.vocabulary import words

_TAG = re.compile(r"<(?P<close>/?)(?P<name>[a-z][a-z0-9-]*)(?P<attributes>[^>]*?)/?>", re.IGNORECASE | re.DOTALL)
_ATTRIBUTE = re.compile(
    r"""(?P<name>[^\s"'<>/=]+)(?:\s*=\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'|(?P<bare>[^\s"'=<>`]+)))?"""
)

MARKS: Mapping[str, Mark] = {
    "b": Mark.BOLD,
    "strong": Mark.BOLD,
    "i": Mark.ITALIC,
    "em": Mark.ITALIC,
    "cite": Mark.ITALIC,
    "u": Mark.UNDERLINE,
    "ins": Mark.UNDERLINE,
    "s": Mark.STRIKE,
    "del": Mark.STRIKE,
    "strike": Mark.STRIKE,
    "code": Mark.CODE,
    "kbd": Mark.CODE,
    "tt": Mark.CODE,
}
"""Tags that style what stands between them."""

_BREAKS = words(
    """
    address article aside blockquote br caption center dd details div dl dt figcaption figure footer form h1 h2 h3
    h4 h5 h6 header hr iframe li main nav ol p picture pre section source summary table tbody tfoot thead tr ul
    video
    """
)
_SILENT = words("a abbr acronym audio big dfn font img label mark q samp small span sub sup td th time var")


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of HTML that is understood."""

    name: str
    role: Literal["open", "close"]
    attributes: Mapping[str, str]

    @property
    def breaks(self) -> bool:
        """Tell whether a line ends here."""
        return self.name in _BREAKS

    @property
    def layout(self) -> str:
        """Return the attributes that only arrange or describe, as written: ``width=75%``."""
        told = {"src", "alt", "href"}
        return " ".join(f"{name}={value}" for name, value in self.attributes.items() if name not in told)


def read_tag(markup: str) -> Tag | None:
    """Return what a tag means; None for what is no HTML at all, such as the ``<T>`` of a programming language."""
    found = _TAG.fullmatch(markup)
    if found is None:
        return None
    name = found["name"].lower()
    if name not in MARKS and name not in _BREAKS and name not in _SILENT:
        return None
    return Tag(name, "close" if found["close"] else "open", _attributes(found["attributes"]))


def is_comment(markup: str) -> bool:
    """Tell whether a piece of markup is a comment: what its writer meant nobody to read."""
    return markup.lstrip().startswith("<!--")


def _attributes(text: str) -> dict[str, str]:
    attributes: dict[str, str] = {}
    for found in _ATTRIBUTE.finditer(text):
        value = next((found[kind] for kind in ("double", "single", "bare") if found[kind] is not None), "")
        attributes.setdefault(found["name"].lower(), unescape(value))
    return attributes
