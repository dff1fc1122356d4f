"""GitHub's contents API on 127.0.0.1: folders and files with their hashes, ETags, a rate limit, faults on request.

Follows https://docs.github.com/en/rest/repos/contents and, for conditional requests and limits,
https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any, Self

from aiohttp import web

RAW = "application/vnd.github.raw+json"
ERRORS = {401: "Bad credentials", 403: "Forbidden", 404: "Not Found", 429: "Too Many Requests"}


@dataclass(frozen=True, slots=True)
class Fault:
    """What happens to one request: a refusal, or with status 0 a connection that breaks."""

    status: int
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes | None = None


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it came in, and the status it was answered with."""

    path: str
    ref: str
    status: int
    is_raw: bool
    is_conditional: bool


class FakeGitHub:
    """One repository, served by a base URL."""

    def __init__(
        self, repository: str = "lab/digests", *, branches: tuple[str, ...] = ("main",), token: str = ""
    ) -> None:
        self.repository = repository
        self.requests: list[Request] = []
        self._branches = branches
        self._token = token
        self._files: dict[str, bytes] = {}
        self._faults: deque[Fault] = deque()
        self._runner: web.AppRunner | None = None
        self._port = 0

    async def __aenter__(self) -> Self:
        app = web.Application()
        app.router.add_get("/repos/{owner}/{name}/contents/{path:.*}", self._contents)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self._port = self._runner.addresses[0][1]
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._runner is not None:
            await self._runner.cleanup()

    @property
    def url(self) -> str:
        """The API's root."""
        return f"http://127.0.0.1:{self._port}"

    def put(self, path: str, content: str | bytes) -> None:
        """Commit a file."""
        self._files[path] = content.encode() if isinstance(content, str) else content

    def remove(self, path: str) -> None:
        """Commit a file's removal."""
        del self._files[path]

    def fail(self, *faults: Fault) -> None:
        """Let the next requests go wrong, one fault each."""
        self._faults.extend(faults)

    def forget_requests(self) -> None:
        """Begin to count anew."""
        self.requests.clear()

    async def _contents(self, request: web.Request) -> web.StreamResponse:
        response = await self._answer(request)
        self.requests.append(
            Request(
                path=request.match_info["path"],
                ref=request.query.get("ref", ""),
                status=response.status if response else 0,
                is_raw=request.headers.get("Accept") == RAW,
                is_conditional="If-None-Match" in request.headers,
            )
        )
        if response is None:
            if request.transport is not None:
                request.transport.abort()
            raise asyncio.CancelledError
        return response

    async def _answer(self, request: web.Request) -> web.Response | None:
        if self._faults:
            fault = self._faults.popleft()
            return _refuse(fault.status, fault.headers, fault.body) if fault.status else None
        if self._token and request.headers.get("Authorization") != f"Bearer {self._token}":
            return _refuse(401)
        name = f"{request.match_info['owner']}/{request.match_info['name']}"
        if name != self.repository or request.query.get("ref", self._branches[0]) not in self._branches:
            return _refuse(404)
        return self._tell(request, request.match_info["path"].strip("/"))

    def _tell(self, request: web.Request, path: str) -> web.Response:
        if path in self._files and request.headers.get("Accept") == RAW:
            return web.Response(body=self._files[path], content_type=RAW)
        told: Any = self._describe(path) if path in self._files else list(self._list(path))
        if not told:
            return _refuse(404)
        body = json.dumps(told).encode()
        etag = f'W/"{hashlib.sha256(body).hexdigest()}"'
        if request.headers.get("If-None-Match") == etag:
            return web.Response(status=304, headers={"ETag": etag})
        return web.Response(body=body, content_type="application/json", headers={"ETag": etag})

    def _list(self, folder: str) -> Iterator[dict[str, Any]]:
        prefix = f"{folder}/" if folder else ""
        inside = sorted(path for path in self._files if path.startswith(prefix))
        for name in dict.fromkeys(path[len(prefix) :].partition("/")[0] for path in inside):
            yield self._describe(prefix + name)

    def _describe(self, path: str) -> dict[str, Any]:
        content = self._files.get(path)
        if content is None:
            inside = "".join(f"{item['name']}:{item['sha']}\n" for item in self._list(path))
            tree = hashlib.sha1(inside.encode()).hexdigest()
            return {"name": _name(path), "path": path, "type": "dir", "sha": tree, "size": 0, "download_url": None}
        return {
            "name": _name(path),
            "path": path,
            "type": "file",
            "sha": hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest(),
            "size": len(content),
            "download_url": f"https://raw.example.com/{self.repository}/{self._branches[0]}/{path}?token=secret",
        }


def _name(path: str) -> str:
    return path.rpartition("/")[2]


def _refuse(status: int, headers: Mapping[str, str] | None = None, body: bytes | None = None) -> web.Response:
    told = body if body is not None else json.dumps({"message": ERRORS.get(status, "Server Error")}).encode()
    return web.Response(status=status, headers=headers, body=told, content_type="application/json")
