"""A delivery's surroundings: stored issues and chats, a platform that records, time that passes when nobody works."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.delivery.duty import Rank, Roster
from bot.delivery.pacing import Pacer
from bot.delivery.placing import place
from bot.delivery.route import Route
from bot.delivery.timing import Hours
from bot.delivery.worker import Worker
from bot.model.chat import Address, ChatKind, Timing
from bot.model.delivery import (
    Absent,
    Degradation,
    Finding,
    Found,
    Limits,
    Outcome,
    Payload,
    Scope,
    Sent,
    Trace,
    Uncertain,
    Undecided,
)
from bot.model.digest import Issue
from bot.storage.chats import ChatStore
from bot.storage.claiming import Claim
from bot.storage.closing import ClosingStore
from bot.storage.duties import DutyStore
from bot.storage.engine import Database
from bot.storage.issues import IssueStore
from bot.storage.outbox import Outbox
from bot.storage.publishing import Planned, PlannedPart, PublicationStore, Target
from bot.storage.reports import ReportStore
from bot.storage.settling import SettlingStore
from tests.fakes.clock import HandClock

UTC_ZONE = ZoneInfo("UTC")
LEASE = timedelta(seconds=15)
QUIET_TURNS = 30
"""Turns of the event loop without work after which everybody waits for the clock."""
NO_LIMITS = Limits(per_second=1e6, private=(1000, 0.001), group=(1000, 0.001), channel=(1000, 0.001))


class CountingDatabase(Database):
    """A database that tells whether anybody is at work in it."""

    busy = 0

    @asynccontextmanager
    async def _transaction(self, begin: str) -> AsyncIterator[AsyncConnection]:
        self.busy += 1
        try:
            async with super()._transaction(begin) as connection:
                yield connection
        finally:
            self.busy -= 1


class PassingClock(HandClock):
    """Time that passes to the next moment somebody waits for as soon as nobody has anything else to do."""

    async def pass_until(self, task: asyncio.Task[object], database: CountingDatabase, *, within: float) -> None:
        """Let time pass until a task is done; fails after so many virtual seconds."""
        end = self.now() + timedelta(seconds=within)
        while not task.done():
            quiet = 0
            while quiet < QUIET_TURNS and not task.done():
                # Whoever was just at work in the database has more to do before it rests.
                await asyncio.sleep(0.0005 if database.busy else 0)
                quiet = 0 if database.busy else quiet + 1
            if not task.done() and self._sleepers:
                if self.now() >= end:
                    task.cancel()
                    pytest.fail(f"not done within {within} virtual seconds")
                self.advance(max((self._sleepers[0][0] - self.now()).total_seconds(), 0))
        await task


Script = Callable[[Address, str, int], Outcome | None]


@dataclass
class Platform:
    """A platform whose chats can be read; `script` may answer a call in place of it (chat, reference, attempt)."""

    called: Callable[[], None] = lambda: None
    script: Script = lambda _chat, _reference, _attempt: None
    accepts: Callable[[Outcome], bool] = lambda outcome: isinstance(outcome, Sent)
    clock: HandClock | None = None
    chats: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    shown: dict[str, list[Payload]] = field(default_factory=lambda: defaultdict(list))
    times: list[float] = field(default_factory=list)
    last: dict[str, datetime] = field(default_factory=dict)
    attempts: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    searched: list[str] = field(default_factory=list)
    blind: bool = False
    edits: list[tuple[Address, tuple[str, ...], Payload]] = field(default_factory=list)
    edit_script: Callable[[int], Outcome | None] = lambda _tries: None
    has_links: bool = False

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        self.attempts[reference] += 1
        if self.clock is not None:
            self.times.append(self.clock.now().timestamp())
            self.last[str(chat)] = self.clock.now()
        self.called()
        answer = self.script(chat, reference, self.attempts[reference])
        if answer is None or (isinstance(answer, Uncertain) and answer.reason == "answer lost"):
            self.chats[str(chat)].append(reference)
            self.shown[str(chat)].append(payload)
        return answer or Sent((str(len(self.chats[str(chat)])),))

    async def find(self, chat: Address, _payload: Payload, trace: Trace) -> Finding:
        reference = trace.reference
        self.searched.append(reference)
        if self.blind:
            return Undecided("no history to look in")
        there = self.chats[str(chat)]
        return Found((str(there.index(reference) + 1),)) if reference in there else Absent()

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        self.edits.append((chat, tuple(message_ids), payload))
        return self.edit_script(len(self.edits)) or Sent(tuple(message_ids))

    async def link_to(self, chat: Address, message_id: str) -> str:
        return f"https://chat.example/{chat.chat}/{chat.thread or '-'}/{message_id}" if self.has_links else ""


def degrade(payload: Payload, keep: Degradation) -> Payload | None:
    """A payload is a word and perhaps an image."""
    if keep is Degradation.NO_IMAGES:
        return {"text": payload["text"]} if "image" in payload else None
    return {"text": payload["text"], "plain": True}


@dataclass
class World:
    """Everything a delivery needs, on one database."""

    database: CountingDatabase
    clock: PassingClock
    platform: Platform
    has_threads: bool = False

    def __post_init__(self) -> None:
        self.chats = ChatStore(self.database)
        self.issues = IssueStore(self.database)
        self.plans = PublicationStore(self.database)
        self.closing = ClosingStore(self.database)
        self.reports = ReportStore(self.database)
        self.settling = SettlingStore(self.database)
        self.told: list[tuple[str, str]] = []

    async def subscribe(self, *addresses: Address, kind: ChatKind = ChatKind.PRIVATE) -> None:
        for address in addresses:
            await self.chats.subscribe(address, kind=kind, title="", now=self.clock.now())

    async def plan(
        self,
        number: int,
        parts: Sequence[PlannedPart],
        *,
        target: Target | None = None,
        sections: frozenset[int] | None = None,
    ) -> Planned:
        """Plan an issue of these parts for whoever is subscribed."""
        target = target or Target()
        await self.issues.save(Issue(number, f"Issue {number}"), content_hash="", now=self.clock.now(), publish_at=None)
        planned = Planned()
        for audience in await self.plans.audiences(number, target):
            planned += await self.plans.plan(
                number, audience, parts, target=target, now=self.clock.now(), due=self.due, sections=sections
            )
        return planned + await self.plans.complete(
            number, target=target, now=self.clock.now(), due=self.due, sections=sections
        )

    def due(self, timing: Timing) -> datetime:
        return Hours.of(timing, UTC_ZONE).first(self.clock.now())

    def outbox(self, owner: str = "one") -> Outbox:
        return Outbox(
            self.database, owner=owner, lease=LEASE, place=lambda stop: place(stop, has_threads=self.has_threads)
        )

    def roster(self, owner: str = "one", *, rank: Rank = Rank.RUNNING, pacer: Pacer | None = None) -> Roster:
        taken_over = pacer.forget if pacer else lambda _platform: None
        return Roster(
            DutyStore(self.database), worker=owner, rank=rank, clock=self.clock, lease=LEASE, taken_over=taken_over
        )

    def worker(
        self,
        *,
        owner: str = "one",
        limits: Limits = NO_LIMITS,
        rank: Rank = Rank.RUNNING,
        report: Callable[[], Awaitable[None]] | None = None,
    ) -> Worker:
        pacer = Pacer(self.clock, {"web": limits})
        return Worker(
            self.outbox(owner),
            self.closing,
            routes={"web": Route(self.platform, degrade, limits, has_links=lambda _chat: self.platform.has_links)},
            pacer=pacer,
            roster=self.roster(owner, rank=rank, pacer=pacer),
            clock=self.clock,
            lease=LEASE,
            zone=UTC_ZONE,
            report=report,
            tell_shut=self._tell_shut,
            tell_suspended=self._tell_suspended,
        )

    async def _tell_shut(self, claim: Claim, reason: str) -> None:
        self.told.append((claim.section, reason))

    async def _tell_suspended(self, claim: Claim, scope: Scope, reason: str) -> None:
        self.told.append((f"{scope.value} {claim.part.chat}", reason))

    async def drain(self, worker: Worker | None = None, *, within: float = 3600) -> None:
        """Let a worker do all there is to do, in virtual time."""
        task = asyncio.ensure_future((worker or self.worker()).drain())
        await self.clock.pass_until(task, self.database, within=within)


@pytest.fixture
async def world(database_file: Path) -> AsyncIterator[World]:
    """A database, a clock and a platform that takes everything."""
    database = CountingDatabase(f"sqlite:///{database_file}")
    clock = PassingClock()
    yield World(database, clock, Platform(clock=clock))
    await database.close()


def room(name: str) -> Address:
    return Address("web", name)


def some_parts(count: int) -> list[PlannedPart]:
    """A header and sections of one part each."""
    header = PlannedPart(None, {"text": "part 0"})
    return [header, *(PlannedPart(i - 1, {"text": f"part {i}"}, f"Section {i}") for i in range(1, count))]
