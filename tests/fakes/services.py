"""What a house lends an adapter, as far as a test cares; anything else fails where it is asked for."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from bot.adapters.interface import Services
from bot.locales import Words, open_words
from bot.model.chat import Address
from bot.model.command import Command


def lend(**given: Any) -> Services:
    """Make services of what is given.

    Words are English, no command changes anything, searches never wait; everything else is missing.
    """
    missing = {field.name: _Missing(field.name) for field in fields(Services)}
    plain = {"words": _english, "changes": lambda _: False, "glance": _at_once, "touched": lambda _: None}
    return Services(**{**missing, **plain, **given})


async def _at_once(_chat: Address) -> bool:
    return True


async def _english(_command: Command) -> Words:
    return open_words("en")


class _Missing:
    """A service that this test's house does not have."""

    def __init__(self, name: str) -> None:
        self._name = name

    def __call__(self, *_: Any, **__: Any) -> Any:
        raise AssertionError(f"this test lends no {self._name}")

    def __getattr__(self, part: str) -> Any:
        raise AssertionError(f"this test lends no {self._name} (.{part})")
