"""Waking whoever watches a room."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Bell:
    """Rings for one room at a time. It only says "look": what there is to see stands in the storage."""

    def __init__(self) -> None:
        self._listeners: dict[str, set[asyncio.Event]] = {}
        self._closed = False

    @property
    def is_closed(self) -> bool:
        """Whether nobody is to listen any more."""
        return self._closed

    def ring(self, room: str) -> None:
        """Wake everybody who watches this room."""
        for event in self._listeners.get(room, ()):
            event.set()

    def close(self) -> None:
        """Wake everybody for the last time."""
        self._closed = True
        for room in self._listeners:
            self.ring(room)

    @contextmanager
    def listen(self, room: str) -> Iterator[Listener]:
        """Hear every ring for a room from now on."""
        event = asyncio.Event()
        listeners = self._listeners.setdefault(room, set())
        listeners.add(event)
        try:
            yield Listener(event)
        finally:
            listeners.discard(event)
            if not listeners:
                self._listeners.pop(room, None)


class Listener:
    """One who watches a room."""

    def __init__(self, event: asyncio.Event) -> None:
        self._event = event

    def expect(self) -> None:
        """Forget the rings so far. Say so before looking, and no ring is lost between the look and the wait."""
        self._event.clear()

    async def wait(self, seconds: float) -> None:
        """Return at the next ring, or after some time: other processes cannot ring."""
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._event.wait()
