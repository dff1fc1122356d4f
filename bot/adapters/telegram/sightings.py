"""Which messages are known, and whose they are: what a search for a lost message need not, or must not, touch.

Message ids run in sequence: those of a supergroup or a channel each in its own, those of all private chats and small
groups of a bot together in one. What the bot sends, is told or has delivered is noted here at once, and in the database
a moment later: there every answer of ours, and of the rest the newest, so that a restart knows about as much.
"""

from __future__ import annotations

import asyncio
import logging
from collections import OrderedDict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Final

from telegram import Bot, Chat
from telegram.constants import ChatType

from bot.adapters.interface import Services
from bot.adapters.telegram.addresses import NAME
from bot.model.chat import Address
from bot.model.delivery import Sighting
from bot.storage.engine import StorageError

log = logging.getLogger(__name__)

KEEP_SECONDS: Final = 1.0
"""How often what was seen is written down."""
REMEMBERED: Final = 2000
"""Messages of a sequence that are remembered beside those in the database, and sequences."""
_OWN_SEQUENCE = "-100"


@dataclass(frozen=True, slots=True)
class Known:
    """What is known of a sequence: the newest message from before a moment (`floor`), and those behind it."""

    floor: Sighting | None
    behind: Mapping[int, Sighting]

    @property
    def top(self) -> int:
        """The newest message that is known."""
        return max(self.behind, default=self.floor.message_id if self.floor else 0)


@dataclass(slots=True)
class _Memory:
    seen: OrderedDict[int, Sighting] = field(default_factory=OrderedDict)
    unwritten: dict[int, Sighting] = field(default_factory=dict)
    newest: Sighting | None = None
    """The newest that is not written down."""


class Sightings:
    """Notes messages."""

    def __init__(self, bot: Bot, services: Services, bot_id: str) -> None:
        """Prepare; `bot_id` names the sequence that the bot's private chats and small groups share."""
        self._bot = bot
        self._services = services
        self._shared = bot_id
        self._memories: OrderedDict[str, _Memory] = OrderedDict()
        self._names: dict[str, str] = {}
        self._writing: asyncio.Task[None] | None = None
        self._unwritten: set[str] = set()

    def is_shared(self, sequence: str) -> bool:
        """Tell whether a sequence is the one of all private chats and small groups."""
        return sequence == self._shared

    async def sequence(self, chat: Address) -> str:
        """Return the sequence of a chat's messages. Raises TelegramError where the number of a name is not told."""
        if not chat.chat.startswith("@"):
            return chat.chat if chat.chat.startswith(_OWN_SEQUENCE) else self._shared
        if chat.chat not in self._names:
            self._names[chat.chat] = str((await self._bot.get_chat(chat.chat)).id)
        return self._names[chat.chat]

    def note(self, chat: Chat, message_ids: Iterable[int], *, reference: str = "", answer: bool = False) -> None:
        """Note messages of a chat: parts of a delivery by their `reference`, `answer` for others of ours."""
        shared = chat.type in {ChatType.PRIVATE, ChatType.GROUP}
        sequence = self._shared if shared else str(chat.id)
        memory = self._memories.setdefault(sequence, _Memory())
        self._memories.move_to_end(sequence)
        now = self._services.clock.now()
        for message_id in message_ids:
            sighting = Sighting(message_id, now, reference)
            memory.seen[message_id] = sighting
            if answer:
                memory.unwritten[message_id] = sighting
            if memory.newest is None or memory.newest.message_id < message_id:
                memory.newest = sighting
        while len(memory.seen) > REMEMBERED:
            memory.seen.popitem(last=False)
        self._unwritten.add(sequence)
        self._forget_quiet()
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_later())

    async def known(self, sequence: str, *, before: datetime) -> Known:
        """Return what is known of a sequence, seen from a moment. Raises StorageError."""
        kept = await self._services.sightings.recall(NAME, sequence, before=before)
        memory = self._memories.get(sequence)
        seen = {sighting.message_id: sighting for sighting in (*kept, *(memory.seen.values() if memory else ()))}
        earlier = [sighting for sighting in seen.values() if sighting.seen_at <= before]
        floor = max(earlier, key=lambda sighting: sighting.message_id, default=None)
        behind = {key: seen[key] for key in seen if floor is None or key > floor.message_id}
        return Known(floor, behind)

    async def close(self) -> None:
        """Write down what is not written yet."""
        if self._writing is not None:
            self._writing.cancel()
            await asyncio.gather(self._writing, return_exceptions=True)
        await self._write()

    async def _write_later(self) -> None:
        while self._unwritten:
            await self._services.clock.sleep(KEEP_SECONDS)
            await self._write()

    async def _write(self) -> None:
        rows: list[tuple[str, Sighting]] = []
        for sequence in self._unwritten:
            if memory := self._memories.get(sequence):
                newest = {memory.newest.message_id: memory.newest} if memory.newest else {}
                rows.extend((sequence, sighting) for sighting in (memory.unwritten | newest).values())
        try:
            await self._services.sightings.note(NAME, rows)
        except StorageError as error:  # without them a search takes longer, or ends undecided
            log.debug("telegram: what was seen is not written down: %s", error)
            return
        for sequence, sighting in rows:
            if memory := self._memories.get(sequence):
                memory.unwritten.pop(sighting.message_id, None)
                if memory.newest is not None and memory.newest.message_id <= sighting.message_id:
                    memory.newest = None
        self._unwritten = {
            sequence
            for sequence in self._unwritten
            if (memory := self._memories.get(sequence)) and (memory.unwritten or memory.newest)
        }

    def _forget_quiet(self) -> None:
        while len(self._memories) > REMEMBERED:
            quiet = next((name for name in self._memories if name not in self._unwritten), None)
            if quiet is None:
                return
            del self._memories[quiet]
