"""Rooms of the local web chat: what is said in them, as the storage keeps it and the chat shows it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from bot.model.command import Buttons

ROOM_NAME = re.compile(r"[a-z0-9-]{1,32}")
"""What a room may be called: it stands in addresses of pages as it is."""


@dataclass(frozen=True, slots=True)
class RoomContent:
    """What a message says: `html` is safe markup made by a renderer, `text` the same in plain words."""

    html: str
    text: str
    buttons: Buttons = ()


@dataclass(frozen=True, slots=True)
class RoomMessage:
    """A message that stands in a room.

    `revision` numbers the room's changes: a new message and an edited one each get the next, in the order in which they
    become visible, so whoever knows a revision can ask for everything since. `file` is the name of an attached file.
    """

    id: int
    room: str
    author: str
    content: RoomContent
    revision: int
    created_at: datetime
    edited_at: datetime | None = None
    file: str = ""


@dataclass(frozen=True, slots=True)
class RoomPage:
    """A stretch of a room's history, oldest first, as it stood at `revision`; `earlier` tells that there is more."""

    messages: tuple[RoomMessage, ...]
    revision: int
    earlier: bool
