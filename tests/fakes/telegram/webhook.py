"""Updates brought to the bot's webhook, as the Bot API server brings them.

Those of one chat come one after the other, each again and again until it is answered with 2xx; at most so many at once
as the bot said (https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/WebhookActor.cpp).
"""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from aiohttp import ClientError, ClientSession, ClientTimeout

from tests.fakes.telegram.core import TelegramCore

JSON = dict[str, Any]

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
FIRST_WAIT, LONGEST_WAIT = 1.0, 60.0


class Courier:
    """Brings updates. `brought` notes every visit: the update's id and the status, 0 where nobody answered."""

    def __init__(self, core: TelegramCore) -> None:
        self._core = core
        self._busy: set[Hashable] = set()
        self._visits = 0
        self.brought: list[tuple[int, int]] = []
        self.patience = 60.0

    def wake(self) -> None:
        """Set out with every update whose turn it is."""
        updates = self._core.updates
        if not updates.webhook.get("url"):
            return
        for update in list(updates.pending):
            queue = _queue_of(update)
            if queue not in self._busy and self._visits < updates.webhook["max_connections"]:
                self._busy.add(queue)
                self._visits += 1
                self._core.spawn(self._insist(update, queue))

    async def _insist(self, update: JSON, queue: Hashable) -> None:
        wait = FIRST_WAIT
        try:
            while self._core.updates.webhook.get("url") and update in self._core.updates.pending:
                if 200 <= await self.bring(update) < 300:
                    break
                self._visits -= 1  # who waits holds no connection
                await self._core.clock.sleep(wait)
                self._visits += 1
                wait = min(wait * 2, LONGEST_WAIT)
        finally:
            self._busy.discard(queue)
            self._visits -= 1
        self.wake()

    async def bring(self, update: JSON) -> int:
        """Bring one update once; returns the status, and forgets the update where it was taken."""
        webhook = self._core.updates.webhook
        headers = {SECRET_HEADER: webhook["secret"]} if webhook["secret"] else {}
        status, error = 0, ""
        try:
            async with (
                ClientSession(timeout=ClientTimeout(total=self.patience)) as session,
                session.post(webhook["url"], json=update, headers=headers) as response,
            ):
                status = response.status
        except (ClientError, TimeoutError) as failure:
            error = str(failure) or "Read timeout expired"
        self.brought.append((update["update_id"], status))
        if 200 <= status < 300:
            if update in self._core.updates.pending:
                self._core.updates.pending.remove(update)
        else:
            webhook |= {
                "last_error": error or f"Wrong response from the webhook: {status}",
                "last_error_at": int(self._core.now()),
            }
        self._core.changed()
        return status


def _queue_of(update: JSON) -> Hashable:
    kind = next(name for name in update if name != "update_id")
    content = update[kind]
    chat = content.get("chat") or content.get("message", {}).get("chat") or content.get("from") or {}
    return int(chat.get("id", 0))
