"""Claiming: the first part of each leased chat that is not at its end, with all that sending it takes."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import Any

from sqlalchemy import Select, and_, bindparam, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address, ChatKind, Routing, Timing
from bot.model.delivery import Degradation, Part, PartStatus, Stop
from bot.storage.codec import PREFERENCES, TIMING, decode_payload
from bot.storage.movable import MOVABLE
from bot.storage.tables import chats, edition_parts, lanes, parts, publications

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
_lead = parts.alias()
_HEADS: Select[Any] = (
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
        parts.c.thread.label("went_to"),
        parts.c.updated_at,
        parts.c.publication_id,
        publications.c.token,
        publications.c.issue_id,
        publications.c.shut,
        chats.c.timing,
        chats.c.preferences,
        edition_parts.c.payload,
        edition_parts.c.section,
        edition_parts.c.title,
        _lead.c.status.label("lead_status"),
        _lead.c.message_ids.label("lead_ids"),
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
    .outerjoin(_lead, and_(_lead.c.publication_id == parts.c.publication_id, _lead.c.position == 0))
    .where(lanes.c.chat_id.in_(bindparam("leased", expanding=True)))
    .order_by(lanes.c.due_at)
)


@dataclass(frozen=True, slots=True)
class Claim:
    """A part that this worker may move on, and nobody else until the lease runs out.

    `part.status` is `SENDING` (send it now) or `UNCERTAIN` (look for it first). `section` is the title of its section.
    `ends_section` tells that the part behind it belongs to another one; the header and the first section belong
    together. `called_at` is when the call of an uncertain part was made.
    """

    part: Part
    chat_id: int
    issue_id: int
    kind: ChatKind
    timing: Timing = Timing()
    section: str = ""
    ends_section: bool = False
    called_at: datetime | None = None


async def fetch_heads(connection: AsyncConnection, leased: Sequence[int]) -> Sequence[Any]:
    """Return a row for each of these lanes: its first open part, or nothing where `part_id` is None."""
    return list(await connection.execute(_HEADS, {"leased": leased}))


def read_claim(row: Any, status: PartStatus, thread: str | None) -> Claim:
    """Return the claim of a row's part, to be sent to or looked for in a thread (None: the chat's own address)."""
    part = Part(
        id=row.part_id,
        reference=f"{row.token}.{row.position}",
        chat=_address(row),
        position=row.position,
        payload=decode_payload(row.payload),
        status=status,
        attempts=row.attempts + (status is PartStatus.SENDING),
        degradation=Degradation(row.degradation),
        thread=thread,
    )
    return Claim(
        part,
        row.chat_id,
        row.issue_id,
        ChatKind(row.kind),
        timing=TIMING.decode(row.timing),
        section=row.title,
        ends_section=None not in (row.section, row.next_section) and row.section != row.next_section,
        called_at=row.updated_at,
    )


def read_stop(row: Any) -> Stop:
    """Return what decides where a row's part goes."""
    lead, *_ = json.loads(row.lead_ids or "[]") or [""]
    is_open = row.lead_status == PartStatus.UNCERTAIN.value
    return Stop(
        _address(row),
        _routing(row.preferences),
        row.position,
        section=row.title,
        lead=None if is_open else lead,
        shut=frozenset(json.loads(row.shut)),
    )


def _address(row: Any) -> Address:
    return Address(row.platform, row.chat, row.thread, row.workspace)


@lru_cache(maxsize=256)
def _routing(preferences: str) -> Routing:
    """Read where sections go; most chats have asked for the same."""
    return Routing.of(PREFERENCES.decode(preferences))
