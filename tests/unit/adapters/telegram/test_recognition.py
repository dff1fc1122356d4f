"""A token put in by mistake loses nobody: chats that do not know the bot are no chats that have gone."""

from __future__ import annotations

from bot.adapters.telegram.recognition import OTHER_BOT, Recognition
from bot.model.chat import Address
from bot.model.delivery import Closed, Halt, Later, Outcome, Sent

NOT_FOUND = Closed("Chat not found")


def judge(recognition: Recognition, *calls: tuple[str, Outcome]) -> list[Outcome]:
    return [recognition.judge(Address("telegram", chat), outcome) for chat, outcome in calls]


def test_another_bot_is_told_by_chats_that_none_of_them_finds() -> None:
    """The first ones wait, then everything does, however often it is tried; nobody is suspended."""
    heard = judge(Recognition(), *((str(chat % 4), NOT_FOUND) for chat in range(12)))
    assert heard == [Later(NOT_FOUND.reason)] * 2 + [Halt(OTHER_BOT)] * 10


def test_a_chat_that_is_not_found_has_gone_where_others_know_the_bot() -> None:
    """One served chat says that the bot is the right one: from then on every refusal is taken at its word."""
    sent = Sent(("1",))
    heard = judge(Recognition(), ("1", NOT_FOUND), ("2", sent), *((str(chat), NOT_FOUND) for chat in range(3, 9)))
    assert heard == [Later(NOT_FOUND.reason), sent, *[NOT_FOUND] * 6]


def test_a_chat_that_is_alone_is_tried_twice() -> None:
    """A mistyped address ends with what Telegram says, and is not waited for."""
    assert judge(Recognition(), *[("1", NOT_FOUND)] * 2) == [Later(NOT_FOUND.reason), NOT_FOUND]


def test_other_refusals_are_taken_at_their_word() -> None:
    """Who blocks the bot knows it."""
    blocked = Closed("Forbidden: bot was blocked by the user")
    assert judge(Recognition(), *((str(chat), blocked) for chat in range(6))) == [blocked] * 6
