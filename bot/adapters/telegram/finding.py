"""Looking for a message whose answer was lost.

Telegram shows bots no history. But the ids of a chat's messages run in sequence, and a message that answers another
brings that other's content along. So the search goes through the ids behind the last known one. Each is asked for in a
way that can change nothing: to stop a live location, which no message of ours is. Where one is ours, a short silent
message answers it, tells what stands there, and is deleted at once; its own id is also the end of the search.

Editing candidates to the content sought would find it without a trace, too ("message is not modified"), but would
overwrite any other answer of ours among them.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Awaitable, Callable, Sequence

from telegram import Bot, Message
from telegram.error import BadRequest, TelegramError

from bot.adapters.telegram.addresses import chat_id, thread_id
from bot.adapters.telegram.errors import reason_of
from bot.adapters.telegram.payloads import ALBUM, TEXT, caption_of
from bot.model.chat import Address
from bot.model.delivery import Absent, Finding, Found, Payload, Undecided

log = logging.getLogger(__name__)

REACH = 50
"""Ids that are asked for. In private chats they are shared with every other private chat of the bot."""

_PROBE = "…"
_NOT_OURS = ("not found", "can't be edited")


class Finder:
    """Finds messages of ours by their content."""

    def __init__(self, bot: Bot, turn: Callable[[Address], Awaitable[None]]) -> None:
        """Prepare; `turn` waits until a call may be made in a chat."""
        self._bot = bot
        self._turn = turn

    async def find(self, chat: Address, payload: Payload, after: Sequence[str]) -> Finding:
        """Look for a payload behind the last known messages. Never raises."""
        known = [int(message_id) for message_id in after]
        try:
            return await self._search(chat, payload, max(known)) if known else await self._look_back(chat, payload)
        except TelegramError as error:
            return Undecided(reason_of(error))

    async def _search(self, chat: Address, payload: Payload, last: int) -> Finding:
        # Mostly it is the very next one, and one look settles it.
        next_is_ours = await self._may_be_ours(chat, last + 1)
        end, first = await self._look_at(chat, last + 1 if next_is_ours else None)
        if found := _match(first, payload, self._bot.id):
            return found
        if end - last - 2 > REACH:
            return Undecided(f"too many messages may have come since message {last}")
        return await self._look_through(chat, payload, range(last + 2, end)) or Absent()

    async def _look_back(self, chat: Address, payload: Payload) -> Finding:
        """Search without a beginning: what is not found is not there only if the chat's first message was reached."""
        end, _ = await self._look_at(chat, None)
        begin = max(1, end - REACH)
        found = await self._look_through(chat, payload, range(begin, end))
        return found or (Absent() if begin == 1 else Undecided("no earlier message is known to search from"))

    async def _look_through(self, chat: Address, payload: Payload, candidates: range) -> Found | None:
        for candidate in candidates:
            if await self._may_be_ours(chat, candidate):
                _, message = await self._look_at(chat, candidate)
                if found := _match(message, payload, self._bot.id):
                    return found
        return None

    async def _look_at(self, chat: Address, message_id: int | None) -> tuple[int, Message | None]:
        """Return the id that a message sent now gets, and the message that stands under an id."""
        await self._turn(chat)
        answering = {"message_id": message_id, "allow_sending_without_reply": True}
        probe = await self._bot.send_message(
            chat_id(chat),
            _PROBE,
            message_thread_id=thread_id(chat),
            disable_notification=True,
            api_kwargs={"reply_parameters": answering} if message_id is not None else None,
        )
        await self._take_back(chat, probe)
        return probe.message_id, probe.reply_to_message

    async def _take_back(self, chat: Address, probe: Message) -> None:
        try:
            await self._turn(chat)
            await self._bot.delete_message(chat_id(chat), probe.message_id)
        except TelegramError as error:
            log.warning("telegram: message %d in %s was to be deleted: %s", probe.message_id, chat, reason_of(error))

    async def _may_be_ours(self, chat: Address, message_id: int) -> bool:
        await self._turn(chat)
        try:
            await self._bot.stop_message_live_location(chat_id(chat), message_id)
        except BadRequest as error:
            return not any(text in error.message.casefold() for text in _NOT_OURS)
        except TelegramError:
            return True  # in doubt it is looked at
        return True


def _match(message: Message | None, payload: Payload, bot_id: int) -> Found | None:
    """Return the ids of a payload's messages if this is the first of them."""
    if message is None or (message.from_user is not None and message.from_user.id != bot_id):
        return None
    text, _ = caption_of(payload)
    carries_media = message.text is None
    if carries_media is (payload["method"] == TEXT) or _folded(message.text or message.caption) != _folded(text):
        return None
    count = len(payload["media"]) if payload["method"] == ALBUM else 1
    return Found(tuple(str(message.message_id + index) for index in range(count)))  # an album's ids follow each other


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())
