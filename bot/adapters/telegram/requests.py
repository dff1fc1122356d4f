"""How the library's calls travel: through aiohttp, as JSON, over connections that stay open.

The library lets a bot bring its own way (`telegram.request.BaseRequest`). The one it comes with takes several times as
much of a processor for each call, and that is most of what a call costs.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from ssl import SSLContext
from typing import Any, Final, TypeGuard
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import httpx
from aiohttp import ClientError, ClientSession, ClientTimeout, DummyCookieJar, FormData, TCPConnector
from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.adapters.interface import AdapterError

# What is read of a message that the bot has sent; the rest of it the bot has said itself.
_READ: Final = frozenset(
    {
        "message_id",
        "message_thread_id",
        "date",
        "chat",
        "reply_to_message",
        "photo",
        "animation",
        "video",
        "document",
    }
)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long, in seconds, an answer is waited for before its call counts as uncertain.

    Telegram fetches a picture from the web before it answers; so those calls take long, and giving up early would make
    a delivered message an uncertain one.
    """

    connect: float = 10
    text: float = 30
    media: float = 90


class Request(BaseRequest):
    """Makes calls. Each is made once: what becomes of one that failed, only the caller knows."""

    def __init__(self, root: str, patience: Patience, *, connections: int) -> None:
        """Prepare for calls to a server at `root`, so many at a time; nothing is opened yet."""
        self._root = root
        self._patience = patience
        self._connections = connections
        self._session: ClientSession | None = None

    @property
    def read_timeout(self) -> float:
        """How long, in seconds, an answer is waited for where a call says nothing else."""
        return self._patience.text

    async def initialize(self) -> None:
        """Get ready; a second time, nothing. Raises AdapterError for a proxy that cannot be used."""
        if self._session is None:
            # Whom to trust is told to all calls of the bot alike: by SSL_CERT_FILE, else as httpx knows it.
            tls: SSLContext | bool = httpx.create_ssl_context() if self._root.startswith("https:") else True
            self._session = ClientSession(
                connector=TCPConnector(limit=self._connections, ssl=tls),
                cookie_jar=DummyCookieJar(),
                headers={"User-Agent": self.USER_AGENT},
                proxy=_proxy(self._root),
            )

    async def shutdown(self) -> None:
        """Close every connection."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def do_request(  # noqa: PLR0917 - the library's own interface
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """Make a call; returns the status and the body of its answer.

        Raises NetworkError, or TimedOut, with aiohttp's own error as the cause, which tells whether anything was sent.
        """
        if self._session is None:
            raise RuntimeError("the bot has not been initialized")
        uploads = request_data is not None and request_data.contains_files
        read = _seconds(read_timeout, self._patience.text)
        write = _seconds(write_timeout, self._patience.media if uploads else self._patience.text)
        connect = _seconds(connect_timeout, self._patience.connect)
        queue = _seconds(pool_timeout, self._patience.connect)
        timeout = ClientTimeout(total=queue + write + read, connect=queue, sock_connect=connect, sock_read=read)
        body: dict[str, Any] = {}
        if uploads and request_data is not None:
            body = {"data": _form(request_data)}
        elif request_data is not None:
            content = json.dumps(request_data.parameters).encode()
            body = {"data": content, "headers": {"Content-Type": "application/json"}}
        try:
            async with self._session.request(method, url, timeout=timeout, allow_redirects=False, **body) as answer:
                return answer.status, await answer.read()
        except TimeoutError as error:
            raise TimedOut from error
        except (ClientError, OSError) as error:
            raise NetworkError(f"{type(error).__name__}: {error}") from error

    def parse_json_payload(self, payload: bytes) -> dict[str, Any]:  # type: ignore[override]  # the library calls it on an instance
        """Read an answer; of a message that was sent, what is asked of it.

        A text comes back with all its entities, and to make objects of them takes as long as the call does.
        """
        answer: dict[str, Any] = BaseRequest.parse_json_payload(payload)
        result = answer.get("result")
        if _is_message(result):
            answer["result"] = _stripped(result)
        elif isinstance(result, list) and all(map(_is_message, result)):
            answer["result"] = [_stripped(message) for message in result]
        return answer


def _is_message(result: object) -> TypeGuard[Mapping[str, Any]]:
    return isinstance(result, dict) and "message_id" in result


def _stripped(message: Mapping[str, Any]) -> dict[str, Any]:
    return {name: message[name] for name in _READ & message.keys()}


def _seconds(given: object, otherwise: float) -> float:
    return float(given) if isinstance(given, float | int) else otherwise


def _form(data: RequestData) -> FormData:
    """Return a form with the files of a call beside its parameters."""
    form = FormData(quote_fields=False)  # the server takes names as they are
    for name, value in data.json_parameters.items():
        form.add_field(name, value)
    for name, (filename, content, kind) in data.multipart_data.items():
        form.add_field(name, content, filename=" ".join(filename.splitlines()), content_type=kind)
    return form


def _proxy(root: str) -> str | None:
    """Return the proxy that the environment names for a server (HTTPS_PROXY, ALL_PROXY, less NO_PROXY), if any."""
    server, proxies = urlsplit(root), getproxies()
    proxy = proxies.get(server.scheme) or proxies.get("all")
    if not proxy or proxy_bypass(server.netloc):
        return None
    if urlsplit(proxy).scheme not in {"http", "https"}:
        raise AdapterError(
            "Telegram is reached through no proxy but one that speaks HTTP: set HTTPS_PROXY to its address"
        )
    return proxy
