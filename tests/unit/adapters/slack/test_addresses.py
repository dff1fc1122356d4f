"""Addresses of Slack conversations."""

from __future__ import annotations

import pytest

from bot.adapters import parse_address
from bot.adapters.slack import PLATFORM
from bot.adapters.slack.addresses import chat_kind, user_address, user_id
from bot.model.chat import Address, AddressError, ChatKind


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("slack:C0123ABCD", Address("slack", "C0123ABCD")),
        ("slack:G0123ABCD", Address("slack", "G0123ABCD")),
        ("slack:D0123ABCD", Address("slack", "D0123ABCD")),
        ("slack:T0123/C0123ABCD", Address("slack", "C0123ABCD", workspace="T0123")),
        ("slack:E0123/C0123ABCD", Address("slack", "C0123ABCD", workspace="E0123")),
        ("slack:C0123ABCD/1700000000.000100", Address("slack", "C0123ABCD", thread="1700000000.000100")),
        (
            "slack:T0123/C0123ABCD/1700000000.000100",
            Address("slack", "C0123ABCD", thread="1700000000.000100", workspace="T0123"),
        ),
    ],
)
def test_address_reads_as_it_is_written(text: str, address: Address) -> None:
    """An address is read into its parts, and written back as it was."""
    assert parse_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize(
    "text", ["slack:", "slack:#general", "slack:general", "slack:c0123abcd", "slack:T01/", "slack:X1"]
)
def test_names_are_refused_with_advice(text: str) -> None:
    """What is no id is refused, and the refusal says what an id looks like and where it is found."""
    with pytest.raises(AddressError, match=r"C0123ABCD.*channel's details"):
        parse_address(text)


@pytest.mark.parametrize("text", ["slack:U0123ABCD", "slack:W0123ABCD", "slack:T0123/U0123ABCD"])
def test_people_are_no_conversations(text: str) -> None:
    """A person's id is no chat: their direct messages would have two addresses, and get everything twice."""
    with pytest.raises(AddressError, match="person"):
        parse_address(text)


@pytest.mark.parametrize(("workspace", "address"), [("", "slack:U01"), ("T01", "slack:T01/U01")])
def test_person_is_known_by_id(workspace: str, address: str) -> None:
    """A person's address holds their workspace where there are several, and gives their id back."""
    assert user_address("U01", workspace=workspace) == address
    assert user_id(address) == "U01"


def test_direct_messages_are_private() -> None:
    """Only D is a direct message; in channels, public or private, every member may speak."""
    assert [chat_kind(chat) for chat in ("D1", "C1", "G1")] == [ChatKind.PRIVATE, ChatKind.GROUP, ChatKind.GROUP]


@pytest.mark.parametrize(
    "text",
    [
        "1700000000.000100",
        "https://lab.slack.com/archives/C0123ABCD/p1700000000000100",
        "https://lab.slack.com/archives/C0123ABCD/p1700000000000100?thread_ts=1699999999.000100&cid=C0123ABCD",
    ],
)
def test_message_is_known_by_its_link(text: str) -> None:
    """As the app copies it, or by the moment that names it; anything else is refused."""
    assert PLATFORM.read_message(text) == "1700000000.000100"
    for wrong in ("", "1700000000", "https://lab.slack.com/archives/C0123ABCD", "p1700000000000100"):
        with pytest.raises(AddressError, match="copy its link"):
            PLATFORM.read_message(wrong)
