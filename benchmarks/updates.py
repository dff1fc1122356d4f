"""What an update costs: `/search` answered by the bot, beside the same message echoed by a bare python-telegram-bot.

Both poll the tests' own fake, in a process of its own, over HTTP, and nothing is paced. The bare bot is the one that
the library's own examples begin with, and, since the bot answers chats side by side, the same one doing that, too.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.stage import Place, Telegram, open_stage, people, telegram
from bot.clock import SystemClock
from bot.delivery.pacing import Pacer
from bot.model.delivery import Limits

READERS, ROUNDS = 200, 5
QUERIES = ("nerf", "slam", "mesh", "渲染", "点云", "diffusion model", "surface reconstruction", "实习")
_NO_LIMITS = Limits(per_second=1e6, private=(1000, 0.001), group=(1000, 0.001), channel=(1000, 0.001))


def run() -> None:
    """Measure, and print a line."""
    readers = people(READERS)
    with telegram(readers) as server:
        own, plain, parallel = asyncio.run(_measure(server, readers))
    print(
        f"updates: /search answered {own.rate:.0f} times a second, {READERS} people at once: "
        f"{own.rate / plain.rate:.2f}x a bare echo bot's {plain.rate:.0f}, {own.rate / parallel.rate:.2f}x one's that "
        f"answers side by side; by its own processor time {plain.cpu / own.cpu:.2f}x and {parallel.cpu / own.cpu:.2f}x"
    )


@dataclass(frozen=True, slots=True)
class _Effort:
    """Updates a second, and seconds of this process's processors for one."""

    rate: float
    cpu: float


async def _measure(server: Telegram, readers: Sequence[Place]) -> tuple[_Effort, _Effort, _Effort]:
    """Return the effort of the bot, of a bare one, and of a bare one that answers side by side."""
    async with _bare(server, side_by_side=False):
        plain = await _rate(server, readers)
    async with _own(server):
        own = await _rate(server, readers)
    async with _bare(server, side_by_side=True):
        parallel = await _rate(server, readers)
    return own, plain, parallel


async def _rate(server: Telegram, readers: Sequence[Place]) -> _Effort:
    questions = [(reader.id, f"/search {query}") for reader, query in zip(readers, cycle(QUERIES), strict=False)]
    await server.flood(list(islice(questions, len(QUERIES))))  # connections and caches are warm
    begun = time.process_time()
    rate = statistics.median([len(questions) / await server.flood(questions) for _ in range(ROUNDS)])
    return _Effort(rate, (time.process_time() - begun) / (ROUNDS * len(questions)))


@asynccontextmanager
async def _bare(server: Telegram, *, side_by_side: bool) -> AsyncIterator[None]:
    async def echo(update: Update, _: ContextTypes.DEFAULT_TYPE) -> None:
        assert update.message is not None
        await update.message.reply_text(update.message.text or "")

    builder = Application.builder().token(server.token).base_url(f"{server.url}/bot")
    app = builder.concurrent_updates(side_by_side).connection_pool_size(256).pool_timeout(60).build()
    app.add_handler(MessageHandler(filters.TEXT, echo))
    async with app:
        assert app.updater is not None
        await app.start()
        await app.updater.start_polling()
        yield
        await app.updater.stop()
        await app.stop()


@asynccontextmanager
async def _own(server: Telegram) -> AsyncIterator[None]:
    async with open_stage(server.url, server.token, clock=SystemClock()) as house:
        await house.index.ensure_current()
        house.pacer = Pacer(house.clock, {"telegram": _NO_LIMITS})
        await house.connect("telegram")
        await house.adapters["telegram"].receive()
        yield
