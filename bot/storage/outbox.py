"""The outbox at work: which part goes next, and what became of it.

A chat with something to receive has a lane. Claiming a lane leases it, so that one worker at a time, in one process,
moves a chat on, and its parts keep their order. A part is marked `sending` in the transaction that claims it, before
any call; if it still is when the lease runs out, its worker died in between and the part is uncertain.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, case, delete, exists, func, literal, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address
from bot.model.delivery import Degradation, PartStatus, Scope, Stop, Trace
from bot.storage.claiming import Claim, fetch_heads, read_claim, read_stop
from bot.storage.engine import Database
from bot.storage.movable import MOVABLE
from bot.storage.tables import lanes, parts, pauses, publications
from bot.storage.traces import Call, fetch_calls, fetch_trace

WHOLE_PLATFORM = "*"
"""Where a pause holds in every workspace of a platform, rather than in one ("" is one, too)."""

_PENDING, _SENDING = PartStatus.PENDING.value, PartStatus.SENDING.value

_MARK_SENDING = (
    update(parts)
    .where(parts.c.id.in_(bindparam("claimed", expanding=True)))
    .values(status=_SENDING, attempts=parts.c.attempts + 1, updated_at=bindparam("now"))
)
_SEND_TO = update(parts).where(parts.c.id == bindparam("part")).values(thread=bindparam("goes_to"))
_WAIT_FOR_LEAD = (
    update(publications)
    .where(publications.c.id.in_(bindparam("waiting", expanding=True)))
    .values(finished_at=bindparam("now"))
)
_SHUT = (
    update(publications)
    .where(publications.c.id == select(parts.c.publication_id).where(parts.c.id == bindparam("part")).scalar_subquery())
    .values(shut=func.json_patch(publications.c.shut, bindparam("threads")))
)
_RECORD = (
    update(parts)
    .where(
        parts.c.id == bindparam("part"),
        # A worker that was away so long that another took its chat over may only add what it knows for certain.
        or_(
            literal(PartStatus.SENT.value) == bindparam("new_status"),
            exists().where(lanes.c.chat_id == bindparam("lane"), lanes.c.lease == bindparam("held_by")),
        ),
    )
    .values(
        status=bindparam("new_status"),
        degradation=bindparam("new_degradation"),
        message_ids=bindparam("ids"),
        error=bindparam("why"),
        searches=parts.c.searches + bindparam("searched"),
        attempts=parts.c.attempts - bindparam("untried"),
        # Of a part that may have arrived, the time of its call is what whoever looks for it needs.
        updated_at=case(
            (literal(PartStatus.UNCERTAIN.value) == bindparam("new_status"), parts.c.updated_at), else_=bindparam("now")
        ),
    )
)
_FREE_LANE = (
    update(lanes)
    .where(lanes.c.chat_id == bindparam("lane"), lanes.c.lease == bindparam("held_by"))
    .values(due_at=bindparam("due"), lease=None, leased_until=None)
)
_FINISH = (
    update(publications)
    .where(
        publications.c.id == select(parts.c.publication_id).where(parts.c.id == bindparam("part")).scalar_subquery(),
        ~exists().where(parts.c.publication_id == publications.c.id, MOVABLE),
    )
    .values(finished_at=bindparam("now"), link_at=bindparam("header_at"), link_tries=0)
)
_DROP_IDLE_LANE = delete(lanes).where(
    lanes.c.chat_id == bindparam("lane"),
    ~exists().where(
        publications.c.chat_id == lanes.c.chat_id,
        publications.c.finished_at.is_(None),
        parts.c.publication_id == publications.c.id,
        MOVABLE,
    ),
)
_RENEW = update(lanes).where(lanes.c.lease == bindparam("held_by")).values(leased_until=bindparam("until"))
_RELEASE = update(lanes).where(lanes.c.lease == bindparam("held_by")).values(lease=None, leased_until=None)


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a claimed part, and when its chat is due again.

    `shut` is a thread that its issue stays out of; `link_at` is when the issue's header may be linked to its sections
    if this was the last of its parts, None where messages have no addresses.
    """

    claim: Claim
    status: PartStatus
    due_at: datetime
    degradation: Degradation
    message_ids: tuple[str, ...] = ()
    error: str = ""
    searched: bool = False
    untried: bool = False
    shut: str = ""
    link_at: datetime | None = None


