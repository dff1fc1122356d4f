"""How a workspace installs the app: two pages on the site, and Slack's own between them.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader
from slack_bolt.adapter.starlette.async_handler import to_async_bolt_request, to_starlette_response
from slack_bolt.oauth.async_callback_options import AsyncCallbackOptions, AsyncFailureArgs, AsyncSuccessArgs
from slack_bolt.oauth.async_oauth_flow import AsyncOAuthFlow
from slack_bolt.oauth.async_oauth_settings import AsyncOAuthSettings
from slack_bolt.request.async_request import AsyncBoltRequest
from slack_bolt.response import BoltResponse
from slack_sdk.oauth.installation_store import Installation
from slack_sdk.web.async_client import AsyncWebClient
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import BaseRoute, Route

from bot.adapters.slack.client import library_logger
from bot.adapters.slack.distribution import Distribution
from bot.adapters.slack.errors import FAILURES, reason_of
from bot.adapters.slack.installations import STATE_SECONDS
from bot.adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH, SCOPES
from bot.locales import Words, match_language, open_words

log = logging.getLogger(__name__)

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).with_name("templates")), autoescape=True)
_EXPIRED = frozenset({"invalid_state", "invalid_browser"})
_OPEN_SLACK = "https://slack.com/app_redirect"
"""Leads into the app or the browser: https://docs.slack.dev/interactivity/deep-linking."""

Enter = Callable[[Installation], Awaitable[None]]
"""What is done once an installation is kept."""


class Installing:
    """The pages."""

    def __init__(
        self, distribution: Distribution, *, client: Callable[[], AsyncWebClient | None], enter: Enter, language: str
    ) -> None:
        """Prepare the pages. `client` gives a client without a token, None while the bot is not connected."""
        self._distribution = distribution
        self._client = client
        self._enter = enter
        self._language = language

    @property
    def routes(self) -> tuple[BaseRoute, ...]:
        """Where the pages are."""
        return (
            Route(INSTALL_PATH, self._show_beginning, methods=["GET"]),
            Route(REDIRECT_PATH, self._show_end, methods=["GET"]),
        )

    async def _show_beginning(self, request: Request) -> Response:
        flow = self._flow()
        if flow is None:
            return _too_early()
        return to_starlette_response(await flow.handle_installation(to_async_bolt_request(request, b"")))

    async def _show_end(self, request: Request) -> Response:
        flow = self._flow()
        if flow is None:
            return _too_early()
        return to_starlette_response(await flow.handle_callback(to_async_bolt_request(request, b"")))

    def _flow(self) -> AsyncOAuthFlow | None:
        client, known = self._client(), self._distribution
        if client is None:
            return None
        settings = AsyncOAuthSettings(
            client_id=known.client_id,
            client_secret=known.client_secret,
            scopes=list(SCOPES),
            user_scopes=[],
            redirect_uri=known.redirect_url,
            install_path=INSTALL_PATH,
            redirect_uri_path=REDIRECT_PATH,
            authorization_url=known.authorize_url,
            installation_store=known.installations,
            state_store=known.states,
            state_expiration_seconds=STATE_SECONDS,
            callback_options=AsyncCallbackOptions(success=self._succeed, failure=self._fail),
            logger=library_logger(),
        )
        return _Flow(settings, client, show=self._show_button, enter=self._enter)

    def _show_button(self, url: str, request: AsyncBoltRequest) -> str:
        words = self._words(request)
        return _page(
            words,
            words("Add the digest to Slack"),
            words("Slack asks next which workspace it is for, and shows what the bot may do there."),
            button=(words("Add to Slack"), url),
        )

    async def _succeed(self, arguments: AsyncSuccessArgs) -> BoltResponse:
        installed, words = arguments.installation, self._words(arguments.request)
        where = installed.team_name or installed.enterprise_name or ""
        log.info("Slack: %s (%s) has installed the app", where, installed.team_id or installed.enterprise_id)
        team = "" if installed.is_enterprise_install else f"&team={installed.team_id}"
        body = _page(
            words,
            words("The digest is in {workspace}.", workspace=where),
            words("Type /digest subscribe in a channel that shall receive each issue, and /digest for all else."),
            button=(words("Open Slack"), f"{_OPEN_SLACK}?app={installed.app_id}{team}"),
        )
        return _answer(200, body)

    async def _fail(self, arguments: AsyncFailureArgs) -> BoltResponse:
        words = self._words(arguments.request)
        if arguments.reason == "access_denied":
            status, title = 200, words("Nothing was installed.")
            text = words("You can come back to this page whenever you like.")
        elif arguments.reason in _EXPIRED:
            status, title = 401, words("This attempt has expired.")
            text = words("Each counts once, for ten minutes, in the browser where it began.")
        else:
            log.warning("Slack: an installation failed (%s)", arguments.reason.splitlines()[0][:40])
            status, title = arguments.suggested_status_code, words("Slack did not confirm the installation.")
            text = words("Nothing was installed. Please try again.")
        button = (words("Begin again"), self._distribution.install_url)
        return _answer(max(status, 400) if status != 200 else 200, _page(words, title, text, button=button))

    def _words(self, request: AsyncBoltRequest) -> Words:
        """Return the words in the first language of the browser that the bot speaks."""
        accepted = ",".join(request.headers.get("accept-language", [])).split(",")
        spoken = (match_language(one.partition(";")[0]) for one in accepted)
        return open_words(next(filter(None, spoken), self._language))


class _Flow(AsyncOAuthFlow):
    """The library's flow, with our pages, and our way to call Slack."""

    def __init__(
        self,
        settings: AsyncOAuthSettings,
        client: AsyncWebClient,
        *,
        show: Callable[[str, AsyncBoltRequest], str],
        enter: Enter,
    ) -> None:
        super().__init__(client=client, logger=library_logger(), settings=settings)
        self._show = show
        self._enter = enter

    async def build_install_page_html(self, url: str, request: AsyncBoltRequest) -> str:
        """Return the page with the button."""
        return self._show(url, request)

    async def run_installation(self, code: str) -> Installation | None:
        """Exchange the code for a token; None where Slack does not."""
        try:
            return await super().run_installation(code)
        except (*FAILURES, LookupError) as error:
            log.warning("Slack: an installation failed: %s", reason_of(error))
            return None

    async def store_installation(self, request: AsyncBoltRequest, installation: Installation) -> None:
        """Keep the installation and enter the workspace. Raises StorageError."""
        await super().store_installation(request, installation)
        await self._enter(installation)


def _page(words: Words, title: str, text: str, *, button: tuple[str, str]) -> str:
    values: Mapping[str, Any] = {"language": words.language, "title": title, "text": text, "button": button}
    return _TEMPLATES.get_template("install.html").render(values)


def _answer(status: int, body: str) -> BoltResponse:
    return BoltResponse(
        status=status, body=body, headers={"Content-Type": "text/html; charset=utf-8", "Cache-Control": "no-store"}
    )


def _too_early() -> Response:
    return PlainTextResponse("The bot is not connected to Slack yet: try again in a moment.\n", status_code=503)
