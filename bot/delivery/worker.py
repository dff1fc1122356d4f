"""The worker: claims what is due, sends it, records what became of it, until told to stop.

One cycle is one transaction: the records of the calls that ended and the claims of the next ones. Many calls are under
way at once, one a chat. Nothing waits for a network while a transaction is open.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import datetime, timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from bot.clock import Clock
from bot.delivery.duty import Roster
from bot.delivery.pacing import Pacer
from bot.delivery.policy import Decision, decide, plainer, settle
from bot.delivery.route import Route
from bot.delivery.timing import Hours
from bot.model.chat import Timing
from bot.model.delivery import (
    Finding,
    Later,
    Outcome,
    Part,
    PartStatus,
    Payload,
    Postponed,
    Refused,
    Scope,
    Sent,
    Uncertain,
    Undecided,
)
from bot.storage.claiming import Claim
from bot.storage.closing import ClosingStore
from bot.storage.engine import StorageError
from bot.storage.outbox import Outbox, Record

log = logging.getLogger(__name__)

T = TypeVar("T")

CONCURRENCY = 64
"""Calls under way at once; the gates' rates, not this number, set the pace."""
IDLE_SECONDS = 2.0
"""How often an idle worker looks for what another process has planned."""
STORAGE_RETRY_SECONDS = 1.0
_ENDS = {PartStatus.SENT, PartStatus.SKIPPED, PartStatus.FAILED}
_STUMBLED = "a fault of the bot's own, its log says more"


TellShut = Callable[[Claim, str], Awaitable[None]]
"""Tells somebody that a part's section goes to the chat itself, and why not to its own thread."""
TellSuspended = Callable[[Claim, Scope, str], Awaitable[None]]
"""Tells somebody that a chat, or its whole workspace, was suspended, and why."""


