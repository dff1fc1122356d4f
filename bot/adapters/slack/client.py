"""The library's client, set up so that a call is made once and its end is told truly."""

from __future__ import annotations

import logging
from typing import Any, Protocol

from aiohttp import ClientSession, ClientTimeout, encode_basic_auth
from slack_sdk.errors import SlackApiError
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from slack_sdk.webhook.async_client import AsyncWebhookClient

from bot.adapters.slack.errors import error_code

CONNECT_SECONDS = 10
CALL_SECONDS = 60
"""Slack fetches the pictures of a message before it answers, so a short wait would call much of what arrives lost."""


class Keeper(Protocol):
    """Keeps a token alive that may end."""

    async def keep(self, token: str) -> str:
        """Return the token to call with: a new one where this is about to end. Raises NotCalledError."""
        ...

    async def replace(self, token: str) -> str:
        """Return a token in place of one that Slack says has ended. Raises NotCalledError."""
        ...


class Client(AsyncWebClient):
    """The library's client, which asks aiohttp for something that aiohttp is about to give up."""

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Make a call; an app's id and secret go along as a plain header."""
        if (auth := arguments.pop("auth", None)) is not None:
            basic = {"Authorization": encode_basic_auth(auth["client_id"], auth["client_secret"])}
            arguments["headers"] = {**(arguments.get("headers") or {}), **basic}
        return await super().api_call(api_method, **arguments)


class KeptClient(Client):
    """A client whose token may end: there is a new one before that, and when Slack says that it has ended."""

    def __init__(self, keeper: Keeper, **options: Any) -> None:
        super().__init__(**options)
        self._keeper = keeper

    async def api_call(self, api_method: str, **arguments: Any) -> AsyncSlackResponse:
        """Make a call. Raises NotCalledError where a new token is needed and cannot be had."""
        token = self.token = await self._keeper.keep(self.token or "")
        try:
            return await super().api_call(api_method, **arguments)
        except SlackApiError as error:
            # Nothing was done: the call may be made again.
            if error_code(error) != "token_expired":
                raise
        self.token = await self._keeper.replace(token)
        return await super().api_call(api_method, **arguments)


def library_logger() -> logging.Logger:
    """Return the logger for the libraries: silent, for they write messages, tickets and addresses with secrets.

    What goes wrong comes back as an error, and is told by whoever made the call.
    """
    logger = logging.getLogger(f"{__package__}.library")
    logger.setLevel(logging.CRITICAL + 1)
    return logger


def open_session() -> ClientSession:
    """Open the connections that all calls share."""
    return ClientSession(timeout=ClientTimeout(total=CALL_SECONDS, connect=CONNECT_SECONDS))


def open_client(token: str, *, api_url: str, session: ClientSession, keeper: Keeper | None = None) -> AsyncWebClient:
    """Make a client that repeats nothing: the library's own repeats post a message twice when an answer is lost."""
    options: dict[str, Any] = {
        "token": token,
        "base_url": api_url,
        "timeout": CALL_SECONDS,
        "session": session,
        "retry_handlers": [],
        "logger": library_logger(),
    }
    return Client(**options) if keeper is None else KeptClient(keeper, **options)


def open_webhook(url: str, *, session: ClientSession) -> AsyncWebhookClient:
    """Make a client for a response_url."""
    return AsyncWebhookClient(url, timeout=CALL_SECONDS, session=session, retry_handlers=[], logger=library_logger())
