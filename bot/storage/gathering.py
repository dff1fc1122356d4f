"""Small things that many want at the same time, done together: one transaction costs as much for fifty as for one."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Hashable, Mapping
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
V = TypeVar("V")
R = TypeVar("R")


class Gathering(Generic[K, V, R]):
    """Does what is wanted in batches; who comes while one is done is of the next."""

    def __init__(self, do: Callable[[Mapping[K, V]], Awaitable[Mapping[K, R]]]) -> None:
        """Prepare; `do` takes what is wanted, by keys, and returns a result for each."""
        self._do = do
        self._wanted: dict[K, V] = {}
        self._next: asyncio.Task[Mapping[K, R]] | None = None
        self._doing = asyncio.Lock()

    async def join(self, key: K, value: V) -> R:
        """Have something done, and return its result. Raises what doing its batch raised."""
        self._wanted[key] = value
        if self._next is None:
            self._next = asyncio.create_task(self._go())
            self._next.add_done_callback(_hear)
        results = await asyncio.shield(self._next)  # who gives up does not give up for the others
        return results[key]

    async def _go(self) -> Mapping[K, R]:
        async with self._doing:
            wanted, self._wanted, self._next = self._wanted, {}, None
            return await self._do(wanted)


def _hear(done: asyncio.Task[Mapping[K, R]]) -> None:
    if not done.cancelled():
        done.exception()  # told to those who still wait; where nobody does, it is no news
