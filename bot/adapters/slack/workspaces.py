"""The workspaces the bot is in, and what works for it in each: one is as good as another, and none waits for another.

An address without a workspace (``slack:C0123ABCD``) is in the one of `SLACK_BOT_TOKEN`.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass

from aiohttp import ClientSession
from pydantic import SecretStr
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.interface import AdapterError, Services
from bot.adapters.slack.answering import Answering
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.client import open_client, open_session
from bot.adapters.slack.errors import FAILURES, error_code, outcome_of
from bot.adapters.slack.home import Homes
from bot.adapters.slack.manifest import SCOPES
from bot.adapters.slack.people import People
from bot.adapters.slack.uploads import Uploads
from bot.model.chat import Address
from bot.model.delivery import Closed, Halt, Later, Outcome, Scope, Uncertain
from bot.settings import Settings

log = logging.getLogger(__name__)

HOME = ""
"""What addresses call the workspace of `SLACK_BOT_TOKEN`."""

_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in a workspace; `url` is the workspace's own address."""

    team: str
    user: str
    bot: str
    name: str
    url: str = ""


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, and what works for the bot there. `name` is what addresses call it."""

    name: str
    identity: Identity
    client: AsyncWebClient
    uploads: Uploads
    channels: Channels
    people: People
    homes: Homes
    answering: Answering


class Workspaces:
    """Finds the workspace of a chat or of a request."""

    def __init__(self, settings: Settings, services: Services) -> None:
        self._settings = settings
        self._services = services
        self._session: ClientSession | None = None
        self._open: dict[str, Workspace] = {}
        self._refusals: dict[str, str] = {}

    @property
    def is_open(self) -> bool:
        """Whether Slack has answered."""
        return self._session is not None and bool(self._open)

    @property
    def trouble(self) -> str:
        """What is wrong with a workspace, in one line; "" where nothing is."""
        return next(iter(self._refusals.values()), "")

    async def open(self) -> None:
        """Learn who the bot is. Raises AdapterError where Slack refuses the token; waits out a dead network."""
        if self.is_open:
            return
        self._session = open_session()
        try:
            client = self.open_client(_secret(self._settings.slack_bot_token))
            self._open[HOME] = self._furnish(HOME, client, await self._introduce(client))
        except BaseException:
            await self.close()
            raise

    async def close(self) -> None:
        """Close every connection."""
        self._open.clear()
        if self._session is not None:
            await self._session.close()
            self._session = None

    def open_client(self, token: str = "") -> AsyncWebClient:
        """Make a client; without a token, for the calls that bring another credential."""
        if self._session is None:
            raise AdapterError("Slack is not connected: connect before receiving")
        return open_client(token, api_url=self._settings.slack_api_url, session=self._session)

    async def of(self, chat: Address) -> Workspace | None:
        """Return the workspace a chat is in, None where the app is not installed there."""
        home = self._open.get(HOME)
        if home is not None and chat.workspace == home.identity.team:
            return home
        return self._open.get(chat.workspace)

    async def of_team(self, team: str, *, enterprise: str = "") -> Workspace | None:  # noqa: ARG002 - one serves all
        """Return the workspace a request comes from, None where the app is not installed there."""
        return self._open.get(HOME)

    def absent(self, chat: Address) -> Later | Closed:
        """Tell what becomes of a message to a chat whose workspace `of` does not find."""
        if not self.is_open:
            return Later("the bot is not connected to Slack", scope=Scope.PLATFORM)
        return Closed(f"the app is not installed in the workspace {chat.workspace}", scope=Scope.WORKSPACE)

    def note(self, workspace: Workspace, outcome: Outcome) -> Outcome:
        """Keep for `trouble` that the bot itself is refused in a workspace, or that it is not."""
        if isinstance(outcome, Halt) or (isinstance(outcome, Closed) and outcome.scope is Scope.WORKSPACE):
            self._refusals[workspace.name] = f"Slack refuses the bot ({outcome.reason})"
        return outcome

    def note_success(self, workspace: Workspace) -> None:
        """Forget that the bot was refused in a workspace."""
        self._refusals.pop(workspace.name, None)

    def _furnish(self, name: str, client: AsyncWebClient, identity: Identity) -> Workspace:
        if self._session is None:
            raise AdapterError("Slack is not connected: connect before receiving")
        uploads = Uploads(client, self._services, workspace=identity.team)
        channels = Channels(client, self._services.clock)
        people = People(client, self._services.clock)
        return Workspace(
            name,
            identity,
            client,
            uploads,
            channels,
            people,
            Homes(client, self._services, channels=channels, people=people, workspace=name),
            Answering(client, self._session, self._services, uploads=uploads),
        )

    async def _introduce(self, client: AsyncWebClient) -> Identity:
        wait = _FIRST_WAIT_SECONDS
        while True:
            try:
                answer = await client.auth_test()
            except FAILURES as error:
                outcome = outcome_of(error)
                if not isinstance(outcome, Later | Uncertain):
                    raise AdapterError(_refused_token(error_code(error))) from error
                self._refusals[HOME] = outcome.reason
                log.warning("Slack: %s; trying again", outcome.reason)
                asked = outcome.after.total_seconds() if isinstance(outcome, Later) and outcome.after else wait
                await self._services.clock.sleep(asked)
                wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
            else:
                self._refusals.pop(HOME, None)
                _warn_of_missing_scopes(answer)
                return Identity(
                    team=str(answer.get("team_id", "")),
                    user=str(answer.get("user_id", "")),
                    bot=str(answer.get("bot_id", "")),
                    name=str(answer.get("user", "")),
                    url=str(answer.get("url", "")),
                )


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
