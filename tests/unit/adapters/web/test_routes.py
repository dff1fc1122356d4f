"""The chat's addresses: the page, history, lines, buttons, files."""

from __future__ import annotations

import re
from datetime import UTC, datetime

import httpx
import pytest

from bot.adapters.web.routes import LINE_LIMIT, PAGE_SIZE, choose_language
from bot.model.command import DATA_LIMIT, Attachment, Button, Reply
from bot.model.richtext import Document, Image, paragraph
from bot.model.room import RoomContent
from bot.storage.rooms import RoomStore
from tests.unit.adapters.web.conftest import House

NOW = datetime(2026, 5, 4, tzinfo=UTC)


def say(text: str) -> Document:
    return Document((paragraph(text),))


async def test_the_page_asks_for_nothing_from_elsewhere(client: httpx.AsyncClient) -> None:
    """Every address in the page is one of ours, and is served; there is no script or style in the markup."""
    page = await client.get("/chat/lobby")

    addresses = re.findall(r'(?:src|href)="([^"]*)"', page.text)
    assert all(address.startswith("/") and not address.startswith("//") for address in addresses)
    for address in addresses:
        assert (await client.get(address)).status_code == 200, address
    assert not re.search(r"<script(?![^>]* src=)|<style|\son\w+=|\sstyle=", page.text)
    assert "script-src 'self'" in page.headers["content-security-policy"]


async def test_the_scripts_load_only_each_other(client: httpx.AsyncClient) -> None:
    """Every module a script imports is served."""
    waiting, seen = ["chat.js"], set[str]()
    while waiting:
        script = await client.get(f"/chat-assets/{waiting.pop()}")
        assert script.status_code == 200
        found = set(re.findall(r'from "\./([^"]+)"', script.text)) - seen
        seen |= found
        waiting.extend(found)
    assert "timeline.js" in seen


@pytest.mark.parametrize("room", ["Lobby", "a_b", "x" * 33, "%2e%2e", "大厅"])
@pytest.mark.parametrize("path", ["", "/messages", "/events", "/files/1"])
async def test_what_cannot_be_a_room_is_not_found(client: httpx.AsyncClient, room: str, path: str) -> None:
    """No address of the chat takes a name that no room can have."""
    assert (await client.get(f"/chat/{room}{path}")).status_code == 404


async def test_a_visitor_keeps_a_name(client: httpx.AsyncClient, rooms: RoomStore) -> None:
    """The name comes with the first page, and stands at what the visitor writes."""
    first = await client.get("/chat/lobby")
    name = first.cookies["visitor"]
    await client.get("/chat/lab")
    await client.post("/chat/lobby/messages", json={"text": "hello"})

    assert re.fullmatch(r"guest-[a-z2-9]{5}", name)
    assert client.cookies["visitor"] == name
    assert f'data-visitor="{name}"' in first.text
    assert "httponly" in first.headers["set-cookie"].lower()
    assert (await rooms.history("lobby", limit=1)).messages[0].author == name


@pytest.mark.parametrize("name", ["bot", "you", "guest-", "guest-ABCDE", '"><script>', "guest-abcdef"])
async def test_nobody_can_take_another_kind_of_name(client: httpx.AsyncClient, rooms: RoomStore, name: str) -> None:
    """Above all, no visitor speaks as the bot."""
    client.cookies.set("visitor", name)
    await client.post("/chat/lobby/messages", json={"text": "hello"})

    assert re.fullmatch(r"guest-[a-z2-9]{5}", (await rooms.history("lobby", limit=1)).messages[0].author)


