"""Keyboards in place of the letters: which chats can be asked for, and where."""

from __future__ import annotations

import pytest
from telegram import (
    Bot,
    KeyboardButton,
    KeyboardButtonRequestChat,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest

from tests.fakes.telegram import TelegramFake


def asking(*ids: int, text: str = "Choose") -> ReplyKeyboardMarkup:
    keys = [[KeyboardButton(text, request_chat=KeyboardButtonRequestChat(one, chat_is_channel=True))] for one in ids]
    return ReplyKeyboardMarkup(keys, one_time_keyboard=True)


async def test_letters_make_room_until_they_are_wanted_again(telegram: TelegramFake, bot: Bot) -> None:
    """The keyboard stands in the client, not below its message."""
    chat = telegram.private(telegram.user())
    sent = await bot.send_message(chat.id, "which?", reply_markup=asking(1))
    assert sent.reply_markup is None
    assert chat.letters is not None
    await bot.send_message(chat.id, "something else")
    assert chat.letters is not None
    await bot.send_message(chat.id, "never mind", reply_markup=ReplyKeyboardRemove())
    assert chat.letters is None


async def test_chats_are_asked_for_in_private_alone(telegram: TelegramFake, bot: Bot) -> None:
    """And each button by a number of its own."""
    group, private = telegram.supergroup(), telegram.private(telegram.user())
    with pytest.raises(BadRequest, match="requested in private chats only"):
        await bot.send_message(group.id, "which?", reply_markup=asking(1))
    for markup in (asking(1, 1), asking(2**31), asking(1, text="")):
        with pytest.raises(BadRequest):
            await bot.send_message(private.id, "which?", reply_markup=markup)
    assert private.letters is None


async def test_the_bot_is_asked_for_no_more_than_its_taker_has(telegram: TelegramFake, bot: Bot) -> None:
    """Rights of the bot that the user need not have are refused."""
    chat = telegram.private(telegram.user())
    request = {"request_id": 1, "chat_is_channel": True, "bot_administrator_rights": {"can_post_messages": True}}
    markup = {"keyboard": [[{"text": "Choose", "request_chat": request}]]}
    with pytest.raises(BadRequest, match=r"(?i)user_rights_missing"):
        await bot.send_message(chat.id, "which?", api_kwargs={"reply_markup": markup})
    request["user_administrator_rights"] = {"can_post_messages": True, "can_edit_messages": True}
    await bot.send_message(chat.id, "which?", api_kwargs={"reply_markup": markup})
    assert chat.letters == markup


async def test_a_message_is_edited_to_have_buttons_below_it_alone(telegram: TelegramFake, bot: Bot) -> None:
    """The other kind comes with new messages."""
    chat = telegram.private(telegram.user())
    sent = await bot.send_message(chat.id, "one")
    with pytest.raises(BadRequest, match="Inline keyboard expected"):
        await bot.edit_message_text("two", chat.id, sent.message_id, api_kwargs={"reply_markup": asking(1).to_dict()})
