"""From a typed line or a pressed button to an answer in the room."""

from __future__ import annotations

import pytest

from bot.adapters.web.bell import Bell
from bot.adapters.web.conversation import Answer, Conversation, read_line
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Attachment, Button, MembershipChange, Origin, Reply
from bot.model.richtext import Document, paragraph
from bot.storage.rooms import RoomStore
from tests.unit.adapters.web.conftest import House

GUEST = User("web:guest-abcde", "guest-abcde", "zh")


def say(text: str) -> Document:
    return Document((paragraph(text),))


@pytest.fixture
def talk(house: House, rooms: RoomStore) -> Conversation:
    return Conversation(house.services(), rooms, Bell())


async def texts(rooms: RoomStore) -> list[tuple[str, str]]:
    return [(message.author, message.content.text) for message in (await rooms.history("lobby", limit=99)).messages]


@pytest.mark.parametrize(
    ("line", "name", "argument"),
    [
        ("/search nerf", "search", "nerf"),
        ("/Search  NeRF  in the wild ", "search", "NeRF  in the wild"),
        ("/slam", "slam", ""),
        ("/slam@digest_bot", "slam", ""),
        ("/search@digest_bot nerf", "search", "nerf"),
        ("/search two\nlines", "search", "two\nlines"),
        ("/搜索 神经辐射场", "搜索", "神经辐射场"),
        ("nerf in the wild", "", "nerf in the wild"),
        ("  hello ", "", "hello"),
        ("/", "", "/"),
        ("/ search", "", "/ search"),
        ("//comment", "", "//comment"),
        ("/a/b", "", "/a/b"),
    ],
)
def test_a_line_is_a_command_or_plain_words(line: str, name: str, argument: str) -> None:
    """A slash and a name make a command; everything else is said to the bot."""
    assert read_line(line) == (name, argument)


async def test_a_line_and_its_answer_stand_in_the_room(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """The question stands before its answer, under the asker's name; the command tells where it comes from."""
    house.always(Reply(say("Two found"), ((Button("1", action="open 1"),),)))

    answer = await talk.write("lobby", "/search nerf", GUEST)

    assert answer == Answer()
    assert await texts(rooms) == [("guest-abcde", "/search nerf"), ("bot", "Two found")]
    (command,) = house.commands
    assert (command.name, command.argument, command.origin) == ("search", "nerf", Origin.TEXT)
    assert (command.chat, command.kind, command.user) == (Address("web", "lobby"), ChatKind.PRIVATE, GUEST)
    assert command.addressed
    assert house.turns == [Address("web", "lobby")]


async def test_silence_is_an_answer(talk: Conversation, rooms: RoomStore) -> None:
    """Where the house stays silent, nothing is added to the question."""
    assert await talk.write("lobby", "whatever", GUEST) == Answer()
    assert await texts(rooms) == [("guest-abcde", "whatever")]


async def test_what_is_typed_cannot_be_markup(talk: Conversation, rooms: RoomStore) -> None:
    """A line is shown as it was typed."""
    await talk.write("lobby", "<img src=x onerror=alert(1)>\n& more", GUEST)

    (message,) = (await rooms.history("lobby", limit=9)).messages
    assert message.content.html == "<p>&lt;img src=x onerror=alert(1)&gt;<br>\n&amp; more</p>"


async def test_a_toast_is_for_the_presser_alone(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """A reply that is only a notice leaves no trace in the room."""
    house.always(Reply(toast="Saved"))

    assert await talk.press("lobby", "layout full", GUEST, message=7) == Answer(toast="Saved")
    assert await texts(rooms) == []


async def test_a_button_sends_its_action_as_a_command(talk: Conversation, house: House) -> None:
    """The first word of an action is the command, the rest its argument."""
    await talk.press("lobby", "page 17 2", GUEST, message=7)

    (command,) = house.commands
    assert (command.name, command.argument, command.origin) == ("page", "17 2", Origin.BUTTON)


async def test_the_pressed_message_becomes_the_answer(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """A reply that replaces edits the message whose button was pressed, buttons included."""
    house.always(Reply(say("Page 1"), ((Button("Next", action="page 2"),),)))
    await talk.write("lobby", "/search nerf", GUEST)
    pressed = (await rooms.history("lobby", limit=1)).messages[0]

    house.always(Reply(say("Page 2"), ((Button("Previous", action="page 1"),),), replace=True))
    await talk.press("lobby", "page 2", GUEST, message=pressed.id)

    assert await texts(rooms) == [("guest-abcde", "/search nerf"), ("bot", "Page 2")]
    replaced = (await rooms.history("lobby", limit=1)).messages[0]
    assert replaced.id == pressed.id
    assert replaced.content.buttons == ((Button("Previous", action="page 1"),),)


async def test_an_answer_that_cannot_replace_is_said_anew(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """Where the pressed message does not stand, or a line was typed, the answer is a new message."""
    house.always(Reply(say("Page 2"), replace=True))

    await talk.press("lobby", "page 2", GUEST, message=999)
    await talk.write("lobby", "/page 2", GUEST)

    assert await texts(rooms) == [("bot", "Page 2"), ("guest-abcde", "/page 2"), ("bot", "Page 2")]


async def test_a_private_answer_does_not_stand_in_the_room(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """Only the asker gets it, with its file; what its buttons bring stays private, and may replace it."""
    attached = Attachment("settings.json", b"{}")
    house.always(Reply(say("Settings"), private=True, toast="Here", attachment=attached))
    asked = await talk.write("lobby", "/settings", GUEST)
    house.always(Reply(say("Changed"), replace=True))
    pressed = await talk.press("lobby", "layout full", GUEST, message=None)

    assert asked.private is not None
    assert (asked.private.text, asked.toast, asked.attachment, asked.replaces) == ("Settings", "Here", attached, False)
    assert pressed.private is not None
    assert (pressed.private.text, pressed.replaces) == ("Changed", True)
    assert await texts(rooms) == [("guest-abcde", "/settings")]


async def test_a_file_comes_with_the_answer(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """A file is an answer, also without words."""
    house.always(Reply(attachment=Attachment("012.bib", b"@misc{}")))

    await talk.write("lobby", "/bibtex", GUEST)

    message = (await rooms.history("lobby", limit=1)).messages[0]
    assert message.file == "012.bib"
    assert await rooms.attachment("lobby", message.id) == Attachment("012.bib", b"@misc{}")


async def test_a_new_room_is_greeted_once(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """The first to enter a room tells the house that the bot is there; nobody after."""
    house.greeting = Reply(say("Hello"))

    await talk.enter("lobby", GUEST)
    await talk.enter("lobby", GUEST)

    assert await texts(rooms) == [("bot", "Hello")]
    (joined,) = house.memberships
    assert (joined.chat, joined.change, joined.user) == (Address("web", "lobby"), MembershipChange.ADDED, GUEST)


async def test_a_new_room_begins_as_a_private_chat_does(talk: Conversation, house: House, rooms: RoomStore) -> None:
    """Where the house has no greeting, it is asked to start, once; where it has nothing to say, nothing is said."""
    await talk.enter("lobby", GUEST)
    house.opening = Reply(say("Welcome"))
    await talk.enter("lab", GUEST)
    await talk.enter("lab", GUEST)

    assert [(command.name, command.chat.chat, command.user) for command in house.openings] == [
        ("start", "lobby", GUEST),
        ("start", "lab", GUEST),
    ]
    assert await texts(rooms) == []
    assert [message.content.text for message in (await rooms.history("lab", limit=9)).messages] == ["Welcome"]
