"""What delivering costs: at the platform's ceiling, without any, beside readers' questions, and for very many chats.

Telegram is the tests' own fake, spoken to by the real python-telegram-bot over HTTP.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import resource
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Awaitable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import islice
from math import ceil
from multiprocessing.connection import Connection
from pathlib import Path

from telegram import Bot
from telegram.request import HTTPXRequest

from benchmarks.stage import Place, Telegram, edition, mixed, open_stage, people, populate, subscribe, telegram
from bot.adapters.telegram.limits import PACE
from bot.app import House
from bot.clock import SystemClock
from bot.delivery.duty import Rank, Roster
from bot.delivery.pacing import Pacer
from bot.delivery.route import Courier
from bot.delivery.worker import CONCURRENCY, Worker
from bot.model.chat import Address, ChatKind
from bot.model.delivery import Finding, Limits, Outcome, Payload, Trace
from bot.storage.closing import ClosingStore
from bot.storage.duties import DutyStore
from bot.storage.outbox import Outbox
from bot.storage.publishing import Target
from tests.fakes.telegram import TelegramFake
from tests.unit.delivery.conftest import CountingDatabase, PassingClock

ISSUE = 10
CHATS = (200, 100, 60, 40, 30)
LATENCY = 0.08
"""Seconds between a call and its answer, as from a server in Europe to Telegram."""
TEXT_ISSUES = (3, 6, 8, 10, 11)
"""Sample issues that are nothing but texts, so that the bare loop is what anybody would write."""
QUESTIONS, QUIET_ROUNDS = 120, 2
PAUSE_SECONDS = 0.05
QUERIES = ("nerf", "slam", "mesh", "渲染", "点云", "diffusion model", "surface reconstruction", "实习")
MANY, FEW = 100_000, 1_000
_NO_LIMITS = Limits(per_second=1e6, private=(1000, 0.001), group=(1000, 0.001), channel=(1000, 0.001))


def run() -> None:
    """Measure, and print a line for each."""
    print(
        f"delivery: sample issue {ISSUE}, Telegram in up to {CHATS[0]} chats (60 % people, 30 % groups, 10 % channels)"
    )
    _measure_planning()  # first: a process inherits the peak of memory of the one that starts it
    for chats in CHATS:
        asyncio.run(_measure_ceiling(chats))
    _measure_speed()
    _measure_answers()


# At the ceiling.


class _Distant:
    """A courier whose calls take as long as the way to Telegram and back; while one is at work, no time passes."""

    def __init__(self, courier: Courier, clock: PassingClock, database: CountingDatabase) -> None:
        self._courier = courier
        self._clock = clock
        self._database = database

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        await self._clock.sleep(LATENCY / 2)
        self._database.busy += 1
        try:
            outcome = await self._courier.send(chat, payload, reference)
        finally:
            self._database.busy -= 1
        await self._clock.sleep(LATENCY / 2)
        return outcome

    async def find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:
        return await self._courier.find(chat, payload, trace)


async def _measure_ceiling(chats: int) -> None:
    clock, places = PassingClock(), mixed(chats)
    async with TelegramFake(clock=clock) as fake, open_stage(fake.url, fake.token, clock=clock) as house:
        populate(fake, places)
        await subscribe(house, places)
        await house.connect("telegram")
        route = house.routes["telegram"]
        database = CountingDatabase(house.settings.database_url.get_secret_value())
        worker = Worker(
            Outbox(database, owner="bench", lease=house.settings.lease),
            ClosingStore(database),
            routes={"telegram": replace(route, courier=_Distant(route.courier, clock, database))},
            pacer=house.pacer,
            roster=Roster(
                DutyStore(database), worker="bench", rank=Rank.RUNNING, clock=clock, lease=house.settings.lease
            ),
            clock=clock,
            lease=house.settings.lease,
            zone=house.settings.timezone,
        )
        weights = [route.weight(payload) for payload in await _publish(house, ISSUE)]
        begun = clock.now().timestamp()
        await clock.pass_until(asyncio.ensure_future(worker.drain()), database, within=3600)
        await database.close()
        sent = fake.transcript[:]
        took, least = max(record.at for record in sent) - begun, _least_seconds(places, sum(weights))
        print(
            f"  at the limits, {chats} chats: {len(sent)} messages in {took:.1f} s of {least:.1f} s that they ask for "
            f"= {took / least:.3f}x; calls too early: {len(fake.violations)}"
        )


def _least_seconds(places: Sequence[Place], messages: int) -> float:
    """Return the least time in which every chat can get so many messages: a full window at once, then the next."""
    windows = {ChatKind.PRIVATE: PACE.private, ChatKind.GROUP: PACE.group, ChatKind.CHANNEL: PACE.channel}
    overall = (ceil(messages * len(places) / PACE.per_second) - 1) * 1.0
    return max(overall, *((ceil(messages / count) - 1) * seconds for count, seconds in windows.values()))


async def _publish(house: House, number: int) -> list[Payload]:
    issue = await house.issues.get_issue(number)
    assert issue is not None
    await house.publisher.publish(issue, target=Target(), now=house.clock.now(), at_once=True)
    return await edition(house, issue)


# Without limits.


@dataclass(frozen=True, slots=True)
class _Effort:
    """What it took to send so many messages: seconds, and seconds of this process's processors."""

    messages: int
    seconds: float
    cpu: float


