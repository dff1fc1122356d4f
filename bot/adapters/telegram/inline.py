"""Questions typed behind the bot's name in any chat: answered with cards while they are of use, else not at all."""

from __future__ import annotations

import logging
from datetime import timedelta
from typing import Final

from telegram import (
    Bot,
    InlineKeyboardMarkup,
    InlineQueryResultArticle,
    InlineQueryResultsButton,
    InputTextMessageContent,
    LinkPreviewOptions,
    MessageEntity,
)
from telegram.error import TelegramError

from bot.adapters.interface import Services
from bot.adapters.telegram import limits
from bot.adapters.telegram.composing import compose_one
from bot.adapters.telegram.errors import is_old_query, reason_of
from bot.adapters.telegram.payloads import with_bot
from bot.adapters.telegram.updates import Typed
from bot.model.cards import Card, Cards

log = logging.getLogger(__name__)

USEFUL_FOR: Final = timedelta(seconds=8)
"""Telegram takes answers for about ten seconds; after that long, its asker has typed on."""
CACHE_SECONDS: Final = 60
"""How long Telegram may answer the same question of the same person by itself."""
HELP: Final = "help"


class Inline:
    """Answers what people type."""

    def __init__(self, bot: Bot, services: Services) -> None:
        self._bot = bot
        self._services = services
        self._newest: dict[str, str] = {}  # each person's last question: what they typed before is not waited for

    async def answer(self, typed: Typed) -> None:
        """Answer a question, unless it is too late. Never raises on what the platform does."""
        asker, begun = typed.inquiry.user.address, self._services.clock.now()
        self._newest[asker] = typed.query_id
        try:
            cards = await self._services.deal(typed.inquiry)
            is_late = self._services.clock.now() - begun > USEFUL_FOR
            if cards is not None and not is_late and self._newest.get(asker) == typed.query_id:
                await self._send(typed.query_id, cards)
        finally:
            if self._newest.get(asker) == typed.query_id:
                del self._newest[asker]

    async def _send(self, query_id: str, cards: Cards) -> None:
        hint = cards.hint[: limits.INLINE_BUTTON]
        try:
            await self._bot.answer_inline_query(
                query_id,
                [self._result(card) for card in cards.cards[: limits.INLINE_RESULTS]],
                next_offset=cards.next_offset,
                cache_time=CACHE_SECONDS,
                is_personal=True,  # in the asker's language
                button=InlineQueryResultsButton(hint, start_parameter=HELP) if hint else None,
            )
        except TelegramError as error:
            level = logging.DEBUG if is_old_query(error) else logging.WARNING
            log.log(level, "telegram: a typed question was not answered: %s", reason_of(error))

    def _result(self, card: Card) -> InlineQueryResultArticle:
        payload = compose_one(card.reply.document, card.reply.buttons)
        content = InputTextMessageContent(
            payload["text"],
            entities=MessageEntity.de_list(payload["entities"], None),
            link_preview_options=LinkPreviewOptions.de_json(payload["link_preview_options"], None),
        )
        rows = with_bot(payload.get("reply_markup", {}).get("inline_keyboard", []), self._bot.username)
        return InlineQueryResultArticle(
            card.key,
            card.title,
            content,
            reply_markup=InlineKeyboardMarkup.de_json({"inline_keyboard": rows}, None) if rows else None,
            description=card.detail,
            thumbnail_url=card.picture or None,
        )
