"""A backup is one state of the database, whole, however busy the bot is; a failed one leaves nothing behind."""

from __future__ import annotations

import asyncio
import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.storage.backup import back_up, check_integrity
from bot.storage.engine import Database, StorageError
from bot.storage.migrate import upgrade


def _copies(folder: Path) -> list[Path]:
    return list(folder.glob("copy*"))


@pytest.fixture
async def database(tmp_path: Path):
    """A database with a table whose two columns always hold the same number."""
    database = Database(f"sqlite:///{tmp_path / 'bot.db'}")
    await upgrade(database)
    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE twins (one INTEGER, other INTEGER, filling TEXT)"))
        await connection.execute(text("INSERT INTO twins VALUES (0, 0, '')"))
    yield database
    await database.close()


def _read(path: Path, question: str) -> list[tuple[object, ...]]:
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(question).fetchall()


async def test_a_backup_holds_what_was_committed(database: Database, tmp_path: Path) -> None:
    """Also what so far stands in the write-ahead log alone; its owner alone can read the copy."""
    told: list[tuple[int, int]] = []
    size = await back_up(database, tmp_path / "copy.db", progress=lambda done, total: told.append((done, total)))
    copy = tmp_path / "copy.db"
    assert _read(copy, "SELECT one, other FROM twins") == [(0, 0)]
    assert _read(copy, "PRAGMA journal_mode") == [("delete",)]
    assert (copy.stat().st_size, stat.S_IMODE(copy.stat().st_mode)) == (size, 0o600)
    assert told[-1][0] == told[-1][1] > 0


async def test_a_backup_beside_writes_is_one_state(database: Database, tmp_path: Path) -> None:
    """Whatever is written meanwhile stands in it whole or not at all."""

    async def write() -> None:
        for number in range(1, 60):
            async with database.write() as connection:
                await connection.execute(text("UPDATE twins SET one = :n"), {"n": number})
                await connection.execute(
                    text("INSERT INTO twins VALUES (:n, :n, hex(randomblob(4000)))"), {"n": number}
                )
                await connection.execute(text("UPDATE twins SET one = :n, other = :n"), {"n": number})

    writing = asyncio.create_task(write())
    for number in range(5):
        copy = tmp_path / f"copy{number}.db"
        await back_up(database, copy)
        assert _read(copy, "SELECT count(*) FROM twins WHERE one != other") == [(0,)]
    await writing


async def test_a_backup_overwrites_nothing(database: Database, tmp_path: Path) -> None:
    """A file that is there already stays as it is."""
    taken = tmp_path / "copy.db"
    taken.write_text("precious")
    with pytest.raises(StorageError, match="is there already"):
        await back_up(database, taken)
    assert taken.read_text() == "precious"


async def test_a_failed_backup_leaves_nothing(database: Database, tmp_path: Path) -> None:
    """Broken off in the middle, or into a folder that is not there: no half copy is left to be taken for one."""

    def fail(_done: int, _total: int) -> None:
        raise RuntimeError("broken off")

    with pytest.raises(RuntimeError):
        await back_up(database, tmp_path / "copy.db", progress=fail)
    with pytest.raises(StorageError, match="cannot be written"):
        await back_up(database, tmp_path / "nowhere" / "copy.db")
    assert _copies(tmp_path) == []


async def test_damage_is_found(database: Database, tmp_path: Path) -> None:
    """A sound database has nothing to tell; one whose pages end too soon has."""
    assert await check_integrity(database) == ""
    async with database.write() as connection:
        await connection.execute(text("INSERT INTO twins VALUES (1, 1, hex(randomblob(40000)))"))
    copy = tmp_path / "copy.db"
    await back_up(database, copy)
    with closing(sqlite3.connect(copy)) as connection:
        connection.execute("PRAGMA writable_schema=ON")
        connection.execute("UPDATE sqlite_master SET rootpage = 3 WHERE name = 'twins'")  # another table's pages
        connection.commit()
    damaged = Database(f"sqlite:///{copy}")
    assert await check_integrity(damaged) != ""
    await damaged.close()
