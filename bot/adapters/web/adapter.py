"""The web chat as a platform: sending is writing into a room, and whoever looks on sees it."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.routing import BaseRoute

from bot.adapters.interface import Services
from bot.adapters.web.bell import Bell
from bot.adapters.web.conversation import BOT, Conversation
from bot.adapters.web.payload import from_payload
from bot.adapters.web.routes import Chat
from bot.model.chat import Address, User
from bot.model.delivery import Absent, Finding, Found, Later, Outcome, Payload, Postponed, Refused, Sent, Trace
from bot.settings import Settings
from bot.storage.engine import StorageError


class WebAdapter:
    """The web chat. It needs no connection: rooms are in the database, pages on the site."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._rooms = services.rooms
        self._clock = services.clock
        self._bell = Bell()
        self._chat = Chat(
            rooms=self._rooms,
            conversation=Conversation(services, self._rooms, self._bell),
            bell=self._bell,
            menu=services.menu,
            language=settings.language,
        )

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """The chat page, and what its script asks for."""
        return self._chat.routes

    async def connect(self) -> None:
        """Do nothing: there is nothing to connect to."""

    async def receive(self) -> None:
        """Do nothing: what is written arrives by the routes."""

    async def close(self) -> None:
        """End the event streams."""
        self._bell.close()

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        """Write a part into a room; a part that stands there already is not written twice."""
        content = from_payload(payload)
        try:
            message = await self._rooms.append(
                chat.chat, BOT, content=content, now=self._clock.now(), reference=reference
            )
        except StorageError as error:
            return Later(str(error))
        self._bell.ring(chat.chat)
        return Sent((str(message.id),))

    async def find(self, chat: Address, _payload: Payload, trace: Trace) -> Finding:
        """Look a part up by its reference: the answer is always certain."""
        try:
            message = await self._rooms.by_reference(chat.chat, trace.reference)
        except StorageError as error:
            return Postponed(str(error))
        return Found((str(message.id),)) if message else Absent()

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace what a message says."""
        content = from_payload(payload)
        message_id = int(message_ids[0])  # a part is one message
        try:
            message = await self._rooms.edit(chat.chat, message_id, content=content, edited_at=self._clock.now())
        except StorageError as error:
            return Later(str(error))
        if message is None:
            return Refused("the message no longer stands in the room")
        self._bell.ring(chat.chat)
        return Sent((str(message.id),))

    async def link_to(self, _chat: Address, _message_id: str) -> str:
        """Tell that a message has no address of its own."""
        return ""

    async def administers(self, _chat: Address, _user: User) -> bool:
        """Tell that everybody does: whoever can open the page is at home here."""
        return True

    def health(self) -> str:
        """Tell that it works: without the database the whole house is down, and says so elsewhere."""
        return ""
