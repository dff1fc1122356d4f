"""Whether every workspace lets the bot in, with all that it needs there, and whether Slack can reach it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from datetime import datetime

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Checkup, Condition
from bot.adapters.slack.connection import explain_refusal
from bot.adapters.slack.errors import FAILURES, outcome_of, reason_of
from bot.adapters.slack.identity import missing_scopes
from bot.adapters.slack.installations import Installations
from bot.model.delivery import Closed, Halt
from bot.storage.engine import StorageError
from bot.storage.installations import Place

_TRANSIENT = "could not be asked now"


Entrance = tuple[str, AsyncWebClient | str]
"""A workspace by its name, with a client that renews no token, or with why there is none."""


async def find_entrances(
    installations: Installations, open_client: Callable[[str], AsyncWebClient], *, now: datetime
) -> AsyncIterator[Entrance]:
    """Yield every place where the app is installed."""
    try:
        places = await installations.places()
    except StorageError as error:
        yield "installations", str(error)
        return
    for place in places:
        if entrance := await _entrance(place, installations, open_client, now):
            yield entrance


async def _entrance(
    place: Place, installations: Installations, open_client: Callable[[str], AsyncWebClient], now: datetime
) -> Entrance | None:
    name = place[1] or place[0] or ""
    try:
        found = await installations.at(place)
    except StorageError as error:
        return name, str(error)
    if found is None or not found.bot_token:
        return None
    title = f"{found.team_name or found.enterprise_name or name} ({name})"
    if found.bot_token_expires_at is not None and found.bot_token_expires_at <= now.timestamp():
        return title, "its token has ended, and `bot run` renews it: is that running?"
    return title, open_client(found.bot_token)


async def check_workspace(title: str, client: AsyncWebClient) -> Checkup:
    """Ask Slack whether a token is good in its workspace, and for all that the bot does."""
    try:
        answer = await client.auth_test()
    except FAILURES as error:
        if isinstance(outcome_of(error), Closed | Halt):
            said = f"Slack refuses the bot there ({reason_of(error)}): install the app in it again"
            return Checkup(title, Condition.ILL, said)
        return Checkup(title, Condition.DOUBTFUL, f"{_TRANSIENT}: {reason_of(error)}")
    if missing := missing_scopes(answer):
        said = f"the app lacks {', '.join(missing)}: update it from `bot slack-manifest`, and install it there again"
        return Checkup(title, Condition.DOUBTFUL, said)
    return Checkup(title, Condition.WELL, f"lets {answer.get('user') or 'the bot'} in, with every scope it needs")


async def check_line(client: AsyncWebClient, app_token: str) -> Checkup:
    """Ask Slack for a line to the bot, and leave it unused."""
    try:
        await client.apps_connections_open(app_token=app_token)
    except FAILURES as error:
        if isinstance(outcome_of(error), Closed | Halt):
            return Checkup("Socket Mode", Condition.ILL, explain_refusal(error))
        return Checkup("Socket Mode", Condition.DOUBTFUL, f"{_TRANSIENT}: {explain_refusal(error)}")
    return Checkup("Socket Mode", Condition.WELL, "SLACK_APP_TOKEN opens a line (connections:write)")


async def check_all(
    workspaces: AsyncIterator[Entrance], client: AsyncWebClient, *, app_token: str
) -> AsyncIterator[Checkup]:
    """Check each workspace, then the line."""
    async for title, entrance in workspaces:
        if isinstance(entrance, str):
            yield Checkup(title, Condition.ILL, entrance)
        else:
            yield await check_workspace(title, entrance)
    if app_token:
        yield await check_line(client, app_token)
