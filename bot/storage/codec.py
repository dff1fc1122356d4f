"""Values to JSON and back, for the columns that hold a whole value."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from typing import Any, Generic, TypeVar

from pydantic import TypeAdapter

from bot.model.chat import Preferences, Timing, Variant
from bot.model.delivery import Payload, Post
from bot.model.digest import Entry
from bot.model.richtext import Block, Byline, Document, LinkLine, Talk

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
_POST = Codec(Post)
_SHADES = {shade.__name__: shade for shade in (Byline, LinkLine, Talk)}


def encode_post(post: Post) -> str:
    """Return a post as JSON, with what its formatter knows more of its blocks than a stored block tells."""
    shades = [[type(block).__name__ for block in unit.blocks] for unit in post.units]
    return json.dumps({"post": json.loads(_POST.encode(post)), "shades": shades}, ensure_ascii=False)


def decode_post(text: str) -> Post:
    """Return the post that `encode_post` wrote."""
    stored = json.loads(text)
    post = _POST.decode(json.dumps(stored["post"]))
    units = (
        replace(unit, blocks=tuple(map(_shade, unit.blocks, names)))
        for unit, names in zip(post.units, stored["shades"], strict=True)
    )
    return replace(post, units=tuple(units))


def _shade(block: Block, name: str) -> Block:
    shade = _SHADES.get(name)
    return block if shade is None else shade(**{field.name: getattr(block, field.name) for field in fields(block)})


def encode_payload(payload: Payload) -> str:
    """Return a payload as JSON whose text is equal whenever the payload is."""
    return json.dumps(payload, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def decode_payload(text: str) -> Payload:
    """Return the payload that `encode_payload` wrote."""
    payload: dict[str, Any] = json.loads(text)
    return payload
