"""Keeps searches and new messages of a chat apart.

A search must know whose each message is, and a message is nobody's until its answer is back. So while messages are on
their way into a chat nothing is probed there, and while something is probed they wait for that moment.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from bot.model.chat import Address


@dataclass(slots=True)
class _Road:
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)
    sending: int = 0
    probing: int = 0
    users: int = 0


class Traffic:
    """One road a chat: many messages at a time, or one probe."""

    def __init__(self) -> None:
        self._roads: dict[str, _Road] = {}

    @asynccontextmanager
    async def sending(self, chat: Address) -> AsyncIterator[None]:
        """Send something into a chat."""
        async with self._on(chat) as road:
            async with road.changed:
                await road.changed.wait_for(lambda: not road.probing)
                road.sending += 1
            try:
                yield
            finally:
                road.sending -= 1
                async with road.changed:
                    road.changed.notify_all()

    @asynccontextmanager
    async def probing(self, chat: Address) -> AsyncIterator[None]:
        """Probe something in a chat."""
        async with self._on(chat) as road:
            async with road.changed:
                await road.changed.wait_for(lambda: not road.sending and not road.probing)
                road.probing += 1
            try:
                yield
            finally:
                road.probing -= 1
                async with road.changed:
                    road.changed.notify_all()

    @asynccontextmanager
    async def _on(self, chat: Address) -> AsyncIterator[_Road]:
        road = self._roads.setdefault(chat.chat, _Road())
        road.users += 1
        try:
            yield road
        finally:
            road.users -= 1
            if not road.users:
                self._roads.pop(chat.chat, None)
