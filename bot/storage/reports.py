"""Who got what: the state of deliveries, read for people."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import and_, func, select

from bot.model.chat import Address
from bot.model.delivery import Degradation, PartStatus
from bot.storage.engine import Database
from bot.storage.publishing import Target
from bot.storage.tables import chats, edition_parts, issues, lanes, parts, publications

_PARTS = (
    select(
        issues.c.number,
        chats.c.platform,
        chats.c.workspace,
        chats.c.chat,
        chats.c.thread,
        chats.c.title,
        publications.c.id,
        parts.c.position,
        parts.c.status,
        parts.c.message_ids,
        parts.c.attempts,
        parts.c.error,
        parts.c.degradation,
        parts.c.thread.label("went_to"),
        edition_parts.c.title.label("section"),
        publications.c.shut,
        publications.c.finished_at,
        lanes.c.due_at,
    )
    .join(publications, publications.c.id == parts.c.publication_id)
    .outerjoin(lanes, lanes.c.chat_id == publications.c.chat_id)
    .outerjoin(  # an edit can have taken the part away
        edition_parts,
        and_(edition_parts.c.edition_id == publications.c.edition_id, edition_parts.c.position == parts.c.position),
    )
    .join(issues, issues.c.id == publications.c.issue_id)
    .join(chats, chats.c.id == publications.c.chat_id)
    .order_by(issues.c.number, chats.c.platform, chats.c.workspace, chats.c.chat, chats.c.thread, parts.c.position)
)
_ADDRESS = ("platform", "workspace", "chat", "thread")
_UNSETTLED = (
    select(parts.c.status, func.count().label("size"))
    .where(parts.c.status.in_((PartStatus.UNCERTAIN.value, PartStatus.FAILED.value, PartStatus.SKIPPED.value)))
    .group_by(parts.c.status)
)

CONCERN = (
    PartStatus.FAILED,
    PartStatus.UNCERTAIN,
    PartStatus.SKIPPED,
    PartStatus.SENDING,
    PartStatus.PENDING,
    PartStatus.SENT,
)
"""States of parts, those that most need a look first: a delivery stands as the first of these that it has."""


@dataclass(frozen=True, slots=True)
class PartReport:
    """How one part stands.

    `section` is the title of its section, "" of the header; `thread` is where in the chat it went, None for the chat's
    own address.
    """

    position: int
    status: PartStatus
    message_ids: tuple[str, ...]
    attempts: int
    error: str
    degradation: Degradation = Degradation.NONE
    section: str = ""
    thread: str | None = None


@dataclass(frozen=True, slots=True)
class DeliveryReport:
    """How one issue stands in one chat.

    `shut` are threads of it that could not be written to, each with the reason; `due_at` is when it goes on.
    """

    issue: int
    chat: Address
    title: str
    parts: tuple[PartReport, ...]
    shut: tuple[tuple[str, str], ...] = ()
    due_at: datetime | None = None

    @property
    def status(self) -> PartStatus:
        """The state that most needs a look: what failed before what is under way before what is done."""
        statuses = {part.status for part in self.parts}
        return next((status for status in CONCERN if status in statuses), PartStatus.SENT)

    def count(self, status: PartStatus) -> int:
        """Return how many parts have a status."""
        return sum(part.status is status for part in self.parts)


class ReportStore:
    """Reads the state of deliveries."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def deliveries(self, *, issue: int | None = None, chat: Address | None = None) -> tuple[DeliveryReport, ...]:
        """Return how every delivery stands, or those of one issue, or in one chat."""
        statement = _PARTS if issue is None else _PARTS.where(issues.c.number == issue)
        if chat is not None:
            statement = statement.where(*(chats.c[name] == getattr(chat, name) for name in _ADDRESS))
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        grouped: dict[int, list[int]] = {}
        for index, row in enumerate(rows):
            grouped.setdefault(row.id, []).append(index)
        return tuple(_report([rows[index] for index in indices]) for indices in grouped.values())

    async def unsettled(self) -> dict[PartStatus, int]:
        """Count the parts that did not arrive for certain and that nothing tries again by itself."""
        async with self._database.read() as connection:
            return {PartStatus(row.status): row.size for row in await connection.execute(_UNSETTLED)}

    async def platforms(self, issue_id: int) -> tuple[str, ...]:
        """Return the platforms that still have parts of an issue to deliver."""
        statement = (
            select(chats.c.platform)
            .join(publications, publications.c.chat_id == chats.c.id)
            .where(publications.c.issue_id == issue_id, publications.c.finished_at.is_(None))
            .distinct()
            .order_by(chats.c.platform)
        )
        async with self._database.read() as connection:
            return tuple(row.platform for row in await connection.execute(statement))

    async def tally(self, issue_id: int, target: Target) -> dict[PartStatus, int]:
        """Return how many parts of an issue have each status, in the chats meant."""
        statement = (
            select(parts.c.status, func.count().label("size"))
            .join(publications, publications.c.id == parts.c.publication_id)
            .where(publications.c.issue_id == issue_id)
            .group_by(parts.c.status)
        )
        if target.chat_ids is not None:
            statement = statement.where(publications.c.chat_id.in_(target.chat_ids))
        async with self._database.read() as connection:
            return {PartStatus(row.status): row.size for row in await connection.execute(statement)}


def _report(rows: Sequence[Any]) -> DeliveryReport:
    first = rows[0]
    return DeliveryReport(
        issue=first.number,
        chat=Address(first.platform, first.chat, first.thread, first.workspace),
        title=first.title,
        parts=tuple(
            PartReport(
                row.position,
                PartStatus(row.status),
                tuple(json.loads(row.message_ids)),
                row.attempts,
                row.error,
                Degradation(row.degradation),
                row.section or "",
                row.went_to,
            )
            for row in rows
        ),
        shut=tuple(json.loads(first.shut).items()),
        due_at=first.due_at if first.finished_at is None else None,
    )
