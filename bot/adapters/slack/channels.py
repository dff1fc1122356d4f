"""What has to be asked of Slack about conversations, and coming into them."""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack import limits
from bot.adapters.slack.errors import FAILURES, error_code, reason_of
from bot.adapters.slack.people import People
from bot.clock import Clock

log = logging.getLogger(__name__)


_REMEMBERED = timedelta(minutes=1)
_MOST_REMEMBERED = 1024


@dataclass(frozen=True, slots=True)
class _Joined:
    channels: tuple[str, ...]
    since: datetime


class Entry(StrEnum):
    """Whether the bot is in a channel, after it has tried to be."""

    INSIDE = "inside"
    INVITE_FIRST = "invite-first"
    UNKNOWN = "unknown"


class Standing(StrEnum):
    """How the bot stands to a conversation."""

    INSIDE = "inside"
    OUTSIDE = "outside"  # it sees it, and is not in it
    ARCHIVED = "archived"
    GONE = "gone"  # Slack says there is none: to who is not in a private one, too
    UNKNOWN = "unknown"  # Slack could not be asked


@dataclass(frozen=True, slots=True)
class Sight:
    """What a look at a conversation shows."""

    standing: Standing
    title: str = ""


class Channels:
    """The conversations of one workspace."""

    def __init__(self, client: AsyncWebClient, clock: Clock, *, people: People) -> None:
        self._client = client
        self._people = people
        self._clock = clock
        self._entered: set[str] = set()
        self._direct: dict[str, str] = {}
        self._joined: dict[str, _Joined] = {}

    async def of_user(self, user: str) -> Sequence[str]:
        """Return the channels a person is in, private ones where the bot is, too; asked of Slack once in a while."""
        now = self._clock.now()
        known = self._joined.get(user)
        if known is None or now - known.since > _REMEMBERED:
            try:
                known = _Joined(await self._ask_joined(user), now)
            except FAILURES as error:
                log.info("Slack does not tell which channels %s is in: %s", user, reason_of(error))
                return ()
            if len(self._joined) >= _MOST_REMEMBERED:
                self._joined.clear()
            self._joined[user] = known
        return known.channels

    async def has_member(self, channel: str, user: str) -> bool:
        """Tell whether a person is in a channel. Of what Slack does not show to all, whoever speaks there is in it."""
        if channel in await self.of_user(user):
            return True
        try:  # they may have come in since that was asked
            joined = await self._ask_joined(user)
        except FAILURES as error:
            log.info("Slack does not tell which channels %s is in: %s", user, reason_of(error))
            return True
        if channel in joined:
            return True
        shown = await self.describe(channel)
        return not shown or bool(shown.get("is_private") or shown.get("is_mpim"))

    async def _ask_joined(self, user: str) -> tuple[str, ...]:
        # An organisation's token has to name the workspace; others ignore it:
        # https://docs.slack.dev/enterprise/developing-for-enterprise-orgs
        teams = await self._people.teams_of(user) or ("",)
        found = [channel for team in teams for channel in await self._ask_joined_in(user, team)]
        return tuple(dict.fromkeys(found))

    async def _ask_joined_in(self, user: str, team: str) -> list[str]:
        found: list[str] = []
        cursor = ""
        for _ in range(limits.LIST_PAGES):
            page = await self._client.users_conversations(
                user=user,
                types="public_channel,private_channel",
                limit=limits.LIST_PAGE,
                cursor=cursor,
                team_id=team or None,
            )
            found += [str(channel["id"]) for channel in page.get("channels") or ()]
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                break
        return found

    async def describe(self, channel: str) -> Mapping[str, Any]:
        """Return what Slack tells about a conversation, nothing where it tells nothing."""
        try:
            answer = await self._client.conversations_info(channel=channel)
        except FAILURES as error:
            log.info("Slack tells nothing about %s: %s", channel, reason_of(error))
            return {}
        found = answer.get("channel")
        return found if isinstance(found, Mapping) else {}

    async def direct_with(self, user: str) -> str:
        """Return the id of a person's direct messages with the bot, "" where Slack does not tell it."""
        if (known := self._direct.get(user)) is not None:
            return known
        try:
            opened = await self._client.conversations_open(users=user)
        except FAILURES as error:
            log.info("Slack does not tell where %s can be written to: %s", user, reason_of(error))
            return ""
        if len(self._direct) >= _MOST_REMEMBERED:
            self._direct.clear()
        self._direct[user] = str((opened.get("channel") or {}).get("id") or "")
        return self._direct[user]

    async def look(self, channel: str) -> Sight:
        """Return how the bot stands to a conversation, and what that is called."""
        try:
            answer = await self._client.conversations_info(channel=channel)
        except FAILURES as error:
            gone = error_code(error) == "channel_not_found"
            return Sight(Standing.GONE if gone else Standing.UNKNOWN)
        shown = answer.get("channel") or {}
        if shown.get("is_archived"):
            standing = Standing.ARCHIVED
        else:
            standing = Standing.INSIDE if shown.get("is_member") else Standing.OUTSIDE
        return Sight(standing, str(shown.get("name") or ""))

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
