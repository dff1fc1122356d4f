"""Long polling that loses no command.

The server forgets an update once a later one is asked for. So an update is asked past only when it has been handled:
what a killed process leaves unhandled comes again to the next one. Updates of one chat are handled one after the other,
those of different chats side by side; `Inbox` does that for whatever way updates come in.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Final

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.request import HTTPXRequest

from bot.adapters.telegram.errors import UNKNOWN_BOT, reason_of, retry_after
from bot.adapters.telegram.updates import ALLOWED, chat_of
from bot.clock import Clock

log = logging.getLogger(__name__)

BATCH: Final = 100  # https://core.telegram.org/bots/api#getupdates
POLL_SECONDS: Final = 30
SETTLE_SECONDS: Final = 0.5
"""How long updates under way are waited for before new ones are asked for beside them."""
CLOSE_SECONDS: Final = 10
DEAF_AFTER: Final = timedelta(seconds=3 * POLL_SECONDS)
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0

CONFLICT: Final = "another process receives Telegram's updates with the same bot token: stop one of the two"


class Inbox:
    """Handles updates in order within a chat."""

    def __init__(self, handle: Callable[[Update], Awaitable[None]]) -> None:
        self._handle = handle
        self._last: dict[int, asyncio.Task[None]] = {}

    def take(self, update: Update) -> asyncio.Task[None]:
        """Begin to handle an update; the task ends, without an error, when it has been handled."""
        chat = chat_of(update)
        task = asyncio.create_task(self._follow(self._last.get(chat), update))
        self._last[chat] = task
        task.add_done_callback(lambda done: self._forget(chat, done))
        return task

    async def drain(self, seconds: float) -> None:
        """Let what is under way finish; what takes longer is given up."""
        tasks = set(self._last.values())
        if tasks:
            _, late = await asyncio.wait(tasks, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    async def _follow(self, previous: asyncio.Task[None] | None, update: Update) -> None:
        if previous is not None:
            await asyncio.wait({previous})
        try:
            await self._handle(update)
        except Exception:  # a fault of ours in one update must not stop all others
            log.exception("telegram: update %d was not handled", update.update_id)

    def _forget(self, chat: int, done: asyncio.Task[None]) -> None:
        if self._last.get(chat) is done:
            del self._last[chat]


class Polling:
    """Asks for updates until stopped."""

    def __init__(self, bot: Bot, inbox: Inbox, clock: Clock) -> None:
        self._bot = bot
        self._inbox = inbox
        self._clock = clock
        self._next = 0  # behind the last update that came
        self._open: dict[int, asyncio.Task[None]] = {}  # updates under way
        self._heard_at: datetime = clock.now()
        self._trouble = ""
        self._wait = _FIRST_WAIT
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ask, in the background."""
        if self._task is None:
            self._heard_at = self._clock.now()
            self._task = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Ask no more, let what is under way finish, and confirm what was handled."""
        task, self._task = self._task, None
        if task is None:
            return
        answered = not task.done()
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await self._inbox.drain(CLOSE_SECONDS)
        if answered and self._next and not self._trouble:
            try:
                await self._bot.get_updates(offset=self._offset(), limit=1, timeout=0, allowed_updates=ALLOWED)
            except TelegramError as error:
                log.info("telegram: what was handled last could not be confirmed: %s", reason_of(error))

    def health(self) -> str:
        """Return "" while updates come in, else what is wrong."""
        if self._task is None:
            return ""
        if self._trouble or self._task.done():
            return self._trouble or "Telegram is not listened to any more"
        if self._clock.now() - self._heard_at > DEAF_AFTER:
            return f"Telegram has not answered since {self._heard_at:%H:%M} UTC"
        return ""

    async def _run(self) -> None:
        prepared = False
        while True:
            try:
                if not prepared:
                    # A webhook that was set before would keep every update to itself.
                    prepared = await self._bot.delete_webhook()
                await self._poll()
            except InvalidToken:
                self._report(UNKNOWN_BOT, logging.ERROR)
                return
            except Conflict as error:
                self._report(f"{CONFLICT} ({reason_of(error)})", logging.ERROR)
                await self._rest()
            except RetryAfter as error:
                await self._clock.sleep(retry_after(error).total_seconds())
            except TelegramError as error:
                self._report(f"Telegram cannot be reached: {reason_of(error)}", logging.WARNING)
                await self._rest()
            except Exception:  # a fault of ours must not leave the bot deaf
                log.exception("telegram: receiving begins anew")
                await self._rest()
            else:
                self._recover()

    async def _poll(self) -> None:
        updates = await self._bot.get_updates(
            offset=self._offset(), limit=BATCH, timeout=POLL_SECONDS, allowed_updates=ALLOWED
        )
        for update in updates:
            if update.update_id >= self._next:  # else it is under way
                self._next = update.update_id + 1
                self._begin(update)
        if self._open:
            await self._settle()

    def _offset(self) -> int:
        """Return the first update that has not been handled."""
        return min(self._open, default=self._next)

    def _begin(self, update: Update) -> None:
        key = update.update_id
        task = self._open[key] = self._inbox.take(update)
        task.add_done_callback(lambda _: self._open.pop(key, None))

    async def _settle(self) -> None:
        """Wait for what is under way, but not so long that others wait for it."""
        timer = asyncio.ensure_future(self._clock.sleep(SETTLE_SECONDS))
        done = asyncio.ensure_future(asyncio.wait(set(self._open.values())))
        try:
            await asyncio.wait({timer, done}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in (timer, done):
                waiter.cancel()
            await asyncio.gather(timer, done, return_exceptions=True)

    async def _rest(self) -> None:
        wait, self._wait = self._wait, min(self._wait * 2, _LONGEST_WAIT)
        await self._clock.sleep(wait)

    def _report(self, trouble: str, level: int) -> None:
        if trouble != self._trouble:  # once, not at every attempt
            log.log(level, "telegram: %s", trouble)
        self._trouble = trouble

    def _recover(self) -> None:
        if self._trouble:
            log.info("telegram: updates come in again")
        self._trouble, self._wait, self._heard_at = "", _FIRST_WAIT, self._clock.now()


class TolerantRequest(HTTPXRequest):
    """Fetches updates; one that the library cannot read becomes an empty one.

    The library fails the whole batch instead, and the batch would come again for ever.
    """

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, object]:
        """Read an answer."""
        answer: dict[str, object] = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [_readable(update) for update in updates]
        return answer


def _readable(update: dict[str, object]) -> dict[str, object]:
    try:
        Update.de_json(dict(update), None)
    except Exception as error:  # noqa: BLE001 - whatever the library trips over
        log.error("telegram: update %s cannot be read (%s)", update.get("update_id"), type(error).__name__)  # noqa: TRY400 - the library logs the rest
        return {"update_id": update["update_id"]}
    return update
