"""The whole bot as one process: adapters, site, schedule and worker, until it is told to stop."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping
from contextlib import AsyncExitStack, suppress
from datetime import timedelta
from pathlib import Path
from typing import Any

from bot.adapters import PLATFORMS, AdapterError, platform
from bot.app import House, open_house
from bot.delivery.duty import Rank
from bot.delivery.whole import Delivery
from bot.ingest import Ingest, IngestReport
from bot.scheduler import Jobs, make_schedule
from bot.search.glossary import GlossaryError
from bot.settings import Settings
from bot.site import Server, create_site
from bot.storage.engine import StorageError

log = logging.getLogger(__name__)

FIRST_LOOK_SECONDS = 15.0
"""How long the bot waits for its sources before it begins to answer."""


async def run(settings: Settings, stop: asyncio.Event) -> None:
    """Be the bot until `stop` is set: adapters, site, schedule and worker.

    Raises StorageError, AdapterError or SiteError where it cannot go on.
    """
    async with open_house(settings) as house, AsyncExitStack() as ending:
        await house.index.ensure_current(_log_progress)
        ingest = house.make_ingest()
        names = [name for name in PLATFORMS if platform(name).is_configured(settings)]
        adapters = [house.open_adapter(name) for name in names]
        site = create_site(
            [route for adapter in adapters for route in adapter.routes],
            health=lambda: _health(house),
            pictures=[Path(source) for source in settings.digests if not source.startswith("github:")],
            public_url=settings.public_url,
        )
        server = Server(site, host=settings.web_host, port=settings.web_port)
        await server.start()
        ending.push_async_callback(server.stop)
        delivery = house.make_delivery(Rank.RUNNING)
        scheduler = make_schedule(
            _jobs(house, ingest, delivery),
            poll=timedelta(seconds=settings.poll_seconds),
            post_at=settings.post_at,
            zone=settings.timezone,
        )
        scheduler.start()
        ending.callback(scheduler.shutdown, wait=False)
        working = asyncio.create_task(delivery.run(), name="delivery")
        ending.push_async_callback(_finish, delivery, working)
        # A question that comes with the first start finds the digest read; a slow source is not waited for.
        reading = asyncio.create_task(_log_ingest(ingest), name="first look at the sources")
        ending.push_async_callback(_cancel, [reading])
        await asyncio.wait({reading}, timeout=FIRST_LOOK_SECONDS)
        coming_up = [asyncio.create_task(_bring_up(house, name), name=name) for name in names]
        ending.push_async_callback(_cancel, coming_up)
        log.info("the bot is up: %s, web chat on %s", ", ".join(names), server.url)
        await _wait(stop, working, reading, *coming_up)
        log.info("stopping")


async def _bring_up(house: House, name: str) -> None:
    await house.connect(name)
    await house.adapters[name].receive()
    log.info("%s is connected", name)


async def _wait(stop: asyncio.Event, *tasks: asyncio.Task[None]) -> None:
    """Wait until told to stop, or until something that must go on has failed."""
    told = asyncio.create_task(stop.wait())
    left: set[asyncio.Task[Any]] = {told, *tasks}
    try:
        while not told.done():
            done, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
            for task in done:
                task.result()
    finally:
        told.cancel()


async def _finish(delivery: Delivery, working: asyncio.Task[None]) -> None:
    delivery.stop()
    with suppress(StorageError):
        await working


async def _cancel(tasks: Iterable[asyncio.Task[None]]) -> None:
    for task in tasks:
        task.cancel()
        with suppress(asyncio.CancelledError, AdapterError):
            await task


def _jobs(house: House, ingest: Ingest, delivery: Delivery) -> Jobs:
    async def publish() -> None:
        try:
            if await house.publish_due():
                delivery.wake()
        except StorageError as error:
            log.error("publishing waits: %s", error)  # noqa: TRY400 - one line says it all

    async def read() -> None:
        await _refresh_topics(house)
        await _log_ingest(ingest)

    async def tidy() -> None:
        with suppress(StorageError):
            await house.forget_old_updates()

    return Jobs(ingest=read, publish=publish, tidy=tidy)


async def _refresh_topics(house: House) -> None:
    try:
        if await house.refresh_topics():
            log.info("topics and glossary are read anew: %d topics", len(house.topics))
    except (GlossaryError, StorageError) as error:
        log.error("topics stay as they were: %s", error)  # noqa: TRY400 - one line says it all


async def _log_ingest(ingest: Ingest) -> None:
    try:
        report = await ingest.run()
    except StorageError as error:
        log.error("sources are not read: %s", error)  # noqa: TRY400 - one line says it all
        return
    for line in describe_ingest(report):
        log.info("%s", line)


def describe_ingest(report: IngestReport) -> list[str]:
    """Return what is news about the sources, one plain line each."""
    return [file.describe() for file in report.files if not file.is_plain and not file.is_known]


async def _health(house: House) -> Mapping[str, str]:
    checks = {name: adapter.health() for name, adapter in house.adapters.items()}
    try:
        await house.issues.latest_issue()
    except StorageError as error:
        return checks | {"database": str(error)}
    return checks | {"database": ""}


def _log_progress(done: int, total: int) -> None:
    log.info("building the search index anew: %d of %d issues", done, total)
