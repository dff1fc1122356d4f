"""A folder of Markdown files: numbered or dated ones, or a folder with a README.md for each issue."""

from __future__ import annotations

import asyncio
import os
from functools import partial
from pathlib import Path

from bot.sources.interface import Listing, SourceError, SourceFile

READ_LIMIT = 64_000_000
"""Bytes read of a file at the most: enough to tell that it is beyond any issue, too few to fill the memory."""


class FolderSource:
    """Issues in a folder of this machine."""

    def __init__(self, path: str) -> None:
        self._root = Path(path)
        self.name = spell(self._root)
        self.identity = str(self._root.resolve())

    async def look(self, _state: str) -> Listing:
        """List the Markdown files of the folder, and the README.md of each folder in it that begins with a digit."""
        return Listing(await asyncio.to_thread(self._list), "")

    def _list(self) -> tuple[SourceFile, ...]:
        try:
            if not self._root.is_dir():
                what = "is no folder" if self._root.exists() else "does not exist"
                raise SourceError(f"the folder {self._root} {what}: name another in BOT_DIGESTS")
            paths = sorted(path for pattern in ("*.md", "[0-9]*/README.md") for path in self._root.glob(pattern))
            return tuple(
                self._file(path)
                for path in paths
                if path.is_file() and not any(part.startswith(".") for part in path.relative_to(self._root).parts)
            )
        except OSError as error:
            raise SourceError(f"the folder {self._root} cannot be read: {error.strerror}") from error

    def _file(self, path: Path) -> SourceFile:
        stat = path.stat()
        return SourceFile(
            name=path.relative_to(self._root).as_posix(),
            base=f"{path.parent.resolve().as_uri()}/",
            version=f"{stat.st_mtime_ns}.{stat.st_size}",
            read=partial(asyncio.to_thread, _read, path),
        )


def _read(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            return file.read(READ_LIMIT)
    except OSError as error:
        raise SourceError(f"cannot be read: {error.strerror}") from error


def spell(path: Path) -> str:
    """Return a folder's path in one spelling: from here where it lies below, else from the root."""
    whole, here = Path(os.path.abspath(path)), Path.cwd()  # noqa: PTH100  (symbolic links are kept as named)
    return str(whole.relative_to(here)) if whole.is_relative_to(here) else str(whole)
