"""A delivery from its first part to its last step: the worker, and then the linker."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.delivery.duty import Roster
from bot.delivery.linking import Linker
from bot.delivery.worker import Worker


@dataclass(frozen=True, slots=True)
class Delivery:
    """Sends what is planned, and links the headers of what has arrived."""

    worker: Worker
    linker: Linker
    roster: Roster

    async def look_around(self) -> tuple[str, ...]:
        """Return the workers of other processes that send now, so that this one looks on."""
        return await self.worker.look_around()

    def wake(self) -> None:
        """Say that something was planned."""
        self.worker.wake()

    def stop(self) -> None:
        """Begin nothing more; `run` and `drain` return once the calls under way are recorded."""
        self.worker.stop()
        self.linker.stop()

    async def run(self) -> None:
        """Work until stopped."""
        try:
            await asyncio.gather(self.worker.run(), self.linker.run())
        finally:
            await self.roster.leave()

    async def drain(self, *, patience: timedelta = timedelta.max) -> datetime | None:
        """Work until nothing is left to do, or nothing soon, or stopped; returns when what is left is due."""
        try:
            left = await self.worker.drain(patience=patience)
            await self.linker.drain()
            return left
        finally:
            await self.roster.leave()
