"""Telegram's addresses: what is read is written the same way, and the general topic is the chat itself."""

from __future__ import annotations

import pytest

from bot.adapters import parse_address
from bot.adapters.telegram import PLATFORM
from bot.adapters.telegram.addresses import address, chat_id, message_link, thread_id, user_address
from bot.model.chat import Address, AddressError, ChatKind


@pytest.mark.parametrize(
    "text", ["telegram:-1001234567890", "telegram:-1001234567890/77", "telegram:@channel", "telegram:12345"]
)
def test_an_address_reads_back(text: str):
    """Every form that the command line takes is printed as it was written."""
    assert str(parse_address(text)) == text


@pytest.mark.parametrize(
    "text", ["", "abc", "-", "0", "-0", "12a", "@ab", "@1abc", "-100/", "-100/x", "-100/7/8", "https://t.me/x", "１２"]
)
def test_anything_else_is_refused_in_one_line_with_an_example(text: str):
    """A wrong address says what one looks like."""
    with pytest.raises(AddressError, match=r"no Telegram chat: write it like telegram:-1001234567890") as caught:
        PLATFORM.parse_address(text)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    "text", ["12", "https://t.me/channel/12", "https://t.me/c/1234567890/12?single", "https://t.me/c/1/77/12"]
)
def test_a_message_is_known_by_its_link(text: str):
    """The number at the end, with or without a topic before it; anything else is refused."""
    assert PLATFORM.read_message(text) == "12"
    for wrong in ("", "x", "https://t.me/channel", "https://example.org/12", "-1"):
        with pytest.raises(AddressError, match="copy its link"):
            PLATFORM.read_message(wrong)


def test_the_general_topic_is_left_out():
    """A forum's first topic cannot be named in a call."""
    assert PLATFORM.parse_address("-100500/1") == Address("telegram", "-100500")
    assert address(-100500, 1) == Address("telegram", "-100500")
    assert address(-100500, 77).thread == "77"


def test_what_the_bot_api_calls_a_chat():
    """Numbers go as numbers, names as they are; no topic, no parameter."""
    assert chat_id(PLATFORM.parse_address("-100500/77")) == -100500
    assert thread_id(PLATFORM.parse_address("-100500/77")) == 77
    assert chat_id(PLATFORM.parse_address("@channel")) == "@channel"
    assert thread_id(PLATFORM.parse_address("@channel")) is None
    assert user_address(42) == "telegram:42"


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("42", ChatKind.PRIVATE),
        ("-7", ChatKind.GROUP),
        ("-1001234567890/77", ChatKind.GROUP),
        ("@channel", ChatKind.CHANNEL),
    ],
)
def test_what_kind_of_chat_an_address_looks_like(text: str, kind: ChatKind):
    """People have positive numbers, groups negative ones, channels names."""
    assert PLATFORM.kind_of(PLATFORM.parse_address(text)) is kind


@pytest.mark.parametrize(
    ("chat", "link"),
    [
        ("-1001234567890", "https://t.me/c/1234567890/5"),
        ("-1001234567890/77", "https://t.me/c/1234567890/77/5"),
        ("-1000000000042", "https://t.me/c/42/5"),
        ("@channel", "https://t.me/channel/5"),
        ("-1001234", ""),
        ("-4100001", ""),
        ("12345", ""),
    ],
)
def test_where_messages_have_addresses(chat: str, link: str):
    """In supergroups and channels, in topics too; private chats and basic groups have none."""
    assert message_link(PLATFORM.parse_address(chat), "5") == link
    assert PLATFORM.has_links(PLATFORM.parse_address(chat)) is bool(link)
