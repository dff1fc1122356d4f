"""Values to JSON and back, for the columns that hold a whole value."""

from __future__ import annotations

import json
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from bot.model.chat import Preferences, Timing, Variant
from bot.model.delivery import Payload
from bot.model.digest import Entry
from bot.model.richtext import Document

T = TypeVar("T")


class Codec(Generic[T]):
    """Writes one type as compact JSON, and reads it back; missing fields are defaults."""

    def __init__(self, value_type: type[T]) -> None:
        self._adapter: TypeAdapter[T] = TypeAdapter(value_type)

    def encode(self, value: T) -> str:
        """Return the value as JSON."""
        return self._adapter.dump_json(value).decode()

    def decode(self, text: str) -> T:
        """Return the value that `encode` wrote, now or in an older version."""
        return self._adapter.validate_json(text)


DOCUMENT = Codec(Document)
ENTRY = Codec(Entry)
PREFERENCES = Codec(Preferences)
VARIANT = Codec(Variant)
TIMING = Codec(Timing)


def encode_payload(payload: Payload) -> str:
    """Return a payload as JSON whose text is equal whenever the payload is."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode_payload(text: str) -> Payload:
    """Return the payload that `encode_payload` wrote."""
    payload: dict[str, Any] = json.loads(text)
    return payload
