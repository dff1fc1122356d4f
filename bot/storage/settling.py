"""Parts that nobody could tell of: shown, looked for once more, or settled by a person's word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, exists, select, update

from bot.model.chat import Address, SubscriptionStatus, Timing
from bot.model.delivery import Degradation, PartStatus
from bot.storage.codec import PREFERENCES
from bot.storage.engine import Database
from bot.storage.publishing import open_again
from bot.storage.tables import chats, issues, parts, publications

_AT_ONCE = 500
"""Ids in one statement: SQLite takes only so many parameters."""


@dataclass(frozen=True, slots=True)
class OpenQuestion:
    """A part that may or may not have arrived."""

    part_id: int
    issue: int
    chat: Address
    position: int
    error: str
    is_answered: bool = False
    """Whether it is a header that its sections are to answer, where the platform has threads."""


class SettlingStore:
    """Settles uncertain parts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def questions(
        self, *, issue: int | None = None, chat: Address | None = None, position: int | None = None
    ) -> tuple[OpenQuestion, ...]:
        """Return the uncertain parts, all or those of an issue, a chat, a position."""
        statement = (
            select(
                parts.c.id,
                issues.c.number,
                chats.c.platform,
                chats.c.chat,
                chats.c.thread,
                chats.c.workspace,
                parts.c.position,
                parts.c.error,
                chats.c.preferences,
            )
            .join(publications, publications.c.id == parts.c.publication_id)
            .join(issues, issues.c.id == publications.c.issue_id)
            .join(chats, chats.c.id == publications.c.chat_id)
            .where(parts.c.status == PartStatus.UNCERTAIN.value)
            .order_by(issues.c.number, chats.c.id, parts.c.position)
        )
        if issue is not None:
            statement = statement.where(issues.c.number == issue)
        if position is not None:
            statement = statement.where(parts.c.position == position)
        async with self._database.read() as connection:
            rows = (await connection.execute(statement)).all()
        found = (
            OpenQuestion(
                row.id,
                row.number,
                Address(row.platform, row.chat, row.thread, row.workspace),
                row.position,
                row.error,
                is_answered=row.position == 0 and PREFERENCES.decode(row.preferences).threaded,
            )
            for row in rows
        )
        return tuple(question for question in found if chat is None or question.chat == chat)

    async def look_again(self, questions: Sequence[OpenQuestion], *, now: datetime) -> None:
        """Have these parts looked for as if for the first time."""
        await self._change(questions, {"searches": 0}, now)

    async def declare_sent(self, questions: Sequence[OpenQuestion], *, now: datetime, message_id: str = "") -> None:
        """Take a person's word that these parts have arrived; of a single one they may know the message that it is."""
        known = {"message_ids": json.dumps([message_id])} if message_id else {}
        await self._change(questions, {"status": PartStatus.SENT.value, "error": "", "updated_at": now} | known, now)

    async def declare_lost(self, questions: Sequence[OpenQuestion], *, now: datetime) -> None:
        """Take a person's word that these parts have not arrived, and have them sent."""
        await self._change(questions, {"status": PartStatus.PENDING.value, "updated_at": now}, now)

    async def retry(self, issue: int, *, now: datetime) -> int:
        """Have what failed or was skipped of an issue sent again, in the chats that receive; returns how many chats.

        A suspended chat stays as it is: when it comes back, it is offered what it missed.
        """

        def at_once(_timing: Timing) -> datetime:
            return now

        stuck = parts.c.status.in_((PartStatus.FAILED.value, PartStatus.SKIPPED.value))
        whose = (
            select(publications.c.id)
            .join(issues, issues.c.id == publications.c.issue_id)
            .join(chats, chats.c.id == publications.c.chat_id)
            .where(
                issues.c.number == issue,
                chats.c.status == SubscriptionStatus.ACTIVE.value,
                exists().where(parts.c.publication_id == publications.c.id, stuck),
            )
        )
        async with self._database.write() as connection:
            ids = [row.id for row in await connection.execute(whose)]
            again = {"status": PartStatus.PENDING.value, "degradation": Degradation.NONE.value, "error": ""}
            for start in range(0, len(ids), _AT_ONCE):
                some = ids[start : start + _AT_ONCE]
                await connection.execute(
                    update(parts).where(parts.c.publication_id.in_(some), stuck).values(again | {"updated_at": now})
                )
                await open_again(connection, publications.c.id.in_(some), at_once)
            return len(ids)

    async def _change(self, questions: Sequence[OpenQuestion], values: dict[str, object], now: datetime) -> None:
        ids = [question.part_id for question in questions]

        def at_once(_timing: Timing) -> datetime:
            return now

        async with self._database.write() as connection:
            # What was found or sent since the question was asked is no question any more.
            open_still = and_(parts.c.id.in_(ids), parts.c.status == PartStatus.UNCERTAIN.value)
            await connection.execute(update(parts).where(open_still).values(values))
            whose = publications.c.id.in_(select(parts.c.publication_id).where(parts.c.id.in_(ids)))
            await open_again(connection, whose, at_once)
