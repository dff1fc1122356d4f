"""A method's arguments: strings of a form, or JSON, read alike."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.fakes.telegram.errors import ApiError

_TRUE = frozenset({"true", "True", "1", "yes"})


@dataclass(frozen=True, slots=True)
class Upload:
    """A file of a multipart form."""

    name: str
    content: bytes


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a method was called with. `method` is as the client wrote it."""

    method: str
    values: Mapping[str, Any]
    files: Mapping[str, Upload]

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        if value is None:
            return default
        return value if isinstance(value, str) else json.dumps(value)

    def integer(self, name: str) -> int | None:
        value = self.text(name)
        if not value:
            return None
        try:
            return int(value)
        except ValueError:
            raise ApiError(f"invalid {name} specified") from None

    def number(self, name: str, default: int) -> int:
        value = self.integer(name)
        return default if value is None else value

    def flag(self, name: str) -> bool:
        return self.text(name) in _TRUE

    def json(self, name: str, what: str) -> Any:
        """Return a nested argument, None where there is none; `what` names it in the refusal."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise ApiError(f"can't parse {what} JSON object") from None
