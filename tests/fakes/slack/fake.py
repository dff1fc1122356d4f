"""The Slack server: calls come in over HTTP, are carried out, and are answered in the Web API's own form."""

from __future__ import annotations

import json
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl

from aiohttp import web
from aiohttp.web_request import FileField

from tests.fakes.faults import Fault, Refuse, TooMany, Unauthorized
from tests.fakes.server import Incoming
from tests.fakes.slack import conversations, files, installs, messages, views
from tests.fakes.slack.consent import Consent
from tests.fakes.slack.core import Arguments, SlackCore
from tests.fakes.slack.errors import SlackError, is_violation
from tests.fakes.slack.world import JSON, Workspace
from tests.fakes.transcript import ChatCard, Transcript, save

Method = Callable[[SlackCore, Arguments], JSON]
METHODS: dict[str, Method] = {
    name: method for room in (messages, conversations, views, files, installs) for name, method in room.METHODS.items()
}
# An organisation's token opens many workspaces, so these ask which: https://api.slack.com/enterprise/apps/changes-apis
_NAMING_TEAMS = frozenset({"conversations.list", "users.conversations"})
_WITHOUT_WORKSPACE = frozenset({"apps.connections.open", "oauth.v2.access"})


class SlackFake(Consent):
    """Slack on 127.0.0.1.

    `api_url` is what `SLACK_API_URL` wants, `team.token` the bot's token, `secrets` the app's. `rates` off, nothing is
    ever too often; `limits` off, blocks are taken as they come (for measuring speed).
    """

    async def _receive(self, request: web.BaseRequest) -> web.StreamResponse:
        match request.path.strip("/").split("/"):
            case ["link"]:
                return await self.link(request)
            case ["upload", file_id]:
                return await self._take_file(request, file_id)
            case ["response", place]:
                return await self._take_response(request, place)
            case ["oauth", "v2", "authorize"]:
                return await self.show_consent(request)
            case ["api", method]:
                return await self._take_call(request, method)
            case _:
                return web.Response(status=404)

    async def _take_call(self, request: web.BaseRequest, method: str) -> web.StreamResponse:
        values = await _read(request)
        token, values = _credentials(request, values)
        call = Incoming(method, _chat_of(values), values)

        async def perform() -> tuple[web.StreamResponse, str]:
            return self._perform(method, values, token)

        return await self.answer(request, call, perform)

    def _perform(self, method: str, values: JSON, token: str) -> tuple[web.StreamResponse, str]:
        try:
            arguments = Arguments(method, values, self._authorize(method, token, values), token)
            self.take_turn(arguments)
            result = METHODS.get(method, _unknown)(self, arguments)
        except SlackError as error:
            if is_violation(error):
                details = "; ".join(error.fields.get("errors", [])) or error.fields.get("needed", "")
                self.violated(method, _chat_of(values), f"{error.code} {details}".strip())
            return _refused(error)
        return _answer({"ok": True} | result, scopes=arguments.workspace.scopes if arguments.workspace else None), ""

    def _authorize(self, method: str, token: str, values: JSON) -> Workspace | None:
        """Find the workspace a call is for: of those that share a token the one it names, or whose things it names.

        Raises SlackError.
        """
        if method in _WITHOUT_WORKSPACE:
            return None
        if not token:
            raise SlackError("not_authed")
        for team in self.world.workspaces.values():
            if team.token == token:
                if team.token_state:
                    raise SlackError(team.token_state)
                if team.expires_at is not None and self.now() >= team.expires_at:
                    raise SlackError("token_expired")
                return self._meant(team, method, values)
        raise SlackError("not_allowed_token_type" if token.startswith("xapp-") else "invalid_auth")

    def _meant(self, team: Workspace, method: str, values: JSON) -> Workspace:
        teams = self.world.sharing(team)
        if team.whole_organisation and method in _NAMING_TEAMS and not values.get("team_id"):
            raise SlackError("missing_argument")
        named = {str(values[name]) for name in ("team_id", "channel", "user", "users", "user_id") if values.get(name)}
        for one in teams:
            if named & {one.id, *one.channels, *(one.users.keys() - {one.bot.id})}:
                if one.shut_out:
                    raise SlackError("team_access_not_granted")
                return one
        return team

    async def _take_file(self, request: web.BaseRequest, file_id: str) -> web.StreamResponse:
        content = await _file_of(request)
        call = Incoming("upload", None, {"file_id": file_id})

        async def perform() -> tuple[web.StreamResponse, str]:
            try:
                return web.Response(text=files.receive(self, file_id, content)), ""
            except SlackError as error:
                return web.Response(status=error.status, text=error.code), error.code

        return await self.answer(request, call, perform)

    async def _take_response(self, request: web.BaseRequest, place_id: str) -> web.StreamResponse:
        values = await _read(request)
        place = self.desk.response_urls.get(place_id)
        call = Incoming("response_url", place.channel.id if place else None, values)

        async def perform() -> tuple[web.StreamResponse, str]:
            if place is None:
                return _refused(SlackError("invalid_url", status=404))
            team = self.world.workspaces[place.channel.team]
            try:
                messages.respond(self, Arguments("response_url", values, team), place)
            except SlackError as error:
                if is_violation(error) or error.code in {"used_url", "expired_url"}:
                    self.violated("response_url", call.chat, error.code)
                return _refused(error, status=error.status if error.status != 200 else 400)
            return web.Response(text="ok"), ""

        return await self.answer(request, call, perform)

    def _refusal(self, fault: Fault) -> tuple[web.Response, str]:
        match fault:
            case TooMany(retry_after=seconds):
                return _refused(SlackError.flood(seconds))
            case Refuse(reason=reason, details=details):
                return _refused(SlackError.invalid(reason, list(details)) if details else SlackError(reason))
            case Unauthorized():
                return _refused(SlackError("invalid_auth"))
            case _:
                raise TypeError(f"Slack has no words for {fault!r}")

    def save(self, path: Path) -> None:
        """Write the transcript for the drawing tool."""
        channels = [channel for team in self.world.workspaces.values() for channel in team.channels.values()]
        cards = [ChatCard(channel.id, channel.name, str(channel.kind)) for channel in channels]
        views = [*self.desk.views.values(), *self.desk.homes.values()]
        cards += [ChatCard(view.id, view.user.name, view.json["type"]) for view in views]
        save(path, self.platform, cards, Transcript([*self.transcript, *self.screens]))


