"""Local pictures: uploaded once to a workspace, then shown wherever they are needed.

https://docs.slack.dev/messaging/working-with-files/#upload
"""

from __future__ import annotations

import asyncio
from collections import Counter
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path
from urllib.parse import unquote, urlsplit

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Services
from bot.adapters.slack.addresses import PLATFORM_NAME
from bot.adapters.slack.errors import FAILURES, outcome_of
from bot.adapters.slack.messages import local_pictures, with_files
from bot.adapters.slack.runs import JSON
from bot.model.delivery import Closed, Degradation, Halt, Later, Moved, Outcome, Payload, Refused, Sent, Uncertain

# An upload is finished before Slack has looked at the file, and until then it refuses messages that show it:
# https://github.com/slackapi/python-slack-sdk/issues/1521
_LOOK_SECONDS = 2.0
_FRESH = timedelta(minutes=1)
_TRIES = 3


class UploadError(Exception):
    """A picture that is not at Slack. `outcome` is what that means for its message, which was not sent."""

    def __init__(self, outcome: Later | Refused) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


class Uploads:
    """The pictures of one workspace."""

    def __init__(self, client: AsyncWebClient, services: Services, *, workspace: str) -> None:
        self._client = client
        self._services = services
        self._workspace = workspace
        self._tries: Counter[str] = Counter()
        self._fresh: dict[str, datetime] = {}
        self._turn = asyncio.Lock()  # one picture of an issue for fifty channels is one upload

    async def place(self, payload: Payload) -> Payload:
        """Return the payload with its local pictures at Slack. Raises UploadError."""
        files: dict[str, str] = {}
        for picture in local_pictures(payload):
            if picture["image_url"] not in files:
                async with self._turn:
                    files[picture["image_url"]] = await self._place(picture)
        return with_files(payload, files) if files else payload

    def excuse(self, payload: Payload, outcome: Outcome) -> Outcome:
        """Return what became of a message: one refused for a picture Slack is still looking at is tried again."""
        if not (isinstance(outcome, Refused) and outcome.keep is Degradation.NO_IMAGES):
            return outcome
        now = self._services.clock.now()
        files = (block.get("slack_file", {}).get("id", "") for block in payload.get("blocks", ()))
        if any(file in self._fresh and now - self._fresh[file] < _FRESH for file in files):
            return Later(outcome.reason, after=timedelta(seconds=_LOOK_SECONDS))
        return outcome

    async def _place(self, picture: JSON) -> str:
        path = Path(unquote(urlsplit(picture["image_url"]).path))
        try:
            content = await asyncio.to_thread(path.read_bytes)
        except OSError as error:
            reason = f"the picture {path.name} cannot be read ({error.strerror})"
            raise UploadError(Refused(reason, keep=Degradation.NO_IMAGES)) from error
        # A picture drawn anew under its old name is another file; a file is known in its own workspace alone.
        name = f"{picture['image_url']}#{sha256(content).hexdigest()[:16]}@{self._workspace}"
        file = await self._services.recall_file(PLATFORM_NAME, name)
        if file is None:
            file = await self._try(path.name, content, alt=picture["alt_text"], name=name)
            await self._services.remember_file(PLATFORM_NAME, name, file)
        return file

    async def _try(self, title: str, content: bytes, *, alt: str, name: str) -> str:
        try:
            file = await self._upload(title, content, alt=alt)
        except (*FAILURES, TypeError, LookupError) as error:  # the last two: "ok", and yet no file in it
            self._tries[name] += 1
            raise UploadError(_outcome(error, title, tries=self._tries[name])) from error
        del self._tries[name]
        return file

    async def _upload(self, title: str, content: bytes, *, alt: str) -> str:
        answer = await self._client.files_upload_v2(filename=title, content=content, alt_txt=alt)
        file = str(answer["files"][0]["id"])
        await self._services.clock.sleep(_LOOK_SECONDS)
        now = self._services.clock.now()
        self._fresh = {old: since for old, since in self._fresh.items() if now - since < _FRESH} | {file: now}
        return file


def _outcome(error: BaseException, title: str, *, tries: int) -> Later | Refused:
    """Nobody sees an upload that is made again; but a message does not wait for its picture for ever."""
    match outcome_of(error):
        case Later(reason=reason, after=after):
            return Later(f"the picture {title} waits: {reason}", after=after)
        case Uncertain(reason=reason) if tries < _TRIES:
            return Later(f"the picture {title} waits: {reason}")
        case Uncertain(reason=reason) | Refused(reason=reason) | Closed(reason=reason) | Halt(reason=reason):
            return Refused(f"the picture {title} cannot be uploaded: {reason}", keep=Degradation.NO_IMAGES)
        case Sent() | Moved():  # no failure is either
            return Refused(f"the picture {title} cannot be uploaded", keep=Degradation.NO_IMAGES)
