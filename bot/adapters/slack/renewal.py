"""Tokens that end: exchanged for the next before they do, by one process at a time.

A token lasts twelve hours, and what it is exchanged with counts once
(https://docs.slack.dev/authentication/using-token-rotation), so two processes that exchanged it at once would leave one
of them outside. Bolt would exchange it when a request comes in, which a delivery cannot wait for.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import datetime, timedelta

from slack_sdk.errors import SlackTokenRotationError
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator

from bot.adapters.slack.addresses import PLATFORM_NAME
from bot.adapters.slack.errors import FAILURES, NotCalledError, outcome_of
from bot.adapters.slack.installations import Installations
from bot.clock import Clock
from bot.model.delivery import Closed, Halt, Later, Scope
from bot.storage.engine import StorageError
from bot.storage.installations import Place
from bot.storage.workspaces import WorkspaceStore

log = logging.getLogger(__name__)

MARGIN = timedelta(hours=2)
"""A token is exchanged so long before its end: then Slack may be away for a while."""

CLAIM = timedelta(minutes=2)
"""Longer than a call may take."""

RETRY = timedelta(minutes=5)
"""How long a token that still works is left alone after an exchange has failed."""

_LOOK_SECONDS = 1.0
_WHENEVER_MINUTES = 10**9  # the library's way of saying "whatever its end is"


class Renewal:
    """Keeps the token of one workspace alive."""

    def __init__(
        self,
        installations: Installations,
        store: WorkspaceStore,
        rotator: AsyncTokenRotator,
        *,
        name: str,
        place: Place,
        ends_at: int | None,
        clock: Clock,
    ) -> None:
        self._installations = installations
        self._store = store
        self._rotator = rotator
        self._name = name
        self._place = place
        self._ends_at = ends_at
        self._clock = clock
        self._turn = asyncio.Lock()
        self._not_before: datetime | None = None

    async def keep(self, token: str) -> str:
        """Return the token to call with: the next one where this is about to end. Raises NotCalledError."""
        if not self._is_due():
            return token
        async with self._turn:
            if self._is_resting():  # somebody has just tried in vain
                return token
            try:
                return await self._try(token)
            except NotCalledError as error:
                if self._has_ended():
                    raise
                log.warning("Slack: workspace %s: %s; the old one still works", self._name or "home", error)
                self._not_before = self._clock.now() + RETRY
                return token

    async def replace(self, token: str) -> str:
        """Return the token after one that has ended. Raises NotCalledError."""
        async with self._turn:
            return await self._try(token)

    async def _try(self, token: str) -> str:
        try:
            return await self._replace(token)
        except NotCalledError:
            raise
        except (*FAILURES, StorageError) as error:
            raise NotCalledError(_outcome(error)) from error

    async def _replace(self, token: str) -> str:
        end = self._clock.now() + CLAIM
        while True:
            if isinstance(known := await self._look(token), str):
                return known
            now = self._clock.now()
            if await self._store.claim_renewal(PLATFORM_NAME, self._name, now=now, until=now + CLAIM):
                break
            if now > end:
                raise NotCalledError(Later("another process exchanges the token", scope=Scope.WORKSPACE))
            await self._clock.sleep(_LOOK_SECONDS)
        try:
            # Another process may have exchanged it between our look and our claim.
            known = await self._look(token)
            return known if isinstance(known, str) else await self._exchange(known)
        finally:
            await self._store.end_renewal(PLATFORM_NAME, self._name)

    async def _look(self, token: str) -> str | Installation:
        """Return the token to use as far as the database knows, or the installation whose token has to be exchanged."""
        stored = await self._installations.at(self._place)
        if stored is None or not stored.bot_token:
            return token
        self._ends_at = stored.bot_token_expires_at
        if stored.bot_token != token:  # exchanged meanwhile, or installed anew
            return stored.bot_token
        return stored if stored.bot_refresh_token else token

    async def _exchange(self, stored: Installation) -> str:
        renewed = await self._rotator.perform_token_rotation(
            installation=stored, minutes_before_expiration=_WHENEVER_MINUTES
        )
        if renewed is None or not renewed.bot_token:
            raise NotCalledError(Later("Slack gave no new token", scope=Scope.WORKSPACE))
        await self._save(renewed)
        self._ends_at = renewed.bot_token_expires_at
        log.info("Slack: the token of workspace %s is exchanged", self._name or "home")
        return renewed.bot_token

    async def _save(self, renewed: Installation) -> None:
        """Keep what was got: the old token is worth nothing now, so waiting for the database is all there is."""
        while True:
            try:
                await self._installations.async_save(renewed)
            except StorageError as error:
                log.error("Slack: a new token waits to be kept: %s", error)  # noqa: TRY400 - one line says it all
                await self._clock.sleep(_LOOK_SECONDS)
            else:
                return

    def _is_due(self) -> bool:
        if self._ends_at is None or self._is_resting():
            return False
        return self._clock.now().timestamp() > self._ends_at - MARGIN.total_seconds()

    def _is_resting(self) -> bool:
        return self._not_before is not None and self._clock.now() < self._not_before

    def _has_ended(self) -> bool:
        return self._ends_at is not None and self._clock.now().timestamp() >= self._ends_at


def _outcome(error: BaseException) -> Later | Closed | Halt:
    """Tell what a token that cannot be exchanged means for a message: it was not sent, whatever went wrong."""
    if isinstance(error, StorageError):
        return Later(str(error), scope=Scope.WORKSPACE)
    match outcome_of(error.api_error if isinstance(error, SlackTokenRotationError) else error):
        case Closed() | Halt() as final:
            return final
        case cause:
            reason = str(getattr(cause, "reason", cause))
            return Later(f"its token could not be renewed: {reason}", scope=Scope.WORKSPACE)
