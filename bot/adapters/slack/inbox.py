"""Requests on their way to be worked on: each once, and none lost that changes something.

Slack is told that a request was taken before the work on it begins, and sends it again only where it heard nothing. So
a request that changes what is kept is put away first: a process that is killed in between finds it at its next start.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from bot.adapters.slack.addresses import PLATFORM_NAME
from bot.clock import Clock
from bot.errors import PlainError
from bot.storage.updates import Updates

log = logging.getLogger(__name__)

KEEP_SECONDS = 1.0
"""How long Slack is left waiting for a request to be put away; it gives up after three."""

_DROPPED = frozenset({"token"})
"""What of a request is not kept: a password of Slack's that nobody checks any more."""


class Inbox:
    """Guards the work on requests, by keys that name them within their workspace."""

    def __init__(self, updates: Updates, clock: Clock) -> None:
        self._updates = updates
        self._clock = clock

    async def keep(self, key: str, body: Mapping[str, Any]) -> bool:
        """Put a request away until it is worked on; False where that could not be done in time."""
        content = json.dumps({name: value for name, value in body.items() if name not in _DROPPED})
        try:
            async with asyncio.timeout(KEEP_SECONDS):
                await self._updates.park(_named(key), content, now=self._clock.now())
        except (PlainError, TimeoutError) as error:
            log.warning("a request from Slack is not put away: %s", error or "the database is busy")
            return False
        return True

    async def work(self, key: str, work: Callable[[], Awaitable[None]]) -> None:
        """Do the work on a request, unless it is under way or done; without a key, in any case.

        What is cancelled, or killed, is not done. A fault of ours is logged, and does not come again.
        """
        begun = False

        async def begin() -> None:
            nonlocal begun
            begun = True
            try:
                await work()
            except Exception:
                log.exception("a request from Slack was not worked on")

        try:
            async with self._updates.once(_named(key) if key else "", now=self._clock.now()) as is_new:
                if is_new:
                    await begin()
        except PlainError as error:
            log.error("a request from Slack: %s", error)  # noqa: TRY400 - one line says it all
            if not begun:  # whoever asked is told, at least, that it cannot be done now
                await begin()

    async def left(self) -> tuple[tuple[str, Mapping[str, Any]], ...]:
        """Return the keys and bodies of requests that an earlier process has taken and not worked on."""
        try:
            kept = await self._updates.take_up(_named(""))
        except PlainError as error:
            log.error("what was left of requests from Slack is not taken up: %s", error)  # noqa: TRY400 - as above
            return ()
        return tuple((key.removeprefix(_named("")), json.loads(content)) for key, content in kept)


def _named(key: str) -> str:
    return f"{PLATFORM_NAME}:{key}"
