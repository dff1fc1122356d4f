"""The chat page in a real browser, with answers made for the purpose."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from playwright.async_api import Browser, Page, expect

from bot.adapters.web.adapter import WebAdapter
from bot.model.command import Button, Command, Reply
from bot.model.richtext import Document, Heading, Image, Quote, Span, paragraph
from bot.model.room import RoomContent
from bot.settings import Settings
from bot.site import Server, create_site
from bot.storage.rooms import RoomStore
from tests.browser import Tab, needs_chromium, open_browser, open_tab, overflow
from tests.unit.adapters.web.conftest import NOW, House

pytestmark = [pytest.mark.browser, needs_chromium]

PHONE = (360, 640)
PNG = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000001000000010802000000907753de"
    "0000000c49444154789c6360f8cf0000030101008d1de5820000000049454e44ae426082"
)
LONG = "A sentence that takes some room in the window, and says little. " * 60


@dataclass
class Stage:
    """A served chat and a browser to look at it."""

    browser: Browser
    house: House
    rooms: RoomStore
    server: Server
    pictures: Path

    async def visit(self, room: str = "lobby", **options: object) -> Tab:
        return await open_tab(self.browser, f"{self.server.url}/chat/{room}", **options)  # type: ignore[arg-type]

    async def post(self, text: str, room: str = "lobby", html: str = "") -> int:
        """Say something in a room as another process does."""
        content = RoomContent(html or f"<p>{text}</p>", text)
        return (await self.rooms.append(room, "bot", content=content, now=NOW)).id


def make_server(house: House, pictures: Path, port: int = 0) -> Server:
    adapter = WebAdapter(Settings(_env_file=None), house.services())

    async def health() -> dict[str, str]:
        return {}

    return Server(create_site(adapter.routes, health=health, pictures=[pictures]), host="127.0.0.1", port=port)


@pytest.fixture
async def stage(house: House, rooms: RoomStore, tmp_path: Path) -> AsyncIterator[Stage]:
    pictures = tmp_path / "digests"
    pictures.mkdir()
    async with make_server(house, pictures) as server, open_browser() as browser:
        yield Stage(browser, house, rooms, server, pictures)


def say(text: str) -> Document:
    return Document((paragraph(text),))


async def write(page: Page, text: str) -> None:
    await page.fill("#line", text)
    await page.press("#line", "Enter")


async def distance_from_end(page: Page) -> float:
    return float(
        await page.evaluate(
            "(log => log.scrollHeight - log.clientHeight - log.scrollTop)(document.getElementById('log'))"
        )
    )


async def test_asking_and_turning_pages(stage: Stage) -> None:
    """A typed command is answered below it; the next page takes the first one's place, and the keyboard stays there."""

    async def answer(command: Command) -> Reply:
        number = int(command.argument) if command.name == "page" else 1
        document = Document((Heading((Span(f"Results, page {number}"),), 2), paragraph("NeRF & friends")))
        return Reply(document, ((Button("Next", action=f"page {number + 1}"),),), replace=command.name == "page")

    stage.house.answer = answer
    stage.house.greeting = Reply(say("Hello!"))
    tab = await stage.visit()
    page = tab.page

    await expect(page.locator(".message.bot")).to_contain_text(["Hello!"])
    await write(page, "/search nerf")
    await expect(page.locator(".message.mine .body")).to_have_text("/search nerf")
    await expect(page.locator(".message.bot h2").last).to_have_text("Results, page 1")

    await page.get_by_role("button", name="Next").click()
    await expect(page.locator(".message.bot h2")).to_have_text(["Results, page 2"])
    await expect(page.get_by_role("button", name="Next")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator(".message.bot h2")).to_have_text(["Results, page 3"])
    await expect(page.get_by_text("edited")).to_have_count(0)
    assert tab.complaints == []


async def test_commands_are_offered_while_one_types(stage: Stage) -> None:
    """A slash offers the commands; Enter takes one, and waits where something is to follow; Escape goes away."""
    page = (await stage.visit()).page

    await page.locator("#line").press_sequentially("/se")
    await expect(page.get_by_role("option")).to_have_text(["/search <words>Search"])
    await page.keyboard.press("Enter")
    await expect(page.locator("#line")).to_have_value("/search ")
    await expect(page.locator("#suggestions")).to_contain_text("<words>")
    await page.keyboard.press("Escape")
    await expect(page.locator("#suggestions")).to_be_hidden()
    await page.locator("#line").press_sequentially("nerf\n")
    await expect(page.locator(".message.mine .body")).to_have_text("/search nerf")

    await page.keyboard.press("ArrowUp")
    await expect(page.locator("#line")).to_have_value("/search nerf")
    await page.keyboard.press("ArrowDown")
    await expect(page.locator("#line")).to_have_value("")


