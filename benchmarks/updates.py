"""What an update costs: `/search` answered by the bot, beside the same message echoed by a bare python-telegram-bot.

Each polls a Telegram of its own, the tests' fake in another process, over HTTP, and nothing is paced. They take turns,
so that what else the machine does meets all alike. The bare bot is the one that the library's own examples begin with,
and, since the bot answers chats side by side, the same one doing that, too. The bot is asked the same few questions
again and again, as readers do, and then what nobody has asked before.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from dataclasses import dataclass
from itertools import cycle, islice, permutations

from telegram import Update
from telegram.ext import Application, ContextTypes, MessageHandler, filters

from benchmarks.stage import Place, Telegram, open_stage, people, telegram
from bot.clock import SystemClock
from bot.delivery.pacing import Pacer
from bot.model.delivery import Limits

READERS, ROUNDS = 200, 5
USUAL = ("nerf", "slam", "mesh", "渲染", "点云", "diffusion model", "surface reconstruction", "实习")
WORDS = (
    *(
        "nerf",
        "slam",
        "mesh",
        "depth",
        "camera",
        "stereo",
        "graphics",
        "geometry",
        "texture",
        "shape",
        "video",
        "motion",
    ),
    *(
        "light",
        "material",
        "simulation",
        "dataset",
        "code",
        "paper",
        "course",
        "talk",
        "新手",
        "渲染",
        "点云",
        "重建",
        "几何",
    ),
    *("网格", "三维", "课程", "论文", "代码", "优化", "人体", "相机", "学习", "实时"),
)
_NO_LIMITS = Limits(per_second=1e6, private=(1000, 0.001), group=(1000, 0.001), channel=(1000, 0.001))


def run() -> None:
    """Measure, and print a line."""
    readers = people(READERS)
    with ExitStack() as stack:
        servers = [stack.enter_context(telegram(readers)) for _ in range(3)]
        rounds = asyncio.run(_measure(servers, readers))
    plain, parallel, usual, new = zip(*rounds, strict=True)
    print(
        f"updates: /search answered {_middle(one.rate for one in usual):.0f} times a second, {READERS} people at once: "
        f"{_faster(usual, plain):.2f}x a bare echo bot's {_middle(one.rate for one in plain):.0f}, "
        f"{_faster(usual, parallel):.2f}x one's that answers side by side; by its own processor time "
        f"{_cheaper(usual, plain):.2f}x and {_cheaper(usual, parallel):.2f}x; what nobody has asked before "
        f"{_faster(new, plain):.2f}x and {_faster(new, parallel):.2f}x"
    )


@dataclass(frozen=True, slots=True)
class _Effort:
    """Updates a second, and seconds of this process's processors for one."""

    rate: float
    cpu: float


_Round = tuple[_Effort, _Effort, _Effort, _Effort]
"""Of a bare bot, of one that answers side by side, of the bot, and of the bot with questions that are new."""


def _middle(values: Iterator[float]) -> float:
    return statistics.median(values)


def _faster(ours: Sequence[_Effort], theirs: Sequence[_Effort]) -> float:
    return _middle(our.rate / their.rate for our, their in zip(ours, theirs, strict=True))


def _cheaper(ours: Sequence[_Effort], theirs: Sequence[_Effort]) -> float:
    return _middle(their.cpu / our.cpu for our, their in zip(ours, theirs, strict=True))


async def _measure(servers: Sequence[Telegram], readers: Sequence[Place]) -> list[_Round]:
    first, second, third = servers
    usual, new = cycle(USUAL), (" ".join(words) for words in permutations(WORDS, 2))
    async with AsyncExitStack() as stack:
        await stack.enter_async_context(_bare(first, side_by_side=False))
        await stack.enter_async_context(_bare(second, side_by_side=True))
        await stack.enter_async_context(_own(third))
        for server in servers:
            await _effort(server, readers, usual)  # connections and caches are warm
        return [
            (
                await _effort(first, readers, usual),
                await _effort(second, readers, usual),
                await _effort(third, readers, usual),
                await _effort(third, readers, new),
            )
            for _ in range(ROUNDS)
        ]


async def _effort(server: Telegram, readers: Sequence[Place], queries: Iterator[str]) -> _Effort:
    texts = [f"/search {query}" for query in islice(queries, len(readers))]
    begun = time.process_time()
    seconds = await server.flood([(reader.id, text) for reader, text in zip(readers, texts, strict=True)])
    return _Effort(len(texts) / seconds, (time.process_time() - begun) / len(texts))


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
