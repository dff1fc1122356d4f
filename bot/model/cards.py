"""What one can choose from while writing, and what choosing it says: a question asked in any chat, and its cards."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.chat import Address, User
from bot.model.command import Reply


@dataclass(frozen=True, slots=True)
class Inquiry:
    """What somebody types behind the bot's name; `offset` is what the answer before named as its `next_offset`.

    `chat` is the asker's own chat with the bot, whose language is theirs. Nobody tells in which chat it is typed.
    """

    query: str
    user: User
    chat: Address
    offset: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """One thing to choose: `key` (ASCII, 64 characters at most) names it among the others, `reply` is said then.

    `picture` is the address of a picture on the web, or "".
    """

    key: str
    title: str
    detail: str
    reply: Reply
    picture: str = ""


@dataclass(frozen=True, slots=True)
class Cards:
    """A page of cards. An empty `next_offset` tells that it is the last; `hint` is said where there is no card."""

    cards: tuple[Card, ...] = ()
    next_offset: str = ""
    hint: str = ""
