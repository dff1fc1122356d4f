"""Payloads as calls of the library, and what becomes of them. One payload, one call, never repeated here."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Any, Final

from telegram import Bot, InlineKeyboardMarkup, InputFile, InputMediaPhoto, InputMediaVideo, Message, MessageEntity
from telegram.error import TelegramError

from bot.adapters.telegram.addresses import chat_id, thread_id
from bot.adapters.telegram.errors import is_not_modified, outcome_of
from bot.adapters.telegram.files import FileError, Files, Medium
from bot.adapters.telegram.payloads import ALBUM, TEXT, Media, Rows, caption_of, pictures_of, with_bot
from bot.adapters.telegram.requests import Patience
from bot.adapters.telegram.sightings import Sightings
from bot.adapters.telegram.traffic import Traffic
from bot.model.chat import Address
from bot.model.delivery import Degradation, Outcome, Payload, Refused, Sent

_SPOKEN_FOR: Final = frozenset({"method", "text", "media", *Media})
"""What of a payload the library's own parameters carry; the rest goes into the call as it is."""


class Sender:
    """Sends and edits messages of every kind."""

    def __init__(self, bot: Bot, files: Files, patience: Patience, *, sightings: Sightings, traffic: Traffic) -> None:
        self._bot = bot
        self._files = files
        self._patience = patience
        self._sightings = sightings
        self._traffic = traffic

    async def send(
        self, chat: Address, payload: Payload, *, answering: int | None = None, reference: str = ""
    ) -> Outcome:
        """Make the call. Never raises.

        `answering` is the message that is quoted, if it still stands; `reference` names a part of a delivery.
        """
        try:
            media = [await self._files.medium(url) for url in pictures_of(payload)]
        except FileError as error:
            return Refused(str(error), Degradation.NO_IMAGES)
        try:
            async with self._traffic.sending(chat):
                messages = await self._call(chat, payload, media, answering)
                self._note(messages, reference)
        except TelegramError as error:
            return outcome_of(error)
        await self._files.remember(media, messages)
        return Sent(tuple(str(message.message_id) for message in messages))

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Give a message another text or caption. Never raises. One that has it already counts as sent."""
        try:
            await self.rewrite(chat, int(message_ids[0]), payload)
        except TelegramError as error:
            return Sent(tuple(message_ids)) if is_not_modified(error) else outcome_of(error)
        return Sent(tuple(message_ids))

    async def rewrite(self, chat: Address, message_id: int, payload: Payload) -> None:
        """Give a message another text or caption. Raises TelegramError, also where that changes nothing."""
        text, entities = caption_of(payload)
        target: dict[str, Any] = {"chat_id": chat_id(chat), "message_id": message_id}
        extra = {key: payload[key] for key in ("link_preview_options", "reply_markup") if key in payload}
        extra = self._named(extra)
        if payload["method"] == TEXT:
            await self._bot.edit_message_text(text, **target, api_kwargs=extra | {"entities": entities})
        else:
            kept = extra | {"caption_entities": entities}
            await self._bot.edit_message_caption(**target, caption=text, api_kwargs=kept)

    async def attach(self, chat: Address, file: InputFile) -> None:
        """Send a file. Raises TelegramError."""
        async with self._traffic.sending(chat):
            message = await self._bot.send_document(chat_id(chat), file, message_thread_id=thread_id(chat))
            self._note([message], "")

    async def change_buttons(self, chat: Address, message_id: str, rows: Rows) -> Outcome:
        """Give a message other buttons. Never raises. One that has them already counts as sent."""
        markup = InlineKeyboardMarkup.de_json({"inline_keyboard": with_bot(rows, self._bot.username)}, None)
        try:
            await self._bot.edit_message_reply_markup(chat_id(chat), int(message_id), reply_markup=markup)
        except TelegramError as error:
            return Sent((message_id,)) if is_not_modified(error) else outcome_of(error)
        return Sent((message_id,))

    def _note(self, messages: Sequence[Message], reference: str) -> None:
        for message in messages:
            self._sightings.note(message.chat, [message.message_id], reference=reference, answer=not reference)

    def _named(self, extra: dict[str, Any]) -> dict[str, Any]:
        """Put the bot's name into its links."""
        rows = extra.get("reply_markup", {}).get("inline_keyboard")
        return extra | {"reply_markup": {"inline_keyboard": with_bot(rows, self._bot.username)}} if rows else extra

    async def _call(
        self, chat: Address, payload: Payload, media: Sequence[Medium], answering: int | None
    ) -> Sequence[Message]:
        to, method = chat_id(chat), payload["method"]
        extra = self._named({key: value for key, value in payload.items() if key not in _SPOKEN_FOR})
        if answering is not None:
            extra["reply_parameters"] = {"message_id": answering, "allow_sending_without_reply": True}
        common: dict[str, Any] = {"message_thread_id": thread_id(chat), "api_kwargs": extra}
        if method == TEXT:
            return [await self._bot.send_message(to, payload["text"], read_timeout=self._patience.text, **common)]
        common["read_timeout"] = self._patience.media
        if method == ALBUM:
            items = zip(payload["media"], media, strict=True)
            return await self._bot.send_media_group(to, [_album_item(item, medium) for item, medium in items], **common)
        send: Mapping[str, Callable[..., Awaitable[Message]]] = {
            Media.PHOTO.method: self._bot.send_photo,
            Media.ANIMATION.method: self._bot.send_animation,
            Media.VIDEO.method: self._bot.send_video,
            Media.DOCUMENT.method: self._bot.send_document,
        }
        return [await send[method](to, media[0].source, **common)]


def _album_item(item: Mapping[str, Any], medium: Medium) -> InputMediaPhoto | InputMediaVideo:
    make = InputMediaVideo if item["type"] == Media.VIDEO else InputMediaPhoto
    entities = MessageEntity.de_list(item.get("caption_entities", []), None)
    return make(medium.source, caption=item.get("caption"), caption_entities=entities)
