"""The library's client, set up so that a call is made once and its end is told truly."""

from __future__ import annotations

import logging

from aiohttp import ClientSession, ClientTimeout
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook.async_client import AsyncWebhookClient

CONNECT_SECONDS = 10
CALL_SECONDS = 60
"""Slack fetches the pictures of a message before it answers, so a short wait would call much of what arrives lost."""


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


def open_client(token: str, *, api_url: str, session: ClientSession) -> AsyncWebClient:
    """Make a client that repeats nothing: the library's own repeats post a message twice when an answer is lost."""
    return AsyncWebClient(
        token=token,
        base_url=api_url,
        timeout=CALL_SECONDS,
        session=session,
        retry_handlers=[],
        logger=library_logger(),
    )


def open_webhook(url: str, *, session: ClientSession) -> AsyncWebhookClient:
    """Make a client for a response_url."""
    return AsyncWebhookClient(url, timeout=CALL_SECONDS, session=session, retry_handlers=[], logger=library_logger())
