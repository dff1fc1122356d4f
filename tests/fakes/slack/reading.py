"""Blocks as a person reads them: the words alone, and the buttons."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from tests.fakes.transcript import Button

JSON = dict[str, Any]


def words_of(message: JSON) -> str:
    """Return what a reader reads of a message: its blocks, or its text where it has none."""
    blocks = message.get("blocks")
    if not blocks:
        return str(message.get("text", ""))
    return "\n".join(line for block in blocks for line in _lines(block))


def _lines(block: JSON) -> Iterator[str]:
    match block.get("type"):
        case "section":
            if "text" in block:
                yield block["text"]["text"]
            yield from (field["text"] for field in block.get("fields", []))
        case "header" | "markdown":
            yield block["text"] if isinstance(block["text"], str) else block["text"]["text"]
        case "context":
            yield " ".join(element.get("text") or element.get("alt_text", "") for element in block["elements"])
        case "image":
            title = block.get("title", {}).get("text", "")
            yield title or block.get("alt_text", "")
        case "rich_text":
            for element in block["elements"]:
                yield from _rich_lines(element)
        case "input":
            yield block["label"]["text"]


def _rich_lines(element: JSON) -> Iterator[str]:
    if element["type"] == "rich_text_list":
        for item in element["elements"]:
            yield from _rich_lines(item)
    else:
        yield "".join(map(_leaf, element["elements"]))


def _leaf(leaf: JSON) -> str:
    match leaf["type"]:
        case "text":
            return str(leaf["text"])
        case "link":
            return str(leaf.get("text") or leaf["url"])
        case "emoji":
            return f":{leaf['name']}:"
        case "user":
            return f"@{leaf['user_id']}"
        case "channel":
            return f"#{leaf['channel_id']}"
        case "date":
            return str(leaf.get("fallback", leaf.get("format", "")))
        case _:
            return ""


def buttons_of(blocks: list[JSON]) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons of blocks, a row for each block that has any. A button's data is its value, or its action."""
    rows = []
    for block in blocks:
        elements = [*block.get("elements", [])] if block.get("type") == "actions" else []
        if block.get("type") == "section" and "accessory" in block:
            elements.append(block["accessory"])
        row = tuple(_button(element) for element in elements if element["type"] == "button")
        if row:
            rows.append(row)
    return tuple(rows)


def _button(element: JSON) -> Button:
    data = element.get("value") or element.get("action_id", "")
    return Button(element["text"]["text"], data, element.get("url", ""))


def find_button(blocks: list[JSON], button: Button) -> tuple[JSON, JSON]:
    """Find a button's element and the block it stands in. Raises LookupError."""
    for block in blocks:
        for element in [*block.get("elements", []), *([block["accessory"]] if "accessory" in block else [])]:
            if element.get("type") == "button" and _button(element) == button:
                return element, block
    raise LookupError(f"no such button: {button}")
