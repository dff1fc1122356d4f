"""What has to be asked of Slack about conversations, and coming into them."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from enum import StrEnum
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.errors import FAILURES, error_code, reason_of

log = logging.getLogger(__name__)


class Entry(StrEnum):
    """Whether the bot is in a channel, after it has tried to be."""

    INSIDE = "inside"
    INVITE_FIRST = "invite-first"
    UNKNOWN = "unknown"


class Channels:
    """The conversations of one workspace."""

    def __init__(self, client: AsyncWebClient) -> None:
        self._client = client
        self._entered: set[str] = set()

    async def describe(self, channel: str) -> Mapping[str, Any]:
        """Return what Slack tells about a conversation, nothing where it tells nothing."""
        try:
            answer = await self._client.conversations_info(channel=channel)
        except FAILURES as error:
            log.info("Slack tells nothing about %s: %s", channel, reason_of(error))
            return {}
        found = answer.get("channel")
        return found if isinstance(found, Mapping) else {}

    async def enter(self, channel: str) -> Entry:
        """Join a public channel, so that its history can be read; a private one takes an invitation."""
        try:
            answer = await self._client.conversations_info(channel=channel)
            if (answer.get("channel") or {}).get("is_member"):
                return Entry.INSIDE
            self._entered.add(channel)
            await self._client.conversations_join(channel=channel)
        except FAILURES as error:
            self._entered.discard(channel)
            # Slack does not even say that a private channel exists to who is not in it.
            if error_code(error) in {"channel_not_found", "method_not_supported_for_channel_type"}:
                return Entry.INVITE_FIRST
            log.info("the bot did not join %s: %s", channel, reason_of(error))
            return Entry.UNKNOWN
        return Entry.INSIDE

    def was_own_step(self, channel: str) -> bool:
        """Tell, once, whether the bot came into a channel by `enter`: nobody has to be greeted for that."""
        own = channel in self._entered
        self._entered.discard(channel)
        return own