Place = Callable[[Stop], str | None]
"""Decides which thread of its chat a part goes to; None has it wait until its header is settled by a person."""


def stay(stop: Stop) -> str:
    """Send every part to the chat's own address."""
    return stop.chat.thread


class Outbox:
    """Claims and records. `owner` names this worker in its leases."""

    def __init__(self, database: Database, *, owner: str, lease: timedelta, place: Place = stay) -> None:
        self._database = database
        self._owner = owner
        self._lease = lease
        self._place = place

    async def exchange(
        self,
        records: Sequence[Record],
        *,
        platforms: Collection[str],
        limit: int,
        now: datetime,
        issue_id: int | None = None,
    ) -> list[Claim]:
        """Record what became of earlier claims and claim up to `limit` new parts, in one transaction.

        `issue_id` limits the claims to chats that still have parts of that issue to receive.
        """
        async with self._database.write() as connection:
            await self._record(connection, records, now)
            if limit <= 0 or not platforms:
                return []
            leased = await self._lease_lanes(connection, platforms, limit, now, issue_id)
            return await self._claim(connection, leased, now)

    async def renew(self, *, now: datetime) -> None:
        """Keep what this worker has claimed for another lease."""
        async with self._database.write() as connection:
            await connection.execute(_RENEW, {"held_by": self._owner, "until": now + self._lease})

    async def release(self) -> None:
        """Give back every lane; for the end, when nothing is under way."""
        async with self._database.write() as connection:
            await connection.execute(_RELEASE, {"held_by": self._owner})

    async def next_due(self, *, platforms: Collection[str], issue_id: int | None = None) -> datetime | None:
        """Return when the next lane is due that this worker has not claimed, None where nothing waits."""
        paused_until = select(func.max(pauses.c.until)).where(_PAUSES).correlate(lanes).scalar_subquery()
        free_at = func.max(
            lanes.c.due_at,
            func.coalesce(lanes.c.leased_until, lanes.c.due_at),
            func.coalesce(paused_until, lanes.c.due_at),
        )
        mine = func.coalesce(lanes.c.lease, "") == self._owner
        statement = select(func.min(free_at, type_=lanes.c.due_at.type)).where(
            lanes.c.platform.in_(platforms), ~mine, _has_open(issue_id)
        )
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(statement)
            return moment

    async def pause(self, chat: Address, scope: Scope, *, until: datetime, reason: str) -> None:
        """Let everybody on a chat's platform, or in its workspace there, wait; a restart waits, too."""
        workspace = chat.workspace if scope is Scope.WORKSPACE else WHOLE_PLATFORM
        key = {"platform": chat.platform, "workspace": workspace}
        statement = upsert(pauses).values(key | {"until": until, "reason": reason})
        statement = statement.on_conflict_do_update(
            index_elements=list(key), set_={"until": statement.excluded.until, "reason": statement.excluded.reason}
        )
        async with self._database.write() as connection:
            await connection.execute(statement)

    async def trace(self, claim: Claim) -> Trace:
        """Return what is known of a claimed part whose answer was lost."""
        async with self._database.read() as connection:
            return await fetch_trace(connection, claim)

    async def recent_calls(self, claims: Sequence[Claim], *, since: datetime) -> dict[Address, list[Call]]:
        """Return when the chats of these claims, whatever their thread, were sent something, oldest first."""
        async with self._database.read() as connection:
            return await fetch_calls(connection, claims, since)

    async def _record(self, connection: AsyncConnection, records: Sequence[Record], now: datetime) -> None:
        if not records:
            return
        await connection.execute(_RECORD, [_row(record, self._owner, now) for record in records])
        if shut := [record for record in records if record.shut]:
            threads = (json.dumps({record.shut: record.error}) for record in shut)
            parameters = zip(shut, threads, strict=True)
            await connection.execute(_SHUT, [{"part": one.claim.part.id, "threads": each} for one, each in parameters])
        ended = [record for record in records if _is_end(record)]
        if ended:
            await connection.execute(_FINISH, [_end(record, now) for record in ended])
        await connection.execute(
            _FREE_LANE,
            [{"lane": record.claim.chat_id, "held_by": self._owner, "due": record.due_at} for record in records],
        )
        if ended:
            await connection.execute(_DROP_IDLE_LANE, [{"lane": record.claim.chat_id} for record in ended])

    async def _lease_lanes(
        self, connection: AsyncConnection, platforms: Collection[str], limit: int, now: datetime, issue_id: int | None
    ) -> list[int]:
        # What this worker holds itself is under way here, however late its lease was renewed.
        expired = and_(lanes.c.leased_until <= now, lanes.c.lease != self._owner)
        free = or_(lanes.c.leased_until.is_(None), expired)
        due = select(lanes.c.chat_id).where(
            lanes.c.platform.in_(platforms), lanes.c.due_at <= now, free, _has_open(issue_id), ~_is_paused(now)
        )
        leased = await connection.execute(
            update(lanes)
            .where(lanes.c.chat_id.in_(due.order_by(lanes.c.due_at).limit(limit)))
            .values(lease=self._owner, leased_until=now + self._lease)
            .returning(lanes.c.chat_id)
        )
        return [row.chat_id for row in leased]

    async def _claim(self, connection: AsyncConnection, leased: Sequence[int], now: datetime) -> list[Claim]:
        if not leased:
            return []
        claims, idle = [], []
        waiting = []
        for row in await fetch_heads(connection, leased):
            if row.part_id is None:
                idle.append(row.chat_id)
            elif row.status != _PENDING:
                # A part that was being sent when its lease ran out may have arrived.
                claims.append((row, read_claim(row, PartStatus.UNCERTAIN, row.went_to)))
            elif (thread := self._place(read_stop(row))) is None:
                waiting.append(row)
            else:
                goes_to = None if thread == row.thread else thread
                claims.append((row, read_claim(row, PartStatus.SENDING, goes_to)))
        await self._mark(connection, claims, now)
        if waiting:
            # Whoever settles the header opens the publication again.
            ids = [row.publication_id for row in waiting]
            await connection.execute(_WAIT_FOR_LEAD, {"waiting": ids, "now": now})
            await connection.execute(
                _FREE_LANE, [{"lane": row.chat_id, "held_by": self._owner, "due": now} for row in waiting]
            )
        if idle:
            await connection.execute(delete(lanes).where(lanes.c.chat_id.in_(idle)))
        return [claim for _, claim in claims]

    async def _mark(self, connection: AsyncConnection, claims: Sequence[tuple[Any, Claim]], now: datetime) -> None:
        """Mark what is sent now, and where: whoever has to look for it later looks there."""
        sending = [(row, claim.part) for row, claim in claims if claim.part.status is PartStatus.SENDING]
        if not sending:
            return
        await connection.execute(_MARK_SENDING, {"claimed": [part.id for _, part in sending], "now": now})
        led = [(part.id, part.thread) for row, part in sending if part.thread != row.went_to]
        if led:
            await connection.execute(_SEND_TO, [{"part": part, "goes_to": thread} for part, thread in led])


