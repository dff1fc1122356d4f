"""Chats that people choose for the bot to set up: offered in place of the letters, or named.

Clients show whoever presses such a button the chats that suit, and take the bot into the chosen one with the rights
that it asks for. Who may change the chat is asked again.
https://core.telegram.org/bots/features#chat-and-user-selection
"""

from __future__ import annotations

import logging
from typing import Any, Final

from telegram import (
    Bot,
    ChatAdministratorRights,
    ChatFullInfo,
    ChatMember,
    ChatMemberAdministrator,
    ChatMemberRestricted,
    ChatShared,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
)
from telegram.error import TelegramError

from bot.adapters.telegram.addresses import address, chat_id, kind_of_type, read_name
from bot.adapters.telegram.errors import reason_of
from bot.model.chat import ChatKind, Place
from bot.model.command import Offer, Purpose

log = logging.getLogger(__name__)

_PURPOSES: Final = tuple(Purpose)
_CHANNEL, _GROUP = 0, 1


def letters(offer: Offer) -> dict[str, Any]:
    """Return the keyboard that offers the asker's chats. It makes room for the letters again once it was used."""
    channel = KeyboardButtonRequestChat(
        _request(offer.purpose, _CHANNEL),
        chat_is_channel=True,
        user_administrator_rights=_rights(posting=True),
        bot_administrator_rights=_rights(posting=True),
    )
    group = KeyboardButtonRequestChat(
        _request(offer.purpose, _GROUP),
        chat_is_channel=False,
        user_administrator_rights=_rights(posting=False),
        bot_is_member=True,
    )
    rows = [
        [KeyboardButton(offer.channel, request_chat=channel)],
        [KeyboardButton(offer.group, request_chat=group)],
    ]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True).to_dict()


def read_choice(shared: ChatShared) -> tuple[str, str] | None:
    """Return the command that a chosen chat stands for, and the chat's name behind it; None for a strange choice."""
    number = shared.request_id // 2
    return (_PURPOSES[number].value, str(shared.chat_id)) if 0 <= number < len(_PURPOSES) else None


async def look_up(bot: Bot, name: str) -> Place | None:
    """Return the chat that somebody names, None where the bot sees none. Never raises."""
    wanted = read_name(name)
    if wanted is None:
        return None
    try:
        shown = await bot.get_chat(chat_id(wanted))
    except TelegramError as error:
        log.info("telegram: nothing is known about %s: %s", wanted, reason_of(error))
        return None
    found = address(shown.id, wanted.thread)
    return Place(found, kind_of_type(shown.type), shown.effective_name or "", is_open=await _is_open(bot, shown))


async def _is_open(bot: Bot, chat: ChatFullInfo) -> bool:
    """Tell whether the bot may write in a chat."""
    try:
        own = await bot.get_chat_member(chat.id, bot.id)
    except TelegramError as error:  # of a channel that the bot is not in nothing more is told
        log.info("telegram: what the bot may do in %s is not known: %s", chat.id, reason_of(error))
        return False
    if kind_of_type(chat.type) is ChatKind.CHANNEL:
        return is_poster(own)
    if isinstance(own, ChatMemberRestricted):
        return own.is_member and own.can_send_messages
    permitted = chat.permissions is None or chat.permissions.can_send_messages is not False
    return own.status == ChatMember.ADMINISTRATOR or (own.status == ChatMember.MEMBER and permitted)


def is_poster(member: ChatMember) -> bool:
    """Tell whether a member of a channel may post there."""
    return isinstance(member, ChatMemberAdministrator) and bool(member.can_post_messages)


def _request(purpose: Purpose, way: int) -> int:
    """Number a button: it is all that comes back with the choice, so it tells what was wanted."""
    return 2 * _PURPOSES.index(purpose) + way


def _rights(*, posting: bool) -> ChatAdministratorRights:
    """Return the least that makes an administrator, with what posting takes where that is wanted."""
    return ChatAdministratorRights(
        is_anonymous=False,
        can_manage_chat=True,
        can_delete_messages=False,
        can_manage_video_chats=False,
        can_restrict_members=False,
        can_promote_members=False,
        can_change_info=False,
        can_invite_users=False,
        can_post_stories=False,
        can_edit_stories=False,
        can_delete_stories=False,
        can_post_messages=posting or None,
        can_edit_messages=posting or None,
    )