async def test_a_line_is_answered_in_the_room(client: httpx.AsyncClient, house: House) -> None:
    """The history shows the question and the answer as the page needs them."""
    house.always(Reply(say("Two found"), ((Button("1", action="open 1"), Button("Paper", url="https://x.org/p")),)))

    response = await client.post("/chat/lobby/messages", json={"text": " /search nerf "})

    assert response.json() == {"toast": "", "private": None, "replaces": False}
    history = (await client.get("/chat/lobby/messages")).json()
    assert (history["revision"], history["earlier"]) == (2, False)
    question, answer = history["messages"]
    assert question["html"] == "<p>/search nerf</p>"
    assert answer == {
        "id": 2,
        "author": "bot",
        "html": "<p>Two found</p>",
        "buttons": [
            [{"label": "1", "action": "open 1", "url": ""}, {"label": "Paper", "action": "", "url": "https://x.org/p"}]
        ],
        "file": None,
        "at": "2026-05-04T09:30:00+00:00",
        "edited": False,
    }


async def test_a_button_never_opens_a_script(client: httpx.AsyncClient, rooms: RoomStore) -> None:
    """Only harmless addresses reach the page."""
    content = RoomContent("", "", ((Button("x", url="javascript:alert(1)"), Button("y", url="https://x.org")),))
    await rooms.append("lobby", "bot", content=content, now=NOW)

    (message,) = (await client.get("/chat/lobby/messages")).json()["messages"]
    assert [button["url"] for button in message["buttons"][0]] == ["", "https://x.org"]


async def test_a_private_answer_comes_with_the_response(client: httpx.AsyncClient, house: House) -> None:
    """What only the asker sees is in the answer to the request, its file inside it."""
    house.always(Reply(say("Settings"), private=True, toast="Here", attachment=Attachment("a.txt", b"abc")))

    answer = (await client.post("/chat/lobby/messages", json={"text": "/settings"})).json()

    assert answer["toast"] == "Here"
    assert answer["private"] == {
        "html": "<p>Settings</p>",
        "buttons": [],
        "file": {"name": "a.txt", "url": "data:application/octet-stream;base64,YWJj"},
    }


async def test_a_press_replaces_its_message(client: httpx.AsyncClient, house: House) -> None:
    """The message below which the button stands is the one that changes."""
    house.always(Reply(say("Page 1")))
    await client.post("/chat/lobby/messages", json={"text": "/search nerf"})
    house.always(Reply(say("Page 2"), replace=True, toast="2 of 3"))

    answer = await client.post("/chat/lobby/presses", json={"action": "page 2", "message": 2})

    assert answer.json()["toast"] == "2 of 3"
    shown = (await client.get("/chat/lobby/messages")).json()["messages"][1]
    assert (shown["id"], shown["html"], shown["edited"]) == (2, "<p>Page 2</p>", False)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("messages", {"text": ""}),
        ("messages", {"text": "   "}),
        ("messages", {"text": "x" * (LINE_LIMIT + 1)}),
        ("messages", {"text": 5}),
        ("messages", {}),
        ("messages", []),
        ("presses", {"action": ""}),
        ("presses", {"action": "x" * (DATA_LIMIT + 1)}),
        ("presses", {"action": "a", "message": "one"}),
    ],
)
async def test_what_is_no_line_and_no_press_is_refused(
    client: httpx.AsyncClient, house: House, path: str, body: object
) -> None:
    """A body of another shape reaches nobody."""
    assert (await client.post(f"/chat/lobby/{path}", json=body)).status_code == 400
    assert house.commands == []


async def test_only_json_is_taken(client: httpx.AsyncClient, house: House) -> None:
    """A form, which any page may send anywhere, is not."""
    assert (await client.post("/chat/lobby/messages", data={"text": "hello"})).status_code == 415
    plain = {"Content-Type": "text/plain"}
    assert (await client.post("/chat/lobby/messages", content='{"text":"x"}', headers=plain)).status_code == 415
    assert house.commands == []


async def test_another_sites_page_cannot_write(client: httpx.AsyncClient, house: House) -> None:
    """A request that a browser sends for another site is refused."""
    headers = {"Origin": "https://elsewhere.example", "Sec-Fetch-Site": "cross-site"}

    assert (await client.post("/chat/lobby/messages", json={"text": "x"}, headers=headers)).status_code == 403
    assert house.commands == []


