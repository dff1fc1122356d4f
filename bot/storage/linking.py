"""Headers that are to lead to the messages of their sections: which are due, and what stands in their chats.

That a header is due is written in the transaction that records its issue's last part, so that no crash forgets it. A
header that is claimed comes back after a while, in case that nobody is left who works on it.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, and_, bindparam, func, select, true, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address, ChatKind, Variant
from bot.model.delivery import Degradation, PartStatus, Payload, Post
from bot.storage.codec import VARIANT, decode_payload, decode_post
from bot.storage.engine import Database
from bot.storage.tables import chats, edition_parts, editions, issues, parts, publications

_DUE = (
    select(publications.c.id)
    .join(chats, chats.c.id == publications.c.chat_id)
    .where(chats.c.platform.in_(bindparam("platforms", expanding=True)), publications.c.link_at.is_not(None))
)
_CLAIMED = (
    select(
        publications.c.id,
        publications.c.link_tries,
        publications.c.edition_id,
        issues.c.number,
        editions.c.variant,
        *(chats.c[name] for name in ("platform", "workspace", "chat", "thread", "kind")),
    )
    .join(issues, issues.c.id == publications.c.issue_id)
    .join(editions, editions.c.id == publications.c.edition_id)
    .join(chats, chats.c.id == publications.c.chat_id)
    .where(publications.c.id.in_(bindparam("claimed", expanding=True)))
)
_STANDING = (
    select(
        parts.c.publication_id,
        parts.c.position,
        parts.c.thread,
        parts.c.message_ids,
        parts.c.degradation,
        edition_parts.c.section,
        edition_parts.c.entries,
    )
    .join(publications, publications.c.id == parts.c.publication_id)
    .join(
        edition_parts,
        and_(edition_parts.c.edition_id == publications.c.edition_id, edition_parts.c.position == parts.c.position),
    )
    .where(
        parts.c.publication_id.in_(bindparam("claimed", expanding=True)),
        parts.c.status == PartStatus.SENT.value,
        parts.c.message_ids != "[]",
    )
    .order_by(parts.c.publication_id, parts.c.position)
)
_HEADER = (
    select(edition_parts.c.payload, edition_parts.c.post)
    .where(edition_parts.c.edition_id == bindparam("edition"), edition_parts.c.section.is_(None))
    .order_by(edition_parts.c.position)
)
_SETTLE = (
    update(publications)
    .where(publications.c.id == bindparam("publication"))
    .values(link_at=bindparam("again_at"), link_tries=bindparam("tries"))
)


@dataclass(frozen=True, slots=True)
class Standing:
    """A part that stands in a chat: its section (None: the header), the entries that begin in it, where it stands."""

    position: int
    section: int | None
    message_ids: tuple[str, ...]
    degradation: Degradation
    thread: str | None = None
    entries: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Unlinked:
    """A delivery whose header is to lead to its sections; `tries` is how often that was tried."""

    publication_id: int
    issue: int
    edition_id: int
    variant: Variant
    chat: Address
    kind: ChatKind
    tries: int
    parts: tuple[Standing, ...]


class LinkingStore:
    """Reads and writes which headers are due."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def next_due(self, *, platforms: Collection[str], issue_id: int | None = None) -> datetime | None:
        """Return when the next header is due, None where there is none."""
        due = select(func.min(publications.c.link_at, type_=publications.c.link_at.type)).where(
            publications.c.id.in_(_DUE.where(_of(issue_id)))
        )
        async with self._database.read() as connection:
            moment: datetime | None = await connection.scalar(due, {"platforms": list(platforms)})
            return moment

    async def claim(
        self, *, platforms: Collection[str], now: datetime, lease: timedelta, limit: int, issue_id: int | None = None
    ) -> tuple[Unlinked, ...]:
        """Return headers that are due, which come back after `lease` if they are not settled."""
        due = _DUE.where(_of(issue_id), publications.c.link_at <= now).order_by(publications.c.link_at).limit(limit)
        claim = update(publications).where(publications.c.id.in_(due)).values(link_at=now + lease)
        async with self._database.write() as connection:
            rows = await connection.execute(claim.returning(publications.c.id), {"platforms": list(platforms)})
            ids = [row.id for row in rows]
            return await _read(connection, ids) if ids else ()

    async def header(self, edition_id: int) -> tuple[Post | None, tuple[Payload, ...]]:
        """Return the header of an edition as it was frozen, and what it was composed of (older ones do not tell)."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_HEADER, {"edition": edition_id})).all()
        post = next((decode_post(row.post) for row in rows if row.post), None)
        return post, tuple(decode_payload(row.payload) for row in rows)

    async def settle(self, publication_id: int, *, tries: int, again_at: datetime | None) -> None:
        """Note how often a header was tried, and when it is to be tried again; None where that is done with."""
        values = {"publication": publication_id, "tries": tries, "again_at": again_at}
        async with self._database.write() as connection:
            await connection.execute(_SETTLE, values)


async def _read(connection: AsyncConnection, ids: Sequence[int]) -> tuple[Unlinked, ...]:
    standing: dict[int, list[Standing]] = {}
    for row in await connection.execute(_STANDING, {"claimed": ids}):
        standing.setdefault(row.publication_id, []).append(_standing(row))
    return tuple(
        Unlinked(
            row.id,
            row.number,
            row.edition_id,
            VARIANT.decode(row.variant),
            Address(row.platform, row.chat, row.thread, row.workspace),
            ChatKind(row.kind),
            row.link_tries,
            tuple(standing.get(row.id, ())),
        )
        for row in await connection.execute(_CLAIMED, {"claimed": ids})
    )


def _standing(row: Any) -> Standing:
    ids = tuple(json.loads(row.message_ids))
    entries = tuple(json.loads(row.entries))
    return Standing(row.position, row.section, ids, Degradation(row.degradation), row.thread, entries)


def _of(issue_id: int | None) -> ColumnElement[bool]:
    return true() if issue_id is None else publications.c.issue_id == issue_id
