"""Slack, connected: sending, looking back, editing, and the ways in."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta
from decimal import Decimal

from pydantic import SecretStr
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.interface import Checkup, Services
from bot.adapters.slack import limits
from bot.adapters.slack.addresses import message_link, user_id
from bot.adapters.slack.checkup import check_all
from bot.adapters.slack.connection import SocketLine
from bot.adapters.slack.distribution import open_distribution
from bot.adapters.slack.errors import FAILURES, NotCalledError, error_code, outcome_of, reason_of
from bot.adapters.slack.installing import Installing
from bot.adapters.slack.manifest import EVENTS_PATH
from bot.adapters.slack.messages import as_message, as_update
from bot.adapters.slack.receiving import Receiver
from bot.adapters.slack.runs import JSON
from bot.adapters.slack.uploads import UploadError
from bot.adapters.slack.workspaces import Workspaces
from bot.model.chat import Address, Managers, User
from bot.model.delivery import (
    Absent,
    Finding,
    Found,
    Halt,
    Later,
    Outcome,
    Payload,
    Postponed,
    Refused,
    Sent,
    Trace,
    Uncertain,
    Undecided,
)
from bot.settings import Settings
from bot.storage.engine import StorageError

METADATA_EVENT = "digest_part"
_SETTLE_SECONDS = 2.0
"""How long a message whose answer was lost is given to appear, before its absence says anything."""
_SKEW = timedelta(minutes=10)
"""How far Slack's clock, by which messages are named, may be from this machine's."""
_FINISH_SECONDS = 10.0


class SlackAdapter:
    """One Slack app, in all of its workspaces."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._settings = settings
        self._services = services
        self._distribution = open_distribution(settings, services.installations)
        self._workspaces = Workspaces(settings, services, self._distribution)
        self._receiver: Receiver | None = None
        self._line: SocketLine | None = None
        self._keeper: asyncio.Task[None] | None = None

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where Slack's requests come in over HTTP, if they may, and where workspaces install the app."""
        routes: list[BaseRoute] = []
        if self._settings.slack_signing_secret is not None:
            routes.append(Route(EVENTS_PATH, self._take_request, methods=["POST"]))
        if self._distribution is not None:
            pages = Installing(
                self._distribution,
                client=lambda: self._workspaces.open_client() if self._workspaces.is_open else None,
                enter=self._enter,
                language=self._settings.language,
            )
            routes += pages.routes
        return tuple(routes)

    async def connect(self) -> None:
        """Learn who the bot is. Raises AdapterError where Slack refuses the token; waits out a dead network."""
        await self._workspaces.open()

    async def receive(self) -> None:
        """Begin to receive: over Socket Mode where there is an app token; over HTTP the site is already listening."""
        client = self._workspaces.open_client()
        self._receiver = Receiver(
            self._workspaces,
            self._services,
            client=client,
            signing_secret=_secret(self._settings.slack_signing_secret),
            language=self._settings.language,
        )
        await self._receiver.resume()
        for name in self._workspaces.entered:
            self._receiver.welcome(name)
        if self._settings.slack_app_token is not None:
            self._line = SocketLine(
                self._receiver.app,
                client,
                app_token=_secret(self._settings.slack_app_token),
                clock=self._services.clock,
            )
            self._keeper = asyncio.create_task(self._line.keep())

    async def close(self) -> None:
        """Hang up, let the answers under way end, close the connections."""
        if self._keeper is not None:
            self._keeper.cancel()
            await asyncio.gather(self._keeper, return_exceptions=True)
            self._keeper = None
        if self._receiver is not None:
            await self._receiver.finish(_FINISH_SECONDS)
            self._receiver = None
        await self._workspaces.close()

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        """Post a part. Its reference goes along as metadata, which `find` looks for."""
        try:
            workspace = await self._workspaces.of(chat)
            placed = await workspace.uploads.place(payload)
        except (NotCalledError, UploadError) as error:
            return error.outcome
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"reference": reference}}
        try:
            answer = await workspace.client.chat_postMessage(
                channel=chat.chat, thread_ts=chat.thread or None, metadata=metadata, **as_message(placed)
            )
        except FAILURES as error:
            return await self._workspaces.judge(workspace, workspace.uploads.excuse(placed, outcome_of(error)))
        posted = str(answer.get("ts") or "")
        sent = Sent((posted,)) if posted else Uncertain("Slack confirmed a message without naming it")
        return await self._workspaces.judge(workspace, sent)

    async def find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:  # noqa: ARG002 - the reference is enough
        """Look for a part in the channel's history by its reference, from the last message before it on."""
        try:
            workspace = await self._workspaces.of(chat)
        except NotCalledError as error:
            return Postponed(error.outcome.reason)
        await self._services.clock.sleep(_SETTLE_SECONDS)
        oldest = _beginning(trace)
        cursor = ""
        for _ in range(limits.HISTORY_PAGES):
            try:
                page = await _read_history(workspace.client, chat, **oldest, **({"cursor": cursor} if cursor else {}))
            except FAILURES as error:
                return _unread(error)
            for message in page.get("messages") or ():
                if _reference(message) == trace.reference:
                    return Found((str(message["ts"]),))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Undecided("Slack told only a part of the history") if page.get("has_more") else Absent()
        return Undecided(f"it is not among the last {limits.HISTORY_PAGES * limits.HISTORY_PAGE} messages")

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace a part's message; its metadata stays."""
        if len(message_ids) != 1:
            return Refused(f"a part on Slack is one message, not {len(message_ids)}")
        try:
            workspace = await self._workspaces.of(chat)
            placed = await workspace.uploads.place(payload)
        except (NotCalledError, UploadError) as error:
            return error.outcome
        try:
            await workspace.client.chat_update(channel=chat.chat, ts=message_ids[0], **as_update(placed))
        except FAILURES as error:
            return await self._workspaces.judge(workspace, workspace.uploads.excuse(placed, outcome_of(error)))
        return Sent(tuple(message_ids))

    async def link_to(self, chat: Address, message_id: str) -> str:
        """Return a message's permalink, as Slack itself writes it; one in a thread opens with the thread."""
        try:
            workspace = await self._workspaces.of(chat)
        except NotCalledError:
            return ""
        return message_link(workspace.identity.url, chat, message_id)

    async def examine(self) -> AsyncIterator[Checkup]:
        """Look at each workspace, and at the line to Slack."""
        workspaces, app_token = self._workspaces, _secret(self._settings.slack_app_token)
        async for checkup in check_all(workspaces.entrances(), workspaces.open_client(), app_token=app_token):
            yield checkup

    async def administers(self, chat: Address, user: User) -> bool:
        """Tell whether a user may change what a conversation receives: its members, as its workspace has said."""
        if chat.chat.startswith("D"):
            return True
        try:
            workspace = await self._workspaces.of(chat)
            may_manage = await workspace.governance.may_manage(user)
            return may_manage and await workspace.channels.has_member(chat.chat, user_id(user.address))
        except NotCalledError:
            return False

    async def managers(self, chat: Address) -> Managers:
        """Return who may, as the workspace has said."""
        try:
            return await (await self._workspaces.of(chat)).governance.managers()
        except (NotCalledError, StorageError):
            return Managers.MEMBERS

    def health(self) -> str:
        """Return "" while Slack can be spoken to and speaks to the bot."""
        if trouble := self._workspaces.trouble:
            return trouble
        if not self._workspaces.is_open:
            return "Slack has not answered yet"
        if self._line is None or self._keeper is None:
            return ""
        return "the line to Slack is given up, see the log" if self._keeper.done() else self._line.trouble

    async def _enter(self, installation: Installation) -> None:
        workspace = await self._workspaces.adopt(installation)
        if workspace is not None and self._receiver is not None:
            self._receiver.welcome(workspace.name)

    async def _take_request(self, request: Request) -> Response:
        """Take a request over HTTP; Bolt checks its signature, and that its time is now."""
        if self._receiver is None:
            return PlainTextResponse("not receiving yet", status_code=503)
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():  # Bolt would stumble over it
            return PlainTextResponse("not signed", status_code=401)
        return await AsyncSlackRequestHandler(self._receiver.app).handle(request)


