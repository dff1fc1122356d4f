"""Block Kit's blocks, checked as Slack does before a message or a view may stand.

Limits: https://docs.slack.dev/reference/block-kit/blocks and the pages below it.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.fakes.slack.elements import ACCESSORIES, ACTIONS, ALT_TEXT, INPUT_ELEMENTS
from tests.fakes.slack.findings import ID, JSON
from tests.fakes.slack.richtext import RichText

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL_CHARACTERS = 13_200  # not documented: https://github.com/slackapi/bolt-js/issues/2509
MARKDOWN_CHARACTERS = 12_000
SECTION_TEXT = 3000
SECTION_FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
LABEL = 2000


@dataclass(slots=True)
class Checker(RichText):
    """Walks blocks and collects what is wrong with them."""

    surface: str = "message"
    _block_ids: set[str] = field(default_factory=set)

    def blocks(self, blocks: Any, pointer: str = "/blocks") -> None:
        limit = MESSAGE_BLOCKS if self.surface == "message" else VIEW_BLOCKS
        if not isinstance(blocks, list):
            self._wrong("must be an array", pointer)
            return
        if len(blocks) > limit:
            self._wrong(f"no more than {limit} items allowed", pointer)
        for index, block in enumerate(blocks):
            self._block(block, f"{pointer}/{index}")

    def _block(self, block: Any, pointer: str) -> None:
        if not isinstance(block, dict):
            self._wrong("must be an object", pointer)
            return
        check = _BLOCKS.get(block.get("type", ""))
        if check is None:
            self._wrong(f"unsupported type: {block.get('type')}", f"{pointer}/type")
            return
        self._block_id(block, pointer)
        check(self, block, pointer)

    def _block_id(self, block: JSON, pointer: str) -> None:
        block_id = block.get("block_id")
        if block_id is None:
            return
        self._length(block_id, ID, f"{pointer}/block_id")
        if block_id in self._block_ids:
            self._wrong(f"`block_id` {block_id} already exists", f"{pointer}/block_id")
        self._block_ids.add(block_id)

    def section(self, block: JSON, pointer: str) -> None:
        self._only(block, {"text", "fields", "accessory", "expand"}, pointer)
        if "text" not in block and "fields" not in block:
            self._wrong("missing required field: text or fields", pointer)
        if "text" in block:
            self._text(block["text"], SECTION_TEXT, f"{pointer}/text")
        for index, item in enumerate(self._items(block, "fields", SECTION_FIELDS, pointer)):
            self._text(item, FIELD_TEXT, f"{pointer}/fields/{index}")
        if "accessory" in block:
            self._element(block["accessory"], f"{pointer}/accessory", ACCESSORIES, set())

    def header(self, block: JSON, pointer: str) -> None:
        self._only(block, {"text", "level"}, pointer)
        self._text(block.get("text"), HEADER_TEXT, f"{pointer}/text", plain=True)

    def divider(self, block: JSON, pointer: str) -> None:
        self._only(block, set(), pointer)

    def image(self, block: JSON, pointer: str) -> None:
        self._only(block, {"image_url", "slack_file", "alt_text", "title"}, pointer)
        self._picture(block, pointer)
        if "title" in block:
            self._text(block["title"], ALT_TEXT, f"{pointer}/title", plain=True)

    def actions(self, block: JSON, pointer: str) -> None:
        self._only(block, {"elements"}, pointer)
        taken: set[str] = set()
        for index, element in enumerate(self._items(block, "elements", ACTIONS_ELEMENTS, pointer, least=1)):
            self._element(element, f"{pointer}/elements/{index}", ACTIONS, taken)

    def context(self, block: JSON, pointer: str) -> None:
        self._only(block, {"elements"}, pointer)
        for index, element in enumerate(self._items(block, "elements", CONTEXT_ELEMENTS, pointer, least=1)):
            where = f"{pointer}/elements/{index}"
            if isinstance(element, dict) and element.get("type") == "image":
                self._picture(element, where)
            else:
                self._text(element, SECTION_TEXT, where)

    def input(self, block: JSON, pointer: str) -> None:
        self._only(block, {"label", "element", "hint", "optional", "dispatch_action"}, pointer)
        self._text(block.get("label"), LABEL, f"{pointer}/label", plain=True)
        if "hint" in block:
            self._text(block["hint"], LABEL, f"{pointer}/hint", plain=True)
        self._element(block.get("element"), f"{pointer}/element", INPUT_ELEMENTS, set())

    def markdown(self, block: JSON, pointer: str) -> None:
        self._only(block, {"text"}, pointer)
        self._length(block.get("text"), MARKDOWN_CHARACTERS, f"{pointer}/text")
        self._count(block.get("text"))

    def rich_text(self, block: JSON, pointer: str) -> None:
        self._only(block, {"elements"}, pointer)
        for index, element in enumerate(self._items(block, "elements", None, pointer, least=1)):
            self._rich(element, f"{pointer}/elements/{index}")


_BLOCKS: dict[str, Callable[[Checker, JSON, str], None]] = {
    "section": Checker.section,
    "header": Checker.header,
    "divider": Checker.divider,
    "image": Checker.image,
    "actions": Checker.actions,
    "context": Checker.context,
    "input": Checker.input,
    "markdown": Checker.markdown,
    "rich_text": Checker.rich_text,
}


def check_blocks(
    blocks: Sequence[Any],
    *,
    surface: str = "message",
    broken_images: frozenset[str] = frozenset(),
    files: frozenset[str] | None = None,
) -> tuple[list[str], int]:
    """Return what is wrong with blocks, and how many characters they hold."""
    checker = Checker(broken_images, files, surface=surface)
    checker.blocks(blocks)
    return checker.problems, checker.characters
