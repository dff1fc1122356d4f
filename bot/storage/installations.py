"""What Slack's own library keeps: where the app is installed, and which installations are under way.

The library reads and writes these tables by itself, through `InstallationRows.engine`; they are named and shaped as it
expects. What it does not do is done here: keeping no token longer than it is needed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime

from sqlalchemy import Boolean, Column, DateTime, Index, Integer, String, Table, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncEngine

from bot.storage.engine import Database
from bot.storage.tables import metadata

# https://github.com/slackapi/python-slack-sdk/blob/main/slack_sdk/oauth/installation_store/sqlalchemy/__init__.py
# Its columns for secrets take 200 characters; a sealed one is longer.
slack_installations = Table(
    "slack_installations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("enterprise_url", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", Text),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("user_id", String(32), nullable=False),
    Column("user_token", Text),
    Column("user_scopes", String(1000)),
    Column("user_refresh_token", Text),
    Column("user_token_expires_at", DateTime),
    Column("incoming_webhook_url", Text),
    Column("incoming_webhook_channel", String(200)),
    Column("incoming_webhook_channel_id", String(200)),
    Column("incoming_webhook_configuration_url", String(200)),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("token_type", String(32)),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_installations_idx", "client_id", "enterprise_id", "team_id", "user_id", "installed_at"),
)

slack_bots = Table(
    "slack_bots",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("client_id", String(32), nullable=False),
    Column("app_id", String(32), nullable=False),
    Column("enterprise_id", String(32)),
    Column("enterprise_name", String(200)),
    Column("team_id", String(32)),
    Column("team_name", String(200)),
    Column("bot_token", Text),
    Column("bot_id", String(32)),
    Column("bot_user_id", String(32)),
    Column("bot_scopes", String(1000)),
    Column("bot_refresh_token", Text),
    Column("bot_token_expires_at", DateTime),
    Column("is_enterprise_install", Boolean, nullable=False),
    Column("installed_at", DateTime, nullable=False),
    Index("slack_bots_idx", "client_id", "enterprise_id", "team_id", "installed_at"),
)

slack_oauth_states = Table(
    "slack_oauth_states",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("state", String(200), nullable=False),
    Column("expire_at", DateTime, nullable=False),
)

Place = tuple[str | None, str | None]
"""Where an app is installed: an organisation's id, if there is one, and a workspace's; without, in all of them."""


class InstallationRows:
    """The library's tables, and what it leaves to others."""

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def engine(self) -> AsyncEngine:
        """The engine that the library's stores work with."""
        return self._database.engine

    @contextmanager
    def told_plainly(self) -> Iterator[None]:
        """Turn what goes wrong inside a library's store into a StorageError."""
        with self._database.told_plainly():
            yield

    async def places(self, client_id: str) -> tuple[Place, ...]:
        """Return everywhere an app is installed."""
        table = slack_installations.c
        statement = select(table.enterprise_id, table.team_id).where(table.client_id == client_id).distinct()
        async with self._database.read() as connection:
            return tuple((row.enterprise_id, row.team_id) for row in await connection.execute(statement))

    async def keep_newest(self, client_id: str, place: Place) -> None:
        """Drop the earlier installations of one place: their tokens are of no use to us, and may be to others."""
        async with self._database.write() as connection:
            for table in (slack_installations, slack_bots):
                here = (
                    table.c.client_id == client_id,
                    table.c.enterprise_id.is_not_distinct_from(place[0]),
                    table.c.team_id.is_not_distinct_from(place[1]),
                )
                newest = select(table.c.id).where(*here).order_by(table.c.installed_at.desc(), table.c.id.desc())
                await connection.execute(delete(table).where(*here, table.c.id.not_in(newest.limit(1))))

    async def forget_old_states(self, *, now: datetime) -> None:
        """Drop the installations that were begun and never finished."""
        old = slack_oauth_states.c.expire_at <= now.astimezone(UTC).replace(tzinfo=None)
        async with self._database.write() as connection:
            await connection.execute(delete(slack_oauth_states).where(old))
