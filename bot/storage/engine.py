"""The database connection: how transactions begin, what is waited for, and which errors a person gets to read.

A read transaction sees one state throughout; a write transaction takes the write lock at its start, so that it never
fails half-way because somebody else wrote in between (SQLite answers a late upgrade with "database is locked" at once,
whatever the busy timeout). Nothing in here, or between `read` or `write` and their ends, waits for a network.
"""

from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.errors import PlainError
from bot.storage.threads import Threads

BUSY_SECONDS = 10.0
"""How long a transaction waits for another process's write before it gives up."""

READERS = 4
"""Questions that are answered at a time."""

TOGETHER = 8
"""Questions that share a transaction at most, where many wait: the first of them waits for the last."""

READER_CACHE = 16_384
"""Kibibytes of the file that each of them keeps in memory at most (SQLite's own default is 2,000)."""

T = TypeVar("T")

CONNECTIONS = 16
"""Connections that stay open: those above are opened and closed each time, which costs more than a question does."""

_BEGIN = "begin"
"""Name of the execution option that says how a transaction begins."""


class StorageError(PlainError):
    """The database cannot do what was asked. Its text is one plain line: what is wrong, what to do."""


class Database:
    """One database. Make it, use `read` and `write`, `close` it before the event loop ends."""

    def __init__(self, url: str) -> None:
        """Take a `DATABASE_URL`; nothing is opened yet. Raises StorageError for an address that cannot be used."""
        self.url = _driver_url(url)
        self._engine: AsyncEngine | None = None
        self._readers: Threads | None = None
        self._writer: Threads | None = None
        # One writer at a time per process: they queue here, in order, rather than poll for SQLite's lock.
        self._writing = asyncio.Lock()

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is an SQLite file."""
        return self.url.get_backend_name() == "sqlite"

    @property
    def where(self) -> str:
        """The database as a message may name it, without a password."""
        return self.url.database or "memory" if self.is_sqlite else self.url.render_as_string(hide_password=True)

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a read transaction."""
        async with self._transaction("BEGIN") as connection:
            yield connection

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a write transaction; it commits at the end, and leaves nothing behind when an exception passes."""
        async with self._writing, self._transaction("BEGIN IMMEDIATE") as connection:
            yield connection

    async def ask(self, question: Callable[[Connection], T]) -> T:
        """Answer a question of several statements, in a read transaction and a thread of its own.

        Handing a statement to another thread and back, as `read` does with each, costs more than most of them.
        """
        if self._readers is None:
            self._readers = Threads(_create_reading_engine(self.url), READERS, "reader", together=TOGETHER)
        with self.told_plainly():
            return await self._readers.run(question)

    async def change(self, change: Callable[[Connection], T]) -> T:
        """Make a change of many statements, in a write transaction and a thread of its own, as `ask` answers.

        It commits at the end, and leaves nothing behind when an exception passes.
        """
        if self._writer is None:
            self._writer = Threads(_create_writing_engine(self.url), 1, "writer")
        with self.told_plainly():
            async with self._writing:
                return await self._writer.run(change)

    @property
    def engine(self) -> AsyncEngine:
        """The engine, for a library that brings stores of its own: its transactions all take the write lock at once."""
        return self._open().execution_options(**{_BEGIN: "BEGIN IMMEDIATE"})

    @contextmanager
    def told_plainly(self) -> Iterator[None]:
        """Turn a driver's error into a StorageError."""
        try:
            yield
        except DBAPIError as error:
            raise _plain(error.orig, self.where) from error
        except sqlite3.Error as error:  # from `ask_driver`
            raise _plain(error, self.where) from error

    async def close(self) -> None:
        """Close every connection."""
        for threads in (self._readers, self._writer):
            if threads is not None:
                await threads.close()
        self._readers = self._writer = None
        if self._engine is not None:
            await self._engine.dispose()
            self._engine = None

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        with self.told_plainly():
            async with self._open().connect() as connection:
                await connection.execution_options(**{_BEGIN: begin})
                async with connection.begin():
                    yield connection

    def _open(self) -> AsyncEngine:
        if self._engine is None:
            self._engine = _create_engine(self.url)
        return self._engine


