"""Slack, connected: sending, looking back, editing, and the ways in."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from aiohttp import ClientSession
from pydantic import SecretStr
from slack_bolt.adapter.starlette.async_handler import AsyncSlackRequestHandler
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.interface import AdapterError, Services
from bot.adapters.slack import limits
from bot.adapters.slack.answering import Answering
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.client import open_client, open_session
from bot.adapters.slack.connection import SocketLine
from bot.adapters.slack.errors import FAILURES, error_code, outcome_of, reason_of
from bot.adapters.slack.manifest import EVENTS_PATH, SCOPES
from bot.adapters.slack.messages import as_message, as_update
from bot.adapters.slack.people import People
from bot.adapters.slack.receiving import Identity, Receiver
from bot.adapters.slack.rendering import JSON
from bot.adapters.slack.uploads import UploadError, Uploads
from bot.model.chat import Address, User
from bot.model.delivery import (
    Absent,
    Closed,
    Finding,
    Found,
    Halt,
    Later,
    Outcome,
    Payload,
    Refused,
    Scope,
    Sent,
    Uncertain,
    Undecided,
)
from bot.settings import Settings

log = logging.getLogger(__name__)

METADATA_EVENT = "digest_part"
_SETTLE_SECONDS = 2.0
"""How long a message whose answer was lost is given to appear, before its absence says anything."""
_FINISH_SECONDS = 10.0
_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class _Workspace:
    """A workspace the bot has entered, and what works for it. Many workspaces will be many of these."""

    session: ClientSession
    client: AsyncWebClient
    identity: Identity
    uploads: Uploads
    channels: Channels
    people: People
    answering: Answering


class SlackAdapter:
    """One Slack app in one workspace."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._settings = settings
        self._services = services
        self._workspace: _Workspace | None = None
        self._receiver: Receiver | None = None
        self._line: SocketLine | None = None
        self._keeper: asyncio.Task[None] | None = None
        self._refusal = ""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """Where Slack's requests come in over HTTP, if they may: all kinds at one address."""
        if self._settings.slack_signing_secret is None:
            return ()
        return (Route(EVENTS_PATH, self._take_request, methods=["POST"]),)

    async def connect(self) -> None:
        """Learn who the bot is. Raises AdapterError where Slack refuses the token; waits out a dead network."""
        if self._workspace is not None:
            return
        session = open_session()
        try:
            client = open_client(
                _secret(self._settings.slack_bot_token), api_url=self._settings.slack_api_url, session=session
            )
            identity = await self._introduce(client)
        except BaseException:
            await session.close()
            raise
        uploads = Uploads(client, self._services, workspace=identity.team)
        self._workspace = _Workspace(
            session,
            client,
            identity,
            uploads,
            Channels(client),
            People(client, self._services.clock),
            Answering(client, session, self._services, uploads=uploads),
        )

    async def receive(self) -> None:
        """Begin to receive: over Socket Mode where there is an app token; over HTTP the site is already listening."""
        workspace = self._entered()
        self._receiver = Receiver(
            workspace.client,
            workspace.identity,
            self._services,
            answering=workspace.answering,
            channels=workspace.channels,
            people=workspace.people,
            signing_secret=_secret(self._settings.slack_signing_secret),
            language=self._settings.language,
        )
        if self._settings.slack_app_token is not None:
            self._line = SocketLine(
                self._receiver.app,
                workspace.client,
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
        if self._workspace is not None:
            await self._workspace.session.close()
            self._workspace = None

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        """Post a part. Its reference goes along as metadata, which `find` looks for."""
        workspace = self._workspace
        if workspace is None:
            return Later("the bot is not connected to Slack", scope=Scope.PLATFORM)
        try:
            placed = await workspace.uploads.place(payload)
        except UploadError as error:
            return error.outcome
        metadata = {"event_type": METADATA_EVENT, "event_payload": {"reference": reference}}
        try:
            answer = await workspace.client.chat_postMessage(
                channel=chat.chat, thread_ts=chat.thread or None, metadata=metadata, **as_message(placed)
            )
        except FAILURES as error:
            return self._noted(workspace.uploads.excuse(placed, outcome_of(error)))
        self._refusal = ""
        posted = str(answer.get("ts") or "")
        return Sent((posted,)) if posted else Uncertain("Slack confirmed a message without naming it")

    async def find(self, chat: Address, payload: Payload, reference: str, after: Sequence[str]) -> Finding:  # noqa: ARG002 - the reference is enough
        """Look for a part in the channel's history by its reference, from the last message before it on."""
        workspace = self._workspace
        if workspace is None:
            return Undecided("the bot is not connected to Slack")
        await self._services.clock.sleep(_SETTLE_SECONDS)
        oldest = {"oldest": max(after, key=Decimal)} if after else {}
        cursor = ""
        for _ in range(limits.HISTORY_PAGES):
            try:
                page = await _read_history(workspace.client, chat, **oldest, **({"cursor": cursor} if cursor else {}))
            except FAILURES as error:
                return Undecided(_why_unread(error))
            for message in page.get("messages") or ():
                if _reference(message) == reference:
                    return Found((str(message["ts"]),))
            cursor = (page.get("response_metadata") or {}).get("next_cursor") or ""
            if not cursor:
                return Undecided("Slack told only a part of the history") if page.get("has_more") else Absent()
        return Undecided(f"it is not among the last {limits.HISTORY_PAGES * limits.HISTORY_PAGE} messages")

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace a part's message; its metadata stays."""
        workspace = self._workspace
        if workspace is None:
            return Later("the bot is not connected to Slack", scope=Scope.PLATFORM)
        if len(message_ids) != 1:
            return Refused(f"a part on Slack is one message, not {len(message_ids)}")
        try:
            placed = await workspace.uploads.place(payload)
        except UploadError as error:
            return error.outcome
        try:
            await workspace.client.chat_update(channel=chat.chat, ts=message_ids[0], **as_update(placed))
        except FAILURES as error:
            return self._noted(workspace.uploads.excuse(placed, outcome_of(error)))
        return Sent(tuple(message_ids))

    async def administers(self, chat: Address, user: User) -> bool:
        """Tell whether a user may change what a conversation receives: in a channel, any member who is no guest."""
        if chat.chat.startswith("D"):
            return True
        workspace = self._workspace
        return workspace is not None and await workspace.people.may_manage(user)

    def health(self) -> str:
        """Return "" while Slack can be spoken to and speaks to the bot."""
        if self._workspace is None:
            return self._refusal or "Slack has not answered yet"
        if self._refusal:
            return self._refusal
        if self._line is None or self._keeper is None:
            return ""
        return "the line to Slack is given up, see the log" if self._keeper.done() else self._line.trouble

    async def _introduce(self, client: AsyncWebClient) -> Identity:
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                answer = await client.auth_test()
            except FAILURES as error:
                outcome = outcome_of(error)
                if not isinstance(outcome, Later | Uncertain):
                    raise AdapterError(_refused_token(error_code(error))) from error
                self._refusal = outcome.reason
                log.warning("Slack: %s; trying again", outcome.reason)
                asked = outcome.after.total_seconds() if isinstance(outcome, Later) and outcome.after else wait
                await self._services.clock.sleep(asked)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
            else:
                self._refusal = ""
                _warn_of_missing_scopes(answer)
                return Identity(
                    team=str(answer.get("team_id", "")),
                    user=str(answer.get("user_id", "")),
                    bot=str(answer.get("bot_id", "")),
                    name=str(answer.get("user", "")),
                )

    async def _take_request(self, request: Request) -> Response:
        """Take a request over HTTP; Bolt checks its signature, and that its time is now."""
        if self._receiver is None:
            return PlainTextResponse("not receiving yet", status_code=503)
        if not request.headers.get("x-slack-request-timestamp", "").isdecimal():  # Bolt would stumble over it
            return PlainTextResponse("not signed", status_code=401)
        return await AsyncSlackRequestHandler(self._receiver.app).handle(request)

    def _entered(self) -> _Workspace:
        if self._workspace is None:
            raise AdapterError("Slack is not connected: connect before receiving")
        return self._workspace

    def _noted(self, outcome: Outcome) -> Outcome:
        """Keep for `health` that the bot itself is refused."""
        if isinstance(outcome, Halt) or (isinstance(outcome, Closed) and outcome.scope is not Scope.CHAT):
            self._refusal = f"Slack refuses the bot ({outcome.reason})"
        return outcome


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


def _why_unread(error: BaseException) -> str:
    code = error_code(error)
    if code in {"not_in_channel", "channel_not_found"}:
        return "the channel's history is closed to the bot: invite it there"
    if code == "missing_scope":
        return "the channel's history is closed to the bot: its app lacks a scope ending in :history"
    return f"the channel's history cannot be read: {reason_of(error)}"


def _refused_token(code: str) -> str:
    if code == "account_inactive":
        return "Slack: the app is not installed in its workspace any more: install it and set its new SLACK_BOT_TOKEN"
    return (
        f"Slack refuses SLACK_BOT_TOKEN ({code}): copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions "
        "at https://api.slack.com/apps"
    )


def _warn_of_missing_scopes(answer: AsyncSlackResponse) -> None:
    """Slack lists the token's scopes beside every answer: what is missing is better known now than at the first use."""
    granted = {scope.strip() for scope in str(answer.headers.get("x-oauth-scopes", "")).split(",") if scope.strip()}
    if granted and (missing := sorted(set(SCOPES) - granted)):
        log.warning("the Slack app lacks the scopes %s: update it from `bot slack-manifest`", ", ".join(missing))


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
