"""The line that Slack talks to the bot over: one websocket, opened, watched and opened anew.

The library mends most breaks by itself; but where the app token is refused it tries for ever without a word, and it has
been seen to sit on a dead socket (https://github.com/slackapi/python-slack-sdk/issues/1701). So a line that stays dead
is thrown away here, and the reason is asked of Slack directly.
"""

from __future__ import annotations

import asyncio
import logging
from contextlib import suppress

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.app.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.client import library_logger
from bot.adapters.slack.errors import FAILURES, error_code, reason_of
from bot.clock import Clock

log = logging.getLogger(__name__)

CONNECT_SECONDS = 20.0
LOOK_SECONDS = 5.0
PATIENCE_SECONDS = 30.0
"""How long a broken line is left to the library."""
FIRST_RETRY_SECONDS = 2.0
LONGEST_RETRY_SECONDS = 60.0

_REFUSED = frozenset({"invalid_auth", "not_authed", "not_allowed_token_type", "token_revoked", "account_inactive"})


class _LineError(Exception):
    """The line cannot be opened. Its text says why, and what to do about it."""


class SocketLine:
    """Keeps a Socket Mode line to an app open until cancelled."""

    def __init__(self, app: AsyncApp, client: AsyncWebClient, *, app_token: str, clock: Clock) -> None:
        self._app = app
        self._client = client
        self._app_token = app_token
        self._clock = clock
        self.trouble = "the line to Slack is not open yet"

    async def keep(self) -> None:
        """Open the line, watch it, open it anew when it is dead; for ever."""
        wait = FIRST_RETRY_SECONDS
        while True:
            try:
                handler = await self._open()
            except _LineError as error:
                self._note(str(error))
                await self._clock.sleep(wait)
                wait = min(wait * 2, LONGEST_RETRY_SECONDS)
                continue
            wait = FIRST_RETRY_SECONDS
            try:
                await self._watch(handler)
            finally:
                await _close(handler)

    async def _open(self) -> AsyncSocketModeHandler:
        try:
            answer = await self._client.apps_connections_open(app_token=self._app_token)
        except FAILURES as error:
            raise _LineError(explain_refusal(error)) from error
        handler = AsyncSocketModeHandler(self._app, self._app_token, logger=library_logger(), web_client=self._client)
        handler.client.wss_uri = str(answer.get("url", ""))
        try:
            # Not `wait_for`: until Python 3.12 it swallows a cancellation that arrives together with the result.
            async with asyncio.timeout(CONNECT_SECONDS):
                await handler.client.connect()  # type: ignore[no-untyped-call]
        except BaseException as error:
            await _close(handler)
            if isinstance(error, TimeoutError):
                raise _LineError("Slack's websocket cannot be reached") from error
            raise
        return handler

    async def _watch(self, handler: AsyncSocketModeHandler) -> None:
        """Return once the line has been dead for longer than the library takes to mend it."""
        self._note("")
        dead = 0.0
        while dead < PATIENCE_SECONDS:
            await self._clock.sleep(LOOK_SECONDS)
            if await handler.client.is_connected():
                self._note("")
                dead = 0.0
            else:
                self._note("the line to Slack is broken and being mended")
                dead += LOOK_SECONDS

    def _note(self, trouble: str) -> None:
        """Keep the state for `health`, and log its changes."""
        if trouble and trouble != self.trouble:
            log.warning("Slack: %s", trouble)
        elif self.trouble and not trouble:
            log.info("Slack: the line is open")
        self.trouble = trouble


async def _close(handler: AsyncSocketModeHandler) -> None:
    with suppress(*FAILURES):
        await handler.client.close()  # type: ignore[no-untyped-call]


def explain_refusal(error: BaseException) -> str:
    """Say why Slack opens no line, and what to do about it."""
    code = error_code(error)
    if code in _REFUSED:
        return f"Slack refuses SLACK_APP_TOKEN ({code}): make an app-level token with the scope connections:write"
    if code == "missing_scope":
        return "SLACK_APP_TOKEN lacks the scope connections:write: make a new app-level token with it"
    if code:
        return f"Slack opens no line ({code}): is Socket Mode on in the app's settings?"
    return reason_of(error)
