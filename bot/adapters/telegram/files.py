"""Files of this machine that Telegram gets: uploaded once, named by Telegram's own id from then on."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from telegram import InputFile, Message

from bot.adapters.interface import Services
from bot.adapters.telegram import limits
from bot.adapters.telegram.addresses import NAME
from bot.adapters.telegram.payloads import Media, is_local, media_kind
from bot.storage.engine import StorageError

log = logging.getLogger(__name__)


class FileError(Exception):
    """A file that cannot be uploaded. Its text says why."""


@dataclass(frozen=True, slots=True)
class Medium:
    """What to put into a call for a picture: an address, an id, or a file, which is to be remembered by `key`."""

    source: str | InputFile
    key: str = ""


class Files:
    """Finds what to send for a picture, and keeps the ids of what was uploaded."""

    def __init__(self, services: Services, bot_id: str) -> None:
        """Prepare for one bot: file ids of one are unknown to another."""
        self._services = services
        self._bot_id = bot_id

    async def medium(self, url: str) -> Medium:
        """Return what to send for a picture. Raises FileError."""
        if not is_local(url):
            return Medium(url)
        path = Path(unquote(urlsplit(url).path))
        content = await asyncio.to_thread(_read, path, media_kind(url))
        # A file that changed under its name is another file.
        key = f"{url}#{self._bot_id}-{sha256(content).hexdigest()[:16]}"
        known = await self._recall(key)
        return Medium(known) if known else Medium(InputFile(content, filename=path.name, attach=True), key)

    async def remember(self, media: Sequence[Medium], messages: Sequence[Message]) -> None:
        """Keep the ids of the files that these messages brought."""
        for medium, message in zip(media, messages, strict=False):
            file_id = _file_id(message)
            if medium.key and file_id:
                await self._keep(medium.key, file_id)

    # A database that does not answer costs an upload; a message that stands must not fail for it.

    async def _recall(self, key: str) -> str | None:
        try:
            return await self._services.recall_file(NAME, key)
        except StorageError as error:
            log.warning("telegram: the id of an uploaded file is not known: %s", error)
            return None

    async def _keep(self, key: str, file_id: str) -> None:
        try:
            await self._services.remember_file(NAME, key, file_id)
        except StorageError as error:
            log.warning("telegram: the id of an uploaded file was not kept: %s", error)


def _read(path: Path, kind: Media) -> bytes:
    most = limits.PHOTO_BYTES if kind is Media.PHOTO else limits.UPLOAD_BYTES
    try:
        if path.stat().st_size > most:
            raise FileError(f"{path.name} is larger than {most // 1_000_000} MB")
        content = path.read_bytes()
    except OSError as error:
        raise FileError(f"{path.name} cannot be read: {error.strerror}") from error
    if not content:
        raise FileError(f"{path.name} is empty")
    return content


def _file_id(message: Message) -> str | None:
    if message.photo:
        return message.photo[-1].file_id
    for media in (message.animation, message.video, message.document):  # an animation is a document, too
        if media is not None:
            return media.file_id
    return None
