"""Migrations: bringing the database to the newest version, and telling where it stands."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from alembic.util import CommandError
from sqlalchemy import Connection

from bot.storage.engine import Database, StorageError, fetch_version


def migrations_folder() -> Path:
    """Return the folder of the migrations: beside the package in a checkout, inside it when installed from a wheel."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "migrations"
    return beside if (beside / "env.py").is_file() else package / "migrations"


def newest_version() -> str:
    """Return the newest migration of this version of the bot."""
    head = ScriptDirectory.from_config(_config()).get_current_head()
    if head is None:
        raise StorageError(f"no migrations are found in {migrations_folder()}: install the bot again")
    return head


async def upgrade(database: Database) -> tuple[str | None, str]:
    """Bring the database to the newest version in one transaction; returns the version before and after.

    Raises StorageError where the database is newer than this version of the bot.
    """
    if database.is_sqlite and database.url.database:
        folder = Path(database.url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            reason = error.strerror or "unknown error"
            raise StorageError(f"the folder {folder} of the database cannot be made ({reason})") from error
    async with database.write() as connection:
        before = await fetch_version(connection)
        after = newest_version()
        if before != after:
            try:
                await connection.run_sync(_upgrade)
            except CommandError as error:
                raise StorageError(
                    f"the database {database.where} is at version {before}, which is newer than this bot ({after}): "
                    "update the bot, or name another database in DATABASE_URL"
                ) from error
    return before, after


def _upgrade(connection: Connection) -> None:
    config = _config()
    config.attributes["connection"] = connection
    command.upgrade(config, "head")


def _config() -> Config:
    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    return config
