"""The smallest parts of Block Kit, checked: texts, lengths, addresses; and what was found wrong with them.

Limits: https://docs.slack.dev/reference/block-kit/composition-objects. Problems are worded as Slack words them, with a
JSON pointer to where they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]

ID = 255
URL = 3000


@dataclass(slots=True)
class Findings:
    """What is wrong, and how many characters a reader gets.

    `broken_images` are addresses that cannot be fetched, `files` the ids of pictures that were uploaded (None: any).
    """

    broken_images: frozenset[str] = frozenset()
    files: frozenset[str] | None = None
    problems: list[str] = field(default_factory=list)
    characters: int = 0

    def _text(self, text: Any, limit: int, pointer: str, *, plain: bool = False) -> None:
        if not isinstance(text, dict):
            self._wrong("missing required field: text" if text is None else "must be an object", pointer)
            return
        kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
        if text.get("type") not in kinds:
            self._wrong(f"unsupported type: {text.get('type')}", f"{pointer}/type")
        allowed = {"text", "emoji"} if text.get("type") == "plain_text" else {"text", "verbatim"}
        self._only(text, allowed, pointer)
        self._length(text.get("text"), limit, f"{pointer}/text")
        self._count(text.get("text"))

    def _count(self, *shown: Any) -> None:
        self.characters += sum(len(text) for text in shown if isinstance(text, str))

    def _length(self, value: Any, limit: int | None, pointer: str, *, least: int = 1) -> None:
        if not isinstance(value, str):
            self._wrong("missing required field" if value is None else "must be a string", pointer)
            return
        if len(value) < least:
            self._wrong(f"must be more than {least - 1} characters", pointer)
        if limit is not None and len(value) > limit:
            self._wrong(f"must be less than {limit + 1} characters", pointer)

    def _address(self, url: Any, pointer: str) -> None:
        self._length(url, URL, pointer)
        if isinstance(url, str) and not url.startswith(("http://", "https://", "mailto:", "slack://", "tel:")):
            self._wrong("is not a valid URL", pointer)

    def _items(self, holder: JSON, name: str, limit: int | None, pointer: str, least: int = 0) -> Iterator[Any]:
        items = holder.get(name, [])
        if not isinstance(items, list):
            self._wrong("must be an array", f"{pointer}/{name}")
            return iter(())
        if len(items) < least:
            self._wrong(f"no fewer than {least} items allowed", f"{pointer}/{name}")
        if limit is not None and len(items) > limit:
            self._wrong(f"no more than {limit} items allowed", f"{pointer}/{name}")
        return iter(items)

    def _only(self, holder: JSON, known: set[str], pointer: str) -> None:
        for name in sorted(set(holder) - known - {"type", "block_id"}):
            self._wrong(f"invalid additional property: {name}", pointer)

    def _wrong(self, problem: str, pointer: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{pointer}]")
