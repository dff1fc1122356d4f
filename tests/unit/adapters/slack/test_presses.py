"""What is pressed, typed and chosen, as questions."""

from __future__ import annotations

import json
from typing import Any

import pytest

from bot.adapters.slack import limits
from bot.adapters.slack.places import Place, read_place
from bot.adapters.slack.presses import read_press
from bot.adapters.slack.requests import Question, Surface
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, Origin

CHANNEL = Address("slack", "C01")
RESPONSE_URL = "https://hooks.slack.com/commands/T01/1/secret"
PLACE = Place(CHANNEL, ChatKind.GROUP, "vision", "1.000001", "search nerf")


def press(**more: Any) -> dict[str, Any]:
    return {
        "actions": [{"action_id": "act:0:1", "value": "page 17 5 best"}],
        "channel": {"id": "C01", "name": "vision"},
        "user": {"id": "U01", "username": "ada"},
        "container": {"message_ts": "1.000001", "is_ephemeral": False},
        "trigger_id": "1.2.abc",
        "response_url": RESPONSE_URL,
        **more,
    }


def in_view(action: dict[str, Any], *, kind: str = "modal", place: Place = PLACE) -> dict[str, Any]:
    view = {"id": "V01", "type": kind, "root_view_id": "V01", "private_metadata": place.write()}
    return press(actions=[action], view=view, container={"type": "view", "view_id": "V01"}, channel=None)


def test_button_sends_its_line_back() -> None:
    """A button's value is a command line, asked from the message it stands below."""
    command = Command(
        "page",
        "17 5 best",
        CHANNEL,
        ChatKind.GROUP,
        User("slack:U01", "ada"),
        origin=Origin.BUTTON,
        chat_title="vision",
        key="1.2.abc",
    )
    assert read_press(press()) == Question(
        command, "U01", pressed="1.000001", room="vision", response_url=RESPONSE_URL, trigger="1.2.abc"
    )


def test_button_remembers_where_it_stands() -> None:
    """Below a message only one sees the answer is for them; in a thread it stays there."""
    container = {"message_ts": "2.000001", "thread_ts": "1.000001", "is_ephemeral": True}
    question = read_press(press(container=container))
    assert question is not None
    assert (question.private, question.thread, question.pressed) == (True, "1.000001", "2.000001")


@pytest.mark.parametrize(
    "action",
    [{"action_id": "open:0:1"}, {"action_id": "act:0:1", "value": " "}, {"action_id": "other", "value": "page 1"}],
)
def test_buttons_that_ask_nothing(action: dict[str, str]) -> None:
    """A button that opened an address asks nothing of the bot; nor does one that is not its own."""
    assert read_press(press(actions=[action])) is None
    assert read_press(press(channel=None)) is None


def test_a_view_speaks_for_the_conversation_it_carries() -> None:
    """What is pressed in a modal concerns the channel it was opened from, and is answered to the presser alone."""
    question = read_press(in_view({"action_id": "act:0:0", "value": "entry 7"}))
    assert question is not None
    command = question.command
    assert (command.name, command.argument, command.chat, command.kind) == ("entry", "7", CHANNEL, ChatKind.GROUP)
    assert (command.chat_title, command.origin) == ("vision", Origin.BUTTON)
    assert (question.surface, question.private, question.thread) == (Surface.MODAL, True, "1.000001")
    assert question.view["id"] == "V01"


def test_words_typed_in_the_home_tab_are_looked_for() -> None:
    """What is typed into a search field is a question like any other, however it begins."""
    home = Place(Address("slack", "D01"), ChatKind.PRIVATE)
    question = read_press(in_view({"action_id": "ask:search", "value": "settings of nerf "}, kind="home", place=home))
    assert question is not None
    assert (question.command.name, question.command.argument) == ("search", "settings of nerf")
    assert (question.surface, question.private) == (Surface.HOME, False)


def test_a_long_view_is_turned() -> None:
    """A button to another page of a view asks the same again, and says which page."""
    question = read_press(in_view({"action_id": "leaf:2", "value": "entry 7"}))
    assert question is not None
    assert (question.command.name, question.leaf) == ("entry", 2)


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"chat": 5}', '{"chat": "C01", "kind": "castle"}'])
def test_views_that_carry_nothing_ask_nothing(text: str) -> None:
    """A view that the bot did not write is no conversation."""
    body = in_view({"action_id": "act:0:0", "value": "entry 7"})
    body["view"]["private_metadata"] = text
    assert read_press(body) is None


def test_places_come_back_as_they_were() -> None:
    """A conversation is written into a view and read again; a line too long for it is left away."""
    assert read_place(PLACE.write()) == PLACE
    far = Place(Address("slack", "C01", workspace="T01"), ChatKind.GROUP)
    assert read_place(far.write(), workspace="T01") == far
    long = Place(CHANNEL, ChatKind.GROUP, asked="search " + "字" * limits.PRIVATE_METADATA)
    assert read_place(long.write()) == Place(CHANNEL, ChatKind.GROUP)
    assert json.loads(PLACE.write())["asked"] == "search nerf"