def _unknown(_: SlackCore, arguments: Arguments) -> JSON:
    raise SlackError("unknown_method", req_method=arguments.method)


def _chat_of(values: JSON) -> str | None:
    chat = values.get("channel") or values.get("channel_id")
    return None if chat is None else str(chat)


async def _read(request: web.BaseRequest) -> JSON:
    values: JSON = dict(request.query)
    if request.content_type == "application/json":
        values |= json.loads(await request.read() or b"{}")
    elif request.content_type == "multipart/form-data":
        values |= {name: value for name, value in (await request.post()).items() if isinstance(value, str)}
    else:
        values |= parse_qsl((await request.read()).decode(), keep_blank_values=True)
    return values


async def _file_of(request: web.BaseRequest) -> bytes:
    if request.content_type != "multipart/form-data":
        return await request.read()
    parts = (await request.post()).values()
    return b"".join(part.file.read() for part in parts if isinstance(part, FileField))


def _credentials(request: web.BaseRequest, values: JSON) -> tuple[str, JSON]:
    """Find the token, and the client's id and secret where they come as the header's password."""
    scheme, _, secret = request.headers.get("Authorization", "").partition(" ")
    if scheme == "Basic":
        client_id, _, client_secret = b64decode(secret).decode().partition(":")
        return "", values | {"client_id": client_id, "client_secret": client_secret}
    return secret or str(values.get("token", "")), {name: value for name, value in values.items() if name != "token"}


def _answer(body: Any, *, scopes: frozenset[str] | None = None, status: int = 200) -> web.Response:
    headers = {"X-OAuth-Scopes": ",".join(sorted(scopes))} if scopes else {}
    return web.Response(
        status=status, body=json.dumps(body).encode(), content_type="application/json", charset="utf-8", headers=headers
    )


def _refused(error: SlackError, *, status: int | None = None) -> tuple[web.Response, str]:
    body = {"ok": False, "error": error.code} | error.fields
    response = _answer(body, status=error.status if status is None else status)
    response.headers.update(error.headers)
    return response, error.code
