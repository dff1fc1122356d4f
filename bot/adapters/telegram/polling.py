"""Long polling that loses no command, and does not fall asleep.

The server forgets an update once a later one is asked for. So an update is asked past only when it has been handled or
parked: what a killed process leaves unhandled comes again to the next one.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from datetime import datetime, timedelta
from types import MappingProxyType
from typing import Any, Final

from telegram import Bot, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.adapters.telegram.errors import UNKNOWN_BOT, reason_of, retry_after
from bot.adapters.telegram.inbox import PARK_SECONDS, Inbox, read_update_json
from bot.adapters.telegram.requests import Request
from bot.adapters.telegram.updates import ALLOWED
from bot.clock import Clock

log = logging.getLogger(__name__)

BATCH: Final = 100  # https://core.telegram.org/bots/api#getupdates
POLL_SECONDS: Final = 30
HANG_SECONDS: Final = 3 * POLL_SECONDS
"""How long one call is waited for, whatever the library's own patience."""
SETTLE_SECONDS: Final = 0.5
"""How long updates under way are waited for before new ones are asked for beside them."""
CLOSE_SECONDS: Final = 10
DEAF_AFTER: Final = timedelta(seconds=HANG_SECONDS)
UNKNOWN_SECONDS: Final = 300.0
"""How long nothing is asked after Telegram did not know the bot. A token does not mend by itself, a proxy may."""
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 30.0

CONFLICT: Final = "another process receives Telegram's updates with the same bot token: stop one of the two"


class Polling:
    """Asks for updates until stopped."""

    def __init__(self, bot: Bot, inbox: Inbox, clock: Clock, request: Fetching) -> None:
        """Prepare; `request` is what the bot fetches updates with."""
        self._bot = bot
        self._request = request
        self._inbox = inbox
        self._clock = clock
        self._next = 0  # behind the last update that came
        self._open: dict[int, tuple[Update, datetime]] = {}  # what Telegram still keeps, and since when we have it
        self._heard_at: datetime = clock.now()
        self._trouble = ""
        self._wait = _FIRST_WAIT
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to ask, in the background."""
        if self._task is None:
            self._heard_at = self._clock.now()
            self._begin_loop()

    async def stop(self) -> None:
        """Ask no more, let what is under way finish, and confirm what was handled."""
        task, self._task = self._task, None
        if task is None:
            return
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)
        await self._inbox.drain(CLOSE_SECONDS)
        if self._next and not self._trouble:
            try:
                await self._bot.get_updates(offset=self._offset(), limit=1, timeout=0, allowed_updates=ALLOWED)
            except TelegramError as error:
                log.info("telegram: what was handled last could not be confirmed: %s", reason_of(error))

    def health(self) -> str:
        """Return "" while updates come in, else what is wrong."""
        if self._task is None or self._trouble:
            return self._trouble
        if self._clock.now() - self._heard_at > DEAF_AFTER:
            return f"Telegram has not answered since {self._heard_at:%H:%M} UTC"
        return ""

    def _begin_loop(self) -> None:
        self._task = asyncio.create_task(self._run())
        self._task.add_done_callback(self._revive)

    def _revive(self, ended: asyncio.Task[None]) -> None:
        """Begin anew where nobody stopped the loop: whatever ended it, a bot that is up listens."""
        if self._task is ended:
            log.error("telegram: the polling loop ended by itself, and begins anew")
            self._begin_loop()

    async def _run(self) -> None:
        prepared = False
        while True:
            try:
                if not prepared:
                    # A webhook that was set before would keep every update to itself.
                    prepared = await self._bot.delete_webhook()
                    await self._inbox.resume()
                async with asyncio.timeout(HANG_SECONDS):
                    await self._poll()
            except InvalidToken:
                self._report(UNKNOWN_BOT, logging.ERROR)
                await self._clock.sleep(UNKNOWN_SECONDS)
            except Conflict as error:
                self._report(f"{CONFLICT} ({reason_of(error)})", logging.ERROR)
                await self._rest()
            except RetryAfter as error:
                await self._clock.sleep(retry_after(error).total_seconds())
            except TelegramError as error:
                self._report(f"Telegram cannot be reached: {reason_of(error)}", logging.WARNING)
                await self._rest()
            except TimeoutError:
                self._report("Telegram does not answer, and is asked anew", logging.WARNING)
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
                self._begin(self._request.read(update.update_id))
        if self._open:
            await self._settle()

    def _offset(self) -> int:
        """Return the first update that is neither handled nor parked."""
        return min(self._open, default=self._next)

    def _begin(self, update: Update) -> None:
        key = update.update_id
        self._open[key] = (update, self._clock.now())
        self._inbox.take(update).add_done_callback(lambda _: self._open.pop(key, None))

    async def _settle(self) -> None:
        """Wait for what is under way, but not so long that others wait for it; park what takes long."""
        timer = asyncio.ensure_future(self._clock.sleep(SETTLE_SECONDS))
        under_way = {self._inbox.take(update) for update, _ in self._open.values()}
        done = asyncio.ensure_future(asyncio.wait(under_way))
        try:
            await asyncio.wait({timer, done}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for waiter in (timer, done):
                waiter.cancel()
            await asyncio.gather(timer, done, return_exceptions=True)
        late = self._clock.now() - timedelta(seconds=PARK_SECONDS)
        for key, (update, since) in list(self._open.items()):
            if since <= late and await self._inbox.park(update):
                self._open.pop(key, None)

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


class Fetching(Request):
    """Fetches updates, and reads each of them itself, once.

    The library fails a whole batch for one that it cannot read, and the batch would come again for ever.
    """

    _came: Mapping[int, object] = MappingProxyType({})

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # as in Request
        """Read an answer; of updates, the library is told the numbers."""
        answer = super().parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            self._came = {one["update_id"]: one for one in updates}
            answer["result"] = [{"update_id": number} for number in self._came]
        return answer

    def read(self, number: int) -> Update:
        """Return an update of the last answer."""
        return read_update_json(self._came.get(number)) or Update(number)
