"""Local pictures: those in the digests' folders, and nothing else on this machine.

A request names a digest (`bot.renderers.media`), never a path, so there is no path to climb out of.
"""

from __future__ import annotations

import asyncio
import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from time import monotonic

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from bot.renderers.media import MEDIA_ROOT, media_address

PICTURE_TYPES = {
    ".avif": "image/avif",
    ".gif": "image/gif",
    ".jpeg": "image/jpeg",
    ".jpg": "image/jpeg",
    ".png": "image/png",
    ".svg": "image/svg+xml",
    ".webp": "image/webp",
}
"""The files that count as pictures."""

RESCAN_SECONDS = 2.0
"""The folders are not searched more often than this for a picture that is not known."""

HEADERS = {
    "Cache-Control": "max-age=300",
    # An SVG opened by itself is a page: it gets no script and no origin.
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; sandbox",
}


class Pictures:
    """The pictures in some folders, by their addresses on the site."""

    def __init__(self, folders: Sequence[Path]) -> None:
        self._folders = tuple(folders)
        self._known: dict[str, Path] = {}
        self._scanned_at = -RESCAN_SECONDS
        self._scanning = asyncio.Lock()

    @property
    def route(self) -> Route:
        """What serves them."""
        return Route(MEDIA_ROOT + "{name}", self._serve)

    async def find(self, address: str) -> Path | None:
        """Return the picture behind an address of the site, None where no folder has it."""
        async with self._scanning:
            path = self._known.get(address)
            if (path is None or not path.is_file()) and monotonic() - self._scanned_at >= RESCAN_SECONDS:
                self._known = await asyncio.to_thread(lambda: dict(_pictures(self._folders)))
                self._scanned_at = monotonic()
            path = self._known.get(address)
        return path if path and path.is_file() else None

    async def _serve(self, request: Request) -> Response:
        path = await self.find(MEDIA_ROOT + request.path_params["name"])
        if path is None:
            raise HTTPException(404)
        return FileResponse(path, media_type=PICTURE_TYPES[path.suffix.lower()], headers=HEADERS)


def _pictures(folders: Sequence[Path]) -> Iterator[tuple[str, Path]]:
    """Yield every picture under the folders, by each address it may be asked for."""
    for folder in folders:
        real_folder = folder.resolve()
        for where, _, names in os.walk(folder):
            for name in names:
                path = Path(where, name)
                real = path.resolve()
                # A link may lie in a folder and lead out of it.
                if path.suffix.lower() in PICTURE_TYPES and real.is_relative_to(real_folder):
                    yield media_address(path.absolute()), path
                    yield media_address(real), path
