"""Block Kit's rich text, checked. Limits: https://docs.slack.dev/reference/block-kit/blocks/rich-text-block."""

from __future__ import annotations

from typing import Any

from tests.fakes.slack.elements import Elements
from tests.fakes.slack.findings import JSON

LIST_INDENT = 8
_STYLED_LEAVES = frozenset({"text", "link", "emoji", "user", "channel", "usergroup", "broadcast", "date"})
_STYLES = frozenset({"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"})


class RichText(Elements):
    """Checks rich text."""

    __slots__ = ()

    def _rich(self, element: Any, pointer: str) -> None:
        kind = element.get("type") if isinstance(element, dict) else None
        match kind:
            case "rich_text_section":
                self._only(element, {"elements"}, pointer)
                self._leaves(element, pointer, _STYLED_LEAVES | {"color"})
            case "rich_text_quote":
                self._only(element, {"elements", "border"}, pointer)
                self._leaves(element, pointer, _STYLED_LEAVES | {"color"})
            case "rich_text_preformatted":
                self._only(element, {"elements", "border", "language"}, pointer)
                self._leaves(element, pointer, frozenset({"text", "link"}))
            case "rich_text_list":
                self._list(element, pointer)
            case _:
                self._wrong(f"unsupported type: {kind}", f"{pointer}/type")

    def _list(self, element: JSON, pointer: str) -> None:
        self._only(element, {"elements", "style", "indent", "offset", "border"}, pointer)
        if element.get("style") not in {"bullet", "ordered"}:
            self._wrong("must be one of bullet, ordered", f"{pointer}/style")
        if not 0 <= element.get("indent", 0) <= LIST_INDENT:
            self._wrong(f"must be between 0 and {LIST_INDENT}", f"{pointer}/indent")
        if element.get("offset", 0) < 0:
            self._wrong("must be at least 0", f"{pointer}/offset")
        for index, item in enumerate(self._items(element, "elements", None, pointer, least=1)):
            where = f"{pointer}/elements/{index}"
            if not isinstance(item, dict) or item.get("type") != "rich_text_section":
                self._wrong("a list holds rich_text_section only", where)
            else:
                self._rich(item, where)

    def _leaves(self, element: JSON, pointer: str, allowed: frozenset[str]) -> None:
        for index, leaf in enumerate(self._items(element, "elements", None, pointer)):
            where = f"{pointer}/elements/{index}"
            kind = leaf.get("type") if isinstance(leaf, dict) else None
            if kind not in allowed:
                self._wrong(f"unsupported type: {kind}", f"{where}/type")
                continue
            for name in sorted(set(leaf.get("style") or {}) - _STYLES):
                self._wrong(f"invalid additional property: {name}", f"{where}/style")
            self._count(leaf.get("text"), leaf.get("url"))
            match kind:
                case "text":
                    self._length(leaf.get("text"), None, f"{where}/text")
                case "link":
                    self._address(leaf.get("url"), f"{where}/url")
                    if "text" in leaf:
                        self._length(leaf["text"], None, f"{where}/text", least=0)
                case "emoji":
                    self._length(leaf.get("name"), None, f"{where}/name")
                case "date":
                    self._length(leaf.get("format"), None, f"{where}/format")