async def test_an_input_method_may_use_enter(stage: Stage) -> None:
    """Enter that takes a word from an input method sends nothing."""
    page = (await stage.visit()).page

    await page.fill("#line", "神经辐射")
    await page.evaluate(
        "document.getElementById('line').dispatchEvent("
        "new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    await page.locator("#line").press("Enter")

    await expect(page.locator(".message.mine")).to_have_count(1)
    assert [command.argument for command in stage.house.commands] == ["神经辐射"]


async def test_what_is_typed_stays_text(stage: Stage) -> None:
    """Markup that somebody types is shown, to others too, and does nothing."""
    tab, other = await stage.visit(), await stage.visit()
    text = "<img src=x onerror=\"document.title='taken'\"><script>document.title='taken'</script>"

    await write(tab.page, text)

    for page in (tab.page, other.page):
        await expect(page.locator(".message.person .body")).to_have_text(text)
        assert await page.locator(".message img, .message script").count() == 0
        assert await page.title() == "lobby · Digest bot"
    name = await tab.page.locator("body").get_attribute("data-visitor")
    await expect(tab.page.locator(".message.person .author")).to_have_text("You")
    await expect(other.page.locator(".message.person .author")).to_have_text(name or "")
    assert tab.complaints == other.complaints == []


async def test_notices_and_private_answers_are_the_askers(stage: Stage) -> None:
    """A notice shows at the bottom; a private answer is marked, is changed by its buttons, and goes when dismissed."""

    async def answer(command: Command) -> Reply:
        if command.name == "layout":
            return Reply(say("Changed"), replace=True, toast="Saved")
        return Reply(say("Settings"), ((Button("Compact", action="layout compact"),),), private=True)

    stage.house.answer = answer
    tab, other = await stage.visit(), await stage.visit()
    await write(tab.page, "/settings")

    private = tab.page.locator(".message.private")
    await expect(private).to_contain_text("Only you can see this")
    await tab.page.get_by_role("button", name="Compact").click()
    await expect(private.locator(".body")).to_have_text("Changed")
    await expect(tab.page.locator("#toasts")).to_have_text("Saved")
    await tab.page.get_by_role("button", name="Dismiss").click()
    await expect(private).to_have_count(0)
    await expect(other.page.locator(".message")).to_have_count(1)


async def test_pictures_are_shown_and_missing_ones_linked(stage: Stage) -> None:
    """A local picture arrives through the site; one that cannot be had leaves a link with its description."""
    (stage.pictures / "dot.png").write_bytes(PNG)
    gone = f"{stage.server.url}/media/gone.png"
    stage.house.always(
        Reply(Document((Image((stage.pictures / "dot.png").as_uri(), "A dot"), Image(gone, "A lost figure"))))
    )
    page = (await stage.visit()).page

    await write(page, "/open 1")

    await expect(page.get_by_role("link", name="A lost figure")).to_have_attribute("href", gone)
    await expect(page.locator(".message img")).to_have_count(1)
    await expect(page.locator(".message img")).to_have_js_property("naturalWidth", 1)


async def test_quotes_are_folded(stage: Stage) -> None:
    """A folded quote opens on demand."""
    stage.house.always(Reply(Document((Quote((paragraph("First lines"), paragraph("The rest")), folded=True),))))
    page = (await stage.visit()).page
    await write(page, "/open 1")

    await expect(page.get_by_text("The rest")).to_be_hidden()
    await page.get_by_text("First lines").click()
    await expect(page.get_by_text("The rest")).to_be_visible()


async def test_the_view_stays_where_one_reads(stage: Stage) -> None:
    """At the end one follows; scrolled away one is told of news, and led there; a long message is read from its top."""
    for number in range(30):
        await stage.post(f"Message {number}")
    page = (await stage.visit()).page
    latest = page.locator("#latest")

    await expect(page.get_by_text("Message 29")).to_be_in_viewport()
    await stage.post("One more")
    await expect(page.get_by_text("One more")).to_be_in_viewport()
    await expect(latest).to_be_hidden()

    await page.hover("#log")
    await page.mouse.wheel(0, -900)
    await expect(page.get_by_text("One more")).not_to_be_in_viewport()
    before = await page.evaluate("document.getElementById('log').scrollTop")
    await stage.post("News")
    await expect(latest).to_have_text("New messages · 1")
    assert await page.evaluate("document.getElementById('log').scrollTop") == before
    await latest.click()
    await expect(page.get_by_text("News", exact=True)).to_be_in_viewport()
    await expect(latest).to_be_hidden()

    await stage.post("long", html=f"<h2>A long section</h2><p>{LONG}</p>")
    await expect(page.get_by_role("heading", name="A long section")).to_be_in_viewport()
    assert await distance_from_end(page) > 100


async def test_earlier_messages_come_on_demand(stage: Stage) -> None:
    """What was before is put above what one reads, which stays where it is."""
    for number in range(70):
        await stage.post(f"Message {number}.")
    page = (await stage.visit()).page

    await expect(page.locator(".message")).to_have_count(60)
    await page.evaluate("document.getElementById('log').scrollTop = 0")
    first = page.get_by_text("Message 10.")
    await expect(first).to_be_in_viewport()
    await page.get_by_role("button", name="Earlier messages").click()
    await expect(page.locator(".message")).to_have_count(70)
    await expect(first).to_be_in_viewport()
    await expect(page.get_by_text("Message 0.")).not_to_be_in_viewport()
    await expect(page.get_by_role("button", name="Earlier messages")).to_be_hidden()


async def test_a_lost_connection_is_told_and_mended(stage: Stage) -> None:
    """While the bot is away the page says so, and keeps what was typed; then it catches up by itself."""
    page = (await stage.visit()).page
    await expect(page.locator("#empty")).to_be_visible()
    port = int(stage.server.url.rpartition(":")[2])
    await stage.server.stop()

    await expect(page.locator("#connection")).to_contain_text("Connection lost")
    await write(page, "typed meanwhile")
    await expect(page.locator("#toasts")).to_contain_text("That did not arrive")
    await expect(page.locator("#line")).to_have_value("typed meanwhile")
    await stage.post("Said meanwhile")

    async with make_server(stage.house, stage.pictures, port):
        await expect(page.locator(".message.bot .body")).to_have_text("Said meanwhile")
        await expect(page.locator("#connection")).to_be_hidden()
        await page.press("#line", "Enter")
        await expect(page.locator(".message.mine .body")).to_have_text("typed meanwhile")


async def test_the_bot_is_seen_working(stage: Stage) -> None:
    """While an answer takes its time, the page shows that somebody is at it."""
    may_answer = asyncio.Event()

    async def answer(_: Command) -> Reply:
        await may_answer.wait()
        return Reply(say("Done"))

    stage.house.answer = answer
    page = (await stage.visit()).page
    await write(page, "/search nerf")

    await expect(page.locator("#working")).to_be_visible()
    may_answer.set()
    await expect(page.locator(".message.bot .body")).to_have_text("Done")
    await expect(page.locator("#working")).to_be_hidden()


async def test_rooms_are_entered_and_made(stage: Stage) -> None:
    """On a phone the rooms are behind a button; a name that no room can have is not taken."""
    page = (await stage.visit(size=PHONE, is_mobile=True, has_touch=True)).page

    await page.get_by_role("button", name="Rooms").tap()
    await page.get_by_label("New room").fill("No Room!")
    await page.get_by_role("button", name="Open").tap()
    assert page.url.endswith("/chat/lobby")
    await page.get_by_label("New room").fill("reading-group")
    await page.get_by_role("button", name="Open").tap()
    await page.wait_for_url("**/chat/reading-group")
    await expect(page.get_by_role("heading", name="reading-group")).to_be_visible()


async def test_nothing_is_wider_than_a_phone(stage: Stage) -> None:
    """Long words, addresses, code, tables and names stay inside a narrow window, in Chinese and in the dark, too."""
    word = "Donaudampfschifffahrtsgesellschaft" * 5
    stage.house.always(
        Reply(
            Document(
                (Heading((Span(word),), 1), paragraph(f"https://example.org/{word}"), Quote((paragraph("神" * 90),)))
            ),
            (tuple(Button(label, action="x") for label in ("Very long label of a button", word, "3")),),
            toast=word,
        )
    )
    tab = await stage.visit(
        "a-room-with-a-name-as-long-as-ok", size=PHONE, language="zh-CN", color_scheme="dark", is_mobile=True
    )
    await write(tab.page, f"/search {word}")
    await expect(tab.page.locator(".message.bot h1")).to_be_visible()
    await stage.post("code", "a-room-with-a-name-as-long-as-ok", html=f"<pre><code>{word * 3}</code></pre>")
    await expect(tab.page.locator("pre")).to_have_count(1)

    assert await overflow(tab.page) == 0
    assert await tab.page.evaluate("(log => log.scrollWidth - log.clientWidth)(document.getElementById('log'))") == 0
    await expect(tab.page.locator("#line")).to_have_attribute("placeholder", re.compile("^输入"))
    assert tab.complaints == []


async def test_commands_that_the_bot_names_can_be_pressed(stage: Stage) -> None:
    """One that needs more words is written into the line; addresses and unknown names stay text."""
    text = "Try /search words, and/search not, nor /unknown or https://example.org/search"
    stage.house.opening = Reply(say(text))
    tab = await stage.visit()

    command = tab.page.get_by_role("button", name="/search")
    await expect(command).to_have_count(1)
    await expect(tab.page.locator(".message.bot .rich")).to_have_text(text)
    await command.click()
    await expect(tab.page.locator("#line")).to_have_value("/search ")
    await expect(tab.page.locator("#line")).to_be_focused()
    assert tab.complaints == []
