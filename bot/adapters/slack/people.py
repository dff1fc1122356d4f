"""Who people are: asked of Slack, and remembered for an hour."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.slack.addresses import user_id
from bot.adapters.slack.errors import FAILURES, reason_of
from bot.clock import Clock
from bot.model.chat import User

log = logging.getLogger(__name__)

_REMEMBERED = timedelta(hours=1)
_MOST_REMEMBERED = 4096
_OUTSIDE = ("deleted", "is_restricted", "is_ultra_restricted", "is_stranger", "is_bot")
"""What Slack calls those who are no full members: gone, guests, people of other workspaces, bots."""
_ADMINS = ("is_admin", "is_owner", "is_primary_owner")


@dataclass(frozen=True, slots=True)
class _Known:
    person: Mapping[str, Any]
    since: datetime


class People:
    """The people of one workspace."""

    def __init__(self, client: AsyncWebClient, clock: Clock) -> None:
        self._client = client
        self._clock = clock
        self._known: dict[str, _Known] = {}

    async def introduce(self, user: User) -> User:
        """Return a person with the name and the language they use Slack under, as far as Slack tells."""
        person = await self._ask(user_id(user.address))
        profile = person.get("profile") or {}
        name = profile.get("display_name") or person.get("real_name") or user.name
        return replace(user, name=str(name), language=str(person.get("locale") or user.language))

    async def teams_of(self, user: str) -> tuple[str, ...]:
        """Return the workspaces that a person is in: in an organisation they may be several."""
        person = await self._ask(user)
        teams = (person.get("enterprise_user") or {}).get("teams") or [person.get("team_id")]
        return tuple(str(team) for team in teams if team)

    async def may_manage(self, user: User) -> bool:
        """Tell whether a person may change what a channel receives: every full member of the workspace, no guest.

        Whoever can speak in a channel can be heard there, so being a member of the channel is not asked again.
        """
        person = await self._ask(user_id(user.address))
        return bool(person) and not any(person.get(mark) for mark in _OUTSIDE)

    async def is_admin(self, user: User) -> bool:
        """Tell whether a person administers the workspace, or owns it."""
        person = await self._ask(user_id(user.address))
        return any(person.get(mark) for mark in _ADMINS) and not any(person.get(mark) for mark in _OUTSIDE)

    async def _ask(self, user: str) -> Mapping[str, Any]:
        now = self._clock.now()
        known = self._known.get(user)
        if known is None or now - known.since > _REMEMBERED:
            try:
                answer = await self._client.users_info(user=user, include_locale=True)
            except FAILURES as error:
                log.warning("Slack does not tell who %s is: %s", user, reason_of(error))
                return {}
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[user] = _Known(answer.get("user") or {}, now)
        return known.person
