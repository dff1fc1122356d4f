"""A folder of a GitHub repository, read through the contents API (https://docs.github.com/en/rest/repos/contents).

A look costs one conditional request while nothing has changed: folders are listed again only when their own hash
changed, and files are fetched only when whoever asks finds their version new.
"""

from __future__ import annotations

import json
import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from functools import partial
from typing import Any, Self
from urllib.parse import quote

import httpx

from bot.clock import Clock
from bot.settings import Settings
from bot.sources.interface import Listing, SourceError, SourceFile
from bot.sources.patience import limited_for, wait_before_retry

TIMEOUT_SECONDS = 20.0
LISTING_LIMIT = 8_000_000
"""Bytes of a listing: the API tells of a thousand files at most."""

FILE_LIMIT = 64_000_000
"""Bytes fetched of a file at the most: enough to tell that it is beyond any issue, too few to fill the memory."""

_SPELLING = re.compile(
    r"github:(?P<owner>[\w-]+)/(?P<repository>[\w.-]+?)(?:\.git)?(?:@(?P<ref>[^\s:]+))?(?::(?P<path>\S*))?", re.ASCII
)
_RAW = "application/vnd.github.raw+json"
_JSON = "application/vnd.github+json"


@dataclass(frozen=True, slots=True)
class _Thing:
    """A file or folder as a listing tells of it."""

    path: str
    kind: str
    sha: str
    size: int = 0
    address: str = ""

    @property
    def name(self) -> str:
        """The last part of its path."""
        return self.path.rpartition("/")[2]


@dataclass(frozen=True, slots=True)
class _Folder:
    """A folder as it was last listed: the server's ETag for the listing, the folder's own hash, what it held."""

    etag: str
    sha: str
    things: tuple[_Thing, ...]


@dataclass(frozen=True, slots=True)
class _Answer:
    """A response, read to its end."""

    status: int
    headers: Mapping[str, str]
    content: bytes


