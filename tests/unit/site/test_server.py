"""The server: it starts, stops cleanly, and says plainly why it cannot."""

from __future__ import annotations

import asyncio
import signal
import socket
from collections.abc import AsyncIterator

import httpx
import pytest
from sse_starlette import EventSourceResponse
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.site import Server, SiteError


class Scene:
    """An application whose answers a test can hold back."""

    def __init__(self) -> None:
        self.asked = asyncio.Event()
        self.may_answer = asyncio.Event()
        self.is_stream_ended = False
        self.app = Starlette(
            routes=[
                Route("/hello", self._hello),
                Route("/slow", self._slow, methods=["GET", "POST"]),
                Route("/stream", self._stream),
            ]
        )

    async def _hello(self, _: Request) -> Response:
        return PlainTextResponse("hello")

    async def _slow(self, request: Request) -> Response:
        body = await request.body()
        self.asked.set()
        await self.may_answer.wait()
        return PlainTextResponse(b"done " + body)

    async def _stream(self, _: Request) -> Response:
        async def news() -> AsyncIterator[dict[str, str]]:
            try:
                yield {"data": "first"}
                await asyncio.Event().wait()
            finally:
                self.is_stream_ended = True

        return EventSourceResponse(news())


async def test_it_serves_and_stops() -> None:
    """With port 0 it takes a free port; after it has stopped, nobody listens there; it can be stopped twice."""
    server = Server(Scene().app, host="127.0.0.1", port=0)
    await server.start()
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"{server.url}/hello")).text == "hello"
        await server.stop()
        await server.stop()
        with pytest.raises(httpx.ConnectError):
            await client.get(f"{server.url}/hello")


async def test_stopping_before_starting_is_harmless() -> None:
    """A process that fails early can end everything it made."""
    await Server(Scene().app, host="127.0.0.1", port=0).stop()


async def test_a_port_in_use_is_said_plainly() -> None:
    """One line names the port, and what to set."""
    async with Server(Scene().app, host="127.0.0.1", port=0) as first:
        port = int(first.url.rpartition(":")[2])
        with pytest.raises(SiteError, match=rf"^port {port} on 127\.0\.0\.1 is in use: .*BOT_WEB_PORT"):
            await Server(Scene().app, host="127.0.0.1", port=port).start()


@pytest.mark.parametrize("host", ["203.0.113.7", "no.such.name.invalid"])
async def test_a_foreign_address_is_said_plainly(host: str) -> None:
    """One line names the address, and what to set."""
    with pytest.raises(SiteError, match=r"no address of this machine: set BOT_WEB_HOST"):
        await Server(Scene().app, host=host, port=0).start()


async def test_the_port_is_free_at_once_after_a_stop() -> None:
    """A restart does not wait for the system to forget old connections."""
    scene = Scene()
    first = Server(scene.app, host="127.0.0.1", port=0)
    await first.start()
    async with httpx.AsyncClient() as client:
        await client.get(f"{first.url}/hello")
        await first.stop()
        async with Server(scene.app, host="127.0.0.1", port=int(first.url.rpartition(":")[2])) as second:
            assert (await client.get(f"{second.url}/hello")).text == "hello"


async def test_it_leaves_the_signals_alone() -> None:
    """The process decides what a signal means."""
    before = {number: signal.getsignal(number) for number in (signal.SIGINT, signal.SIGTERM)}
    async with Server(Scene().app, host="127.0.0.1", port=0):
        assert {number: signal.getsignal(number) for number in before} == before
    assert {number: signal.getsignal(number) for number in before} == before


async def test_a_request_under_way_is_finished() -> None:
    """Stopping waits for answers that are being made."""
    scene = Scene()
    server = Server(scene.app, host="127.0.0.1", port=0)
    await server.start()
    async with httpx.AsyncClient() as client:
        request = asyncio.create_task(client.post(f"{server.url}/slow", content=b"work"))
        await scene.asked.wait()
        stopping = asyncio.create_task(server.stop())
        await asyncio.sleep(0)
        scene.may_answer.set()

        assert (await request).text == "done work"
        await stopping


async def test_a_stream_ends_as_a_stream_should() -> None:
    """Listeners see the end of the stream, not a broken connection, and the source behind it is closed."""
    scene = Scene()
    server = Server(scene.app, host="127.0.0.1", port=0)
    await server.start()
    async with httpx.AsyncClient() as client, client.stream("GET", f"{server.url}/stream") as response:
        lines = response.aiter_lines()
        assert await anext(lines) == "data: first"
        async with asyncio.timeout(3):
            await server.stop()
        assert [line async for line in lines if line] == []
    assert scene.is_stream_ended


@pytest.mark.parametrize(
    ("host", "shown"),
    [
        ("127.0.0.1", "127.0.0.1"),
        ("0.0.0.0", "127.0.0.1"),
        ("localhost", "localhost"),
        ("::1", "[::1]"),
        ("::", "[::1]"),
    ],
)
async def test_its_address_can_be_opened_in_a_browser(host: str, shown: str) -> None:
    """An address that stands for all of them is shown as one that works."""
    if ":" in host and not socket.has_ipv6:
        pytest.skip("this machine has no IPv6")
    try:
        async with Server(Scene().app, host=host, port=0) as server, httpx.AsyncClient() as client:
            assert server.url.startswith(f"http://{shown}:")
            assert (await client.get(f"{server.url}/hello")).text == "hello"
    except SiteError:
        if ":" not in host:
            raise
        pytest.skip("this machine has no IPv6 address")
