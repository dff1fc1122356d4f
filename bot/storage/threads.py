"""Threads with a connection each, in which whole transactions run; what waits for them shares one."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from functools import partial
from math import ceil
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine

T = TypeVar("T")


@dataclass(eq=False, slots=True)
class _Task:
    work: Callable[[Connection], Any]
    done: asyncio.Future[Any] = field(default_factory=lambda: asyncio.get_running_loop().create_future())
    result: Any = None
    error: BaseException | None = None

    def run(self, connection: Connection) -> None:
        try:
            self.result = self.work(connection)
        except Exception as error:  # noqa: BLE001 - it is whoever asked who is told
            self.error = error

    def end(self) -> None:
        if self.error is None:
            self.done.set_result(self.result)
        else:
            self.done.set_exception(self.error)


class Threads:
    """A few threads, each with a connection."""

    def __init__(self, engine: Engine, count: int, name: str, *, together: int = 1) -> None:
        """Prepare. So many tasks that wait may share a transaction: more than one only where all of them but read.

        To begin a transaction and to hand it to a thread and back costs more than most questions.
        """
        self._engine = engine
        self._count = count
        self._together = together
        self._pool = ThreadPoolExecutor(count, thread_name_prefix=name)
        self._waiting: deque[_Task] = deque()
        self._open: set[asyncio.Future[Any]] = set()
        self._busy = 0
        self._is_called = False

    async def run(self, work: Callable[[Connection], T]) -> T:
        """Do some work in a transaction, and return what it returns."""
        task = _Task(work)
        self._waiting.append(task)
        self._open.add(task.done)
        if not self._is_called:  # who asks at the same moment comes along
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._call)
        try:
            result: T = await asyncio.shield(task.done)
        except asyncio.CancelledError:
            # Who gives up waiting must not believe that nothing is under way any more.
            await asyncio.wait([task.done])
            task.done.exception()  # there is nobody left to be told
            raise
        return result

    async def close(self) -> None:
        """Let what was asked for be done, and close the connections."""
        if self._open:
            await asyncio.wait(self._open)
        await asyncio.to_thread(self._pool.shutdown)
        self._engine.dispose()

    def _call(self) -> None:
        """Give the threads that have nothing to do their share of what waits."""
        self._is_called = False
        while self._waiting and self._busy < self._count:
            share = min(ceil(len(self._waiting) / (self._count - self._busy)), self._together)
            tasks = [self._waiting.popleft() for _ in range(share)]
            self._busy += 1
            running = asyncio.get_running_loop().run_in_executor(self._pool, self._run, tasks)
            running.add_done_callback(partial(self._end, tasks))

    def _run(self, tasks: Sequence[_Task]) -> None:
        if len(tasks) == 1:
            with self._engine.begin() as connection:
                tasks[0].result = tasks[0].work(connection)
            return
        with self._engine.begin() as connection:
            for task in tasks:
                task.run(connection)

    def _end(self, tasks: Sequence[_Task], running: asyncio.Future[None]) -> None:
        self._busy -= 1
        error = running.exception()
        for task in tasks:
            task.error = task.error or error
            task.end()
            self._open.discard(task.done)
        self._call()