class Worker:
    """Moves the outbox on."""

    def __init__(
        self,
        outbox: Outbox,
        closing: ClosingStore,
        *,
        routes: Mapping[str, Route],
        pacer: Pacer,
        roster: Roster,
        clock: Clock,
        lease: timedelta,
        zone: ZoneInfo,
        issue_id: int | None = None,
        report: Callable[[], Awaitable[None]] | None = None,
        tell_shut: TellShut | None = None,
        tell_suspended: TellSuspended | None = None,
    ) -> None:
        """Prepare a worker for the platforms of `routes`.

        It sends where `roster` says that this process is on duty, and elsewhere looks on. `issue_id` limits it to the
        chats that have that issue to receive; `report` is called whenever parts moved,
        `tell_shut` where a section's own thread could not be written to, `tell_suspended` where a chat could not.
        """
        self._outbox = outbox
        self._closing = closing
        self._routes = routes
        self._pacer = pacer
        self._roster = roster
        self._clock = clock
        self._lease = lease
        self._issue_id = issue_id
        self._report = report
        self._tell_shut = tell_shut
        self._tell_suspended = tell_suspended
        self._calls: set[asyncio.Task[Record]] = set()
        self._wake = asyncio.Event()
        self._stopping = False
        self._moved_at = clock.now()
        self._zone = zone

    async def look_around(self) -> tuple[str, ...]:
        """Return the workers of other processes that are on duty on these platforms."""
        await self._roster.attend(tuple(self._routes))
        return tuple(sorted({self._roster.holder(name) for name in self._routes} - {""}))

    def wake(self) -> None:
        """Say that something was planned."""
        self._wake.set()

    def stop(self) -> None:
        """Claim nothing more; `run` returns once the calls under way are recorded."""
        self._stopping = True
        self._wake.set()
        self._pacer.give_up_deliveries()

    async def run(self) -> None:
        """Work until stopped."""
        await self._work(lambda _due: False)

    async def drain(self, *, patience: timedelta = timedelta.max) -> datetime | None:
        """Work until nothing is left to do (for `issue_id`, if given), or stopped.

        Returns when what is left is due: what a chat wants later than in `patience`, or what has not moved on for so
        long, since its platform cannot be reached.
        """
        self._moved_at = self._clock.now()

        def is_done(due: datetime | None) -> bool:
            now = self._clock.now()
            return not self._calls and (due is None or max(due - now, now - self._moved_at) > patience)

        await self._work(is_done)
        return await self._next_due(tuple(self._routes))

    async def _work(self, is_done: Callable[[datetime | None], bool]) -> None:
        heartbeat = asyncio.create_task(self._keep_leases())
        try:
            while not self._stopping:
                await self._roster.attend(tuple(self._routes))
                mine, others = self._on_duty()
                if any(call.done() for call in self._calls):
                    await self._cycle()
                elif len(self._calls) >= CONCURRENCY:
                    await self._rest(None)
                elif (due := await self._next_due(mine)) is not None and due <= self._clock.now():
                    await self._cycle()
                elif is_done(due) and (not others or is_done(await self._next_due(others))):
                    self._stopping = True
                else:
                    await self._rest(due)
                    if others and self._report is not None:
                        await self._report()
            await self._finish()
        finally:
            heartbeat.cancel()
            with suppress(asyncio.CancelledError):
                await heartbeat

    def _on_duty(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Return the platforms that this process may send to, and those where another one does."""
        mine = tuple(filter(self._roster.holds, self._routes))
        return mine, tuple(name for name in self._routes if name not in mine)

    async def _cycle(self) -> None:
        """Record what ended and claim what is due."""
        ended = [call for call in self._calls if call.done()]
        records = [call.result() for call in ended]
        claims = await self._exchange(records)
        self._roster.began(len(claims))
        if any(record.status in _ENDS for record in records):
            self._moved_at = self._clock.now()
        self._calls.difference_update(ended)
        self._roster.ended(len(ended))
        await self._recall_pace(claims)
        self._calls.update([asyncio.create_task(self._move(claim)) for claim in claims])
        if records and self._report is not None:
            await self._report()

    async def _recall_pace(self, claims: Sequence[Claim]) -> None:
        """Learn how much of their windows other processes have used up in chats that this one has not met since."""
        strangers = [claim for claim in claims if not self._pacer.knows(claim.part.chat)]
        if not strangers:
            return
        for claim in strangers:
            self._pacer.learn(claim.part.chat, claim.kind)
        since = min(self._pacer.horizon(name) for name in {claim.part.chat.platform for claim in strangers})
        with suppress(StorageError):  # then the platform itself says when it is too early
            calls = await self._outbox.recent_calls(strangers, since=since)
            for address in {replace(claim.part.chat, thread="") for claim in strangers}:
                self._pacer.recall(address, calls.get(address, ()))

    async def _exchange(self, records: list[Record]) -> list[Claim]:
        return await self._insist(
            lambda: self._outbox.exchange(
                records,
                platforms=() if self._stopping else self._on_duty()[0],
                limit=CONCURRENCY - len(self._calls) + len(records),
                now=self._clock.now(),
                issue_id=self._issue_id,
            )
        )

    async def _insist(self, write: Callable[[], Awaitable[T]]) -> T:
        """Write what a call came to, whenever the database can: what is not recorded would be sent again."""
        while True:
            try:
                return await write()
            except StorageError as error:
                log.error(  # noqa: TRY400 - one line says it all, a traceback every second does not
                    "deliveries wait: %s", error
                )
                await self._clock.sleep(STORAGE_RETRY_SECONDS)

    async def _move(self, claim: Claim) -> Record:
        part = claim.part
        route = self._routes[part.chat.platform]
        self._pacer.learn(part.chat, claim.kind)
        if part.status is PartStatus.UNCERTAIN:
            decision = settle(part, await self._find(claim, route))
        else:
            decision = await self._send(claim, route)
        await self._insist(lambda: self._apply(claim, decision))
        due_at = max(
            self._clock.now() + decision.wait, self._pacer.next_turn(part.chat), self._next_wish(claim, decision)
        )
        log.info(
            "delivery issue_id=%d chat=%s part=%d attempt=%d %s%s",
            claim.issue_id,
            part.place,
            part.position,
            part.attempts,
            decision.status.value,
            f" ({decision.error})" if decision.error else "",
        )
        return Record(
            claim,
            decision.status,
            due_at,
            decision.degradation,
            message_ids=decision.message_ids,
            error=decision.error,
            searched=decision.searched,
            untried=decision.untried,
            shut=decision.shut,
            link_at=max(self._clock.now(), self._pacer.free_at(part.chat)) if route.has_links(part.chat) else None,
        )

    async def _find(self, claim: Claim, route: Route) -> Finding:
        part = claim.part
        payload = plainer(part.payload, part.degradation, route.degrade) or part.payload
        try:
            return await route.courier.find(part.place, payload, await self._outbox.trace(claim))
        except StorageError as error:
            return Postponed(str(error))
        except Exception:  # a fault of ours with one part must not end the deliveries of all
            log.exception("part %d in %s could not be looked for", part.position, part.place)
            return Undecided(_STUMBLED)

    async def _call(self, part: Part, payload: Payload, route: Route) -> Outcome:
        try:
            return await route.courier.send(part.place, payload, part.reference)
        except Exception:  # as above; nobody can tell how far it came
            log.exception("part %d in %s could not be sent", part.position, part.place)
            return Uncertain(_STUMBLED)

    async def _send(self, claim: Claim, route: Route) -> Decision:
        part = claim.part
        payload = plainer(part.payload, part.degradation, route.degrade)
        if payload is None:
            # This form of the part is the one that was refused already: go on to the next.
            return decide(part, Refused(part.error, part.degradation))
        weight = route.weight(payload)
        untried = Decision(PartStatus.PENDING, degradation=part.degradation, error=part.error, untried=True)
        if (wait := self._pacer.free_at(part.chat, weight=weight) - self._clock.now()) > timedelta(0):
            return replace(untried, wait=wait)
        if self._stopping or (turn := await self._pacer.deliver(part.chat, weight=weight)) is None:
            return untried
        outcome = await self._call(part, payload, route)
        self._pacer.ended(turn)
        match outcome:
            case Later(after=timedelta(), scope=scope):
                outcome = replace(outcome, scope=self._pacer.complain(part.chat, scope))
            case Sent():
                self._pacer.served(part.chat)
        return decide(part, outcome)

    def _next_wish(self, claim: Claim, decision: Decision) -> datetime:
        """Return when the chat itself wants its next part: a pause between sections, none in its quiet hours."""
        now = self._clock.now()
        if claim.timing == Timing():
            return now
        hours = Hours.of(claim.timing, self._zone)
        ended = claim.ends_section and decision.status is not PartStatus.PENDING
        return hours.next_section(now) if ended else hours.after_quiet(now)

    async def _apply(self, claim: Claim, decision: Decision) -> None:
        chat, now = claim.part.chat, self._clock.now()
        if decision.halt:
            where = f"{chat.platform}:{chat.workspace}" if chat.workspace else chat.platform
            log.error("%s refuses the bot (%s): nothing is sent there until that is mended", where, decision.error)
        if decision.pause is not Scope.CHAT:
            await self._outbox.pause(chat, decision.pause, until=now + decision.wait, reason=decision.error)
            self._pacer.pause(chat, decision.pause, decision.wait)
        if decision.suspend is not None:
            is_chat = decision.suspend is Scope.CHAT
            suspend = self._closing.suspend_chat if is_chat else self._closing.suspend_workspace
            if await suspend(chat, decision.error, now=now) and self._tell_suspended is not None:
                await self._tell_suspended(claim, decision.suspend, decision.error)
        if decision.shut and self._tell_shut is not None:
            await self._tell_shut(claim, decision.error)
        if decision.move_to is not None:
            await self._closing.move(chat, decision.move_to, now=now)

    async def _rest(self, due: datetime | None) -> None:
        """Wait until a call ends, something is planned, or the next chat is due."""
        seconds = IDLE_SECONDS
        if due is not None:
            seconds = min(max((due - self._clock.now()).total_seconds(), 0.0), IDLE_SECONDS)
        waker = asyncio.ensure_future(self._wake.wait())
        timer = asyncio.ensure_future(self._clock.sleep(seconds))
        try:
            await asyncio.wait({waker, timer, *self._calls}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (waker, timer):
                task.cancel()
            await asyncio.gather(waker, timer, return_exceptions=True)
        self._wake.clear()

    async def _next_due(self, platforms: tuple[str, ...]) -> datetime | None:
        if not platforms:
            return None
        try:
            return await self._outbox.next_due(platforms=platforms, issue_id=self._issue_id)
        except StorageError:
            return self._clock.now() + timedelta(seconds=STORAGE_RETRY_SECONDS)

    async def _finish(self) -> None:
        while self._calls:
            await asyncio.wait(self._calls)
            await self._cycle()
        with suppress(StorageError):
            await self._outbox.release()

    async def _keep_leases(self) -> None:
        while True:
            await self._clock.sleep(self._lease.total_seconds() / 3)
            if self._calls:
                await self._roster.attend(tuple(self._routes))
                with suppress(StorageError):
                    await self._outbox.renew(now=self._clock.now())
