"""Where the app is installed: the library's own stores over the bot's database, with every token sealed.

https://docs.slack.dev/tools/python-slack-sdk/oauth/#token-rotation
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from slack_sdk.oauth.installation_store import Bot, Installation
from slack_sdk.oauth.installation_store.sqlalchemy import AsyncSQLAlchemyInstallationStore
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore

from bot.adapters.slack.client import library_logger
from bot.storage.installations import InstallationRows, Place
from bot.storage.sealing import Seal

STATE_SECONDS = 600
"""How long somebody may take to say yes to Slack."""

_BOT_SECRETS = ("bot_token", "bot_refresh_token")
_SECRETS = (*_BOT_SECRETS, "user_token", "user_refresh_token", "incoming_webhook_url")


class Installations(AsyncSQLAlchemyInstallationStore):
    """One installation a workspace: the newest."""

    def __init__(self, rows: InstallationRows, seal: Seal, *, client_id: str) -> None:
        super().__init__(client_id, rows.engine, logger=library_logger())
        self._rows = rows
        self._seal = seal

    async def async_save(self, installation: Installation) -> None:
        """Keep an installation, in place of the earlier ones of its workspace."""
        with self._rows.told_plainly():
            await super().async_save(Installation(**_changed(installation, _SECRETS, self._seal.close)))
        await self._rows.keep_newest(self.client_id, place_of(installation))

    async def async_save_bot(self, bot: Bot) -> None:
        """Keep the part of an installation that is the bot's."""
        with self._rows.told_plainly():
            await super().async_save_bot(Bot(**_changed(bot, _BOT_SECRETS, self._seal.close)))

    async def async_find_bot(
        self, *, enterprise_id: str | None, team_id: str | None, is_enterprise_install: bool | None = False
    ) -> Bot | None:
        """Return the bot's part of an installation. Raises SealError where its token cannot be opened."""
        with self._rows.told_plainly():
            found = await super().async_find_bot(
                enterprise_id=enterprise_id, team_id=team_id, is_enterprise_install=is_enterprise_install
            )
        return Bot(**_changed(found, _BOT_SECRETS, self._seal.open)) if found else None

    async def async_find_installation(
        self,
        *,
        enterprise_id: str | None,
        team_id: str | None,
        user_id: str | None = None,
        is_enterprise_install: bool | None = False,
    ) -> Installation | None:
        """Return an installation. Raises SealError where its token cannot be opened."""
        found = await self._find(enterprise_id, team_id, user_id, is_enterprise_install)
        return Installation(**_changed(found, _SECRETS, self._seal.open)) if found else None

    async def at(self, place: Place) -> Installation | None:
        """Return the installation at a place. Raises SealError where its token cannot be opened."""
        return await self.async_find_installation(enterprise_id=place[0], team_id=place[1])

    async def places(self) -> tuple[Place, ...]:
        """Return everywhere the app is installed."""
        return await self._rows.places(self.client_id)

    async def find_place(self, name: str) -> Place | None:
        """Return where a workspace, or an organisation, of this id has the app."""
        for enterprise, team in await self.places():
            if (team or enterprise) == name:
                return enterprise, team
        return None

    async def remove(self, place: Place) -> None:
        """Forget what is worth nothing any more."""
        with self._rows.told_plainly():
            await self.async_delete_installation(enterprise_id=place[0], team_id=place[1])
            await self.async_delete_bot(enterprise_id=place[0], team_id=place[1])

    async def seal_anew(self) -> int:
        """Seal with the first key what an earlier one has sealed; return in how many places the app is installed."""
        places = await self.places()
        for enterprise, team in places:
            stored = await self._find(enterprise, team, None, None)
            if stored is not None and stored.bot_token and not self._seal.is_fresh(stored.bot_token):
                await self.async_save(Installation(**_changed(stored, _SECRETS, self._seal.open)))
        return len(places)

    async def _find(
        self, enterprise_id: str | None, team_id: str | None, user_id: str | None, is_enterprise_install: bool | None
    ) -> Installation | None:
        """Return an installation as it is stored."""
        with self._rows.told_plainly():
            return await super().async_find_installation(
                enterprise_id=enterprise_id,
                team_id=team_id,
                user_id=user_id,
                is_enterprise_install=is_enterprise_install,
            )


def open_states(rows: InstallationRows) -> AsyncSQLAlchemyOAuthStateStore:
    """Return the library's store of installations under way: each counts once, and not for long."""
    return AsyncSQLAlchemyOAuthStateStore(STATE_SECONDS, rows.engine, logger=library_logger())


def place_of(installation: Installation) -> Place:
    """Return where an installation is."""
    return installation.enterprise_id, None if installation.is_enterprise_install else installation.team_id


def _changed(found: Installation | Bot, secrets: tuple[str, ...], change: Callable[[str], str]) -> Mapping[str, Any]:
    values = found.to_dict_for_copying()
    return values | {name: change(values[name]) for name in secrets if values.get(name)}
