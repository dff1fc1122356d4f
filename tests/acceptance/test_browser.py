"""What a reader sees in the local web chat: the real bot, a real browser, the sample digest."""

from __future__ import annotations

import asyncio
import re
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.acceptance.bot_process import Bot
from tests.acceptance.test_delivery import assert_whole, read
from tests.acceptance.test_finding import DOUBTFUL
from tests.browser import Tab, needs_chromium, open_browser, open_tab, overflow

pytestmark = [pytest.mark.browser, needs_chromium]

PHONE = (360, 640)
ARRIVES = 30_000
"""Milliseconds within which something shows on a busy machine; it is not waited out."""


async def enter(browser: Browser, url: str, **options: Any) -> Tab:
    """Open the chat, and wait until the bot has spoken there."""
    tab = await open_tab(browser, url, **options)
    await expect(tab.page.locator(".message.bot").first).to_be_visible(timeout=ARRIVES)
    return tab


async def ask(page: Page, line: str) -> int:
    """Type a line, wait for the answer; returns how many messages the bot has said by then."""
    answers = page.locator(".message.bot")
    before = await answers.count()
    await page.fill("#line", line)
    await page.press("#line", "Enter")
    await expect(answers).to_have_count(before + 1, timeout=ARRIVES)
    return before + 1


async def test_an_issue_arrives_while_one_looks_on(bot: Bot) -> None:
    """A subscribed room receives an issue that another process posts, whole and in order, and keeps it."""
    issue = read(bot, 12)
    with bot.run() as running:
        async with open_browser() as browser:
            tab = await enter(browser, running.url)
            page = tab.page
            await expect(page).to_have_url(f"{running.url}/chat/lobby")
            await ask(page, "/subscribe")
            said = page.locator(".message.bot .rich")
            before = await said.count()

            await asyncio.to_thread(bot.ok, "post", "--issue", "12")

            last = issue.sections[-1].entries[-1].title
            await expect(said.last).to_contain_text(last, timeout=ARRIVES)
            assert_whole(issue, (await said.all_inner_texts())[before:])
            count = await said.count()
            assert bot.ok("post", "--issue", "12")
            await ask(page, "/latest")
            await expect(said).to_have_count(count + 1)
            assert tab.complaints == []
        assert running.stop() == 0

    with bot.run() as running:
        async with open_browser() as browser:
            page = (await enter(browser, running.url, size=PHONE, is_mobile=True)).page
            await expect(page.locator(".message.bot")).to_have_count(count + 1, timeout=ARRIVES)
            assert await overflow(page) == 0


async def test_a_question_gets_its_answer(bot: Bot) -> None:
    """A search shows its best results; the next page takes their place; an entry opens below, and what is like it.

    A likely slip is asked about; a topic is a command, and leads to its neighbours.
    """
    (bot.digests / "013.md").write_text(DOUBTFUL, encoding="utf-8")
    with bot.run() as running:
        async with open_browser() as browser:
            tab = await enter(browser, running.url)
            page = tab.page
            results = page.locator(".message.bot").last
            await ask(page, "/help")
            await expect(results).to_contain_text("/search")

            said = await ask(page, "/search nerf")
            await expect(results).to_contain_text("“nerf”")
            await expect(results).to_contain_text("1. ")
            await results.get_by_role("button", name=re.compile("Next")).click()
            await expect(results).to_contain_text("6. ", timeout=ARRIVES)
            await expect(page.locator(".message.bot")).to_have_count(said)

            await results.get_by_role("button", name="6", exact=True).click()
            await expect(page.locator(".message.bot")).to_have_count(said + 1, timeout=ARRIVES)
            await results.get_by_role("button", name="More like this").click()
            await expect(results).to_contain_text("More like “", timeout=ARRIVES)

            await ask(page, "/search calibraton")
            await results.get_by_role("button", name="Did you mean “calibration”?").click()
            await expect(results).to_contain_text("entries for “calibration”", timeout=ARRIVES)

            said = await ask(page, "/nerf")
            await expect(results).to_contain_text("NeRF and neural fields")
            await results.get_by_role("button", name="Rendering", exact=True).click()
            await expect(page.locator(".message.bot")).to_have_count(said + 1, timeout=ARRIVES)
            await expect(results).to_contain_text("Rendering")
            assert tab.complaints == []


async def test_a_reader_of_chinese_is_spoken_to_in_chinese(bot: Bot) -> None:
    """The page and the answers are in the browser's language."""
    with bot.run() as running:
        async with open_browser() as browser:
            page = (await enter(browser, running.url, size=PHONE, language="zh-CN", color_scheme="dark")).page
            await ask(page, "/help")

            await expect(page.locator("html")).to_have_attribute("lang", "zh")
            await expect(page.locator(".message.bot").last).to_contain_text(re.compile("搜索|检索"))
            assert await overflow(page) == 0
