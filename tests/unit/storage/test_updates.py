"""Updates that were handled, and those that wait: each once, whatever happens in between."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta

import pytest

from bot.storage.engine import Database
from bot.storage.updates import Updates

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)


@pytest.fixture
def updates(database: Database) -> Updates:
    return Updates(database)


async def is_new(updates: Updates, key: str) -> bool:
    async with updates.once(key, now=NOW) as new:
        return new


async def test_an_update_is_handled_once(updates: Updates, database: Database) -> None:
    """By this process and by the next one; others are others."""
    assert await is_new(updates, "telegram:1/7")
    assert not await is_new(updates, "telegram:1/7")
    assert not await is_new(Updates(database), "telegram:1/7")
    assert await is_new(updates, "telegram:1/8")
    assert await is_new(updates, "telegram:2/7")


async def test_while_it_is_handled_it_is_not_begun_again(updates: Updates) -> None:
    """A second copy that comes meanwhile has no effect."""
    async with updates.once("a", now=NOW) as first:
        assert first
        assert not await is_new(updates, "a")


async def test_two_that_come_at_once_are_one(updates: Updates) -> None:
    """Neither waits for the database without the other knowing."""
    assert sorted(await asyncio.gather(*(is_new(updates, "a") for _ in range(3)))) == [False, False, True]


async def test_what_went_wrong_is_not_noted(updates: Updates) -> None:
    """It comes again, and is handled then."""
    with pytest.raises(ZeroDivisionError):
        async with updates.once("a", now=NOW):
            raise ZeroDivisionError
    assert await is_new(updates, "a")


async def test_many_at_once_are_all_noted(updates: Updates, database: Database) -> None:
    """They are written together, and none is lost between."""
    keys = [str(number) for number in range(50)]
    assert all(await asyncio.gather(*(is_new(updates, key) for key in keys)))
    after_a_restart = Updates(database)
    assert not any([await is_new(after_a_restart, key) for key in keys])


async def test_without_a_key_nothing_is_guarded(updates: Updates) -> None:
    """Not every platform names what it tells."""
    assert await is_new(updates, "")
    assert await is_new(updates, "")


async def test_what_is_parked_waits_until_it_is_handled(updates: Updates, database: Database) -> None:
    """In its order, by its platform, for the next process too; then it is gone."""
    for key in ("b/2", "b/1", "c/9"):
        await updates.park(key, f"update {key}", now=NOW)
    await updates.park("b/1", "again", now=NOW)
    restarted = Updates(database)
    assert await restarted.take_up("b/") == (("b/2", "update b/2"), ("b/1", "update b/1"))
    assert await is_new(restarted, "b/2")
    assert await restarted.take_up("b/") == (("b/1", "update b/1"),)
    assert await updates.take_up("c/") == (("c/9", "update c/9"),)


async def test_of_two_processes_one_takes_up_what_is_left(database: Database) -> None:
    """And what a living one handles is left to it, until it lives no more."""
    living = {"first", "second"}
    gone, first, second = (
        Updates(database, owner=name, is_running=living.__contains__) for name in ("gone", "first", "second")
    )
    await gone.park("a/1", "left", now=NOW)
    assert sorted(await asyncio.gather(first.take_up("a/"), second.take_up("a/"))) == [(), (("a/1", "left"),)]
    await first.park("a/2", "busy", now=NOW)
    third = Updates(database, owner="third", is_running=living.__contains__)
    assert ("a/2", "busy") not in await third.take_up("a/")
    living.discard("first")
    assert ("a/2", "busy") in await third.take_up("a/")


async def test_what_is_under_way_is_not_taken_up_beside_it(updates: Updates) -> None:
    """Though it is this process's own."""
    async with updates.once("a", now=NOW):
        await updates.park("a", "slow", now=NOW)
        assert await updates.take_up("") == ()


async def test_what_was_handled_is_not_parked(updates: Updates) -> None:
    """It may have been finished just before."""
    assert await is_new(updates, "a")
    await updates.park("a", "late", now=NOW)
    assert await updates.take_up("") == ()


async def test_old_notes_are_forgotten(updates: Updates) -> None:
    """No platform repeats an update for ever."""
    assert await is_new(updates, "a")
    await updates.forget(before=NOW)
    assert not await is_new(updates, "a")
    await updates.forget(before=NOW + timedelta(seconds=1))
    assert await is_new(updates, "a")
