"""Sending into rooms: once, findable for certain, editable."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.adapters.web import PLATFORM
from bot.adapters.web.adapter import WebAdapter
from bot.model.chat import Address, User
from bot.model.command import Button
from bot.model.delivery import Absent, Found, Later, Payload, Post, Postponed, Refused, Sent
from bot.model.richtext import Document, paragraph
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.rooms import RoomStore
from tests.contract.traces import trace
from tests.unit.adapters.web.conftest import House

LOBBY = Address("web", "lobby")


def payload_of(text: str) -> Payload:
    (payload,) = PLATFORM.compose(Post(0, (Document((paragraph(text),)),), ((Button("Open", action="open 3"),),)))
    return payload


async def test_a_sent_part_stands_in_the_room(adapter: WebAdapter, rooms: RoomStore) -> None:
    """The message says what the payload says, and its id is the one that was returned."""
    outcome = await adapter.send(LOBBY, payload_of("Hello"), "p-1")

    (message,) = (await rooms.history("lobby", limit=9)).messages
    assert outcome == Sent((str(message.id),))
    assert (message.author, message.content.text) == ("bot", "Hello")
    assert message.content.buttons == ((Button("Open", action="open 3"),),)


async def test_sending_again_changes_nothing(adapter: WebAdapter, rooms: RoomStore) -> None:
    """A part whose answer was lost may be sent again: it stands once, under the same id."""
    first = await adapter.send(LOBBY, payload_of("Hello"), "p-1")

    assert await adapter.send(LOBBY, payload_of("Hello"), "p-1") == first
    assert len((await rooms.history("lobby", limit=9)).messages) == 1


async def test_looking_for_a_part_is_certain(adapter: WebAdapter) -> None:
    """A part is found if it stands in its own room, and is absent otherwise."""
    sent = await adapter.send(LOBBY, payload_of("Hello"), "p-1")

    assert isinstance(sent, Sent)
    assert await adapter.find(LOBBY, payload_of("Hello"), trace("p-1")) == Found(sent.message_ids)
    assert await adapter.find(LOBBY, payload_of("Hello"), trace("p-2", sent.message_ids)) == Absent()
    assert await adapter.find(Address("web", "lab"), payload_of("Hello"), trace("p-1")) == Absent()


async def test_a_part_is_edited_in_place(adapter: WebAdapter, rooms: RoomStore) -> None:
    """The message keeps its place and says the new thing; what does not stand is refused."""
    sent = await adapter.send(LOBBY, payload_of("Typo"), "p-1")
    assert isinstance(sent, Sent)

    assert await adapter.edit(LOBBY, sent.message_ids, payload_of("No typo")) == sent
    assert await adapter.edit(LOBBY, sent.message_ids, payload_of("No typo")) == sent
    assert [message.content.text for message in (await rooms.history("lobby", limit=9)).messages] == ["No typo"]
    assert isinstance(await adapter.edit(LOBBY, ("999",), payload_of("x")), Refused)


async def test_everybody_administers_the_local_rooms(adapter: WebAdapter) -> None:
    """Who can open the page is at home."""
    assert await adapter.administers(LOBBY, User("web:guest-abcde"))
    assert adapter.health() == ""


@pytest.fixture
def broken(tmp_path: Path) -> WebAdapter:
    """A chat on a database that was never set up."""
    house = House(RoomStore(Database(f"sqlite:///{tmp_path / 'nothing.db'}")))
    return WebAdapter(Settings(_env_file=None), house.services())


async def test_a_database_in_trouble_is_an_outcome(broken: WebAdapter) -> None:
    """Nothing is raised and nothing is lost: the part is tried later, the question stays open."""
    payload = payload_of("Hello")

    outcomes = [
        await broken.send(LOBBY, payload, "p-1"),
        await broken.edit(LOBBY, ("1",), payload),
    ]
    finding = await broken.find(LOBBY, payload, trace("p-1"))

    assert all(isinstance(outcome, Later) and "bot migrate" in outcome.reason for outcome in outcomes)
    assert isinstance(finding, Postponed)
    await broken._rooms._database.close()


async def test_closing_twice_is_harmless(adapter: WebAdapter) -> None:
    """Connecting, receiving and closing need nothing and may come in any number."""
    await adapter.connect()
    await adapter.receive()
    await adapter.close()
    await adapter.close()
