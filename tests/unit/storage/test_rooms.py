"""Rooms: what is said stands once, and whoever follows the revisions misses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.model.command import Attachment, Button
from bot.model.room import RoomContent
from bot.storage.engine import Database
from bot.storage.rooms import RoomStore

NOW = datetime(2026, 5, 4, 9, 30, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def content(text: str) -> RoomContent:
    return RoomContent(f"<p>{text}</p>", text)


@pytest.fixture
def rooms(database: Database) -> RoomStore:
    return RoomStore(database)


@pytest.fixture
async def elsewhere(database_file: Path) -> AsyncIterator[RoomStore]:
    """The same rooms, as another process has them."""
    database = Database(f"sqlite:///{database_file}")
    yield RoomStore(database)
    await database.close()


async def texts(rooms: RoomStore, room: str = "lobby") -> list[str]:
    return [message.content.text for message in (await rooms.history(room, limit=100)).messages]


async def test_a_message_is_kept_as_it_was_said(rooms: RoomStore) -> None:
    """Everything of a message comes back: words, markup, buttons, author, time."""
    buttons = (
        (Button("Next", action="page 3 1"), Button("Paper", url="https://arxiv.org/abs/2003.08934")),
        (Button("x"),),
    )
    said = RoomContent("<p>Grüße &amp; 你好 👋🏽</p>", "Grüße & 你好 👋🏽", buttons)

    message = await rooms.append("lobby", "bot", content=said, now=NOW)

    (kept,) = (await rooms.history("lobby", limit=9)).messages
    assert kept == message
    assert (kept.author, kept.content, kept.created_at, kept.edited_at) == ("bot", said, NOW, None)


async def test_a_part_sent_twice_stands_once(rooms: RoomStore, elsewhere: RoomStore) -> None:
    """The same reference again, also from another process, is the message that stands already."""
    first = await rooms.append("lobby", "bot", content=content("part"), now=NOW, reference="p-1")
    again = await elsewhere.append("lobby", "bot", content=content("part"), now=LATER, reference="p-1")

    assert again == first
    assert await texts(rooms) == ["part"]
    assert await rooms.revision("lobby") == 1
    assert await rooms.by_reference("lobby", "p-1") == first
    assert await rooms.by_reference("lobby", "p-2") is None
    assert await rooms.by_reference("other", "p-1") is None


async def test_a_reference_belongs_to_its_room(rooms: RoomStore) -> None:
    """One reference in two rooms is two messages."""
    one = await rooms.append("lobby", "bot", content=content("here"), now=NOW, reference="p-1")
    other = await rooms.append("lab", "bot", content=content("there"), now=NOW, reference="p-1")

    assert one.id != other.id
    assert await texts(rooms, "lab") == ["there"]


async def test_a_room_is_new_once(rooms: RoomStore) -> None:
    """A room is new to the first who enters, and not where something was said before."""
    assert await rooms.enter("lab", now=NOW)
    assert not await rooms.enter("lab", now=NOW)
    await rooms.append("lobby", "bot", content=content("hello"), now=NOW)
    assert not await rooms.enter("lobby", now=NOW)
    assert list(await rooms.names()) == ["lab", "lobby"]


async def test_an_edit_is_a_change_of_its_own(rooms: RoomStore) -> None:
    """Following the revisions shows each message once, as it stands now, in the order of the last changes."""
    first = await rooms.append("lobby", "bot", content=content("one"), now=NOW)
    second = await rooms.append("lobby", "bot", content=content("two"), now=NOW)

    edited = await rooms.edit("lobby", first.id, content=content("one, mended"), edited_at=LATER)

    assert edited is not None
    assert (edited.id, edited.created_at, edited.edited_at) == (first.id, NOW, LATER)
    assert list(await rooms.since("lobby", 0, limit=9)) == [second, edited]
    assert list(await rooms.since("lobby", second.revision, limit=9)) == [edited]
    assert list(await rooms.since("lobby", edited.revision, limit=9)) == []
    assert await texts(rooms) == ["one, mended", "two"]


async def test_an_edit_that_changes_nothing_is_none(rooms: RoomStore) -> None:
    """Equal content makes no revision and no mark of an edit."""
    said = RoomContent("<p>a</p>", "a", ((Button("b", action="c"),),))
    message = await rooms.append("lobby", "bot", content=said, now=NOW)

    assert await rooms.edit("lobby", message.id, content=said, edited_at=LATER) == message
    assert await rooms.revision("lobby") == message.revision


async def test_a_turned_page_does_not_count_as_edited(rooms: RoomStore) -> None:
    """It is a change like any other, but bears no mark."""
    first = await rooms.append("lobby", "bot", content=content("page 1"), now=NOW)

    turned = await rooms.edit("lobby", first.id, content=content("page 2"))

    assert turned is not None
    assert (turned.content.text, turned.edited_at) == ("page 2", None)
    assert list(await rooms.since("lobby", first.revision, limit=9)) == [turned]


async def test_what_does_not_stand_cannot_be_edited(rooms: RoomStore) -> None:
    """A message of another room, or of none, is not found."""
    message = await rooms.append("lobby", "bot", content=content("a"), now=NOW)

    assert await rooms.edit("lab", message.id, content=content("b"), edited_at=LATER) is None
    assert await rooms.edit("lobby", message.id + 1, content=content("b"), edited_at=LATER) is None
    assert await texts(rooms) == ["a"]


async def test_history_is_read_backwards_in_stretches(rooms: RoomStore) -> None:
    """Stretch by stretch, every message comes once; only the first stretch has nothing earlier."""
    for number in range(7):
        await rooms.append("lobby", "bot", content=content(str(number)), now=NOW)
    await rooms.append("lab", "bot", content=content("elsewhere"), now=NOW)

    pages = [await rooms.history("lobby", limit=3)]
    while pages[-1].earlier:
        pages.append(await rooms.history("lobby", before=pages[-1].messages[0].id, limit=3))

    assert [[message.content.text for message in page.messages] for page in pages] == [
        ["4", "5", "6"],
        ["1", "2", "3"],
        ["0"],
    ]
    assert pages[0].revision == 7


async def test_an_empty_room_has_no_history(rooms: RoomStore) -> None:
    """A room nobody has entered reads like an empty one."""
    page = await rooms.history("nowhere", limit=9)

    assert (page.messages, page.revision, page.earlier) == ((), 0, False)


async def test_two_processes_number_their_changes_without_gap(rooms: RoomStore, elsewhere: RoomStore) -> None:
    """However two writers interleave, revisions have no gap and no double, so no reader misses a change."""
    writers = (rooms, elsewhere)
    await asyncio.gather(*(writers[n % 2].append("lobby", "bot", content=content(str(n)), now=NOW) for n in range(20)))

    changes = await rooms.since("lobby", 0, limit=100)
    assert [message.revision for message in changes] == list(range(1, 21))
    assert sorted(int(message.content.text) for message in changes) == list(range(20))


async def test_a_file_is_kept_with_its_message(rooms: RoomStore) -> None:
    """An attached file comes back byte by byte, and only from its own room."""
    attached = Attachment("digest 012.bib", bytes(range(256)))

    message = await rooms.append("lobby", "bot", content=content("here"), now=NOW, attachment=attached)
    plain = await rooms.append("lobby", "bot", content=content("nothing attached"), now=NOW)

    assert message.file == "digest 012.bib"
    assert await rooms.attachment("lobby", message.id) == attached
    assert await rooms.attachment("lab", message.id) is None
    assert await rooms.attachment("lobby", plain.id) is None
