"""Rooms of the local web chat: their messages, and in which order they changed.

Several processes write here (`bot post` beside `bot run`), and each reader follows a room by its revisions. So a
revision is taken by updating the room's own row: whoever holds that row's lock commits before the next one is numbered,
and a reader who has seen revision 7 never meets a 6 later.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from pydantic import TypeAdapter
from sqlalchemy import (
    Column,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    RowMapping,
    Table,
    Text,
    UniqueConstraint,
    select,
    update,
)
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.command import Attachment, Buttons
from bot.model.room import RoomContent, RoomMessage, RoomPage
from bot.storage.engine import Database
from bot.storage.tables import UtcDateTime, metadata

web_rooms = Table(
    "web_rooms",
    metadata,
    Column("name", Text, primary_key=True),
    Column("revision", Integer, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)

web_messages = Table(
    "web_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("room", ForeignKey("web_rooms.name", ondelete="CASCADE"), nullable=False),
    Column("revision", Integer, nullable=False),
    Column("author", Text, nullable=False),
    Column("reference", Text),  # the part this message is, where it is one
    Column("html", Text, nullable=False),
    Column("text", Text, nullable=False),
    Column("buttons", Text, nullable=False, server_default="[]"),
    Column("file", Text, nullable=False, server_default=""),
    Column("created_at", UtcDateTime, nullable=False),
    Column("edited_at", UtcDateTime),
    UniqueConstraint("room", "revision"),
    UniqueConstraint("room", "reference"),
    Index("ix_web_messages_room", "room", "id"),
)

web_files = Table(
    "web_files",
    metadata,
    Column("message_id", ForeignKey("web_messages.id", ondelete="CASCADE"), primary_key=True, autoincrement=False),
    Column("content", LargeBinary, nullable=False),
)

_BUTTONS: TypeAdapter[Buttons] = TypeAdapter(Buttons)


class RoomStore:
    """Rooms that outlive the process and that several processes write to."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def enter(self, room: str, *, now: datetime) -> bool:
        """Make the room where there is none; tell whether it is new."""
        async with self._database.write() as connection:
            return await _enter(connection, room, now=now)

    async def names(self) -> Sequence[str]:
        """Return the names of all rooms, in the order of the alphabet."""
        async with self._database.read() as connection:
            return (await connection.scalars(select(web_rooms.c.name).order_by(web_rooms.c.name))).all()

    async def append(
        self,
        room: str,
        author: str,
        *,
        content: RoomContent,
        now: datetime,
        reference: str | None = None,
        attachment: Attachment | None = None,
    ) -> RoomMessage:
        """Add a message, and the room where there is none; a `reference` that stands already is not added again."""
        async with self._database.write() as connection:
            await _enter(connection, room, now=now)
            if reference is not None and (standing := await _find(connection, room, reference=reference)):
                return standing
            values = {
                "room": room,
                "revision": await _next_revision(connection, room),
                "author": author,
                "reference": reference,
                "file": attachment.name if attachment else "",
                "created_at": now,
                **_columns(content),
            }
            row = (await connection.execute(insert(web_messages).values(values).returning(web_messages))).one()
            if attachment:
                await connection.execute(insert(web_files).values(message_id=row.id, content=attachment.content))
            return _message(row._mapping)  # noqa: SLF001 - SQLAlchemy's documented name for a row by columns

    async def edit(
        self, room: str, message_id: int, *, content: RoomContent, edited_at: datetime | None = None
    ) -> RoomMessage | None:
        """Give a message new content; None where there is no such message. Equal content changes nothing.

        Without `edited_at` the message does not count as edited: a page that was turned was not wrong before.
        """
        async with self._database.write() as connection:
            standing = await _find(connection, room, id=message_id)
            if standing is None or standing.content == content:
                return standing
            values = {"revision": await _next_revision(connection, room), **_columns(content)}
            if edited_at is not None:
                values["edited_at"] = edited_at
            change = update(web_messages).where(web_messages.c.id == message_id).values(values)
            await connection.execute(change)
            return await _find(connection, room, id=message_id)

    async def by_reference(self, room: str, reference: str) -> RoomMessage | None:
        """Return the message that was added with this reference."""
        async with self._database.read() as connection:
            return await _find(connection, room, reference=reference)

    async def history(self, room: str, *, before: int | None = None, limit: int) -> RoomPage:
        """Return the last messages, or the last ones before a message id."""
        query = select(web_messages).where(web_messages.c.room == room)
        if before is not None:
            query = query.where(web_messages.c.id < before)
        async with self._database.read() as connection:
            rows = (
                (await connection.execute(query.order_by(web_messages.c.id.desc()).limit(limit + 1))).mappings().all()
            )
            revision = await _revision(connection, room)
        return RoomPage(
            messages=tuple(_message(row) for row in reversed(rows[:limit])),
            revision=revision,
            earlier=len(rows) > limit,
        )

    async def since(self, room: str, revision: int, *, limit: int) -> Sequence[RoomMessage]:
        """Return what changed after a revision, in the order of the changes: each message once, as it stands now."""
        changed = (web_messages.c.room == room, web_messages.c.revision > revision)
        query = select(web_messages).where(*changed).order_by(web_messages.c.revision).limit(limit)
        async with self._database.read() as connection:
            return [_message(row) for row in (await connection.execute(query)).mappings()]

    async def revision(self, room: str) -> int:
        """Return the number of the room's last change, 0 for a room without any."""
        async with self._database.read() as connection:
            return await _revision(connection, room)

    async def attachment(self, room: str, message_id: int) -> Attachment | None:
        """Return the file attached to a message."""
        query = (
            select(web_messages.c.file, web_files.c.content)
            .join(web_files, web_files.c.message_id == web_messages.c.id)
            .where(web_messages.c.room == room, web_messages.c.id == message_id)
        )
        async with self._database.read() as connection:
            row = (await connection.execute(query)).one_or_none()
        return Attachment(name=row.file, content=row.content) if row else None


async def _enter(connection: AsyncConnection, room: str, *, now: datetime) -> bool:
    new = insert(web_rooms).values(name=room, revision=0, created_at=now).on_conflict_do_nothing()
    return (await connection.execute(new)).rowcount > 0


async def _next_revision(connection: AsyncConnection, room: str) -> int:
    taken = update(web_rooms).where(web_rooms.c.name == room).values(revision=web_rooms.c.revision + 1)
    return int((await connection.execute(taken.returning(web_rooms.c.revision))).scalar_one())


async def _revision(connection: AsyncConnection, room: str) -> int:
    return int(await connection.scalar(select(web_rooms.c.revision).where(web_rooms.c.name == room)) or 0)


async def _find(connection: AsyncConnection, room: str, **key: object) -> RoomMessage | None:
    query = select(web_messages).where(web_messages.c.room == room).filter_by(**key)
    row = (await connection.execute(query)).mappings().one_or_none()
    return _message(row) if row else None


def _columns(content: RoomContent) -> dict[str, str]:
    return {
        "html": content.html,
        "text": content.text,
        "buttons": _BUTTONS.dump_json(content.buttons, exclude_defaults=True).decode(),
    }


def _message(row: RowMapping) -> RoomMessage:
    return RoomMessage(
        id=row["id"],
        room=row["room"],
        author=row["author"],
        content=RoomContent(html=row["html"], text=row["text"], buttons=_BUTTONS.validate_json(row["buttons"])),
        revision=row["revision"],
        created_at=row["created_at"],
        edited_at=row["edited_at"],
        file=row["file"],
    )
