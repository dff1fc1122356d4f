"""What earlier calls have left behind: where to look for a lost part, and how full a chat's window is."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import and_, bindparam, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address
from bot.model.delivery import PartStatus, Trace
from bot.storage.claiming import Claim
from bot.storage.tables import chats, parts, publications

LAST = 60
"""Delivered parts whose messages say where a lost one is to be looked for, and where not."""

Call = tuple[datetime, int]
"""When a call was made, or had ended, and how many messages it made."""

_whose = chats.alias()
_SAME_CHAT = and_(*(chats.c[name] == _whose.c[name] for name in ("platform", "workspace", "chat")))
_LAST_SENT = (
    select(parts.c.message_ids, parts.c.updated_at)
    .select_from(_whose)
    .join(chats, _SAME_CHAT)
    .join(publications, publications.c.chat_id == chats.c.id)
    .join(parts, parts.c.publication_id == publications.c.id)
    .where(_whose.c.id == bindparam("whose"), parts.c.message_ids != "[]")
    .order_by(publications.c.id.desc(), parts.c.position.desc())
    .limit(LAST)
)
_RECENT = (
    select(chats.c.platform, chats.c.workspace, chats.c.chat, parts.c.updated_at, parts.c.message_ids)
    .select_from(_whose)
    .join(chats, _SAME_CHAT)
    .join(publications, publications.c.chat_id == chats.c.id)
    .join(parts, parts.c.publication_id == publications.c.id)
    .where(
        _whose.c.id.in_(bindparam("whose", expanding=True)),
        or_(publications.c.finished_at.is_(None), publications.c.finished_at >= bindparam("since")),
        parts.c.updated_at >= bindparam("since"),
        parts.c.status.in_((PartStatus.SENT.value, PartStatus.SENDING.value, PartStatus.UNCERTAIN.value)),
        parts.c.id.not_in(bindparam("claimed", expanding=True)),
    )
    .order_by(parts.c.updated_at)
)


async def fetch_trace(connection: AsyncConnection, claim: Claim) -> Trace:
    """Return what is known of a claimed part whose answer was lost."""
    rows = (await connection.execute(_LAST_SENT, {"whose": claim.chat_id})).all()
    return Trace(
        claim.part.reference,
        claim.called_at or datetime.min.replace(tzinfo=UTC),
        {message_id: row.updated_at for row in rows for message_id in json.loads(row.message_ids)},
    )


async def fetch_calls(
    connection: AsyncConnection, claims: Sequence[Claim], since: datetime
) -> dict[Address, list[Call]]:
    """Return when the chats of these claims, whatever their thread, were sent something, oldest first."""
    calls: dict[Address, list[Call]] = {}
    asked = {
        "whose": [claim.chat_id for claim in claims],
        "claimed": [claim.part.id for claim in claims if claim.part.status is PartStatus.SENDING],
        "since": since,
    }
    for row in await connection.execute(_RECENT, asked):
        address = Address(row.platform, row.chat, workspace=row.workspace)
        calls.setdefault(address, []).append((row.updated_at, len(json.loads(row.message_ids)) or 1))
    return calls
