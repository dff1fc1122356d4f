"""What happens when somebody writes in a room or presses a button: a command for the house, an answer for the room."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.adapters.interface import Services
from bot.adapters.web.bell import Bell
from bot.adapters.web.payload import to_content
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Attachment, Command, Membership, MembershipChange, Origin, Reply
from bot.model.richtext import Document, paragraph
from bot.model.room import RoomContent
from bot.storage.rooms import RoomStore

BOT = "bot"
"""The author of what the bot says. No visitor is called so."""

KIND = ChatKind.PRIVATE
"""A room is a talk with the bot: whatever is written there is meant for it, however many look on."""

Line = tuple[str, str]
"""A command's name and its argument."""

START: Line = ("start", "")
"""What a private chat begins with elsewhere, too: https://core.telegram.org/bots/features#global-commands."""

_LINE = re.compile(r"/(?P<name>[^\s@/]+)(?:@\S+)?(?:\s+(?P<argument>.*))?", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Answer:
    """What the asker alone gets to see: a notice, and an answer that does not stand in the room.

    `replaces` tells that the private message whose button was pressed becomes this one.
    """

    toast: str = ""
    private: RoomContent | None = None
    attachment: Attachment | None = None
    replaces: bool = False


def read_line(line: str) -> Line:
    """Return a command's name, in lower case, and its argument; plain words are an argument without a name."""
    text = line.strip()
    match = _LINE.fullmatch(text)
    if match is None:
        return "", text
    return match["name"].lower(), (match["argument"] or "").strip()


class Conversation:
    """Carries commands from rooms to the house, and its answers back."""

    def __init__(self, services: Services, rooms: RoomStore, bell: Bell) -> None:
        self._services = services
        self._rooms = rooms
        self._bell = bell

    async def enter(self, room: str, user: User) -> None:
        """Open a room; the first time, the bot is told that it is there, and greets."""
        if await self._rooms.enter(room, now=self._services.clock.now()):
            joined = Membership(Address("web", room), KIND, MembershipChange.ADDED, user=user, chat_title=room)
            reply = await self._services.follow(joined) or await self._services.respond(_command(room, START, user))
            if reply is not None:
                await self._say(room, reply)

    async def write(self, room: str, text: str, user: User) -> Answer:
        """Take a line somebody typed, and answer it."""
        content = to_content(Document((paragraph(text),)))
        await self._rooms.append(room, user.name, content=content, now=self._services.clock.now())
        self._bell.ring(room)
        return await self._ask(room, read_line(text), user)

    async def press(self, room: str, action: str, user: User, *, message: int | None) -> Answer:
        """Take a pressed button; `message` is the one it stands below, None for one that only the presser sees."""
        name, _, argument = action.partition(" ")
        return await self._ask(room, (name, argument), user, Origin.BUTTON, message)

    async def _ask(
        self,
        room: str,
        line: Line,
        user: User,
        origin: Origin = Origin.TEXT,
        message: int | None = None,
    ) -> Answer:
        reply = await self._services.respond(_command(room, line, user, origin))
        if reply is None:
            return Answer()
        answer = Answer(toast=reply.toast)
        if not reply.document and reply.attachment is None:
            return answer
        from_private = origin is Origin.BUTTON and message is None
        if reply.private or from_private:
            content = to_content(reply.document, reply.buttons)
            replaces = reply.replace and from_private
            return replace(answer, private=content, attachment=reply.attachment, replaces=replaces)
        await self._say(room, reply, message if reply.replace else None)
        return answer

    async def _say(self, room: str, reply: Reply, instead_of: int | None = None) -> None:
        await self._services.turn(Address("web", room))
        content = to_content(reply.document, reply.buttons)
        turned = None if instead_of is None else await self._rooms.edit(room, instead_of, content=content)
        if turned is None:
            now = self._services.clock.now()
            await self._rooms.append(room, BOT, content=content, now=now, attachment=reply.attachment)
        self._bell.ring(room)


def _command(room: str, line: Line, user: User, origin: Origin = Origin.TEXT) -> Command:
    name, argument = line
    return Command(name, argument, Address("web", room), KIND, user, origin=origin, chat_title=room)
