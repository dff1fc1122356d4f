"""The chat's addresses on the site: the page, its history, what is typed and pressed, and the stream of news.

Rooms follow the database by revisions, not memory: so a page that lost its connection goes on where it was, and what
another process writes arrives like everything else.
"""

from __future__ import annotations

import json
import logging
import re
from collections.abc import AsyncIterator, Callable, Sequence
from operator import itemgetter
from pathlib import Path
from secrets import choice
from typing import Annotated, TypeVar
from urllib.parse import quote

from pydantic import BaseModel, StringConstraints, ValidationError
from sse_starlette import EventSourceResponse, ServerSentEvent
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles
from starlette.templating import Jinja2Templates

from bot.adapters.web.bell import Bell
from bot.adapters.web.conversation import Conversation
from bot.adapters.web.wire import answer_json, command_json, message_json, page_json
from bot.adapters.web.words import page_words
from bot.locales import match_language, open_words
from bot.model.chat import User
from bot.model.command import DATA_LIMIT, Audience, CommandInfo
from bot.model.room import ROOM_NAME
from bot.storage.engine import StorageError
from bot.storage.rooms import RoomStore

log = logging.getLogger(__name__)

LOBBY = "lobby"
"""The room one comes to first."""

PAGE_SIZE = 60
"""Messages of one stretch of history."""

BATCH = 50
"""Changes read at once for a stream."""

LINE_LIMIT = 4000
"""Characters of a typed line."""

POLL_SECONDS = 0.3
"""How soon a message that another process wrote is noticed."""

RETRY_MILLISECONDS = 1500
"""How soon a browser that lost its stream asks again."""

VISITOR = "visitor"
"""Name of the only cookie. It tells visitors apart, and proves nothing."""

_VISITOR = re.compile(r"guest-[a-z2-9]{5}")
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"
_YEAR = 365 * 24 * 3600
_HERE = Path(__file__).parent


class Line(BaseModel):
    """What somebody typed."""

    text: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=LINE_LIMIT)]


class Press(BaseModel):
    """A pressed button, and the message it stands below (None: one that only the presser sees)."""

    action: Annotated[str, StringConstraints(min_length=1, max_length=DATA_LIMIT)]
    message: int | None = None


Body = TypeVar("Body", bound=BaseModel)


