"""The stream of news of a room, over a real server."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx
import pytest

from bot.adapters.web.adapter import WebAdapter
from bot.adapters.web.bell import Bell
from bot.adapters.web.conversation import Conversation
from bot.adapters.web.routes import BATCH, Chat
from bot.model.command import Reply
from bot.model.richtext import Document, paragraph
from bot.model.room import RoomContent
from bot.site import Server, create_site
from bot.storage.rooms import RoomStore
from tests.unit.adapters.web.conftest import NOW, House, _menu

NEVER = 3600.0
SOON = 0.01


class Site:
    """A served chat; `poll_seconds` says how often a stream looks by itself."""

    def __init__(self, house: House, poll_seconds: float) -> None:
        self.bell = Bell()
        conversation = Conversation(house.services(), house.rooms, self.bell)
        chat = Chat(
            rooms=house.rooms,
            conversation=conversation,
            bell=self.bell,
            menu=_menu,
            language="en",
            poll_seconds=poll_seconds,
        )

        async def health() -> dict[str, str]:
            return {}

        self.server = Server(create_site(chat.routes, health=health), host="127.0.0.1", port=0)


@asynccontextmanager
async def served(house: House, *, poll_seconds: float) -> AsyncIterator[tuple[Site, httpx.AsyncClient]]:
    site = Site(house, poll_seconds)
    async with site.server, httpx.AsyncClient(base_url=site.server.url, timeout=20) as client:
        yield site, client


class Events:
    """What a stream has told."""

    def __init__(self, response: httpx.Response) -> None:
        self._lines = response.aiter_lines()

    async def next(self) -> dict[str, str]:
        """Return the next event's fields. Raises StopAsyncIteration at the stream's end."""
        fields: dict[str, str] = {}
        while True:
            line = await anext(self._lines)
            if not line and fields:
                return fields
            name, colon, value = line.partition(": ")
            if name and colon:
                fields[name] = value

    async def message(self) -> dict[str, Any]:
        """Return the next message, with the revision it was told under."""
        while True:
            event = await self.next()
            if event.get("event") == "message":
                return {**json.loads(event["data"]), "revision": int(event["id"])}


@asynccontextmanager
async def listening(client: httpx.AsyncClient, after: int = 0, **headers: str) -> AsyncIterator[Events]:
    async with client.stream("GET", f"/chat/lobby/events?after={after}", headers=headers) as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        yield Events(response)


async def add(rooms: RoomStore, text: str) -> None:
    await rooms.append("lobby", "bot", content=RoomContent(text, text), now=NOW)


async def test_what_is_said_is_told_at_once(house: House) -> None:
    """A line and its answer reach who looks on, without waiting for the next look at the database."""
    house.always(Reply(Document((paragraph("Two found"),))))
    async with served(house, poll_seconds=NEVER) as (_, client), listening(client) as events:
        await events.next()  # the stream is open and has looked
        await client.post("/chat/lobby/messages", json={"text": "/search nerf"})

        assert [(await events.message())["html"] for _ in range(2)] == ["<p>/search nerf</p>", "<p>Two found</p>"]


async def test_what_another_process_says_is_told(house: House, elsewhere: RoomStore) -> None:
    """Messages that nobody rings for are seen in the database, edits too."""
    async with served(house, poll_seconds=SOON) as (_, client), listening(client) as events:
        await add(elsewhere, "from elsewhere")
        first = await events.message()
        await elsewhere.edit("lobby", first["id"], content=RoomContent("mended", "mended"), edited_at=NOW)
        second = await events.message()

    assert (first["html"], first["edited"]) == ("from elsewhere", False)
    assert (second["html"], second["edited"], second["id"]) == ("mended", True, first["id"])


async def test_a_stream_goes_on_where_it_was(house: House, rooms: RoomStore) -> None:
    """Everything since the last event the browser names, each once, in order, whatever the address says."""
    count = BATCH * 2 + 3
    for number in range(count):
        await add(rooms, str(number))

    async with served(house, poll_seconds=SOON) as (_, client):
        async with listening(client) as events:
            first = [(await events.message())["html"] for _ in range(5)]
        async with listening(client, **{"Last-Event-ID": "5"}) as events:
            rest = [(await events.message())["html"] for _ in range(count - 5)]

    assert first + rest == [str(number) for number in range(count)]


async def test_a_stream_begins_after_the_history(house: House, rooms: RoomStore) -> None:
    """With the revision of the history, nothing comes twice and nothing is missed."""
    await add(rooms, "old")
    async with served(house, poll_seconds=SOON) as (_, client):
        revision = (await client.get("/chat/lobby/messages")).json()["revision"]
        await add(rooms, "new")
        async with listening(client, after=revision) as events:
            assert (await events.message())["html"] == "new"


async def test_rooms_are_told_apart(house: House, rooms: RoomStore) -> None:
    """Who looks on in one room hears nothing of another."""
    async with served(house, poll_seconds=SOON) as (_, client), listening(client) as events:
        await rooms.append("lab", "bot", content=RoomContent("elsewhere", ""), now=NOW)
        await add(rooms, "here")

        assert (await events.message())["html"] == "here"


async def test_a_page_of_another_database_is_told_to_begin_anew(house: House) -> None:
    """A page that knows more than there is would wait for ever."""
    async with served(house, poll_seconds=NEVER) as (_, client), listening(client, after=7) as events:
        while (event := await events.next()).get("event") != "reload":
            assert "event" not in event


async def test_closing_the_chat_ends_its_streams(house: House) -> None:
    """A stream ends when the platform closes, without being cut."""
    async with served(house, poll_seconds=NEVER) as (site, client), listening(client) as events:
        await events.next()
        site.bell.close()
        with pytest.raises(StopAsyncIteration):
            await events.next()


async def test_stopping_the_server_ends_the_streams_at_once(house: House) -> None:
    """An open page does not hold the process up."""
    async with served(house, poll_seconds=NEVER) as (site, client), listening(client) as events:
        await events.next()
        async with asyncio.timeout(3):  # the grace for requests under way is longer
            await site.server.stop()
        with pytest.raises(StopAsyncIteration):
            await events.next()


async def test_streams_come_and_go_without_harm(house: House, rooms: RoomStore) -> None:
    """Pages that leave in the middle of a look at the database leave no connection behind."""
    async with served(house, poll_seconds=0) as (_, client):

        async def visit() -> None:
            async with listening(client) as events:
                await events.next()

        for _ in range(10):
            await asyncio.gather(*(visit() for _ in range(10)))
        await add(rooms, "still here")
        async with listening(client) as events:
            assert (await events.message())["html"] == "still here"


async def test_a_database_in_trouble_ends_the_stream(adapter: WebAdapter, house: House, rooms: RoomStore) -> None:
    """The stream ends as if the connection had broken: the page says so, and asks again."""
    async with served(house, poll_seconds=SOON) as (_, client), listening(client) as events:
        await events.next()
        async with rooms._database.write() as connection:
            await connection.exec_driver_sql("DROP TABLE web_files")
            await connection.exec_driver_sql("DROP TABLE web_messages")
        with pytest.raises(StopAsyncIteration):
            await events.next()
