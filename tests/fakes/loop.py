"""One event loop for everything: what belongs to it changes there alone, and other threads hop over.

Waiting is without sleeping: whoever waits is woken by the next change, and looks again.
"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

HOP_SECONDS = 10.0

P = ParamSpec("P")
R = TypeVar("R")
LoopT = TypeVar("LoopT", bound="OneLoop")


def scripted(method: Callable[Concatenate[LoopT, P], R]) -> Callable[Concatenate[LoopT, P], R]:
    """Let a method be called from any thread."""

    @wraps(method)
    def hop(self: LoopT, /, *args: P.args, **kwargs: P.kwargs) -> R:
        return self.on_loop(lambda: method(self, *args, **kwargs))

    return hop


class OneLoop:
    """Something that lives on one event loop, once it is bound to it."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread = 0
        self._tasks: set[asyncio.Task[Any]] = set()
        self._waiters: set[asyncio.Future[None]] = set()

    def bind(self) -> None:
        """Belong to the running loop from now on."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    async def unbind(self) -> None:
        """End what runs beside, and belong to no loop any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._loop = None

    @property
    def is_elsewhere(self) -> bool:
        """Whether the caller is on another thread than the loop."""
        return self._loop is not None and threading.get_ident() != self._thread

    def on_loop(self, action: Callable[[], R]) -> R:
        """Run an action on the loop, whichever thread asks for it."""

        async def act() -> R:
            return action()

        if self._loop is None or not self.is_elsewhere:
            return action()
        return asyncio.run_coroutine_threadsafe(act(), self._loop).result(HOP_SECONDS)

    async def hop(self, work: Coroutine[Any, Any, R]) -> R:
        """Await something on the loop, whichever loop asks for it."""
        if self._loop is None or self._loop is asyncio.get_running_loop():
            return await work
        return await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(work, self._loop))

    def spawn(self, work: Coroutine[Any, Any, Any]) -> None:
        """Let something run beside until it ends or the loop is left."""
        if self._loop is None:
            work.close()
            raise RuntimeError("the fake is not running")
        task = self._loop.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def changed(self) -> None:
        """Wake whoever waits for something."""
        for waiter in self._waiters:
            if not waiter.done():
                waiter.set_result(None)

    async def until(self, condition: Callable[[], R], *, within: float) -> R:
        """Wait until a condition holds, and return what it returned. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while not (found := condition()):
                await self._next_change()
        return found

    async def until_still(self, seconds: float, *, within: float) -> None:
        """Wait until nothing has changed for some seconds. Raises TimeoutError."""
        async with asyncio.timeout(within):
            while True:
                try:
                    async with asyncio.timeout(seconds):
                        await self._next_change()
                except TimeoutError:
                    return

    async def _next_change(self) -> None:
        waiter = asyncio.get_running_loop().create_future()
        self._waiters.add(waiter)
        try:
            await waiter
        finally:
            self._waiters.discard(waiter)
