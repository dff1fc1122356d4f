"""Planning what is sent: editions, publications and their parts, written in bulk whatever the number of chats.

A publication is unique for an issue and a chat, and its parts are rows of one frozen edition, so planning twice adds
nothing: it only fills in what was not planned yet (new chats, further sections).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    and_,
    bindparam,
    exists,
    func,
    insert,
    literal,
    or_,
    select,
    text,
    update,
)
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address, SubscriptionStatus, Timing, Variant
from bot.model.delivery import PartStatus, Payload, Post
from bot.storage.chats import find_ids
from bot.storage.codec import TIMING, VARIANT, encode_payload, encode_post
from bot.storage.engine import Database, StorageError
from bot.storage.movable import MOVABLE
from bot.storage.tables import chats, edition_parts, editions, issues, lanes, parts, publications


@dataclass(frozen=True, slots=True)
class Audience:
    """Chats that take the same edition: how many of them have no publication of the issue yet.

    `keys` are the variants as their rows have them: several may come to the same, and one written by an older version
    of the bot may be spelled otherwise.
    """

    platform: str
    variant: Variant
    keys: tuple[str, ...] = ()
    count: int = 0


@dataclass(frozen=True, slots=True)
class PlannedPart:
    """One part of an edition: the section it belongs to (None: the header) and the call that delivers it.

    `title` is the section's, `entries` are the ids of the entries that begin in it. `post` is what a header was
    composed of, with anchors for its links.
    """

    section: int | None
    payload: Payload
    title: str = ""
    entries: tuple[int, ...] = ()
    post: Post | None = None


@dataclass(frozen=True, slots=True)
class Planned:
    """What planning added."""

    publications: int = 0
    parts: int = 0

    def __add__(self, other: Planned) -> Planned:
        return Planned(self.publications + other.publications, self.parts + other.parts)


Due = Callable[[Timing], datetime]
"""When the first part of what is planned now is due in a chat of this timing."""


@dataclass(frozen=True, slots=True)
class Target:
    """Which chats are meant: every subscribed one, or those named."""

    chat_ids: tuple[int, ...] | None = None


_failed = exists().where(parts.c.publication_id == publications.c.id, parts.c.status == PartStatus.FAILED.value)
_reached = exists().where(publications.c.issue_id == issues.c.id, publications.c.chat_id == bindparam("chat"), ~_failed)
_MISSED = (
    select(issues.c.number)
    .where(
        ~_reached,
        issues.c.published_at >= select(chats.c.subscribed_at).where(chats.c.id == bindparam("chat")).scalar_subquery(),
    )
    .order_by(issues.c.number)
)


class PublicationStore:
    """Writes plans."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def target(self, addresses: Sequence[Address]) -> Target:
        """Return the target that names these chats; the chats must have been met."""
        async with self._database.read() as connection:
            found = await find_ids(connection, addresses)
        return Target(tuple(found.values()))

    async def missed(self, address: Address) -> tuple[int, ...]:
        """Return the numbers of the issues that were published since a chat subscribed and did not reach it whole."""
        async with self._database.read() as connection:
            chat_id = (await find_ids(connection, [address])).get(address)
            rows = await connection.execute(_MISSED, {"chat": chat_id}) if chat_id is not None else ()
            return tuple(row.number for row in rows)

    async def resend_missed(self, address: Address, *, now: datetime) -> None:
        """Have the parts of begun issues that failed, because the chat could not be written to, sent again."""

        def at_once(_timing: Timing) -> datetime:
            return now

        async with self._database.write() as connection:
            chat_id = (await find_ids(connection, [address])).get(address)
            whose = publications.c.chat_id == chat_id
            theirs = select(publications.c.id).where(whose)
            failed = and_(parts.c.publication_id.in_(theirs), parts.c.status == PartStatus.FAILED.value)
            await connection.execute(
                update(parts).where(failed).values(status=PartStatus.PENDING.value, error="", updated_at=now)
            )
            await open_again(connection, whose, at_once)

    async def audiences(self, issue_number: int, target: Target) -> tuple[Audience, ...]:
        """Return the groups of chats that are to receive an issue and have no publication of it."""
        waiting = _waiting(issue_number, target)
        statement = (
            select(chats.c.platform, chats.c.variant, func.count().label("size"))
            .where(waiting)
            .group_by(chats.c.platform, chats.c.variant)
            .order_by(chats.c.platform, chats.c.variant)
        )
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        return tuple(Audience(row.platform, VARIANT.decode(row.variant), (row.variant,), row.size) for row in rows)

    async def plan(
        self,
        issue_number: int,
        audience: Audience,
        edition: Sequence[PlannedPart],
        *,
        target: Target,
        now: datetime,
        due: Due,
        sections: frozenset[int] | None = None,
    ) -> Planned:
        """Plan an edition for every chat of an audience, in one transaction.

        `due` tells when a chat's first part is due; `sections` limits the parts to those sections and the header, and
        leaves the others to be planned later.
        """
        async with self._database.write() as connection:
            edition_id = await store_edition(connection, issue_number, audience, edition, now)
            last = await connection.scalar(select(func.coalesce(func.max(publications.c.id), 0)))
            new_publications = await connection.execute(
                insert(publications).from_select(
                    ["issue_id", "chat_id", "edition_id", "token", "created_at"],
                    select(
                        _issue_id(issue_number),
                        chats.c.id,
                        literal(edition_id),
                        text("lower(hex(randomblob(16)))"),
                        literal(now, publications.c.created_at.type),
                    ).where(
                        _waiting(issue_number, target),
                        chats.c.platform == audience.platform,
                        chats.c.variant.in_(_values(audience.keys)),
                    ),
                )
            )
            these = and_(publications.c.edition_id == edition_id, publications.c.id > last)
            added = await add_parts(connection, these, sections, now, due)
            return Planned(new_publications.rowcount, added)

    async def complete(
        self, issue_number: int, *, target: Target, now: datetime, due: Due, sections: frozenset[int] | None = None
    ) -> Planned:
        """Plan the sections that earlier plans of the same publications left out."""
        whose = publications.c.issue_id == _issue_id(issue_number)
        if target.chat_ids is not None:
            whose = and_(whose, publications.c.chat_id.in_(target.chat_ids))
        async with self._database.write() as connection:
            return Planned(0, await add_parts(connection, whose, sections, now, due))

    async def issue_id(self, number: int) -> int:
        """Return the stored identity of an issue. Raises StorageError where there is none of this number."""
        async with self._database.read() as connection:
            found: int | None = await connection.scalar(select(issues.c.id).where(issues.c.number == number))
        if found is None:
            raise StorageError(f"there is no issue {number}")
        return found


