"""Who the bot is in a workspace."""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.interface import AdapterError
from bot.adapters.slack.errors import FAILURES, error_code, outcome_of
from bot.adapters.slack.manifest import SCOPES
from bot.clock import Clock
from bot.model.delivery import Later, Uncertain

log = logging.getLogger(__name__)

_FIRST_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Identity:
    """Who the bot is in a workspace; `team` is Slack's id of that, `title` its name, `url` its own address."""

    team: str
    user: str
    bot: str
    name: str
    title: str = ""
    url: str = ""


async def introduce(client: AsyncWebClient, clock: Clock, *, note: Callable[[str], None]) -> Identity:
    """Ask Slack whose token this is. Raises AdapterError where it is refused; waits out a dead network, noting why."""
    wait = _FIRST_WAIT_SECONDS
    while True:
        try:
            answer = await client.auth_test()
        except FAILURES as error:
            outcome = outcome_of(error)
            if not isinstance(outcome, Later | Uncertain):
                raise AdapterError(_refused_token(error_code(error))) from error
            note(outcome.reason)
            log.warning("Slack: %s; trying again", outcome.reason)
            asked = outcome.after.total_seconds() if isinstance(outcome, Later) and outcome.after else wait
            await clock.sleep(asked)
            wait = min(wait * 2, _LONGEST_WAIT_SECONDS)
        else:
            if missing := missing_scopes(answer):  # better known now than at the first use
                log.warning(
                    "the Slack app lacks the scopes %s: update it from `bot slack-manifest`", ", ".join(missing)
                )
            return Identity(
                team=str(answer.get("team_id", "")),
                user=str(answer.get("user_id", "")),
                bot=str(answer.get("bot_id", "")),
                name=str(answer.get("user", "")),
                title=str(answer.get("team", "")),
                url=str(answer.get("url", "")),
            )


def identify(installation: Installation, *, url: str) -> Identity:
    """Return who the bot is where it was installed; its `name` stays empty, Slack does not tell it there."""
    return Identity(
        team=installation.team_id or installation.enterprise_id or "",
        user=installation.bot_user_id or "",
        bot=installation.bot_id or "",
        name="",
        title=installation.team_name or installation.enterprise_name or "",
        url=url,
    )


def _refused_token(code: str) -> str:
    if code == "account_inactive":
        return "Slack: the app is not installed in its workspace any more: install it and set its new SLACK_BOT_TOKEN"
    return (
        f"Slack refuses SLACK_BOT_TOKEN ({code}): copy the Bot User OAuth Token (xoxb-…) from OAuth & Permissions "
        "at https://api.slack.com/apps"
    )


def missing_scopes(answer: AsyncSlackResponse) -> list[str]:
    """Return what the bot needs and a token is not good for: Slack lists its scopes beside every answer."""
    told = str(answer.headers.get("x-oauth-scopes", ""))
    granted = {scope.strip() for scope in told.split(",") if scope.strip()}
    return sorted(set(SCOPES) - granted) if granted else []
