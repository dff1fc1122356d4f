"""The site around the platforms' routes."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping

import httpx
import pytest
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

from bot.site import create_site
from bot.site.application import BODY_LIMIT
from bot.site.guard import HEADERS
from bot.storage.engine import StorageError

HTML = {"Accept": "text/html,application/xhtml+xml"}

watched: dict[str, str] = {}


async def _health() -> Mapping[str, str]:
    return watched


async def _echo(request: Request) -> Response:
    return PlainTextResponse(await request.body())


async def _fail(_: Request) -> Response:
    raise RuntimeError("secret detail")


async def _locked(_: Request) -> Response:
    raise StorageError("the database bot.db is locked by another program: close it, or wait and try again")


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    watched.clear()
    routes = [Route("/echo", _echo, methods=["POST"]), Route("/fail", _fail), Route("/locked", _locked)]
    transport = httpx.ASGITransport(create_site(routes, health=_health), raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://127.0.0.1:8080") as client:
        yield client


async def test_the_root_leads_to_the_chat(client: httpx.AsyncClient) -> None:
    """Whoever opens the bare address is in the lobby."""
    response = await client.get("/")
    assert (response.status_code, response.headers["location"]) == (307, "/chat/lobby")


async def test_health_tells_what_is_wrong(client: httpx.AsyncClient) -> None:
    """Everything works: 200. Something does not: 503, and its own words."""
    watched.update(web="", database="")
    fine = await client.get("/health")
    watched.update(telegram="no answer from api.telegram.org")
    ill = await client.get("/health")

    assert (fine.status_code, fine.json()) == (200, {"ok": True, "checks": {"web": "ok", "database": "ok"}})
    assert ill.status_code == 503
    assert ill.json()["ok"] is False
    assert ill.json()["checks"]["telegram"] == "no answer from api.telegram.org"


@pytest.mark.parametrize(
    ("method", "path", "status", "words"),
    [
        ("GET", "/nothing/here", 404, "There is nothing here."),
        ("GET", "/echo", 405, "This cannot be done here."),
        ("GET", "/fail", 500, "It has been written to the log."),
        ("GET", "/locked", 503, "the database bot.db is locked by another program"),
    ],
)
async def test_what_does_not_work_is_said_plainly(
    client: httpx.AsyncClient, method: str, path: str, status: int, words: str
) -> None:
    """People get a page, programs a line; neither tells what is inside."""
    page = await client.request(method, path, headers=HTML)
    line = await client.request(method, path)

    assert (page.status_code, line.status_code) == (status, status)
    assert page.text.startswith("<!doctype html>")
    assert words in page.text
    assert words in line.text
    assert "<" not in line.text
    assert "secret detail" not in page.text + line.text


@pytest.mark.parametrize("path", ["/", "/health", "/static/site.css", "/nothing", "/fail", "/locked"])
async def test_every_answer_is_guarded(client: httpx.AsyncClient, path: str) -> None:
    """No answer leaves without the headers that tell a browser what it may do with it."""
    headers = (await client.get(path, headers=HTML)).headers
    assert [name for name in HEADERS if name.lower() not in headers] == []


async def test_a_request_for_another_name_is_refused(client: httpx.AsyncClient) -> None:
    """The refusal is guarded, too, and says what to do."""
    response = await client.get("/", headers={"Host": "evil.example"})
    assert response.status_code == 421
    assert "BOT_PUBLIC_URL" in response.text
    assert "content-security-policy" in response.headers


async def test_a_body_without_end_is_refused(client: httpx.AsyncClient) -> None:
    """Nobody fills the memory."""
    assert (await client.post("/echo", content=b"x" * BODY_LIMIT)).status_code == 200
    assert (await client.post("/echo", content=b"x" * (BODY_LIMIT + 1))).status_code == 413


async def test_no_path_leads_out_of_the_static_files(client: httpx.AsyncClient) -> None:
    """Only what lies in the folder is served."""
    for path in ("/static/../pages.py", "/static/%2e%2e/pages.py", "/static/..%2fpages.py", "/static/"):
        assert (await client.get(path)).status_code == 404, path
