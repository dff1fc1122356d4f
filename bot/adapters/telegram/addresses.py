"""Telegram's addresses: chats by number or name, topics of a forum, people."""

from __future__ import annotations

import re
from typing import Final

from bot.model.chat import Address, AddressError, ChatKind

NAME: Final = "telegram"
MISSING: Final = "Telegram needs TELEGRAM_BOT_TOKEN: ask @BotFather for a bot"
GENERAL_TOPIC: Final = "1"
"""A forum's first topic. Naming it in a call is refused ("message thread not found"), leaving it out means it."""

_SUPERGROUPS: Final = -1_000_000_000_000
"""Below this are supergroups and channels, each by its own number: https://core.telegram.org/api/bots/ids"""

# https://core.telegram.org/bots/api#chat
_KINDS = {"private": ChatKind.PRIVATE, "channel": ChatKind.CHANNEL}

_CHAT = re.compile(r"-?[1-9][0-9]{0,19}|@[A-Za-z][A-Za-z0-9_]{3,31}")
_LINK = re.compile(r"(?:https?://)?t\.me/(?:c/([1-9][0-9]{0,14})|([A-Za-z][A-Za-z0-9_]{3,31}))(?:/[0-9/]*)?(?:\?.*)?")
_MESSAGE = re.compile(r"(?:https?://t\.me/(?:c/)?\w+/(?:\d+/)?)?(?P<message>[1-9]\d{0,9})(?:\?\S*)?", re.ASCII)
_EXAMPLES = "telegram:-1001234567890, telegram:-1001234567890/77 (a topic), telegram:@channel"


def parse_address(text: str) -> Address:
    """Read ``-1001234567890``, ``-1001234567890/77`` or ``@channel``. Raises AddressError."""
    chat, slash, thread = text.strip().partition("/")
    if not _CHAT.fullmatch(chat) or (slash and not (thread.isascii() and thread.isdigit())):
        raise AddressError(f"'{NAME}:{text}' is no Telegram chat: write it like {_EXAMPLES}")
    return address(chat, thread)


def read_name(text: str) -> Address | None:
    """Return the chat that somebody names: by an address as above, by its number, its @name, or a link to it.

    https://core.telegram.org/api/links#public-username-links, #message-links. None for what names no chat.
    """
    if link := _LINK.fullmatch(text.strip()):
        number, name = link.groups()
        return address(_SUPERGROUPS - int(number)) if number else address(f"@{name}")
    try:
        return parse_address(text.strip().removeprefix(f"{NAME}:"))
    except AddressError:
        return None


def address(chat: int | str, thread: int | str | None = None) -> Address:
    """Return a chat's address. A forum's general topic is the chat itself."""
    topic = str(thread or "").lstrip("0")
    return Address(NAME, str(chat), thread="" if topic == GENERAL_TOPIC else topic)


def read_message(text: str) -> str:
    """Read ``https://t.me/c/1234567890/77/12``, or the number alone. Raises AddressError."""
    if found := _MESSAGE.fullmatch(text.strip()):
        return found["message"]
    raise AddressError(f"'{text}' is no message on Telegram: copy its link in the app")


def kind_of(chat: Address) -> ChatKind:
    """Guess a chat's kind: names are channels', negative numbers groups' (or channels', which look the same)."""
    if chat.chat.startswith("@"):
        return ChatKind.CHANNEL
    return ChatKind.GROUP if chat.chat.startswith("-") else ChatKind.PRIVATE


def kind_of_type(name: str) -> ChatKind:
    """Return a chat's kind by what the Bot API calls its type."""
    return _KINDS.get(name, ChatKind.GROUP)


def user_address(user: int) -> str:
    """Return a person's address."""
    return f"{NAME}:{user}"


def chat_id(chat: Address) -> int | str:
    """Return what the Bot API calls the chat."""
    return chat.chat if chat.chat.startswith("@") else int(chat.chat)


def thread_id(chat: Address) -> int | None:
    """Return what the Bot API calls the topic, None where there is none to name."""
    return int(chat.thread) if chat.thread else None


def message_link(chat: Address, message_id: str) -> str:
    """Return the address of a message in a supergroup or channel; "" elsewhere, where messages have none.

    https://core.telegram.org/api/links#message-links
    """
    topic = f"{chat.thread}/" if chat.thread else ""
    if chat.chat.startswith("@"):
        return f"https://t.me/{chat.chat[1:]}/{topic}{message_id}"
    number = _SUPERGROUPS - int(chat.chat)
    return f"https://t.me/c/{number}/{topic}{message_id}" if number > 0 else ""