def _measure_speed() -> None:
    places = mixed(CHATS[0] // 2)
    with telegram(places) as server:
        pairs = asyncio.run(_speed_pairs(server, places))
    per_second = statistics.median(own.messages / own.seconds for _, own in pairs)
    ratios = sorted(bare.seconds / own.seconds for bare, own in pairs)
    cpu = statistics.median(bare.cpu / own.cpu for bare, own in pairs)
    print(
        f"  without limits, every state committed: {per_second:.0f} messages a second = "
        f"{statistics.median(ratios):.2f}x a bare loop's (in {len(pairs)} pairs {ratios[0]:.2f} to {ratios[-1]:.2f}); "
        f"by its own processor time {cpu:.2f}x"
    )


async def _speed_pairs(server: Telegram, places: Sequence[Place]) -> list[tuple[_Effort, _Effort]]:
    """Return what the same messages take a bare loop and the worker, an issue a pair."""
    pairs: list[tuple[_Effort, _Effort]] = []
    async with open_stage(server.url, server.token, clock=SystemClock()) as house:
        house.pacer = Pacer(house.clock, {"telegram": _NO_LIMITS})
        await subscribe(house, places)
        await house.connect("telegram")
        for number in TEXT_ISSUES:
            payloads = await _publish(house, number)
            work = (_send_all(server, places, payloads), house.make_delivery().worker.drain())
            bare, own = [await _time(server, each, len(places) * len(payloads)) for each in work]
            pairs.append((bare, own))
    return pairs


async def _time(server: Telegram, work: Awaitable[None], messages: int) -> _Effort:
    gc.collect()
    begun, cpu = time.perf_counter(), time.process_time()
    await work
    effort = _Effort(messages, time.perf_counter() - begun, time.process_time() - cpu)
    sent = await server.count()
    assert sent == messages, f"{sent} of {messages} messages have arrived"
    return effort


async def _send_all(server: Telegram, places: Sequence[Place], payloads: Sequence[Payload]) -> None:
    """Send everything as a script would: nothing kept, nothing paced, as many calls at once as the worker has."""
    turns = asyncio.Semaphore(CONCURRENCY)
    request = HTTPXRequest(connection_pool_size=CONCURRENCY, pool_timeout=60)
    async with Bot(server.token, base_url=f"{server.url}/bot", request=request) as bot:

        async def send(place: Place, payload: Payload) -> None:
            extra = {key: value for key, value in payload.items() if key not in {"method", "text"}}
            async with turns:
                await bot.send_message(place.id, payload["text"], api_kwargs=extra)

        await asyncio.gather(*(send(place, payload) for payload in payloads for place in places))


# Beside questions.


def _measure_answers() -> None:
    places, readers = mixed(1000), people((QUIET_ROUNDS + 1) * QUESTIONS + len(QUERIES))
    # The bot keeps the limits, the server does not: a call that a busy machine lets arrive too early would be refused,
    # and its answer would come a second later for that alone.
    with telegram([*places, *readers]) as server:
        idle, busy = asyncio.run(_answers(server, places, readers))
    print(
        f"  a /search answered: p50 {_percentile(busy, 50):.0f} ms, p99 {_percentile(busy, 99):.0f} ms "
        f"while 1000 chats are delivered to; idle {_percentile(idle, 50):.0f} and {_percentile(idle, 99):.0f} "
        f"= {_percentile(busy, 50) / _percentile(idle, 50):.1f}x and "
        f"{_percentile(busy, 99) / _percentile(idle, 99):.1f}x"
    )


async def _answers(
    server: Telegram, places: Sequence[Place], readers: Sequence[Place]
) -> tuple[list[float], list[float]]:
    asking = iter(readers)
    async with open_stage(server.url, server.token, clock=SystemClock()) as house:
        await house.index.ensure_current()
        await subscribe(house, places)
        await house.connect("telegram")
        await house.adapters["telegram"].receive()
        worker = house.make_delivery().worker
        working = asyncio.create_task(worker.run())
        await _ask(server, list(islice(asking, len(QUERIES))))  # caches are warm
        rounds = [await _ask(server, list(islice(asking, QUESTIONS))) for _ in range(QUIET_ROUNDS)]
        idle = min(rounds, key=lambda times: _percentile(times, 99))  # nothing else may make an idle bot look slow
        await _publish(house, ISSUE)
        worker.wake()
        busy = await _ask(server, list(asking))
        worker.stop()
        await working
    return idle, busy


async def _ask(server: Telegram, readers: Sequence[Place]) -> list[float]:
    """Return how many milliseconds the answers took; each reader asks once, and not all in the same second.

    Answers count in the bot's budget, too: with more of them than that, an idle bot would wait for itself.
    """
    took = []
    for number, reader in enumerate(readers):
        took.append(1000 * await server.ask(reader.id, f"/search {QUERIES[number % len(QUERIES)]}"))
        await asyncio.sleep(PAUSE_SECONDS)
    return took


def _percentile(samples: Sequence[float], percent: int) -> float:
    return statistics.quantiles(samples, n=100, method="inclusive")[percent - 1]


# For very many.


@dataclass(frozen=True, slots=True)
class _Planning:
    """What it took to plan an issue for very many chats."""

    rows: int
    seconds: float
    bare_seconds: float
    megabytes: float


def _measure_planning() -> None:
    few, many = _plan_apart(FEW), _plan_apart(MANY)
    print(
        f"  publishing to {MANY:,} chats: {many.rows:,} parts in {many.seconds:.1f} s, the bare rows through sqlite3 "
        f"{many.bare_seconds:.1f} s = {many.seconds / many.bare_seconds:.1f}x; peak of memory {many.megabytes:.0f} MB, "
        f"with {FEW:,} chats {few.megabytes:.0f} MB = {many.megabytes / few.megabytes:.2f}x"
    )


def _plan_apart(count: int) -> _Planning:
    """Plan in a process of its own, whose peak of memory is nobody else's."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe()
    process = context.Process(target=_plan, args=(theirs, count))
    process.start()
    planning: _Planning = ours.recv()
    process.join()
    return planning


def _plan(pipe: Connection, count: int) -> None:
    pipe.send(asyncio.run(_time_planning(count)))


async def _time_planning(count: int) -> _Planning:
    async with open_stage("http://127.0.0.1:9", "1:unused", clock=SystemClock()) as house:
        for at in range(0, count, 5000):
            await subscribe(house, people(min(5000, count - at), first=1 + at))
        issue = await house.issues.get_issue(ISSUE)
        assert issue is not None
        begun = time.perf_counter()
        planned = await house.publisher.publish(issue, target=Target(), now=house.clock.now(), at_once=True)
        seconds, peak = time.perf_counter() - begun, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        assert planned.publications == count
        return _Planning(planned.parts, seconds, _time_bare_rows(planned.parts, count, house.clock.now()), peak)


def _time_bare_rows(rows: int, count: int, now: datetime) -> float:
    """Return how long it takes to write as many rows of the same table, unique as those are, and nothing else."""
    with tempfile.TemporaryDirectory() as folder:
        connection = sqlite3.connect(Path(folder) / "bare.db", isolation_level=None)
        connection.execute("PRAGMA journal_mode=WAL")
        connection.execute(
            "CREATE TABLE parts (publication, position, status, updated_at, UNIQUE (publication, position))"
        )
        values = ((number // (rows // count), number % (rows // count), "pending", str(now)) for number in range(rows))
        begun = time.perf_counter()
        connection.execute("BEGIN IMMEDIATE")
        connection.executemany("INSERT INTO parts VALUES (?, ?, ?, ?)", values)
        connection.execute("COMMIT")
        seconds = time.perf_counter() - begun
        connection.close()
        return seconds
