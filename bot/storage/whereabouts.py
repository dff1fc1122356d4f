"""Whereabouts: which message of a chat holds an entry that was delivered there."""

from __future__ import annotations

import json
from dataclasses import dataclass

from sqlalchemy import and_, bindparam, func, select

from bot.model.chat import Address
from bot.model.delivery import PartStatus
from bot.storage.engine import Database
from bot.storage.tables import chats, edition_parts, entries, parts, publications

_begun = func.json_each(edition_parts.c.entries).table_valued("value")
_FOUND = (
    select(
        chats.c.platform,
        chats.c.workspace,
        chats.c.chat,
        chats.c.thread,
        parts.c.thread.label("led_to"),
        parts.c.message_ids,
    )
    .select_from(entries)
    .join(publications, publications.c.issue_id == entries.c.issue_id)
    .join(chats, chats.c.id == publications.c.chat_id)
    .join(edition_parts, edition_parts.c.edition_id == publications.c.edition_id)
    .join(_begun, _begun.c.value == entries.c.id)
    .join(parts, and_(parts.c.publication_id == publications.c.id, parts.c.position == edition_parts.c.position))
    .where(
        entries.c.id == bindparam("entry"),
        chats.c.platform == bindparam("at_platform"),
        chats.c.workspace == bindparam("at_workspace"),
        chats.c.chat == bindparam("at_chat"),
        parts.c.status == PartStatus.SENT.value,
        parts.c.message_ids != "[]",
    )
    .order_by(chats.c.thread != bindparam("at_thread"), publications.c.id, parts.c.position)
    .limit(1)
)


@dataclass(frozen=True, slots=True)
class Whereabout:
    """A message: where it stands, and its name there."""

    place: Address
    message_id: str


class Whereabouts:
    """Finds what was delivered."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def find(self, chat: Address, entry_id: int) -> Whereabout | None:
        """Return the message in which an entry begins, in the thread asked for or else anywhere in its chat."""
        asked = {f"at_{name}": getattr(chat, name) for name in ("platform", "workspace", "chat", "thread")}
        async with self._database.read() as connection:
            row = (await connection.execute(_FOUND, asked | {"entry": entry_id})).one_or_none()
        if row is None:
            return None
        thread = row.thread if row.led_to is None else row.led_to
        return Whereabout(Address(row.platform, row.chat, thread, row.workspace), json.loads(row.message_ids)[0])
