"""The web server, inside the running event loop: it starts, it stops, and it leaves the signals to the process."""

from __future__ import annotations

import asyncio
import errno
import os
import socket
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Self

import uvicorn
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import PlainError

GRACE_SECONDS = 5
"""How long requests under way may take to finish when the server stops."""


class SiteError(PlainError):
    """The site cannot be served. Its text is one plain line: what is wrong, what to do."""


class Server:
    """Serves an application; `async with` starts and stops it."""

    def __init__(self, app: ASGIApp, *, host: str, port: int) -> None:
        self._host = host
        self._port = port
        self._drain = _Drain(app)
        self._server = _Uvicorn(
            uvicorn.Config(
                self._drain,
                access_log=False,
                lifespan="off",
                log_config=None,
                log_level="warning",
                server_header=False,
                timeout_graceful_shutdown=GRACE_SECONDS,
                ws="none",
            )
        )
        self._serving: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """The address a browser on this machine opens; with port 0, the one that was given."""
        host = {"": "127.0.0.1", "0.0.0.0": "127.0.0.1", "::": "[::1]"}.get(self._host)  # noqa: S104 - compared, not bound
        return f"http://{host or (f'[{self._host}]' if ':' in self._host else self._host)}:{self._port}"

    async def start(self) -> None:
        """Begin to serve; returns when connections are taken. Raises SiteError where the port cannot be had."""
        listener = await _bind(self._host, self._port)
        self._port = listener.getsockname()[1]
        self._serving = asyncio.create_task(self._server.serve([listener]), name="site")
        ready = asyncio.ensure_future(self._server.ready.wait())
        await asyncio.wait({ready, self._serving}, return_when=asyncio.FIRST_COMPLETED)
        if not ready.done():
            ready.cancel()
            await self._serving

    async def stop(self) -> None:
        """End the streams, let other requests finish, close everything. Safe to call twice."""
        if self._serving is not None:
            self._drain.begin()
            self._server.should_exit = True
            await self._serving
            self._serving = None

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.stop()


class _Uvicorn(uvicorn.Server):
    """uvicorn, telling when it is ready, and without its signal handlers: the process has its own."""

    def __init__(self, config: uvicorn.Config) -> None:
        super().__init__(config)
        self.ready = asyncio.Event()

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await super().startup(sockets)
        self.ready.set()

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


class _Drain:
    """Tells requests that only listen (event streams) that their client is gone, once the server stops.

    Otherwise an open stream would keep the server up until its grace is over.
    """

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._stopping = asyncio.Event()

    def begin(self) -> None:
        """End the streams."""
        self._stopping.set()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        is_read = is_begun = is_ended = False

        async def receive_until_stop() -> Message:
            nonlocal is_read
            message = await (_first(receive, self._stopping) if is_read else receive())
            is_read = is_read or not message.get("more_body", False)
            return message

        async def send_noting(message: Message) -> None:
            nonlocal is_begun, is_ended
            is_begun = True
            is_ended = message["type"] == "http.response.body" and not message.get("more_body", False)
            await send(message)

        await self._app(scope, receive_until_stop, send_noting)
        if is_begun and not is_ended and self._stopping.is_set():
            await send({"type": "http.response.body", "body": b"", "more_body": False})


async def _first(receive: Receive, stopping: asyncio.Event) -> Message:
    """Return the next message, or a disconnect as soon as the server stops."""
    message = asyncio.ensure_future(receive())
    stop = asyncio.ensure_future(stopping.wait())
    try:
        await asyncio.wait({message, stop}, return_when=asyncio.FIRST_COMPLETED)
        return message.result() if message.done() else {"type": "http.disconnect"}
    finally:
        for waiting in (message, stop):
            waiting.cancel()
        await asyncio.gather(message, stop, return_exceptions=True)


async def _bind(host: str, port: int) -> socket.socket:
    try:
        found = await asyncio.get_running_loop().getaddrinfo(
            host or None, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )
        return _listen(found[0])
    except OSError as error:
        raise SiteError(_explain(error, host, port)) from error


def _listen(found: tuple[socket.AddressFamily, object, object, object, Sequence[object]]) -> socket.socket:
    family, *_, address = found
    listener = socket.create_server((str(address[0]), int(str(address[1]))), family=family, backlog=128)
    listener.setblocking(False)  # noqa: FBT003 - the standard library's own signature
    return listener


def _explain(error: OSError, host: str, port: int) -> str:
    where = f"port {port} on {host or 'every address'}"
    if isinstance(error, socket.gaierror) or error.errno == errno.EADDRNOTAVAIL:
        return f"{host} is no address of this machine: set BOT_WEB_HOST to one, such as 127.0.0.1"
    match error.errno:
        case errno.EADDRINUSE:
            return f"{where} is in use: stop the other program, or set BOT_WEB_PORT to another port"
        case errno.EACCES:
            return f"{where} may not be opened without special rights: set BOT_WEB_PORT to one above 1023"
        case number:
            return f"{where} cannot be opened ({os.strerror(number or 0)}): set BOT_WEB_HOST and BOT_WEB_PORT"
