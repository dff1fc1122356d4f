"""Backups: a copy of the database that is whole, made while the bot runs.

SQLite's own backup copies page by page and begins anew where somebody writes meanwhile
(https://sqlite.org/backup.html), so the copy is one state of the database; a copy of the file alone would miss what
still stands in its write-ahead log.
"""

from __future__ import annotations

import asyncio
import os
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from bot.storage.engine import Database, StorageError

PAGES_AT_ONCE = 512
"""Pages copied before others may write again."""

Progress = Callable[[int, int], None]
"""Told how many of how many pages are copied."""


async def back_up(database: Database, target: Path, *, progress: Progress = lambda _done, _total: None) -> int:
    """Copy the database into a file that is not there yet, readable by its owner alone; returns its size in bytes.

    The copy takes its name only when it is whole and has been checked. Raises StorageError, leaving nothing behind.
    """
    return await asyncio.to_thread(_copy, Path(database.url.database or ""), target, progress)


async def check_integrity(database: Database) -> str:
    """Return what SQLite finds wrong with the database, "" where it is sound."""
    async with database.read() as connection:
        found = await connection.exec_driver_sql("PRAGMA quick_check(1)")
        said = str(found.scalar_one())
    return "" if said == "ok" else said


def _copy(source: Path, target: Path, progress: Progress) -> int:
    if not source.is_file():
        raise StorageError(f"there is nothing to back up: {source} is not there yet")
    if target.exists():
        raise StorageError(f"{target} is there already: name a file that is not")
    unfinished = target.with_name(f"{target.name}.unfinished")
    try:
        os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
        try:
            _copy_pages(source, unfinished, progress)
            unfinished.rename(target)
        except BaseException:
            unfinished.unlink(missing_ok=True)
            raise
    except FileExistsError as error:
        raise StorageError(f"{unfinished} is there already: another backup runs, or remove it") from error
    except OSError as error:
        raise StorageError(f"{target} cannot be written: {error.strerror}") from error
    except sqlite3.Error as error:
        raise StorageError(f"the backup failed: {error}") from error
    return target.stat().st_size


def _copy_pages(source: Path, target: Path, progress: Progress) -> None:
    def tell(_status: int, remaining: int, total: int) -> None:
        progress(total - remaining, total)

    read_only = f"{source.resolve().as_uri()}?mode=ro"
    with closing(sqlite3.connect(read_only, uri=True)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new, pages=PAGES_AT_ONCE, progress=tell)
        # The copy is one file: what opens it next makes the log it needs.
        new.execute("PRAGMA journal_mode=DELETE")
        (said,) = new.execute("PRAGMA quick_check(1)").fetchone()
        if said != "ok":
            raise StorageError(f"the backup failed: the copy is damaged ({said})")
    with target.open("rb") as copy:
        os.fsync(copy.fileno())
