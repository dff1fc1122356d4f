"""The migrations: they lead to the tables the code works with, and they keep what was there."""

from __future__ import annotations

import sqlite3
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Connection

import bot.app  # noqa: F401 - every table is known once every store is
from bot.storage.engine import Database
from bot.storage.migrate import migrations_folder
from bot.storage.tables import metadata


def upgrade_to(connection: Connection, version: str) -> None:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, version)


async def test_migrations_lead_to_the_tables(database: Database) -> None:
    """Nothing is left to be generated: the migrated database is what the tables say."""

    def differences(connection: Connection) -> list[object]:
        def is_ours(name: str | None, kind: str, _parents: object) -> bool:
            return not (kind == "table" and name is not None and name.startswith("entry_fts"))

        context = MigrationContext.configure(connection, opts={"include_name": is_ours})
        return list(compare_metadata(context, metadata))

    async with database.read() as connection:
        assert await connection.run_sync(differences) == []


@pytest.fixture
async def old_database(tmp_path: Path) -> Path:
    """A database as the bot left it before it knew of several workspaces."""
    file = tmp_path / "old.db"
    database = Database(f"sqlite:///{file}")
    async with database.write() as connection:
        await connection.run_sync(upgrade_to, "0003")
    await database.close()
    with sqlite3.connect(file) as connection:
        for chat, status, reason in (
            ("C1", "active", ""),
            ("C2", "suspended", "the channel was archived"),
            ("C3", "suspended", "account_inactive"),
        ):
            connection.execute(
                "INSERT INTO chats (platform, chat, kind, preferences, variant, timing, status, reason, created_at) "
                "VALUES ('slack', ?, 'group', '{}', '{}', '{}', ?, ?, '2030-01-01 00:00:00')",
                (chat, status, reason),
            )
        connection.execute("INSERT INTO pauses VALUES ('slack', '', '2030-01-01 00:00:00', 'flood')")
    connection.close()
    return file


async def test_ids_that_were_given_are_not_given_again(tmp_path: Path) -> None:
    """Nor those of entries that were deleted before anybody counted, where a trace of them is left."""
    file = tmp_path / "old.db"
    database = Database(f"sqlite:///{file}")
    async with database.write() as connection:
        await connection.run_sync(upgrade_to, "0013")
    await database.close()
    with sqlite3.connect(file) as connection:
        connection.execute(
            "INSERT INTO saved (person, entry_id, issue, title, saved_at) "
            "VALUES ('telegram:1', NULL, 1, 'x', '2030-01-01')"
        )
        connection.execute(
            "INSERT INTO editions (id, issue_id, platform, variant, content_hash, created_at) "
            "VALUES (1, 1, 'web', '{}', '', '2030-01-01')"
        )
        connection.execute(
            "INSERT INTO edition_parts (edition_id, position, payload, entries) VALUES (1, 0, '{}', '[3, 41]')"
        )
    connection.close()
    async with database.write() as migrated:
        await migrated.run_sync(upgrade_to, "head")
    await database.close()
    with sqlite3.connect(file) as connection:
        counted = dict(connection.execute("SELECT name, last FROM last_ids").fetchall())
    connection.close()
    assert counted == {"entries": 41, "saved": 1}


async def test_old_suspensions_and_pauses_keep_their_meaning(old_database: Path) -> None:
    """Who was suspended with its workspace comes back with it; a pause of the whole platform stays one."""
    database = Database(f"sqlite:///{old_database}")
    async with database.write() as connection:
        await connection.run_sync(upgrade_to, "head")
    await database.close()
    with sqlite3.connect(old_database) as connection:
        chats = connection.execute("SELECT chat, status, suspended_with FROM chats ORDER BY chat").fetchall()
        pauses = connection.execute("SELECT platform, workspace FROM pauses").fetchall()
    connection.close()
    assert chats == [("C1", "active", ""), ("C2", "suspended", "chat"), ("C3", "suspended", "workspace")]
    assert pauses == [("slack", "*")]
