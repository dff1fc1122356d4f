"""The workspaces the bot is in, and what works for it in each: none waits for another.

There are two ways in. One workspace is that of `SLACK_BOT_TOKEN`: it needs no name in addresses (``slack:C0123ABCD``),
and its id there means the same chat. Others install the app themselves (`bot.adapters.slack.installing`), and are named
by Slack's id of them (``slack:T0123/C0123ABCD``). A workspace keeps its name: where the token is given up, and the same
workspace installs the app, its addresses stay as they were.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aiohttp import ClientSession
from pydantic import SecretStr
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import AdapterError, Services
from bot.adapters.slack import reasons
from bot.adapters.slack.addresses import PLATFORM_NAME, chat_address
from bot.adapters.slack.checkup import Entrance, find_entrances
from bot.adapters.slack.client import Keeper, open_client, open_session
from bot.adapters.slack.distribution import Distribution
from bot.adapters.slack.errors import FAILURES, NotCalledError, outcome_of, reason_of
from bot.adapters.slack.identity import Identity, identify, introduce
from bot.adapters.slack.installations import place_of
from bot.adapters.slack.renewal import Renewal
from bot.adapters.slack.workspace import Workspace, furnish
from bot.model.chat import Address, ChatKind
from bot.model.command import Membership, MembershipChange
from bot.model.delivery import Closed, Halt, Later, Outcome, Scope, Sent
from bot.settings import Settings
from bot.storage.engine import StorageError
from bot.storage.installations import Place
from bot.storage.workspaces import HOME

log = logging.getLogger(__name__)

_FRESH = timedelta(hours=1)
"""How long what Slack tells of a workspace is believed."""

_NEVER = datetime.min.replace(tzinfo=UTC)

_REMOVED = "the app was removed from its workspace: install it, set its new SLACK_BOT_TOKEN, and start the bot again"


class Workspaces:
    """Finds the workspace of a chat or of a request."""

    def __init__(self, settings: Settings, services: Services, distribution: Distribution | None = None) -> None:
        self._settings = settings
        self._services = services
        self._distribution = distribution
        self._session: ClientSession | None = None
        self._open: dict[str, Workspace] = {}
        self._entering = asyncio.Lock()
        self._leaving = asyncio.Lock()
        self._refusals: dict[str, str] = {}
        self._asked: dict[str, datetime] = {}
        self._asking: set[asyncio.Task[None]] = set()
        self._home_team = ""
        self.is_open = False

    @property
    def trouble(self) -> str:
        """What is wrong with a workspace, in one line; "" where nothing is."""
        return next(iter(self._refusals.values()), "")

    @property
    def entered(self) -> tuple[str, ...]:
        """The names of the workspaces that are open."""
        return tuple(self._open)

    @property
    def install_url(self) -> str:
        """Where other workspaces install the app, "" where they cannot."""
        return self._distribution.install_url if self._distribution else ""

    async def open(self) -> None:
        """Learn who the bot is. Raises AdapterError where Slack refuses the token; waits out a dead network."""
        if self.is_open:
            return
        self._session = open_session()
        try:
            await self._open_home()
            if self._distribution is not None:
                await self._count_installations(self._distribution)
        except BaseException:
            await self.close()
            raise
        self.is_open = True

    async def close(self) -> None:
        """Close every connection."""
        self.is_open = False
        for task in self._asking:
            task.cancel()
        await asyncio.gather(*self._asking, return_exceptions=True)
        self._open.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def open_client(self, token: str = "", *, keeper: Keeper | None = None) -> AsyncWebClient:
        """Make a client; without a token, for the calls that bring another credential."""
        return open_client(token, api_url=self._settings.slack_api_url, session=self._connections(), keeper=keeper)

    async def of(self, chat: Address) -> Workspace:
        """Return the workspace a chat is in. Raises NotCalledError where nothing can be said there."""
        if not self.is_open:
            raise NotCalledError(Later("the bot is not connected to Slack", scope=Scope.PLATFORM))
        name = HOME if chat.workspace in {HOME, self._home_team} else chat.workspace
        try:
            workspace = self._keep_fresh(await self._enter(name))
        except StorageError as error:
            self._refusals[name] = str(error)
            raise NotCalledError(Later(str(error), scope=Scope.WORKSPACE)) from error
        if workspace is not None:
            return workspace
        if name == HOME:  # a token that is wrong, or left away, is no reason to suspend anybody
            missing = "no SLACK_BOT_TOKEN is set for the chats without a workspace in their address"
            raise NotCalledError(Halt(self._refusals.get(name) or missing, scope=Scope.WORKSPACE))
        raise NotCalledError(
            Closed(f"the app is not installed in the workspace {chat.workspace}", scope=Scope.WORKSPACE)
        )

    async def of_team(self, team: str, *, enterprise: str = "") -> Workspace | None:
        """Return the workspace a request comes from, None where the app is not installed. Raises StorageError."""
        if self._distribution is None:
            return self._keep_fresh(self._open.get(HOME))
        for one in filter(None, (team, enterprise)):
            if workspace := self._keep_fresh(await self._enter(self._name(one))):
                return workspace
        return None

    async def entrances(self) -> AsyncIterator[Entrance]:
        """Yield every workspace by its name, with a client that renews nothing, or with why there is none."""
        if home := self._open.get(HOME):
            yield home.identity.title or home.identity.team, home.client
        elif refusal := self._refusals.get(HOME):
            yield "SLACK_BOT_TOKEN", refusal
        if self._distribution is not None:
            installations, now = self._distribution.installations, self._services.clock.now()
            async for entrance in find_entrances(installations, self.open_client, now=now):
                yield entrance

    async def judge(self, workspace: Workspace, outcome: Outcome) -> Outcome:
        """Return what became of a message; keep for `trouble` that the bot is refused in a workspace, or is not."""
        match outcome:
            case Sent():
                self._refusals.pop(workspace.name, None)
            case Closed(reason=reasons.NO_ACCESS, scope=Scope.WORKSPACE) if workspace.is_organisation:
                return Closed(reasons.NO_ACCESS)  # one of its workspaces has removed the app, the others have not
            case Closed(scope=Scope.WORKSPACE) if workspace.place is not None:
                # Whoever removes the app gives the bot no trouble; and another process may know of a newer token.
                self._forget(workspace)
                if await self._is_installed_anew(workspace):
                    return Later("the app was installed anew", after=timedelta(0))
            case Halt(reason=reason) | Closed(reason=reason, scope=Scope.WORKSPACE):
                where = f" in {workspace.identity.title}" if workspace.place is not None else ""
                self._refusals[workspace.name] = f"Slack refuses the bot{where} ({reason})"
        return outcome

    async def adopt(self, installation: Installation) -> Workspace | None:
        """Take note that a workspace has installed the app, and enter it. Raises StorageError."""
        enterprise, team = place_of(installation)
        name = self._name(team or enterprise or "")
        self._open.pop(name, None)
        self._refusals.pop(name, None)
        return await self._enter(name, anew=True)

    async def leave(self, team: str, *, enterprise: str = "") -> str | None:
        """Take note that a workspace has removed the app; return its name, None where nothing has changed.

        Slack's word may come late, when the app is back already: so the token is tried. Raises StorageError.
        """
        async with self._leaving:  # two events tell of it, and the second shall find nobody
            workspace = await self.of_team(team, enterprise=enterprise)
            if workspace is None or await self._still_works(workspace):
                return None
            self._forget(workspace)
            if workspace.place is None or self._distribution is None:
                self._refusals[workspace.name] = _REMOVED
            else:
                await self._distribution.installations.remove(workspace.place)
            return workspace.name

    async def _open_home(self) -> None:
        store = self._services.workspaces
        self._home_team = await store.team_of(PLATFORM_NAME, HOME) or ""
        token = _secret(self._settings.slack_bot_token)
        if not token:
            return
        client = self.open_client(token)
        try:
            identity = await introduce(client, self._services.clock, note=self._note_wait)
        except AdapterError as error:
            if self._distribution is None:
                raise
            log.error("%s", error)  # noqa: TRY400 - the other workspaces go on
            self._refusals[HOME] = str(error)
            return
        self._refusals.pop(HOME, None)
        # Its chats may have been addressed by its id: it had installed the app, or somebody wrote them so.
        if self._home_team not in {"", identity.team}:
            await self._rename(HOME, self._home_team)
        await self._rename(identity.team, HOME)
        self._home_team = identity.team
        self._asked[HOME] = self._services.clock.now()
        await self._meet(HOME, identity)
        self._open[HOME] = self._furnish(HOME, client, identity)

    async def _rename(self, old: str, new: str) -> None:
        there = chat_address("", workspace=new)
        change = MembershipChange.WORKSPACE_RENAMED
        await self._services.follow(Membership(chat_address("", workspace=old), ChatKind.GROUP, change, moved_to=there))

    async def _meet(self, name: str, identity: Identity) -> None:
        await self._services.workspaces.meet(
            PLATFORM_NAME, name, team=identity.team, title=identity.title, url=identity.url
        )

    def _note_wait(self, reason: str) -> None:
        self._refusals[HOME] = reason

    async def _count_installations(self, distribution: Distribution) -> None:
        try:
            count = await distribution.installations.seal_anew()
        except StorageError as error:
            log.error("Slack: %s", error)  # noqa: TRY400 - one line says it all; the workspaces that can be entered are
        else:
            log.info("Slack: %d workspaces have installed the app, others may at %s", count, distribution.install_url)

    async def _enter(self, name: str, *, anew: bool = False) -> Workspace | None:
        """Return a workspace by its name, read from where it installed the app unless it is open."""
        if not anew and (known := self._open.get(name)):
            return known
        async with self._entering:
            if not anew and (known := self._open.get(name)):  # somebody else was quicker
                return known
            distribution, team = self._distribution, self._home_team if name == HOME else name
            if distribution is None or not team or (place := await distribution.installations.find_place(team)) is None:
                return None
            installation = await distribution.installations.at(place)
            if installation is None or not installation.bot_token:
                return None
            renewal = Renewal(
                distribution.installations,
                self._services.workspaces,
                distribution.rotator(self.open_client()),
                name=name,
                place=place,
                ends_at=installation.bot_token_expires_at,
                clock=self._services.clock,
            )
            client = self.open_client(installation.bot_token, keeper=renewal)
            url = "" if anew else await self._services.workspaces.url_of(PLATFORM_NAME, name)
            identity = identify(installation, url=url)
            if not url:
                identity = await self._ask(client, name, identity)
            await self._meet(name, identity)
            self._open[name] = self._furnish(name, client, identity, place=place)
            return self._open[name]

    def _furnish(
        self, name: str, client: AsyncWebClient, identity: Identity, *, place: Place | None = None
    ) -> Workspace:
        return furnish(
            name,
            client,
            identity,
            session=self._connections(),
            services=self._services,
            settings=self._settings,
            place=place,
        )

    def _keep_fresh(self, workspace: Workspace | None) -> Workspace | None:
        """Have a workspace's name and address asked for again by and by: it may have got others."""
        if workspace is not None and self._services.clock.now() > self._asked.get(workspace.name, _NEVER) + _FRESH:
            self._asked[workspace.name] = self._services.clock.now()
            task = asyncio.create_task(self._refresh(workspace))
            self._asking.add(task)
            task.add_done_callback(self._asking.discard)
        return workspace

    async def _refresh(self, workspace: Workspace) -> None:
        identity = await self._ask(workspace.client, workspace.name, workspace.identity)
        if identity == workspace.identity or not self._is_open(workspace):
            return
        self._open[workspace.name] = replace(workspace, identity=identity)
        with suppress(StorageError):  # it is asked for again
            await self._meet(workspace.name, identity)

    async def _ask(self, client: AsyncWebClient, name: str, known: Identity) -> Identity:
        """Return who the bot is, as Slack tells whoever asks, but not whoever installs."""
        self._asked[name] = self._services.clock.now()
        try:
            answer = await self.open_client(client.token or "").auth_test()  # an ended token is no reason to renew it
        except FAILURES as error:
            log.info("Slack: the address of a workspace is not known: %s", reason_of(error))
            return known
        told = {"url": answer.get("url"), "title": answer.get("team"), "name": answer.get("user")}
        return replace(known, **{field: str(value) for field, value in told.items() if value})

    async def _still_works(self, workspace: Workspace) -> bool:
        try:
            await workspace.client.auth_test()
        except FAILURES as error:
            # Where Slack cannot be asked, the next delivery finds out.
            return not isinstance(outcome_of(error), Closed | Halt)
        return True

    async def _is_installed_anew(self, workspace: Workspace) -> bool:
        if self._distribution is None or workspace.place is None:
            return False
        with suppress(StorageError):
            stored = await self._distribution.installations.at(workspace.place)
            return stored is not None and bool(stored.bot_token) and stored.bot_token != workspace.client.token
        return False

    def _forget(self, workspace: Workspace) -> None:
        if self._is_open(workspace):
            del self._open[workspace.name]
        self._refusals.pop(workspace.name, None)

    def _is_open(self, workspace: Workspace) -> bool:
        known = self._open.get(workspace.name)
        return known is not None and known.client is workspace.client

    def _name(self, team: str) -> str:
        return HOME if team == self._home_team else team

    def _connections(self) -> ClientSession:
        if self._session is None:
            raise AdapterError("Slack is not connected: connect before receiving")
        return self._session


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
