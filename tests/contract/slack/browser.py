"""Somebody at a browser who installs the app: from the bot's page over Slack's and back, cookies and all."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from html import unescape
from typing import Any

import httpx
from starlette.applications import Starlette

from bot.adapters.interface import Adapter
from bot.adapters.slack.manifest import INSTALL_PATH, REDIRECT_PATH
from bot.storage.sealing import make_key
from tests.contract.slack.house import House, receiving
from tests.fakes.slack import SlackFake

SITE = "https://digest.example.org"
KEY = make_key()


def installable(slack: SlackFake, **changes: Any) -> dict[str, Any]:
    """Return the settings of an app that others can install, without a workspace of its own."""
    slack.redirect_urls = frozenset({SITE + REDIRECT_PATH})
    return {
        "SLACK_BOT_TOKEN": None,
        "SLACK_CLIENT_ID": slack.secrets.client_id,
        "SLACK_CLIENT_SECRET": slack.secrets.client_secret,
        "BOT_PUBLIC_URL": SITE,
        "BOT_SECRET_KEY": KEY,
        **changes,
    }


class Browser:
    """A browser in front of the bot's site."""

    def __init__(self, adapter: Adapter, *, language: str = "en", site: Starlette | None = None) -> None:
        transport = httpx.ASGITransport(site or Starlette(routes=list(adapter.routes)))
        headers = {"Accept-Language": language}
        self.client = httpx.AsyncClient(transport=transport, base_url=SITE, headers=headers)

    async def begin(self) -> str:
        """Open the first page; returns where its button leads."""
        page = await self.client.get(INSTALL_PATH)
        assert page.status_code == 200, page.text
        return button(page)

    async def consent(self, address: str) -> str:
        """Go to Slack's page; returns where it sends one back to."""
        async with httpx.AsyncClient() as elsewhere:
            answer = await elsewhere.get(address)
        assert answer.status_code == 302, answer.text
        return answer.headers["Location"]

    async def install(self) -> httpx.Response:
        """Go all the way."""
        return await self.client.get(await self.consent(await self.begin()))


def button(page: httpx.Response) -> str:
    """Return where a page's button leads."""
    (address,) = re.findall(r'class="button" href="([^"]+)"', page.text)
    return unescape(address)


@asynccontextmanager
async def installing(slack: SlackFake, house: House, **changes: Any) -> AsyncIterator[tuple[Adapter, Browser]]:
    """Open an adapter whose app can be installed, and a browser in front of it."""
    async with receiving(slack, house, **installable(slack, **changes)) as adapter:
        browser = Browser(adapter)
        async with browser.client:
            yield adapter, browser
