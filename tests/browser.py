"""A real headless Chromium for tests: the system's own, driven by Playwright."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any

import pytest
from playwright.async_api import Browser, ConsoleMessage, Page, async_playwright

CHROMIUM = next(
    (path for name in ("chromium", "chromium-browser", "google-chrome") if (path := shutil.which(name))), ""
)

ARGUMENTS = (
    "--no-sandbox",  # containers have no user namespaces to make one of
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

needs_chromium = pytest.mark.skipif(not CHROMIUM, reason="no Chromium is installed (on Debian: apt install chromium)")


class Tab:
    """A page of a browser, and everything it complained about, but for foreign pictures that could not be had."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        self.complaints: list[str] = []
        self._origin = origin
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("console", self._listen)

    def _listen(self, message: ConsoleMessage) -> None:
        is_ours = message.location["url"].startswith(self._origin)
        if message.type in {"error", "warning"} and is_ours:
            self.complaints.append(message.text)


@asynccontextmanager
async def open_browser() -> AsyncIterator[Browser]:
    """Start a browser, and end it."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=[*ARGUMENTS])
        try:
            yield browser
        finally:
            await browser.close()


async def open_tab(
    browser: Browser, url: str, *, size: Sequence[int] = (1280, 800), language: str = "en-US", **options: Any
) -> Tab:
    """Open an address as a visitor of one's own, from whom every other site is out of reach."""
    width, height = size
    origin = "/".join(url.split("/")[:3])
    context = await browser.new_context(viewport={"width": width, "height": height}, locale=language, **options)
    context.set_default_timeout(15_000)
    await context.route(lambda address: not address.startswith(origin), lambda route: route.abort())
    tab = Tab(await context.new_page(), origin)
    await tab.page.goto(url)
    return tab


async def overflow(page: Page) -> int:
    """Return by how many pixels a page is wider than its window."""
    return int(await page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth"))