class GitHubSource:
    """Issues in a repository."""

    def __init__(self, repository: str, *, ref: str, path: str, settings: Settings, clock: Clock) -> None:
        self.name = self.identity = f"github:{repository}" + (f"@{ref}" if ref else "") + (f":{path}" if path else "")
        self._contents = f"{settings.github_api_url.rstrip('/')}/repos/{repository}/contents/"
        self._path = path
        self._query = {"ref": ref} if ref else {}
        self._token = settings.github_token
        self._clock = clock

    @classmethod
    def parse(cls, text: str, *, settings: Settings, clock: Clock) -> Self:
        """Read ``github:owner/repo[@ref][:path]``. Raises SourceError for what is spelled otherwise."""
        found = _SPELLING.fullmatch(text.strip())
        if found is None:
            raise SourceError(f"{text} is no source: write it like github:owner/repo, github:owner/repo@branch:folder")
        repository = f"{found['owner']}/{found['repository']}"
        path = (found["path"] or "").strip("/")
        return cls(repository, ref=found["ref"] or "", path=path, settings=settings, clock=clock)

    async def look(self, state: str) -> Listing:
        """List the Markdown files of the folder, and the README.md of each folder in it that begins with a digit."""
        known = _read_state(state)
        root = await self._list(self._path, known.get(self._path))
        seen = {self._path: root}
        things = [thing for thing in root.things if thing.kind == "file" and thing.path.endswith(".md")]
        for folder in (thing for thing in root.things if thing.kind == "dir" and thing.name[:1].isdecimal()):
            before = known.get(folder.path)
            is_same = before is not None and before.sha == folder.sha
            inside = before if before and is_same else await self._list(folder.path, before, sha=folder.sha)
            seen[folder.path] = inside
            things += (thing for thing in inside.things if thing.path == f"{folder.path}/README.md")
        files = map(self._file, things)
        return Listing(tuple(sorted(files, key=lambda file: file.name)), _write_state(seen))

    def _file(self, thing: _Thing) -> SourceFile:
        folder = self._path if thing.path != self._path else self._path.rpartition("/")[0]
        return SourceFile(
            name=thing.path.removeprefix(f"{folder}/") if folder else thing.path,
            base=thing.address.partition("?")[0].rpartition("/")[0] + "/",
            version=thing.sha,
            read=partial(self._read, thing),
        )

    async def _list(self, path: str, known: _Folder | None, *, sha: str = "") -> _Folder:
        condition = {"If-None-Match": known.etag} if known and known.etag else {}
        answer = await self._get(path, {"Accept": _JSON, **condition}, LISTING_LIMIT)
        if answer.status == 304 and known:
            return _Folder(known.etag, sha or known.sha, known.things)
        try:
            told = json.loads(answer.content)
            things = [_read_thing(item) for item in (told if isinstance(told, list) else [told])]
        except (ValueError, KeyError, TypeError, RecursionError) as error:
            raise SourceError("GitHub's answer cannot be understood") from error
        shown = tuple(thing for thing in things if not thing.name.startswith("."))
        return _Folder(answer.headers.get("etag", ""), sha, shown)

    async def _read(self, thing: _Thing) -> bytes:
        if thing.size > FILE_LIMIT:
            raise SourceError(f"{thing.size / 1e6:.1f} MB is too large for an issue")
        return (await self._get(thing.path, {"Accept": _RAW}, FILE_LIMIT)).content

    async def _get(self, path: str, headers: Mapping[str, str], limit: int) -> _Answer:
        """Ask until there is an answer or no hope for one. Raises SourceError with one plain line."""
        tries = 0
        while True:
            tries += 1
            answer = await self._ask(path, headers, limit)
            if answer.status in {200, 304}:
                return answer
            wait = wait_before_retry(answer.status, answer.headers, tries=tries, now=self._clock.now())
            if wait is None:
                raise SourceError(self._explain(answer))
            await self._clock.sleep(wait)

    async def _ask(self, path: str, headers: Mapping[str, str], limit: int) -> _Answer:
        try:
            async with (
                self._client() as client,
                client.stream("GET", self._contents + quote(path), params=self._query, headers=headers) as response,
            ):
                content = bytearray()
                async for chunk in response.aiter_bytes():
                    content += chunk
                    if len(content) > limit:
                        raise SourceError(f"{path} is larger than {limit // 1_000_000} MB")
                return _Answer(response.status_code, response.headers, bytes(content))
        except httpx.TransportError:
            return _Answer(0, {}, b"")
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise SourceError(f"the request to GitHub failed ({type(error).__name__})") from error

    @asynccontextmanager
    async def _client(self) -> AsyncIterator[httpx.AsyncClient]:
        headers = {"X-GitHub-Api-Version": "2022-11-28", "User-Agent": "digest-bot"}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token.get_secret_value()}"
        async with httpx.AsyncClient(headers=headers, timeout=TIMEOUT_SECONDS, follow_redirects=True) as client:
            yield client

    def _explain(self, answer: _Answer) -> str:
        """Say in one line why there is nothing to read; nothing of the answer itself, which may hold anything."""
        limited = limited_for(answer.headers, now=self._clock.now())
        match answer.status:
            case 0:
                return "GitHub cannot be reached"
            case 401:
                return "GitHub does not accept the token in GITHUB_TOKEN"
            case 403 | 429 if limited is not None:
                until = self._clock.now() + timedelta(seconds=limited)
                hint = "" if self._token else "; with a GITHUB_TOKEN it is higher"
                return f"GitHub's rate limit is used up until {until:%H:%M} UTC{hint}"
            case 403:
                return "GitHub refuses to show it; does the token in GITHUB_TOKEN allow reading?"
            case 404:
                private = "" if self._token else "; a private one needs a GITHUB_TOKEN"
                return f"there is no such repository, branch or folder{private}"
            case status:
                return f"GitHub answers with status {status}"


def _read_thing(item: Mapping[str, Any]) -> _Thing:
    return _Thing(
        path=str(item["path"]),
        kind=str(item["type"]),
        sha=str(item["sha"]),
        size=int(item.get("size") or 0),
        address=str(item.get("download_url") or ""),
    )


def _read_state(state: str) -> dict[str, _Folder]:
    """Return the folders as they were last listed. A state that another version wrote is no state."""
    try:
        told = json.loads(state) if state else {}
        return {
            path: _Folder(folder["etag"], folder["sha"], tuple(_Thing(**thing) for thing in folder["things"]))
            for path, folder in told.items()
        }
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _write_state(folders: Mapping[str, _Folder]) -> str:
    return json.dumps({path: asdict(folder) for path, folder in folders.items()}, ensure_ascii=False)
