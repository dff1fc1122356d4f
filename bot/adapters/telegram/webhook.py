"""Updates that Telegram brings to the site, as a second way in beside polling.

Telegram brings an update again until it is answered with 200, and those of one chat one after the other. So that answer
is given when the update was handled or parked; what a killed process leaves is brought to the next one.
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import json
import logging
from datetime import datetime, timedelta
from typing import Final

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from telegram import Bot, Update, WebhookInfo
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.adapters.telegram.errors import UNKNOWN_BOT, reason_of, retry_after
from bot.adapters.telegram.inbox import PARK_SECONDS, Inbox, read_update_json
from bot.adapters.telegram.updates import ALLOWED
from bot.clock import Clock
from bot.errors import PlainError

log = logging.getLogger(__name__)

PATH: Final = "/telegram/updates"
SECRET_HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - its name, https://core.telegram.org/bots/api#setwebhook
MAX_CONNECTIONS: Final = 40
"""How many updates Telegram brings at once, each in a connection of its own."""
LOOK_SECONDS: Final = 60.0
"""How often Telegram is asked how its visits go."""
CLOSE_SECONDS: Final = 10
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0

CONFLICT: Final = "another process has taken Telegram's updates with the same bot token: stop one of the two"


def secret_of(token: str) -> str:
    """Return what Telegram proves itself with: the same for every process with this token, unknown to others."""
    return hmac.new(token.encode(), b"telegram webhook", hashlib.sha256).hexdigest()


class Webhook:
    """Takes what Telegram brings, and sees to it that Telegram comes."""

    def __init__(self, bot: Bot, inbox: Inbox, clock: Clock, *, url: str) -> None:
        """Prepare; `url` is where Telegram reaches `PATH`."""
        self._bot = bot
        self._inbox = inbox
        self._clock = clock
        self._url = url
        self._secret = secret_of(bot.token)
        self._open = False
        self._trouble = ""
        self._since: datetime = clock.now()
        self._task: asyncio.Task[None] | None = None
        self.route = Route(PATH, self._receive, methods=["POST"])

    def start(self) -> None:
        """Take updates from now on, and have Telegram bring them."""
        if self._task is None:
            self._open = True
            self._task = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Take no more, and let what is under way finish. Telegram keeps what comes meanwhile for the next start."""
        self._open = False
        task, self._task = self._task, None
        if task is not None:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)
            await self._inbox.drain(CLOSE_SECONDS)

    def health(self) -> str:
        """Return "" while Telegram reaches us, as far as it says, else what is wrong."""
        return self._trouble

    # What Telegram brings.

    async def _receive(self, request: Request) -> Response:
        shown = request.headers.get(SECRET_HEADER, "")
        if not hmac.compare_digest(shown.encode(), self._secret.encode()):
            return PlainTextResponse("This is for Telegram alone.\n", 401)
        if not self._open:
            return PlainTextResponse("The bot is not up yet, or going down.\n", 503, {"Retry-After": "5"})
        try:
            update = read_update_json(json.loads(await request.body()))
        except (ValueError, RecursionError):
            update = None
        if update is None:
            return PlainTextResponse("This is no update.\n", 400)
        return Response(status_code=200 if await self._take(update) else 503)

    async def _take(self, update: Update) -> bool:
        """Handle an update, or park it where that takes long; false where neither could be done."""
        task = self._inbox.take(update)
        timer = asyncio.ensure_future(self._clock.sleep(PARK_SECONDS))
        try:
            # The task goes on, too, when Telegram does not wait for the answer.
            await asyncio.wait({task, timer}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            timer.cancel()
            await asyncio.gather(timer, return_exceptions=True)
        return not task.cancelled() if task.done() else await self._inbox.park(update)

    # That it comes.

    async def _keep(self) -> None:
        """Set the webhook, and look after it."""
        wait, is_set = _FIRST_WAIT, False
        while True:
            try:
                if not is_set:
                    await self._inbox.resume()
                    await self._set()
                    self._recover()
                    is_set = True
                    log.info("telegram: updates come to %s", self._url)
                await self._clock.sleep(LOOK_SECONDS)
                is_set = self._judge(await self._bot.get_webhook_info())
                wait = _FIRST_WAIT
            except InvalidToken:
                self._report(UNKNOWN_BOT, logging.ERROR)
                await self._clock.sleep(_LONGEST_WAIT)
            except RetryAfter as error:
                await self._clock.sleep(retry_after(error).total_seconds())
            except BadRequest as error:
                self._report(f"Telegram does not take BOT_PUBLIC_URL: {reason_of(error)}", logging.ERROR)
                await self._clock.sleep(_LONGEST_WAIT)
            except TelegramError as error:
                self._report(f"Telegram cannot be reached: {reason_of(error)}", logging.WARNING)
                await self._clock.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            except PlainError as error:
                self._report(str(error), logging.ERROR)
                await self._clock.sleep(_LONGEST_WAIT)
            except Exception:  # a fault of ours must not leave the bot deaf
                log.exception("telegram: the webhook is set anew")
                is_set = False
                await self._clock.sleep(_LONGEST_WAIT)

    async def _set(self) -> None:
        self._since = self._clock.now()
        await self._bot.set_webhook(
            self._url, secret_token=self._secret, max_connections=MAX_CONNECTIONS, allowed_updates=ALLOWED
        )

    def _judge(self, info: WebhookInfo) -> bool:
        """Note what Telegram says of its visits; false where the webhook is no longer ours and must be set again."""
        if info.url != self._url:
            self._report(CONFLICT, logging.ERROR)
            return False
        failed_at = info.last_error_date
        if failed_at is not None and failed_at > max(
            self._since, self._clock.now() - timedelta(seconds=2 * LOOK_SECONDS)
        ):
            self._report(f"Telegram cannot reach {self._url}: {info.last_error_message}", logging.WARNING)
        else:
            self._recover()
        return True

    def _report(self, trouble: str, level: int) -> None:
        if trouble != self._trouble:  # once, not at every look
            log.log(level, "telegram: %s", trouble)
        self._trouble = trouble

    def _recover(self) -> None:
        if self._trouble:
            log.info("telegram: updates come in again")
        self._trouble = ""
