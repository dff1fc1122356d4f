"""Whether everything that the bot needs is there and well: one finding after the other, each with what to do.

Looks only: nothing is sent, read into the database or changed.
"""

from __future__ import annotations

import asyncio
import shutil
import stat
import urllib.error
import urllib.request
from collections.abc import AsyncGenerator, AsyncIterator, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from bot.adapters import PLATFORMS, AdapterError, platform
from bot.adapters.interface import Examined
from bot.app import House
from bot.model.chat import SubscriptionStatus
from bot.settings import Settings
from bot.sources import SourceError, open_source
from bot.storage.backup import check_integrity

PATIENCE_SECONDS = 15.0
"""How long a platform or a source may take to answer."""

LEAST_ROOM = 200_000_000
"""Bytes that should be free beside the database."""

_ANSWER_LIMIT = 4096


class Verdict(StrEnum):
    """How something stands."""

    WELL = "well"
    OFF = "off"  # not set up, and nothing else depends on it
    DOUBTFUL = "doubtful"  # it works, and somebody should look
    ILL = "ill"  # it does not work


@dataclass(frozen=True, slots=True)
class Finding:
    """What was found about one thing: its state, and in one line what is there or what to do."""

    subject: str
    verdict: Verdict
    said: str


async def examine(house: House) -> AsyncGenerator[Finding, None]:
    """Yield a finding for each thing the bot needs, the quick ones first."""
    for finding in _settings(house.settings):
        yield finding
    yield await _database(house)
    yield _topics(house)
    for name in house.settings.digests:
        yield await _source(name, house)
    for name in PLATFORMS:
        async for finding in _platform(name, house):
            yield finding
    yield await _process(house.settings)
    async for finding in _deliveries(house):
        yield finding


def _settings(settings: Settings) -> Iterable[Finding]:
    env = Path(".env")
    if env.is_file() and env.stat().st_mode & (stat.S_IRGRP | stat.S_IROTH):
        yield Finding(".env", Verdict.DOUBTFUL, "others on this machine can read the tokens in it: chmod 600 .env")
    if not settings.admins:
        said = "nobody: an issue that is late or held asks nobody; write yourself into BOT_ADMINS"
        yield Finding("administrators", Verdict.DOUBTFUL, said)
    else:
        yield Finding("administrators", Verdict.WELL, ", ".join(settings.admins))


async def _database(house: House) -> Finding:
    path = Path(house.database.url.database or "")
    if damage := await check_integrity(house.database):
        return Finding("database", Verdict.ILL, f"{path} is damaged ({damage}): restore it from a backup")
    return await asyncio.to_thread(_room, path)


def _room(path: Path) -> Finding:
    free = shutil.disk_usage(path.resolve().parent).free
    if free < LEAST_ROOM:
        said = f"only {_megabytes(free)} are free beside {path}: make room before deliveries have to wait"
        return Finding("database", Verdict.DOUBTFUL, said)
    return Finding("database", Verdict.WELL, f"{path}, {_megabytes(path.stat().st_size)}, sound")


def _topics(house: House) -> Finding:
    if not house.topics:
        return Finding("topics", Verdict.DOUBTFUL, "none: a topics.toml beside the issues names them")
    return Finding("topics", Verdict.WELL, f"{len(house.topics)} topics")


async def _source(name: str, house: House) -> Finding:
    subject = f"source {name}"
    try:
        source = open_source(name, settings=house.settings, clock=house.clock)
        async with asyncio.timeout(PATIENCE_SECONDS):
            listing = await source.look("")
    except SourceError as error:
        return Finding(subject, Verdict.ILL, str(error))
    except TimeoutError:
        return Finding(subject, Verdict.ILL, f"does not answer within {PATIENCE_SECONDS:.0f} s")
    files = len(listing.files or ())
    if not files:
        return Finding(subject, Verdict.DOUBTFUL, "holds no Markdown file: put an issue there, such as 001.md")
    return Finding(subject, Verdict.WELL, f"{files} files")


async def _platform(name: str, house: House) -> AsyncIterator[Finding]:
    still = platform(name)
    if not still.is_configured(house.settings):
        yield Finding(name, Verdict.OFF, still.missing(house.settings))
        return
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            await house.connect(name)
    except AdapterError as error:
        yield Finding(name, Verdict.ILL, str(error))
        return
    except TimeoutError:
        said = f"cannot be reached within {PATIENCE_SECONDS:.0f} s: check the network and its address in the settings"
        yield Finding(name, Verdict.ILL, said)
        return
    adapter = house.adapters[name]
    yield Finding(name, Verdict.WELL, "connected")
    if isinstance(adapter, Examined):
        async for one in adapter.examine():
            yield Finding(f"{name}: {one.subject}", Verdict(one.condition), one.said)


async def _process(settings: Settings) -> Finding:
    """Ask the bot that should be running how it is."""
    address = f"http://{settings.web_host}:{settings.web_port}/health"
    if not settings.web_port:
        return Finding("bot run", Verdict.OFF, "BOT_WEB_PORT is 0: where it listens is in its log")
    try:
        said = await asyncio.to_thread(_fetch, address)
    except urllib.error.HTTPError as error:
        return Finding("bot run", Verdict.ILL, f"{address} answers {error.code}: {error.read(_ANSWER_LIMIT).decode()}")
    except (OSError, ValueError):
        return Finding("bot run", Verdict.DOUBTFUL, "is not running here: nothing is delivered or answered until it is")
    return Finding("bot run", Verdict.WELL, f"answers at {address}: {said}")


def _fetch(address: str) -> str:
    with urllib.request.urlopen(address, timeout=5) as answer:  # noqa: S310 - our own http address
        return str(answer.read(_ANSWER_LIMIT).decode())


async def _deliveries(house: House) -> AsyncIterator[Finding]:
    active = await house.chats.count(status=SubscriptionStatus.ACTIVE)
    suspended = await house.chats.count(status=SubscriptionStatus.SUSPENDED)
    if suspended:
        said = f"{active} active, {suspended} suspended: `bot chats` tells why"
        yield Finding("subscriptions", Verdict.DOUBTFUL, said)
    elif active:
        yield Finding("subscriptions", Verdict.WELL, f"{active} active")
    else:
        yield Finding("subscriptions", Verdict.DOUBTFUL, "none: say /subscribe in a chat, or `bot subscribe CHAT`")
    for issue in await house.issues.list_issues():
        if issue.held:
            said = f"is held ({issue.held}): `bot post --issue {issue.number} --release` sends it"
            yield Finding(f"issue {issue.number}", Verdict.DOUBTFUL, said)
    if unsettled := await house.reports.unsettled():
        parts = ", ".join(f"{count} {status.value}" for status, count in unsettled.items())
        said = f"{parts}: `bot deliveries` shows them, `bot reconcile` settles the uncertain ones"
        yield Finding("deliveries", Verdict.DOUBTFUL, said)
    else:
        yield Finding("deliveries", Verdict.WELL, "every part that was sent arrived")


def _megabytes(size: int) -> str:
    return f"{size / 1e6:,.1f} MB"
