"""The outbox at work: which part goes next, and what became of it.

A chat with something to receive has a lane. Claiming a lane leases it, so that one worker at a time, in one process,
moves a chat on, and its parts keep their order. A part is marked `sending` in the transaction that claims it, before
any call; if it still is when the lease runs out, its worker died in between and the part is uncertain.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, literal, or_, select, true, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address, ChatKind, Timing
from bot.model.delivery import Degradation, Part, PartStatus, Scope
from bot.storage.codec import TIMING, decode_payload
from bot.storage.engine import Database
from bot.storage.movable import MOVABLE
from bot.storage.tables import chats, edition_parts, lanes, parts, pauses, publications

WHOLE_PLATFORM = "*"
"""Where a pause holds in every workspace of a platform, rather than in one ("" is one, too)."""

_PENDING, _SENDING = PartStatus.PENDING.value, PartStatus.SENDING.value

# The first part of a chat that is not at its end: publications in the order of their planning, parts in their own.
_HEAD = (
    select(parts.c.id)
    .join(publications, publications.c.id == parts.c.publication_id)
    .where(publications.c.chat_id == lanes.c.chat_id, publications.c.finished_at.is_(None), MOVABLE)
    .order_by(publications.c.id, parts.c.position)
    .limit(1)
    .correlate(lanes)
    .scalar_subquery()
)
_following = edition_parts.alias()
# The section of the part behind it, where there is one: a chat may want a pause between sections.
_FOLLOWING = (
    select(_following.c.section)
    .where(_following.c.edition_id == publications.c.edition_id, _following.c.position == parts.c.position + 1)
    .correlate(publications, parts)
    .scalar_subquery()
)
_CLAIMED: Select[Any] = (
    select(
        lanes.c.chat_id,
        chats.c.platform,
        chats.c.workspace,
        chats.c.chat,
        chats.c.thread,
        chats.c.kind,
        parts.c.id.label("part_id"),
        parts.c.position,
        parts.c.status,
        parts.c.attempts,
        parts.c.degradation,
        publications.c.token,
        publications.c.issue_id,
        chats.c.timing,
        edition_parts.c.payload,
        edition_parts.c.section,
        _FOLLOWING.label("next_section"),
    )
    .select_from(lanes)
    .join(chats, chats.c.id == lanes.c.chat_id)
    .outerjoin(parts, parts.c.id == _HEAD)
    .outerjoin(publications, publications.c.id == parts.c.publication_id)
    .outerjoin(
        edition_parts,
        and_(edition_parts.c.edition_id == publications.c.edition_id, edition_parts.c.position == parts.c.position),
    )
    .where(lanes.c.chat_id.in_(bindparam("leased", expanding=True)))
    .order_by(lanes.c.due_at)
)
_MARK_SENDING = (
    update(parts)
    .where(parts.c.id.in_(bindparam("claimed", expanding=True)))
    .values(status=_SENDING, attempts=parts.c.attempts + 1, updated_at=bindparam("now"))
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
        updated_at=bindparam("now"),
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
    .values(finished_at=bindparam("now"))
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
_LAST_IDS = (
    select(parts.c.message_ids)
    .join(publications, publications.c.id == parts.c.publication_id)
    .where(publications.c.chat_id == bindparam("lane"), parts.c.message_ids != "[]")
    .order_by(parts.c.updated_at.desc(), parts.c.id.desc())
    .limit(5)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A part that this worker may move on, and nobody else until the lease runs out.

    `part.status` is `SENDING` (send it now) or `UNCERTAIN` (look for it first). `ends_section` tells that the part
    behind it belongs to another section; the header and the first section belong together.
    """

    part: Part
    chat_id: int
    issue_id: int
    kind: ChatKind
    timing: Timing = Timing()
    ends_section: bool = False


@dataclass(frozen=True, slots=True)
class Record:
    """What became of a claimed part, and when its chat is due again."""

    claim: Claim
    status: PartStatus
    due_at: datetime
    degradation: Degradation
    message_ids: tuple[str, ...] = ()
    error: str = ""
    searched: bool = False
    untried: bool = False


class Outbox:
    """Claims and records. `owner` names this worker in its leases."""

    def __init__(self, database: Database, *, owner: str, lease: timedelta) -> None:
        self._database = database
        self._owner = owner
        self._lease = lease

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

    async def last_message_ids(self, claim: Claim) -> tuple[str, ...]:
        """Return the ids of the messages that were last delivered to a claim's chat, newest first."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_LAST_IDS, {"lane": claim.chat_id})).all()
        return tuple(message_id for row in rows for message_id in json.loads(row.message_ids))

    async def _record(self, connection: AsyncConnection, records: Sequence[Record], now: datetime) -> None:
        if not records:
            return
        await connection.execute(_RECORD, [_row(record, self._owner, now) for record in records])
        ended = [record for record in records if _is_end(record)]
        if ended:
            await connection.execute(_FINISH, [{"part": record.claim.part.id, "now": now} for record in ended])
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
        claims, sending, idle = [], [], []
        for row in (await connection.execute(_CLAIMED, {"leased": leased})).all():
            if row.part_id is None:
                idle.append(row.chat_id)
                continue
            # A part that was being sent when its lease ran out may have arrived.
            status = PartStatus.SENDING if row.status == _PENDING else PartStatus.UNCERTAIN
            if status is PartStatus.SENDING:
                sending.append(row.part_id)
            claims.append(_claim(row, status))
        if sending:
            await connection.execute(_MARK_SENDING, {"claimed": sending, "now": now})
        if idle:
            await connection.execute(delete(lanes).where(lanes.c.chat_id.in_(idle)))
        return claims


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


def _claim(row: Any, status: PartStatus) -> Claim:
    part = Part(
        id=row.part_id,
        reference=f"{row.token}.{row.position}",
        chat=Address(row.platform, row.chat, row.thread, row.workspace),
        position=row.position,
        payload=decode_payload(row.payload),
        status=status,
        attempts=row.attempts + (status is PartStatus.SENDING),
        degradation=Degradation(row.degradation),
    )
    return Claim(
        part,
        row.chat_id,
        row.issue_id,
        ChatKind(row.kind),
        timing=TIMING.decode(row.timing),
        ends_section=None not in (row.section, row.next_section) and row.section != row.next_section,
    )


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
