"""Numbers for those who run the bot: who receives, what went where, what readers keep and ask for.

Everything is counted by the database: nothing here grows with the number of chats.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, case, func, literal, select

from bot.model.chat import Address, ChatKind, SubscriptionStatus
from bot.model.delivery import PartStatus
from bot.storage.engine import Database
from bot.storage.reports import CONCERN
from bot.storage.tables import chats, entries, issues, parts, publications, saved, topic_requests

MOST_ASKED = 5
"""Topics that are named."""


@dataclass(frozen=True, slots=True)
class ChatCount:
    """How many chats of a platform and a kind have a status."""

    platform: str
    kind: ChatKind
    status: SubscriptionStatus
    count: int


@dataclass(frozen=True, slots=True)
class Statistics:
    """Everything that is counted. `asked` are the topics that readers open most, with how often."""

    chats: tuple[ChatCount, ...]
    watching: int
    issues: int
    entries: int
    savers: int
    saved: int
    asked: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Delivery:
    """How an issue stands in one chat: how many of its parts were sent, and why the worst one was not."""

    chat: Address
    title: str
    status: PartStatus
    sent: int
    total: int
    error: str = ""


@dataclass(frozen=True, slots=True)
class DeliveryPage:
    """A stretch of an issue's deliveries, those that most need a look first; `states` counts all of them."""

    deliveries: tuple[Delivery, ...]
    offset: int
    states: Mapping[PartStatus, int]

    @property
    def total(self) -> int:
        """Return how many chats the issue was published to."""
        return sum(self.states.values())


_RANK = case({status.value: rank for rank, status in enumerate(CONCERN)}, value=parts.c.status)
_CHATS = (
    select(chats.c.platform, chats.c.kind, chats.c.status, func.count().label("size"))
    .where(chats.c.status.is_not(None))
    .group_by(chats.c.platform, chats.c.kind, chats.c.status)
    .order_by(chats.c.platform, func.count().desc())
)
_WATCHING = (
    select(func.count())
    .select_from(chats)
    .where(
        chats.c.status == SubscriptionStatus.ACTIVE.value,
        func.json_array_length(chats.c.preferences, "$.watches") > 0,
    )
)
_SAVED = select(func.count(func.distinct(saved.c.person)).label("savers"), func.count().label("entries"))
_ASKED = (
    select(topic_requests.c.topic, topic_requests.c.times)
    .order_by(topic_requests.c.times.desc(), topic_requests.c.topic)
    .limit(MOST_ASKED)
)


def _states(number: int) -> Select[Any]:
    """Select an issue's publications with the rank of their state."""
    return (
        select(
            publications.c.id,
            publications.c.chat_id,
            func.min(_RANK).label("rank"),
            func.sum(case((parts.c.status == PartStatus.SENT.value, 1), else_=0)).label("sent"),
            func.count().label("total"),
        )
        .join(issues, issues.c.id == publications.c.issue_id)
        .join(parts, parts.c.publication_id == publications.c.id)
        .where(issues.c.number == number)
        .group_by(publications.c.id)
    )


class SummaryStore:
    """Counts."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def statistics(self) -> Statistics:
        """Return everything that is counted."""
        async with self._database.read() as connection:
            counted = [
                ChatCount(row.platform, ChatKind(row.kind), SubscriptionStatus(row.status), row.size)
                for row in await connection.execute(_CHATS)
            ]
            kept = (await connection.execute(_SAVED)).one()
            return Statistics(
                chats=tuple(counted),
                watching=int(await connection.scalar(_WATCHING) or 0),
                issues=int(await connection.scalar(select(func.count()).select_from(issues)) or 0),
                entries=int(await connection.scalar(select(func.count()).select_from(entries)) or 0),
                savers=kept.savers,
                saved=kept.entries,
                asked=tuple((row.topic, row.times) for row in await connection.execute(_ASKED)),
            )

    async def deliveries(self, issue: int, *, limit: int, offset: int = 0) -> DeliveryPage:
        """Return how an issue stands, chat by chat."""
        states = _states(issue).subquery()
        counted = select(states.c.rank, func.count().label("size")).group_by(states.c.rank)
        why = (
            select(parts.c.error)
            .where(parts.c.publication_id == states.c.id, states.c.rank == _RANK, parts.c.error != literal(""))
            .order_by(parts.c.position)
            .limit(1)
            .scalar_subquery()
        )
        listed = (
            select(states, chats.c.platform, chats.c.workspace, chats.c.chat, chats.c.thread, chats.c.title)
            .add_columns(why.label("error"))
            .join(chats, chats.c.id == states.c.chat_id)
            .order_by(states.c.rank, chats.c.platform, chats.c.workspace, chats.c.chat, chats.c.thread)
            .limit(limit)
            .offset(offset)
        )
        async with self._database.read() as connection:
            sizes = {CONCERN[row.rank]: row.size for row in await connection.execute(counted)}
            rows = (await connection.execute(listed)).all()
        return DeliveryPage(tuple(_delivery(row) for row in rows), offset, sizes)

    async def latest_published(self) -> int | None:
        """Return the number of the newest issue that was published to any chat."""
        newest = select(func.max(issues.c.number)).join(publications, publications.c.issue_id == issues.c.id)
        async with self._database.read() as connection:
            number: int | None = await connection.scalar(newest)
            return number


def _delivery(row: Row[*tuple[Any, ...]]) -> Delivery:
    return Delivery(
        chat=Address(row.platform, row.chat, row.thread, row.workspace),
        title=row.title,
        status=CONCERN[row.rank],
        sent=row.sent,
        total=row.total,
        error=row.error or "",
    )
