"""What every test may ask for: a database at its newest version, and time that passes by itself."""

from __future__ import annotations

import asyncio
import os
import shutil
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from hypothesis import settings

from bot.storage.engine import Database
from bot.storage.migrate import upgrade

# The same commit is judged alike each time CI looks at it; developers' runs go on looking for new examples.
settings.register_profile("ci", derandomize=True, deadline=None)
if os.environ.get("CI"):
    settings.load_profile("ci")


@pytest.fixture(scope="session")
def _empty_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Migrate once; every test gets a copy."""
    path = tmp_path_factory.mktemp("database") / "empty.db"

    async def migrate() -> None:
        database = Database(f"sqlite:///{path}")
        await upgrade(database)
        await database.close()

    asyncio.run(migrate())
    return path


@pytest.fixture
def database_file(_empty_database: Path, tmp_path: Path) -> Path:
    """A fresh SQLite file at the newest version."""
    return Path(shutil.copy(_empty_database, tmp_path / "bot.db"))


@pytest.fixture
async def database(database_file: Path) -> AsyncIterator[Database]:
    """A fresh database at the newest version."""
    database = Database(f"sqlite:///{database_file}")
    yield database
    await database.close()