def _driver_url(text_url: str) -> URL:
    try:
        url = make_url(text_url)
    except ArgumentError as error:
        example = "sqlite:///data/bot.db"
        raise StorageError(f"DATABASE_URL is no database address: write one like {example}") from error
    if url.get_backend_name() == "sqlite":
        return url.set(drivername="sqlite+aiosqlite")
    raise StorageError(
        f"DATABASE_URL names a {url.get_backend_name()} database, which is not supported: "
        "write one like sqlite:///data/bot.db"
    )


def _create_engine(url: URL) -> AsyncEngine:
    engine = create_async_engine(url, connect_args={"timeout": BUSY_SECONDS}, pool_size=CONNECTIONS)
    event.listen(engine.sync_engine, "connect", _configure)
    event.listen(engine.sync_engine, "begin", _begin)
    return engine


def _create_reading_engine(url: URL) -> Engine:
    engine = _create_threads_engine(url, READERS)
    event.listen(engine, "connect", _prepare_reader)
    event.listen(engine, "begin", _begin_reading)
    return engine


def _create_writing_engine(url: URL) -> Engine:
    engine = _create_threads_engine(url, 1)
    event.listen(engine, "begin", _begin_writing)
    return engine


def _create_threads_engine(url: URL, count: int) -> Engine:
    # The last one used is the first to be used again: what it has read of the file is what is asked for most.
    engine = create_engine(
        url.set(drivername="sqlite"),
        connect_args={"timeout": BUSY_SECONDS},
        pool_size=count,
        max_overflow=0,
        pool_use_lifo=True,
    )
    event.listen(engine, "connect", _configure)
    return engine


def _configure(connection: Any, _record: object) -> None:
    # Python's own transaction handling begins late and commits DDL early; with it off, `_begin` says BEGIN itself.
    connection.isolation_level = None
    cursor = connection.cursor()
    # FULL: a mark "sent" that a power cut takes back would be sent again. Chats are slower than any disk's sync.
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _prepare_reader(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")
    connection.execute(f"PRAGMA cache_size=-{READER_CACHE}")


def _begin(connection: Any) -> None:
    connection.exec_driver_sql(connection.get_execution_options().get(_BEGIN, "BEGIN"))


def _begin_reading(connection: Connection) -> None:
    # Said to the driver itself: it is as much of an answer's time as a statement is.
    connection.connection.execute("BEGIN")


def _begin_writing(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def ask_driver(connection: Connection, question: str, parameters: Mapping[str, Any]) -> list[tuple[Any, ...]]:
    """Put a question to the driver itself: to wrap an answer's rows costs as much as a small question does.

    `question` names its parameters with colons; what it reads comes as SQLite has it.
    """
    rows: list[tuple[Any, ...]] = connection.connection.driver_connection.execute(question, parameters).fetchall()  # type: ignore[union-attr]  # it is connected
    return rows


def _plain(error: BaseException | None, where: str) -> StorageError:
    """Say in one line what a driver's error means for the person who runs the bot."""
    said = str(error).casefold()
    causes = {
        "locked": "is locked by another program: close it, or wait and try again",
        "disk is full": "cannot grow, the disk is full: free some room; nothing was lost",
        "disk i/o error": "cannot be read or written (disk error): check the disk and the rights of the folder",
        "unable to open": "cannot be opened: check that its folder exists and may be written",
        "readonly": "may not be written: check the rights of the file and its folder",
        "not a database": "is no SQLite database: name another file in DATABASE_URL",
        "malformed": "is damaged: restore it from a backup",
        "no such table": "has not been set up by this bot: run `bot migrate`",
    }
    meaning = next((meaning for sign, meaning in causes.items() if sign in said), f"answered: {error}")
    return StorageError(f"the database {where} {meaning}")


async def fetch_version(connection: AsyncConnection) -> str | None:
    """Return the migration the database stands at, None for an empty database."""
    exists = await connection.scalar(text("SELECT 1 FROM sqlite_master WHERE type='table' AND name='alembic_version'"))
    if not exists:
        return None
    version: str | None = await connection.scalar(text("SELECT version_num FROM alembic_version"))
    return version