_PAUSES = and_(pauses.c.platform == lanes.c.platform, pauses.c.workspace.in_((WHOLE_PLATFORM, lanes.c.workspace)))


def _is_paused(now: datetime) -> ColumnElement[bool]:
    return exists().where(_PAUSES, pauses.c.until > now)


def _has_open(issue_id: int | None) -> ColumnElement[bool]:
    """Match lanes of chats that still have parts of an issue to receive; any lane where no issue is named."""
    if issue_id is None:
        return true()
    return exists().where(
        publications.c.chat_id == lanes.c.chat_id,
        publications.c.issue_id == issue_id,
        publications.c.finished_at.is_(None),
    )


def _is_end(record: Record) -> bool:
    return record.status not in {PartStatus.PENDING, PartStatus.SENDING}


def _end(record: Record, now: datetime) -> dict[str, Any]:
    return {"part": record.claim.part.id, "now": now, "header_at": record.link_at}


def _row(record: Record, owner: str, now: datetime) -> dict[str, Any]:
    return {
        "lane": record.claim.chat_id,
        "held_by": owner,
        "part": record.claim.part.id,
        "new_status": record.status.value,
        "new_degradation": record.degradation.value,
        "ids": json.dumps(record.message_ids),
        "why": record.error,
        "searched": int(record.searched),
        "untried": int(record.untried),
        "now": now,
    }
