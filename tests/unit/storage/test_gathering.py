"""What many want at the same time is done together."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

import pytest

from bot.storage.gathering import Gathering


class Desk:
    """Does things in batches, and notes them."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.open = asyncio.Event()
        self.open.set()

    async def do(self, wanted: Mapping[str, int]) -> Mapping[str, int]:
        """Double what is wanted; nobody wants 13."""
        self.batches.append(list(wanted))
        await self.open.wait()
        if 13 in wanted.values():
            raise ValueError
        return {key: 2 * value for key, value in wanted.items()}


async def test_who_comes_together_is_served_together() -> None:
    """Each gets a result of its own; who comes while a batch is done is of the next."""
    desk = Desk()
    gathering = Gathering(desk.do)
    assert await asyncio.gather(*(gathering.join(name, at) for at, name in enumerate("abc"))) == [0, 2, 4]
    desk.open.clear()
    first = asyncio.create_task(gathering.join("d", 5))
    await asyncio.sleep(0.001)
    others = [asyncio.create_task(gathering.join(name, 1)) for name in "ef"]
    await asyncio.sleep(0.001)
    desk.open.set()
    assert await asyncio.gather(first, *others) == [10, 2, 2]
    assert desk.batches == [["a", "b", "c"], ["d"], ["e", "f"]]


async def test_who_gives_up_does_so_for_nobody_else() -> None:
    """Nor does a batch that fails take the next one with it."""
    desk = Desk()
    gathering = Gathering(desk.do)
    leaving, staying = (asyncio.create_task(gathering.join(name, 1)) for name in "ab")
    await asyncio.sleep(0)
    leaving.cancel()
    assert await staying == 2
    for failed in await asyncio.gather(gathering.join("c", 13), gathering.join("d", 1), return_exceptions=True):
        assert isinstance(failed, ValueError)
    assert await gathering.join("d", 1) == 2
    with pytest.raises(asyncio.CancelledError):
        await leaving
