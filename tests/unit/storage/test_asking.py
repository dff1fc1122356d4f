"""Questions that go past SQLAlchemy, to the driver itself."""

from __future__ import annotations

import pytest

from bot.storage.engine import Database, StorageError, ask_driver


async def test_rows_come_as_the_driver_has_them(database: Database) -> None:
    """Parameters are named with colons."""
    assert await database.ask(lambda connection: ask_driver(connection, "SELECT :n + 1, 'a'", {"n": 1})) == [(2, "a")]


async def test_what_the_driver_says_is_told_plainly(database: Database) -> None:
    """In one line that says what to do, like any other error of the database; the next question is answered."""
    with pytest.raises(StorageError, match="has not been set up by this bot: run `bot migrate`"):
        await database.ask(lambda connection: ask_driver(connection, "SELECT * FROM no_such_place", {}))
    assert await database.ask(lambda connection: ask_driver(connection, "SELECT 1", {})) == [(1,)]
