"""The platforms: one line each, one package each. Nothing else in the house lists them."""

from __future__ import annotations

from importlib import import_module
from typing import cast

from bot.adapters.interface import Adapter, AdapterError, Platform, Services
from bot.model.chat import Address, AddressError

__all__ = ["PLATFORMS", "Adapter", "AdapterError", "Platform", "Services", "parse_address", "platform"]

PLATFORMS = ("telegram", "slack", "web")


def platform(name: str) -> Platform:
    """Return a platform by its name. Raises AddressError for one that is not registered."""
    if name not in PLATFORMS:
        raise AddressError(f"no such platform {name!r}: an address begins with {', '.join(f'{p}:' for p in PLATFORMS)}")
    return cast("Platform", import_module(f"bot.adapters.{name}").PLATFORM)


def parse_address(text: str) -> Address:
    """Read a chat address such as ``telegram:-1001234567890/77`` or ``slack:C0123ABCD``. Raises AddressError."""
    name, colon, rest = text.strip().partition(":")
    if not colon:
        examples = "telegram:-1001234567890, slack:C0123ABCD or web:lobby"
        raise AddressError(f"{text!r} is no chat address: write it like {examples}")
    return platform(name).parse_address(rest)
