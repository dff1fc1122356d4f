"""The Bot API server: calls come in over HTTP, are carried out, and are answered in the API's own form."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.web_request import FileField

from bot.clock import Clock
from tests.fakes.faults import Fault, Migrate, Refuse, TooMany, Unauthorized
from tests.fakes.loop import scripted
from tests.fakes.server import Incoming
from tests.fakes.telegram import chats, errors, media, messages, profile, queries
from tests.fakes.telegram.arguments import Arguments, Upload
from tests.fakes.telegram.core import Result, TelegramCore
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.people import People
from tests.fakes.telegram.webhook import Courier
from tests.fakes.transcript import ChatCard, save

_PATH = re.compile(r"/bot([^/]+)/(\w+)/?")
_TOKEN = re.compile(r"\d{1,20}:[A-Za-z0-9_-]{20,64}")

Method = Callable[[TelegramCore, Arguments], Result]
METHODS: dict[str, tuple[str, Method]] = {
    name.lower(): (name, method)
    for room in (messages, media, queries, profile, chats)
    for name, method in room.METHODS.items()
}


class TelegramFake(People):
    """Telegram on 127.0.0.1.

    `url` is what `TELEGRAM_API_URL` wants (a library's base URL is that plus ``/bot``), `token` the bot's. `rates` off,
    nothing is ever too often; `limits` off, texts and entities are taken as they come (for measuring speed).
    """

    def __init__(self, *, clock: Clock | None = None, rates: bool = True, limits: bool = True) -> None:
        super().__init__(clock=clock, rates=rates, limits=limits)
        self.courier = Courier(self)
        self._poller: asyncio.Transport | None = None

    @property
    def listening(self) -> bool:
        alive = self._poller is not None and not self._poller.is_closing()
        return (alive and self.updates.waiting) or bool(self.updates.webhook.get("url"))

    async def stop(self) -> None:
        self.updates.release_poll()
        await super().stop()

    async def _receive(self, request: web.BaseRequest) -> web.StreamResponse:
        match = _PATH.fullmatch(request.path)
        if match is None:
            return _answer(404, {"ok": False, "error_code": 404, "description": "Not Found"})
        token, name = match.groups()
        try:
            values, files = await _read(request)
        except ConnectionError:  # the client went away in the middle of its call
            return self._broken(request)
        name, _ = METHODS.get(name.lower(), (name, None))
        if name == "getUpdates":
            self._poller = request.transport
        chat = _chat_of(values)
        call = Incoming(name, chat, values)

        async def perform() -> tuple[web.StreamResponse, str]:
            return await self._perform(token, Arguments(name, values, files))

        return await self.answer(request, call, perform)

    async def _perform(self, token: str, arguments: Arguments) -> tuple[web.StreamResponse, str]:
        try:
            result = await self._result(token, arguments)
        except ApiError as error:
            if errors.is_violation(error):
                self.violated(arguments.method, _chat_of(arguments.values), error.description)
            return _refused(error)
        return _answer(200, {"ok": True, "result": result}), ""

    async def _result(self, token: str, arguments: Arguments) -> Result:
        if token != self.token or not self.token_valid:
            raise ApiError("Unauthorized" if _TOKEN.fullmatch(token) else "Not Found")
        known = METHODS.get(arguments.method.lower())
        if known is None:
            raise ApiError("Not Found: method not found")
        result = known[1](self, arguments)
        return await result if inspect.isawaitable(result) else result

    def _refusal(self, fault: Fault) -> tuple[web.Response, str]:
        match fault:
            case TooMany(retry_after=seconds):
                return _refused(ApiError.flood(seconds))
            case Refuse(reason=reason):
                return _refused(ApiError(reason))
            case Migrate(to=chat):
                return _refused(ApiError(errors.UPGRADED, migrate_to_chat_id=chat))
            case Unauthorized():
                return _refused(ApiError("Unauthorized"))
            case _:
                raise TypeError(f"Telegram has no words for {fault!r}")

    async def deliver(self) -> list[int]:
        """Push what waits to the webhook, in order, until one is not taken. Return the HTTP statuses."""
        return await self.hop(self._deliver())

    async def _deliver(self) -> list[int]:
        if not self.updates.webhook.get("url"):
            raise RuntimeError("the bot has set no webhook")
        statuses: list[int] = []
        while self.updates.pending:
            status = await self.courier.bring(self.updates.pending[0])
            statuses += [status] if status else []
            if not 200 <= status < 300:
                break
        return statuses

    @scripted
    def bring_updates(self) -> None:
        """From now on, bring to the webhook what waits and what comes, until it is taken."""
        self.updates.on_push = self.courier.wake
        self.courier.wake()

    def save(self, path: Path) -> None:
        """Write the transcript for the drawing tool."""
        cards = [ChatCard(chat.id, chat.title, str(chat.kind)) for chat in self.world.chats.values()]
        save(path, self.platform, cards, self.transcript)


def _chat_of(values: Any) -> int | str | None:
    chat = values.get("chat_id")
    if chat is None or isinstance(chat, int):
        return chat
    text = str(chat)
    return int(text) if text.lstrip("-").isdigit() else text


async def _read(request: web.BaseRequest) -> tuple[dict[str, Any], dict[str, Upload]]:
    values: dict[str, Any] = dict(request.query)
    files: dict[str, Upload] = {}
    if request.content_type == "multipart/form-data":
        for name, value in (await request.post()).items():
            if isinstance(value, FileField):
                files[name] = Upload(value.filename, value.file.read())
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    elif request.content_type == "application/json":
        values |= json.loads(await request.read() or b"{}")
    else:
        values |= _form(await request.read())
    return values, files


def _form(body: bytes) -> dict[str, str]:
    """Read a form: as `urllib.parse.parse_qsl` does, only at the speed of C, since Chinese texts are all ``%XX``."""
    pairs = (pair.partition(b"=") for pair in body.replace(b"+", b" ").replace(b"\\", b"%5C").split(b"&"))
    return {_unquoted(name): _unquoted(value) for name, _, value in pairs if name}


def _unquoted(quoted: bytes) -> str:
    return quoted.replace(b"%", b"\\x").decode("unicode_escape").encode("latin-1").decode()


def _answer(status: int, body: Any) -> web.Response:
    return web.Response(status=status, body=json.dumps(body).encode(), content_type="application/json")


def _refused(error: ApiError) -> tuple[web.Response, str]:
    body: dict[str, Any] = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = dict(error.parameters)
    return _answer(error.code, body), error.description
