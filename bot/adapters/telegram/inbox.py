"""Updates on their way to be handled, however they came in: in order within a chat, each once, none lost.

Updates of one chat are handled one after the other, those of different chats side by side. One that is handled is noted
as such; one that takes long is parked, so that Telegram can be told that it was taken. What a killed process leaves
comes again: from Telegram, or from where it was parked.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Hashable
from typing import Final

from telegram import Update

from bot.adapters.telegram.addresses import NAME
from bot.adapters.telegram.updates import queue_of
from bot.clock import Clock
from bot.errors import PlainError
from bot.storage.updates import Updates

log = logging.getLogger(__name__)

PARK_SECONDS: Final = 20
"""How long Telegram is left waiting for an update that is being handled."""


class Inbox:
    """Handles updates in order within a chat."""

    def __init__(
        self, handle: Callable[[Update], Awaitable[None]], updates: Updates, clock: Clock, *, bot: str
    ) -> None:
        """Prepare; `bot` is the bot's own id, since another bot's updates have the same numbers."""
        self._handle = handle
        self._updates = updates
        self._clock = clock
        self._prefix = f"{NAME}:{bot}/"
        self._last: dict[Hashable, asyncio.Task[None]] = {}
        self._open: dict[int, asyncio.Task[None]] = {}

    def take(self, update: Update) -> asyncio.Task[None]:
        """Begin to handle an update; the task ends, without an error, when it has been handled.

        One that is being handled already goes on as it does.
        """
        key, queue = update.update_id, queue_of(update)
        if (under_way := self._open.get(key)) is not None:
            return under_way
        task = self._open[key] = asyncio.create_task(self._follow(self._last.get(queue), update))
        self._last[queue] = task
        task.add_done_callback(lambda done: self._forget(key, queue, done))
        return task

    async def resume(self) -> None:
        """Begin to handle what an earlier process has parked. Raises StorageError."""
        for key, content in await self._updates.take_up(self._prefix):
            update = read_update_json(json.loads(content))
            if update is not None:
                log.info("telegram: update %s is taken up again", key.removeprefix(self._prefix))
                self.take(update)

    async def park(self, update: Update) -> bool:
        """Keep an update that is not handled yet; false where it could not be kept."""
        try:
            await self._updates.park(self._key(update), update.to_json(), now=self._clock.now())
        except PlainError as error:
            log.warning("telegram: update %d is not parked: %s", update.update_id, error)
            return False
        return True

    async def drain(self, seconds: float) -> None:
        """Let what is under way finish; what takes longer is given up, and comes again."""
        tasks = set(self._open.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _follow(self, previous: asyncio.Task[None] | None, update: Update) -> None:
        if previous is not None:
            await asyncio.wait({previous})
        try:
            async with self._updates.once(self._key(update), now=self._clock.now()) as is_new:
                if is_new:
                    await self._handle(update)
        except PlainError as error:
            log.error("telegram: update %d: %s", update.update_id, error)  # noqa: TRY400 - one line says it all
        except Exception:  # a fault of ours in one update must not stop all others
            log.exception("telegram: update %d was not handled", update.update_id)

    def _key(self, update: Update) -> str:
        # What is only asked, and only for a moment, is not worth a note.
        return "" if update.inline_query is not None else f"{self._prefix}{update.update_id}"

    def _forget(self, key: int, queue: Hashable, done: asyncio.Task[None]) -> None:
        self._open.pop(key, None)
        if self._last.get(queue) is done:
            del self._last[queue]


def read_update_json(content: object) -> Update | None:
    """Return an update as the library reads it; an empty one where it cannot, None for what is no update at all.

    Telegram goes on while the library stands still, and what nobody can read would come again for ever.
    """
    match content:
        case {"update_id": int(number)} if isinstance(content, dict):
            try:
                return Update.de_json(content, None)
            except Exception as error:  # noqa: BLE001 - whatever the library trips over
                log.error("telegram: update %s cannot be read (%s)", number, type(error).__name__)  # noqa: TRY400 - the library logs the rest
                return Update(number)
        case _:
            return None