class Chat:
    """The chat's routes."""

    def __init__(
        self,
        *,
        rooms: RoomStore,
        conversation: Conversation,
        bell: Bell,
        menu: Callable[[str], Sequence[CommandInfo]],
        language: str,
        poll_seconds: float = POLL_SECONDS,
    ) -> None:
        self._rooms = rooms
        self._conversation = conversation
        self._bell = bell
        self._menu = menu
        self._language = language
        self._poll_seconds = poll_seconds
        self._templates = Jinja2Templates(_HERE / "templates")

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """All of them."""
        return (
            Mount("/chat-assets", StaticFiles(directory=_HERE / "static")),
            Route("/chat", self._show_lobby),
            Route("/chat/{room}", self._show_page),
            Route("/chat/{room}/messages", self._show_history),
            Route("/chat/{room}/events", self._stream),
            Route("/chat/{room}/files/{message:int}", self._show_file),
            Route("/chat/{room}/visits", self._enter, methods=["POST"]),
            Route("/chat/{room}/messages", self._write, methods=["POST"]),
            Route("/chat/{room}/presses", self._press, methods=["POST"]),
        )

    async def _show_lobby(self, _: Request) -> Response:
        return RedirectResponse(f"/chat/{LOBBY}")

    async def _show_page(self, request: Request) -> Response:
        room = _room(request)
        user = self._user(request)
        values = {
            "room": room,
            "rooms": sorted({LOBBY, room, *await self._rooms.names()}),
            "language": user.language,
            "words": page_words(open_words(user.language)),
            "visitor": user.name,
            "menu": [command_json(one) for one in self._menu(user.language) if one.audience is not Audience.ADMINS],
            "line_limit": LINE_LIMIT,
        }
        response = self._templates.TemplateResponse(request, "chat.html", values, headers={"Cache-Control": "no-store"})
        response.set_cookie(VISITOR, user.name, max_age=_YEAR, path="/chat", httponly=True, samesite="lax")
        return response

    async def _show_history(self, request: Request) -> Response:
        before = request.query_params.get("before", "")
        page = await self._rooms.history(
            _room(request), before=int(before) if before.isdecimal() else None, limit=PAGE_SIZE
        )
        return JSONResponse(page_json(page), headers={"Cache-Control": "no-store"})

    async def _show_file(self, request: Request) -> Response:
        attachment = await self._rooms.attachment(_room(request), request.path_params["message"])
        if attachment is None:
            raise HTTPException(404)
        headers = {"Content-Disposition": f"attachment; filename*=UTF-8''{quote(attachment.name, safe='')}"}
        return Response(attachment.content, media_type="application/octet-stream", headers=headers)

    async def _enter(self, request: Request) -> Response:
        await self._conversation.enter(_room(request), self._user(request))
        return Response(status_code=204)

    async def _write(self, request: Request) -> Response:
        room, line = _room(request), await _read(request, Line)
        return JSONResponse(answer_json(await self._conversation.write(room, line.text, self._user(request))))

    async def _press(self, request: Request) -> Response:
        room, press = _room(request), await _read(request, Press)
        user = self._user(request)
        answer = await self._conversation.press(room, press.action, user, message=press.message)
        return JSONResponse(answer_json(answer))

    async def _stream(self, request: Request) -> Response:
        after = request.headers.get("last-event-id") or request.query_params.get("after", "")
        return EventSourceResponse(self._news(_room(request), int(after) if after.isdecimal() else 0))

    async def _news(self, room: str, after: int) -> AsyncIterator[ServerSentEvent]:
        """Yield what changes in a room, as long as somebody listens."""
        yield ServerSentEvent(comment="listening", retry=RETRY_MILLISECONDS)
        try:
            if after > await self._rooms.revision(room):  # the database is another one than the page knew
                yield ServerSentEvent("", event="reload")
                return
            with self._bell.listen(room) as listener:
                while not self._bell.is_closed:
                    listener.expect()
                    changes = await self._rooms.since(room, after, limit=BATCH)
                    for message in changes:
                        after = message.revision
                        data = json.dumps(message_json(message), ensure_ascii=False)
                        yield ServerSentEvent(data, event="message", id=str(after))
                    if not changes:
                        await listener.wait(self._poll_seconds)
        except StorageError as error:
            log.warning("a stream of room %s ends: %s", room, error)  # the page asks again

    def _user(self, request: Request) -> User:
        name = request.cookies.get(VISITOR, "")
        if not _VISITOR.fullmatch(name):
            name = "guest-" + "".join(choice(_LETTERS) for _ in range(5))
        language = choose_language(request.headers.get("accept-language", ""), default=self._language)
        return User(f"web:{name}", name, language)


def choose_language(accepted: str, *, default: str) -> str:
    """Return the language of ours that a browser's `Accept-Language` likes best."""
    weighted = []
    for item in accepted.split(","):
        tag, _, quality = item.partition(";q=")
        if language := match_language(tag):
            weighted.append((_quality(quality), language))
    # max() takes the first of equals, which is the browser's order.
    return max(weighted, key=itemgetter(0), default=(0.0, default))[1]


def _quality(text: str) -> float:
    try:
        return float(text or 1)
    except ValueError:
        return 0.0


def _room(request: Request) -> str:
    room: str = request.path_params["room"]
    if not ROOM_NAME.fullmatch(room):
        raise HTTPException(404)
    return room


async def _read(request: Request, shape: type[Body]) -> Body:
    """Read a JSON body. Its media type is asked for because no other site's page can send it unasked."""
    if request.headers.get("content-type", "").partition(";")[0] != "application/json":
        raise HTTPException(415, "Send JSON.")
    try:
        return shape.model_validate_json(await request.body())
    except ValidationError as error:
        first = error.errors(include_url=False, include_input=False)[0]
        raise HTTPException(400, f"{first['loc']}: {first['msg']}") from error
