"""How to reach a platform: what the worker needs to know of it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from bot.model.chat import Address
from bot.model.delivery import Degradation, Finding, Limits, Outcome, Payload, Trace


class Courier(Protocol):
    """What the worker needs of a connected platform."""

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        """Make one call for one part."""
        ...

    async def find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:
        """Look for a part whose answer was lost."""
        ...


@dataclass(frozen=True, slots=True)
class Route:
    """How to reach a platform: its courier, how it makes payloads plainer, its limits, what a payload counts for.

    `has_links` tells whether the messages of a chat have addresses.
    """

    courier: Courier
    degrade: Callable[[Payload, Degradation], Payload | None]
    limits: Limits
    weight: Callable[[Payload], int] = lambda _payload: 1
    has_links: Callable[[Address], bool] = lambda _chat: False