async def test_entering_a_new_room_brings_the_greeting(client: httpx.AsyncClient, house: House) -> None:
    """A room is made by entering it, not by looking at it."""
    house.greeting = Reply(say("Hello"))

    await client.get("/chat/lab")
    assert (await client.get("/chat/lab/messages")).json()["messages"] == []
    assert 'href="/chat/lab"' not in (await client.get("/chat/lobby")).text

    assert (await client.post("/chat/lab/visits")).status_code == 204
    assert [message["html"] for message in (await client.get("/chat/lab/messages")).json()["messages"]] == [
        "<p>Hello</p>"
    ]
    assert 'href="/chat/lab"' in (await client.get("/chat/lobby")).text


async def test_history_comes_in_stretches(client: httpx.AsyncClient, rooms: RoomStore) -> None:
    """The last messages first; the ones before on demand."""
    for number in range(PAGE_SIZE + 2):
        await rooms.append("lobby", "bot", content=RoomContent(f"{number}", ""), now=NOW)

    last = (await client.get("/chat/lobby/messages")).json()
    first = (await client.get(f"/chat/lobby/messages?before={last['messages'][0]['id']}")).json()

    assert (len(last["messages"]), last["earlier"]) == (PAGE_SIZE, True)
    assert ([message["html"] for message in first["messages"]], first["earlier"]) == (["0", "1"], False)


async def test_a_file_is_downloaded_never_shown(client: httpx.AsyncClient, house: House) -> None:
    """A file arrives byte by byte under its own name, and no browser takes it for a page."""
    house.always(Reply(say("Here"), attachment=Attachment('文献 "12".html', b"<script>alert(1)</script>")))
    await client.post("/chat/lobby/messages", json={"text": "/bibtex"})

    file = (await client.get("/chat/lobby/messages")).json()["messages"][1]["file"]
    download = await client.get(file["url"])

    assert file["name"] == '文献 "12".html'
    assert download.content == b"<script>alert(1)</script>"
    assert download.headers["content-type"] == "application/octet-stream"
    disposition = "attachment; filename*=UTF-8''%E6%96%87%E7%8C%AE%20%2212%22.html"
    assert download.headers["content-disposition"] == disposition
    assert (await client.get("/chat/lab/files/2")).status_code == 404
    assert (await client.get("/chat/lobby/files/1")).status_code == 404


async def test_the_page_speaks_the_visitors_language(client: httpx.AsyncClient, house: House) -> None:
    """The page, its menu and the commands' user are of the browser's language."""
    chinese = {"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.8"}

    page = await client.get("/chat/lobby", headers=chinese)
    await client.post("/chat/lobby/messages", json={"text": "/help"}, headers=chinese)

    assert '<html lang="zh">' in page.text
    assert "房间" in page.text
    assert "\\u641c\\u7d22" in page.text  # the menu's summary
    assert house.commands[0].user.language == "zh"


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.8", "zh"),
        ("en-GB,en;q=0.9", "en"),
        ("de, fr;q=0.9", "en"),
        ("de, zh;q=0.2", "zh"),
        ("en;q=0.3, zh;q=0.7", "zh"),
        ("zh;q=0.5, en;q=0.5", "zh"),
        ("zh;q=x, en;q=0.1", "en"),
        ("*", "en"),
    ],
)
def test_the_browsers_favourite_language_is_chosen(accepted: str, language: str) -> None:
    """The liked best of ours, the first of equals, else the bot's own."""
    assert choose_language(accepted, default="en") == language


async def test_pictures_of_answers_have_addresses_of_the_site(client: httpx.AsyncClient, house: House) -> None:
    """A local picture in an answer is shown through the site."""
    house.always(Reply(Document((Image("file:///home/lab/a.png", "A"),))))
    await client.post("/chat/lobby/messages", json={"text": "/open 1"})

    assert '<img src="/media/' in (await client.get("/chat/lobby/messages")).json()["messages"][1]["html"]
