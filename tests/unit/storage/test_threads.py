"""Threads that transactions run in: each is told its own result, and those that wait share one."""

from __future__ import annotations

import asyncio
import threading
from functools import partial

import pytest
from sqlalchemy import Connection, text

from bot.storage.engine import READERS, TOGETHER, Database

_BEGUN = text("SELECT 1")
_NEWEST = text("SELECT max(value) FROM numbers")


def _transaction(connection: Connection) -> object:
    """Return what is the same for all questions of a transaction, and for no others."""
    connection.execute(_BEGUN)
    return connection.get_transaction()


async def test_those_who_ask_at_once_share_transactions(database: Database) -> None:
    """A thread each, so many together; one who asks alone has one alone."""
    many = READERS * TOGETHER
    assert len(set(await asyncio.gather(*(database.ask(_transaction) for _ in range(many))))) == READERS
    assert len({await database.ask(_transaction) for _ in range(3)}) == 3


async def test_each_is_told_its_own_result(database: Database) -> None:
    """Also where others of the same transaction fail."""

    def answer(number: int, _: Connection) -> int:
        if number % 3 == 0:
            raise ValueError(number)
        return number

    asked = (database.ask(partial(answer, number)) for number in range(40))
    results = await asyncio.gather(*asked, return_exceptions=True)
    assert [str(result) for result in results] == [str(number) for number in range(40)]
    assert all(isinstance(results[number], ValueError) for number in range(0, 40, 3))


async def test_a_question_sees_what_was_written_before_it_was_asked(database: Database) -> None:
    """Whatever else is answered at the moment."""

    def write(number: int, connection: Connection) -> None:
        connection.execute(text("INSERT INTO numbers VALUES (:number)"), {"number": number})

    async with database.write() as connection:
        await connection.execute(text("CREATE TABLE numbers (value INTEGER)"))
    others = [asyncio.create_task(database.ask(_transaction)) for _ in range(30)]
    for number in range(1, 10):
        await database.change(partial(write, number))
        assert await database.ask(lambda connection: connection.scalar(_NEWEST)) == number
    await asyncio.gather(*others)


async def test_who_gives_up_waits_until_nothing_is_under_way(database: Database) -> None:
    """And what fails then is told to nobody, nor to the log."""
    begun, go_on, ended = threading.Event(), threading.Event(), threading.Event()

    def work(_: Connection) -> None:
        begun.set()
        go_on.wait()
        ended.set()
        raise ValueError

    asking = asyncio.create_task(database.ask(work))
    await asyncio.to_thread(begun.wait)
    asking.cancel()
    asyncio.get_running_loop().call_later(0.01, go_on.set)
    with pytest.raises(asyncio.CancelledError):
        await asking
    assert ended.is_set()


async def test_what_was_asked_is_answered_before_all_is_closed(database: Database) -> None:
    """Nobody waits for ever."""
    asked = [asyncio.create_task(database.ask(_transaction)) for _ in range(50)]
    await asyncio.sleep(0)
    await database.close()
    assert all(await asyncio.gather(*asked))
