"""What the bot is told: updates waiting for it, fetched by long polling or pushed to its webhook."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import Callable
from typing import Any

from tests.fakes.telegram import errors
from tests.fakes.telegram.errors import ApiError

JSON = dict[str, Any]

NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})
BATCH = 100  # https://core.telegram.org/bots/api#getupdates
FIRST_ID = 1000


class Updates:
    """The queue of updates. An update stays until a later offset confirms it, or the webhook took it."""

    def __init__(self) -> None:
        self.pending: deque[JSON] = deque()
        self.allowed: frozenset[str] = frozenset()
        self.webhook: JSON = {}
        self.polls = 0
        self.on_push: Callable[[], None] = lambda: None
        self._next_id = FIRST_ID
        self._poll: asyncio.Future[None] | None = None

    def allows(self, kind: str) -> bool:
        return kind in self.allowed if self.allowed else kind not in NOT_BY_DEFAULT

    def push(self, kind: str, content: JSON) -> int:
        """Queue an update, unless the bot did not ask for its kind. Return its id, 0 if it was not queued."""
        if not self.allows(kind):
            return 0
        update_id = self._next_id
        self._next_id += 1
        self.pending.append({"update_id": update_id, kind: content})
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
        self.on_push()
        return update_id

    def allow(self, kinds: list[str] | None) -> None:
        """Take over which kinds the bot wants; None changes nothing."""
        if kinds is not None:
            self.allowed = frozenset(kinds)

    def confirm(self, offset: int) -> None:
        """Forget what the bot has seen; a negative offset keeps only the last so many."""
        if offset > 0:
            while self.pending and self.pending[0]["update_id"] < offset:
                self.pending.popleft()
        elif offset < 0:
            while len(self.pending) > -offset:
                self.pending.popleft()

    async def fetch(self, *, offset: int, limit: int, timeout: int) -> list[JSON]:  # noqa: ASYNC109  # the API's own word
        """Answer getUpdates. A poll that is waiting loses to a new one."""
        if self.webhook.get("url"):
            raise ApiError(errors.WEBHOOK_CONFLICT)
        self.abort_poll(errors.POLL_CONFLICT)
        self.confirm(offset)
        if not self.pending and timeout > 0:
            await self._wait(timeout)
        return list(self.pending)[: limit or BATCH]

    async def _wait(self, seconds: float) -> None:
        poll = asyncio.get_running_loop().create_future()
        self._poll = poll
        try:
            await asyncio.wait_for(poll, seconds)
        except TimeoutError:
            pass
        finally:
            if self._poll is poll:
                self._poll = None

    def abort_poll(self, description: str) -> None:
        """End the poll that is waiting, with a conflict."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_exception(ApiError(description))
            self._poll = None

    @property
    def waiting(self) -> bool:
        """Whether a poll waits for the next update."""
        return self._poll is not None and not self._poll.done()

    def release_poll(self) -> None:
        """Let the poll that is waiting return with nothing: the server stops."""
        if self._poll is not None and not self._poll.done():
            self._poll.set_result(None)
