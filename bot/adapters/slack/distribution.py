"""An app that other workspaces may install: its id and secret, and where their installations are kept."""

from __future__ import annotations

from dataclasses import dataclass, field
from urllib.parse import urljoin

from pydantic import SecretStr
from slack_sdk.oauth.state_store.sqlalchemy import AsyncSQLAlchemyOAuthStateStore
from slack_sdk.oauth.token_rotation.async_rotator import AsyncTokenRotator
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import AdapterError
from bot.adapters.slack.installations import Installations, open_states
from bot.adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from bot.settings import Settings
from bot.storage.installations import InstallationRows
from bot.storage.sealing import Seal


@dataclass(frozen=True, slots=True)
class Distribution:
    """What it takes to be installed by others."""

    client_id: str
    client_secret: str = field(repr=False)
    installations: Installations
    states: AsyncSQLAlchemyOAuthStateStore
    install_url: str
    redirect_url: str
    authorize_url: str

    def rotator(self, client: AsyncWebClient) -> AsyncTokenRotator:
        """Return what exchanges tokens that end; `client` needs none of its own."""
        return AsyncTokenRotator(client_id=self.client_id, client_secret=self.client_secret, client=client)


def open_distribution(settings: Settings, rows: InstallationRows) -> Distribution | None:
    """Return what the settings say of it, None where they say nothing. Raises AdapterError for half of it."""
    client_id, client_secret = settings.slack_client_id, _secret(settings.slack_client_secret)
    if not client_id and not client_secret:
        return None
    if not client_id or not client_secret:
        raise AdapterError(
            "SLACK_CLIENT_ID and SLACK_CLIENT_SECRET belong together: copy both from Basic Information, App "
            "Credentials at https://api.slack.com/apps"
        )
    if not settings.public_url:
        raise AdapterError(
            "Slack workspaces install the app on the bot's own site, so SLACK_CLIENT_ID needs BOT_PUBLIC_URL: "
            "set it to the https address of the site"
        )
    keys = _secret(settings.secret_key)
    if not keys:
        raise AdapterError(
            "Slack workspaces' tokens are stored sealed with BOT_SECRET_KEY, which is not set: "
            "make one with `bot secret-key`, and keep it safe"
        )
    public_url = settings.public_url.rstrip("/")
    return Distribution(
        client_id,
        client_secret,
        Installations(rows, Seal(keys), client_id=client_id),
        open_states(rows),
        install_url=public_url + INSTALL_PATH,
        redirect_url=public_url + REDIRECT_PATH,
        authorize_url=urljoin(settings.slack_api_url, "/oauth/v2/authorize"),
    )


def _secret(value: SecretStr | None) -> str:
    return "" if value is None else value.get_secret_value()
