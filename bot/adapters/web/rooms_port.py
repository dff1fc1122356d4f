"""What the web chat needs of a storage: rooms that outlive the process and that several processes write to."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from bot.model.command import Attachment
from bot.model.room import RoomContent, RoomMessage, RoomPage

ROOM_NAME = re.compile(r"[a-z0-9-]{1,32}")
"""What a room may be called: it stands in addresses of pages as it is."""


class Rooms(Protocol):
    """Rooms with their messages. Raises StorageError where the database cannot do what is asked."""

    async def enter(self, room: str, *, now: datetime) -> bool:
        """Make the room where there is none; tell whether it is new."""
        ...

    async def names(self) -> Sequence[str]:
        """Return the names of all rooms, in the order of the alphabet."""
        ...

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
        """Add a message, and the room where there is none.

        Where a message with this `reference` stands in the room already, that one is returned and nothing is added.
        """
        ...

    async def edit(self, room: str, message_id: int, *, content: RoomContent, now: datetime) -> RoomMessage | None:
        """Give a message new content; None where there is no such message. Equal content changes nothing."""
        ...

    async def by_reference(self, room: str, reference: str) -> RoomMessage | None:
        """Return the message that was added with this reference."""
        ...

    async def history(self, room: str, *, before: int | None = None, limit: int) -> RoomPage:
        """Return the last messages, or the last ones before a message id."""
        ...

    async def since(self, room: str, revision: int, *, limit: int) -> Sequence[RoomMessage]:
        """Return what changed after a revision, in the order of the changes: each message once, as it stands now."""
        ...

    async def revision(self, room: str) -> int:
        """Return the number of the room's last change, 0 for a room without any."""
        ...

    async def attachment(self, room: str, message_id: int) -> Attachment | None:
        """Return the file attached to a message."""
        ...
