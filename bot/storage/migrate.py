"""Migrations: bringing the database to the newest version, and telling where it stands."""

from __future__ import annotations

from pathlib import Path

from sqlalchemy import Connection

from bot.storage.engine import Database, StorageError, fetch_version


def migrations_folder() -> Path:
    """Return the folder of the migrations: beside the package in a checkout, inside it when installed from a wheel."""
    package = Path(__file__).resolve().parents[1]
    beside = package.parent / "migrations"
    return beside if (beside / "env.py").is_file() else package / "migrations"


def newest_version() -> str:
    """Return the newest migration of this version of the bot: the number its file's name begins with."""
    versions = [path.name.partition("_")[0] for path in (migrations_folder() / "versions").glob("[0-9]*_*.py")]
    if not versions:
        raise StorageError(f"no migrations are found in {migrations_folder()}: install the bot again")
    return max(versions)


async def ensure_newest(database: Database) -> None:
    """Bring the database to the newest version where it is not there already."""
    if _exists(database):
        async with database.read() as connection:
            if await fetch_version(connection) == newest_version():
                return
    await upgrade(database)


async def upgrade(database: Database) -> tuple[str | None, str]:
    """Bring the database to the newest version in one transaction; returns the version before and after.

    Raises StorageError where the database is newer than this version of the bot.
    """
    _make_folder(database)
    async with database.write() as connection:
        before = await fetch_version(connection)
        after = newest_version()
        if before is not None and before > after:
            raise StorageError(
                f"the database {database.where} is at version {before}, newer than this bot ({after}): "
                "update the bot, or name another database in DATABASE_URL"
            )
        if before != after:
            await connection.run_sync(_upgrade)
    return before, after


def _exists(database: Database) -> bool:
    return not database.is_sqlite or Path(database.url.database or "").exists()


def _make_folder(database: Database) -> None:
    if database.is_sqlite and database.url.database:
        folder = Path(database.url.database).parent
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StorageError(f"the folder {folder} of the database cannot be made ({error.strerror})") from error


def _upgrade(connection: Connection) -> None:
    # Alembic takes half as long to import as the rest of a command takes to run, and is needed once a release.
    from alembic import command  # noqa: PLC0415
    from alembic.config import Config  # noqa: PLC0415

    config = Config()
    config.set_main_option("script_location", str(migrations_folder()).replace("%", "%%"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
