"""From Slack to the house and back: every request is acknowledged first, then worked on.

Bolt acknowledges, checks signatures and sorts requests by their kind; what a request says is read by
`bot.adapters.slack.requests`.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Awaitable, Callable, Coroutine
from dataclasses import replace
from functools import partial
from typing import Any

from slack_bolt.async_app import AsyncApp
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.context.ack.async_ack import AsyncAck
from slack_bolt.context.async_context import AsyncBoltContext
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Services
from bot.adapters.slack import reasons
from bot.adapters.slack.addresses import chat_address
from bot.adapters.slack.client import library_logger
from bot.adapters.slack.filling import Filling
from bot.adapters.slack.following import Following
from bot.adapters.slack.forms import FORM
from bot.adapters.slack.governing import ADMINS, describe
from bot.adapters.slack.hindrances import find_hindrance
from bot.adapters.slack.inbox import Inbox
from bot.adapters.slack.presses import read_press
from bot.adapters.slack.requests import (
    ACCESS_EVENTS,
    MEMBERSHIP_EVENTS,
    REMOVAL_EVENTS,
    SEARCH_SHORTCUT,
    Body,
    Question,
    read_direct_message,
    read_mention,
    read_removal,
    read_shortcut,
    read_slash_command,
)
from bot.adapters.slack.sharing import shared_command
from bot.adapters.slack.spelling import spell_commands
from bot.adapters.slack.words import HELP, Menu
from bot.adapters.slack.workspace import Workspace
from bot.adapters.slack.workspaces import Workspaces
from bot.locales import open_words
from bot.model.chat import ChatKind
from bot.model.command import Command, Membership, MembershipChange, Reply

log = logging.getLogger(__name__)

_WORKSPACE = "workspace"
_EVERY = re.compile(r".*", re.DOTALL)


class Receiver:
    """Works on the requests of all workspaces; `client` is for Bolt's own use, and has no token."""

    def __init__(
        self,
        workspaces: Workspaces,
        services: Services,
        *,
        client: AsyncWebClient,
        signing_secret: str,
        language: str,
    ) -> None:
        self._workspaces = workspaces
        self._services = services
        self._language = language
        self._inbox = Inbox(services.updates, services.clock)
        self._filling = Filling(services)
        self._following = Following(services, spell=self._spell)
        self._work: set[asyncio.Task[None]] = set()
        self.app = self._make_app(client, signing_secret)

    async def resume(self) -> None:
        """Take up what an earlier process was told, and has not done."""
        for key, body in await self._inbox.left():
            log.info("a request from Slack is taken up again")
            response = await self.app.async_dispatch(AsyncBoltRequest(body=dict(body), mode="socket_mode"))
            if response.status != 200:  # its workspace is gone, or nobody reads such a request any more
                await self._inbox.work(key, _ignore)

    def welcome(self, name: str) -> None:
        """Bring back the chats of a workspace that is there again, if it ever was away."""
        self._start(self._tell(name, MembershipChange.WORKSPACE_ENTERED))

    async def finish(self, seconds: float) -> None:
        """Let the work under way end; what takes longer is given up."""
        if self._work:
            _, late = await asyncio.wait(self._work, timeout=seconds)
            for task in late:
                task.cancel()
            await asyncio.gather(*late, return_exceptions=True)

    def _make_app(self, client: AsyncWebClient, signing_secret: str) -> AsyncApp:
        async def authorize(
            context: AsyncBoltContext, enterprise_id: str | None, team_id: str | None
        ) -> AuthorizeResult | None:
            workspace = await self._workspaces.of_team(team_id or "", enterprise=enterprise_id or "")
            if workspace is None:
                return None
            context[_WORKSPACE] = workspace
            return AuthorizeResult(
                enterprise_id=enterprise_id,
                team_id=team_id,
                bot_user_id=workspace.identity.user,
                bot_id=workspace.identity.bot,
                bot_token=workspace.client.token,
            )

        # `authorize` rather than the token alone: no call for every request, and no OAuth flow made up from the
        # environment behind our back.
        app = AsyncApp(
            name="digest",
            client=client,
            authorize=authorize,  # type: ignore[arg-type]  # None is its documented word for "not installed"
            signing_secret=signing_secret,
            user_facing_authorize_error_message=self._strange_workspace(),
            logger=library_logger(),
        )
        app.use(self._put_away)
        app.command(_EVERY)(self._on_request)
        app.action(_EVERY)(self._on_request)
        app.shortcut(SEARCH_SHORTCUT)(self._on_request)
        app.view(re.compile(rf"{FORM}:.*"))(self._on_form)
        app.options(_EVERY)(self._on_lookup)
        app.event("app_mention")(self._on_words)
        app.event("message")(self._on_words)
        app.event("app_home_opened")(self._on_home)
        for event in MEMBERSHIP_EVENTS:
            app.event(event)(self._on_membership)
        for event in REMOVAL_EVENTS:
            app.event(event)(self._on_removal)
        for event in ACCESS_EVENTS:
            app.event(event)(self._on_access)
        app.event(_EVERY)(_ignore)  # unanswered, an event nobody reads would come again and again
        app.error(_tell_error)
        return app

    async def _put_away(
        self,
        body: Body,
        context: AsyncBoltContext,
        next: Callable[[], Awaitable[None]],  # noqa: A002 - Bolt's own word
    ) -> BoltResponse | None:
        """Put a request away that changes something, before Slack is told that it was taken."""
        workspace: Workspace | None = context.get(_WORKSPACE)
        if (key := self._key_of_change(workspace, body)) and not await self._inbox.keep(key, body) and "event" in body:
            return BoltResponse(status=503, body="")  # an event comes again; for what a person does, there is no later
        await next()
        return None

    def _key_of_change(self, workspace: Workspace | None, body: Body) -> str:
        """Return the key of a request that changes what is kept, "" for one that only asks."""
        if (body.get("event") or {}).get("type") in (*MEMBERSHIP_EVENTS, *REMOVAL_EVENTS, *ACCESS_EVENTS):
            return _event_key(body)
        question = self._question(workspace, body) if workspace is not None else None
        if workspace is None or question is None:
            return ""
        changes = question.command.name == ADMINS or self._services.changes(question.command)
        return _key(question, workspace) if changes else ""

    def _question(self, workspace: Workspace, body: Body) -> Question | None:
        """Read a request as a question, None where it is none."""
        name, bot = workspace.name, workspace.identity.user
        match body:
            case {"command": _}:
                return read_slash_command(body, self._menu(), workspace=name)
            case {"type": "block_actions"}:
                return read_press(body, workspace=name)
            case {"type": "message_action"}:
                return read_shortcut(body, workspace=name)
            case {"event": {"type": "app_mention"}}:
                return read_mention(body, bot, self._menu(), workspace=name)
            case {"event": {"type": "message"}}:
                return read_direct_message(body, bot, self._menu(), workspace=name)
            case _:
                return None

    # Listeners: they take note and return.

    async def _on_request(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        await ack()
        await self._on_words(body, context)

    async def _on_form(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        await self._filling.take(ack, body, _workspace(context))

    async def _on_lookup(self, ack: AsyncAck, body: Body, context: AsyncBoltContext) -> None:
        await self._filling.look_up(ack, body, _workspace(context))

    async def _on_words(self, body: Body, context: AsyncBoltContext) -> None:
        workspace = _workspace(context)
        if (question := self._question(workspace, body)) is not None:
            self._start(self._inbox.work(_key(question, workspace), partial(self._ask, workspace, question)))

    async def _on_home(self, body: Body, context: AsyncBoltContext) -> None:
        event = body["event"]
        if event.get("tab") == "home":
            self._start(_workspace(context).homes.open(event["user"], event["channel"]))

    async def _on_membership(self, body: Body, context: AsyncBoltContext) -> None:
        self._start(self._inbox.work(_event_key(body), partial(self._following.follow, _workspace(context), body)))

    async def _on_removal(self, body: Body, context: AsyncBoltContext) -> None:
        if read_removal(body):
            work = partial(self._leave, context.team_id or "", context.enterprise_id or "")
            self._start(self._inbox.work(_event_key(body), work))

    async def _on_access(self, body: Body, context: AsyncBoltContext) -> None:
        self._start(self._inbox.work(_event_key(body), partial(self._access, _workspace(context), body["event"])))

    # Work.

    async def _ask(self, workspace: Workspace, question: Question) -> None:
        question = await _introduce(workspace, question)
        if (shared := shared_command(question)) is not None:
            reply = await self._respond(shared)
            if reply is not None and reply.document and not reply.private:
                await workspace.answering.share(question, reply, bot=await workspace.bot_name())
                return
        else:
            hindrance = await find_hindrance(question, workspace, self._menu(), self._services)
            reply = hindrance or await self._reply(workspace, question)
        if reply is not None:
            await workspace.answering.answer(question, reply)
        if question.command.name == ADMINS or self._services.changes(question.command):
            await workspace.homes.refresh(question.asker)

    async def _reply(self, workspace: Workspace, question: Question) -> Reply | None:
        if question.command.name == ADMINS:
            return await workspace.governance.answer(question)
        command, governance = question.command, workspace.governance
        reply = await self._respond(command)
        if reply is None:
            return None
        if command.name == HELP:
            words = await self._services.words(command)
            return self._spell(await governance.add_to_help(reply, command.user, words))
        if reply.form is not None and command.kind is not ChatKind.PRIVATE:
            words = await self._services.words(command)
            return replace(reply, form=await governance.extend(reply.form, command.user, words))
        return reply

    async def _respond(self, command: Command) -> Reply | None:
        reply = await self._services.respond(command)
        return None if reply is None else self._spell(reply)

    def _spell(self, reply: Reply) -> Reply:
        return spell_commands(reply, self._menu())

    async def _leave(self, team: str, enterprise: str) -> None:
        name = await self._workspaces.leave(team, enterprise=enterprise)
        if name is not None:
            log.warning("Slack: the workspace %s has removed the app; its chats wait until it is back", name or team)
            await self._tell(name, MembershipChange.WORKSPACE_LEFT)

    async def _access(self, workspace: Workspace, event: Body) -> None:
        """Take note of what a workspace of an organisation has granted: whose chats wait is asked of each delivery."""
        teams = ", ".join(map(str, event.get("team_ids") or ()))
        if event["type"] == "team_access_granted":
            await self._tell(workspace.name, MembershipChange.WORKSPACE_ENTERED, reason=reasons.NO_ACCESS)
        else:
            log.warning("Slack: %s no longer lets the app into %s", workspace.identity.title or workspace.name, teams)

    async def _tell(self, name: str, change: MembershipChange, *, reason: str = "") -> None:
        where = chat_address("", workspace=name)
        await self._services.follow(Membership(where, ChatKind.GROUP, change, reason=reason))

    def _strange_workspace(self) -> str:
        """Return what is said to somebody in a workspace that the bot is not in (any more)."""
        words = open_words(self._language)
        if address := self._workspaces.install_url:
            return words("I am not installed in this workspace: {address} does that.", address=address)
        return words("I am not installed in this workspace.")

    def _menu(self) -> Menu:
        commands = (*self._services.menu(self._language), describe(open_words(self._language)))
        return {command.name: command for command in commands}

    def _start(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._work.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: asyncio.Task[None]) -> None:
        self._work.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.error("a request from Slack was not worked on", exc_info=error)


async def _introduce(workspace: Workspace, question: Question) -> Question:
    """Return the question with who asks: in private, a person is answered in their own language.

    Its key is spent: the inbox has seen to it that it is asked once.
    """
    opens = bool(question.pressed and question.trigger)
    command = replace(question.command, key="", alone=question.private, opens_alone=opens)
    question = replace(question, command=command)
    if command.kind is not ChatKind.PRIVATE:
        return question
    user = await workspace.people.introduce(command.user)
    return replace(question, command=replace(command, user=user, chat_title=user.name))


def _key(question: Question, workspace: Workspace) -> str:
    """Name a question among all that are asked."""
    key = question.command.key
    return f"{workspace.identity.team}/{key}" if key else ""


def _event_key(body: Body) -> str:
    return f"{body.get('team_id') or ''}/{body['event_id']}" if body.get("event_id") else ""


def _workspace(context: AsyncBoltContext) -> Workspace:
    """Return the workspace that `authorize` found for a request."""
    workspace: Workspace = context[_WORKSPACE]
    return workspace


async def _ignore() -> None:
    """Do nothing: Bolt has acknowledged the event."""


async def _tell_error(error: Exception) -> None:
    log.error("a request from Slack was not taken", exc_info=error)