async def _read_history(client: AsyncWebClient, chat: Address, **window: str) -> AsyncSlackResponse:
    arguments: JSON = {"limit": limits.HISTORY_PAGE, "include_all_metadata": True, **window}
    if chat.thread:
        return await client.conversations_replies(channel=chat.chat, ts=chat.thread, **arguments)
    return await client.conversations_history(channel=chat.chat, **arguments)


def _reference(message: JSON) -> str:
    metadata = message.get("metadata") or {}
    if metadata.get("event_type") != METADATA_EVENT:
        return ""
    return str((metadata.get("event_payload") or {}).get("reference", ""))


def _unread(error: BaseException) -> Finding:
    code = error_code(error)
    if code in {"not_in_channel", "channel_not_found"}:
        return Undecided("the channel's history is closed to the bot: invite it there")
    if code == "missing_scope":
        return Undecided("the channel's history is closed to the bot: its app lacks a scope ending in :history")
    reason = f"the channel's history cannot be read: {reason_of(error)}"
    match outcome_of(error):
        case Later(after=after):
            return Postponed(reason, after)
        case Uncertain() | Halt():
            return Postponed(reason)
        case _:
            return Undecided(reason)


def _beginning(trace: Trace) -> dict[str, str]:
    """Return from where on a message may stand: it was not there before its call, nor before the messages before it."""
    called_at = Decimal(f"{(trace.called_at - _SKEW).timestamp():.6f}")
    return {"oldest": str(max([called_at, *map(Decimal, trace.after)]))}


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
