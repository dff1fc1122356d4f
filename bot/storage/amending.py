"""What was delivered of an issue, edition by edition, and the editions that take their place after an edit."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update

from bot.model.chat import Address, ChatKind, Timing
from bot.model.delivery import Degradation, PartStatus, Payload
from bot.storage.codec import VARIANT, decode_payload
from bot.storage.engine import Database
from bot.storage.publishing import Audience, PlannedPart, add_parts, store_edition
from bot.storage.tables import chats, edition_parts, editions, issues, parts, publications

BATCH = 200
"""Deliveries read at a time."""

_EDITIONS = (
    select(editions.c.id, editions.c.platform, editions.c.variant)
    .join(issues, issues.c.id == editions.c.issue_id)
    .where(
        issues.c.number == bindparam("issue_number"),
        editions.c.id.in_(select(publications.c.edition_id).distinct()),
    )
    .order_by(editions.c.platform, editions.c.id)
)
_CONTENT = (
    select(edition_parts.c.section, edition_parts.c.payload, edition_parts.c.title, edition_parts.c.entries)
    .where(edition_parts.c.edition_id == bindparam("edition"))
    .order_by(edition_parts.c.position)
)
_DELIVERIES = (
    select(publications.c.id, chats.c.platform, chats.c.workspace, chats.c.chat, chats.c.thread, chats.c.kind)
    .join(chats, chats.c.id == publications.c.chat_id)
    .where(publications.c.edition_id == bindparam("edition"), publications.c.id > bindparam("after"))
    .order_by(publications.c.id)
    .limit(BATCH)
)
_SENT = (
    select(parts.c.position, parts.c.message_ids, parts.c.degradation, parts.c.thread)
    .where(parts.c.publication_id == bindparam("publication"), parts.c.status == PartStatus.SENT.value)
    .order_by(parts.c.position)
)


@dataclass(frozen=True, slots=True)
class UsedEdition:
    """An edition that some chat was given."""

    id: int
    audience: Audience
    parts: tuple[PlannedPart, ...]


@dataclass(frozen=True, slots=True)
class SentPart:
    """A part that stands in a chat."""

    position: int
    message_ids: tuple[str, ...]
    degradation: Degradation
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class Delivered:
    """What stands of an edition in one chat."""

    publication_id: int
    chat: Address
    kind: ChatKind
    parts: tuple[SentPart, ...]


class AmendingStore:
    """Reads what was delivered, and moves deliveries to new editions."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def editions(self, issue_number: int) -> tuple[UsedEdition, ...]:
        """Return the editions of an issue that chats were given."""
        async with self._database.read() as connection:
            found = []
            for row in (await connection.execute(_EDITIONS, {"issue_number": issue_number})).all():
                content = (await connection.execute(_CONTENT, {"edition": row.id})).all()
                audience = Audience(row.platform, VARIANT.decode(row.variant))
                planned = tuple(
                    PlannedPart(part.section, decode_payload(part.payload), part.title, tuple(json.loads(part.entries)))
                    for part in content
                )
                found.append(UsedEdition(row.id, audience, planned))
        return tuple(found)

    async def delivered(self, edition_id: int, *, after: int = 0) -> tuple[Delivered, ...]:
        """Return the next `BATCH` deliveries of an edition behind a publication's id."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_DELIVERIES, {"edition": edition_id, "after": after})).all()
            found = []
            for row in rows:
                sent = (await connection.execute(_SENT, {"publication": row.id})).all()
                found.append(
                    Delivered(
                        row.id,
                        Address(row.platform, row.chat, row.thread, row.workspace),
                        ChatKind(row.kind),
                        tuple(
                            SentPart(
                                part.position,
                                tuple(json.loads(part.message_ids)),
                                Degradation(part.degradation),
                                part.thread,
                            )
                            for part in sent
                        ),
                    )
                )
        return tuple(found)

    async def store(
        self, issue_number: int, edition: UsedEdition, content: Sequence[PlannedPart], *, now: datetime
    ) -> int:
        """Store the edition that takes another's place; returns its identity."""
        async with self._database.write() as connection:
            return await store_edition(connection, issue_number, edition.audience, content, now)

    async def move(self, publication_id: int, edition_id: int) -> None:
        """Note that a chat has been given another edition; parts it has yet to receive come from that one."""
        async with self._database.write() as connection:
            statement = update(publications).where(publications.c.id == publication_id).values(edition_id=edition_id)
            await connection.execute(statement)

    async def add_missing(self, edition_id: int, *, now: datetime) -> int:
        """Plan the parts of an edition that its chats do not have; returns how many."""

        def at_once(_timing: Timing) -> datetime:
            return now

        async with self._database.write() as connection:
            return await add_parts(connection, publications.c.edition_id == edition_id, None, now, at_once)


def same(one: Payload, other: Payload) -> bool:
    """Tell whether two payloads are the same as JSON: a stored one has lists where a fresh one may have tuples."""
    return json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