def _waiting(issue_number: int, target: Target) -> ColumnElement[bool]:
    """Match the chats that are meant and have no publication of the issue."""
    published = exists().where(publications.c.chat_id == chats.c.id, publications.c.issue_id == _issue_id(issue_number))
    if target.chat_ids is None:
        meant: ColumnElement[bool] = chats.c.status == SubscriptionStatus.ACTIVE.value
    else:
        meant = chats.c.id.in_(target.chat_ids)
    return and_(meant, ~published)


def _values(texts: Sequence[str]) -> Select[tuple[str]]:
    """Select texts, however many: a statement takes some thousand parameters at most."""
    return select(func.json_each(json.dumps(texts)).table_valued("value").c.value)


def _issue_id(issue_number: int) -> Any:
    return select(issues.c.id).where(issues.c.number == issue_number).scalar_subquery()


async def store_edition(
    connection: AsyncConnection, issue_number: int, audience: Audience, edition: Iterable[PlannedPart], now: datetime
) -> int:
    """Store an edition, or find the one that has the same content; returns its identity."""
    rows = [
        {
            "position": position,
            "section": part.section,
            "title": part.title,
            "entries": json.dumps(part.entries),
            "payload": encode_payload(part.payload),
            "post": encode_post(part.post) if part.post else None,
        }
        for position, part in enumerate(edition)
    ]
    digest = hashlib.sha256("\n".join(f"{row['section']} {row['payload']}" for row in rows).encode()).hexdigest()
    issue_id = await connection.scalar(select(issues.c.id).where(issues.c.number == issue_number))
    key = {
        "issue_id": issue_id,
        "platform": audience.platform,
        "variant": VARIANT.encode(audience.variant),
        "content_hash": digest,
    }
    known = await connection.scalar(
        select(editions.c.id).where(*(editions.c[name] == value for name, value in key.items()))
    )
    if known is not None:
        return int(known)
    edition_id = await connection.scalar(insert(editions).values(key | {"created_at": now}).returning(editions.c.id))
    if rows:
        await connection.execute(insert(edition_parts), [row | {"edition_id": edition_id} for row in rows])
    return int(edition_id or 0)


async def add_parts(
    connection: AsyncConnection,
    whose: ColumnElement[bool],
    sections: frozenset[int] | None,
    now: datetime,
    due: Due,
) -> int:
    """Add the parts that matching publications lack, open these again, and give their chats a lane."""
    wanted: ColumnElement[bool] = (
        literal(value=True)
        if sections is None
        else or_(edition_parts.c.section.is_(None), edition_parts.c.section.in_(sections))
    )
    planned = exists().where(parts.c.publication_id == publications.c.id, parts.c.position == edition_parts.c.position)
    added = await connection.execute(
        insert(parts).from_select(
            ["publication_id", "position", "status", "updated_at"],
            select(
                publications.c.id,
                edition_parts.c.position,
                literal(PartStatus.PENDING.value),
                literal(now, parts.c.updated_at.type),
            )
            .join(edition_parts, edition_parts.c.edition_id == publications.c.edition_id)
            .where(whose, wanted, ~planned)
            .order_by(publications.c.id, edition_parts.c.position),
        )
    )
    if not added.rowcount:
        return 0
    await open_again(connection, whose, due)
    return added.rowcount


async def open_again(connection: AsyncConnection, whose: ColumnElement[bool], due: Due) -> None:
    """Open the matching publications that have something to do, and give their chats a lane."""
    movable = exists().where(parts.c.publication_id == publications.c.id, MOVABLE)
    await connection.execute(update(publications).where(whose, movable).values(finished_at=None))
    waiting = select(chats.c.timing).join(publications, publications.c.chat_id == chats.c.id).where(whose, movable)
    for row in (await connection.execute(waiting.distinct())).all():
        lane = upsert(lanes).from_select(
            ["chat_id", "platform", "workspace", "due_at"],
            select(
                chats.c.id,
                chats.c.platform,
                chats.c.workspace,
                literal(due(TIMING.decode(row.timing)), lanes.c.due_at.type),
            )
            .join(publications, publications.c.chat_id == chats.c.id)
            .where(whose, movable, chats.c.timing == row.timing)
            .group_by(chats.c.id),
        )
        await connection.execute(lane.on_conflict_do_nothing())
