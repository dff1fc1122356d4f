"""The other way in: Slack's requests over HTTP, on the site's own server."""

from __future__ import annotations

import asyncio
import json
import socket
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlencode

import httpx
import pytest
import uvicorn
from starlette.applications import Starlette

from bot.adapters.interface import Adapter
from bot.adapters.slack import PLATFORM
from bot.adapters.slack.manifest import EVENTS_PATH
from tests.contract.slack.house import WITHIN, House, answers, settings
from tests.fakes.slack import SlackFake

COMMAND = {
    "command": "/digest",
    "text": "latest",
    "team_id": "T01",
    "channel_id": "C01",
    "channel_name": "vision",
    "user_id": "U01",
    "user_name": "ada",
}


@pytest.fixture
async def served(slack: SlackFake, house: House) -> AsyncIterator[Adapter]:
    """An adapter without an app token, and a real server that Slack's requests are sent to."""
    changes = {"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": slack.secrets.signing_secret}
    adapter = PLATFORM.open(settings(slack, **changes), house.services())
    server = uvicorn.Server(
        uvicorn.Config(Starlette(routes=list(adapter.routes)), lifespan="off", log_level="critical")
    )
    door = socket.create_server(("127.0.0.1", 0))  # whoever calls early waits at the door
    slack.request_url = f"http://127.0.0.1:{door.getsockname()[1]}{EVENTS_PATH}"
    await adapter.connect()
    await adapter.receive()
    serving = asyncio.create_task(server.serve([door]))
    try:
        yield adapter
    finally:
        server.should_exit = True
        await serving
        await adapter.close()


@asynccontextmanager
async def caller(slack: SlackFake) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=slack.request_url.removesuffix(EVENTS_PATH)) as client:
        yield client


async def post(slack: SlackFake, body: str, headers: Mapping[str, str], kind: str = "json") -> httpx.Response:
    content_type = "application/json" if kind == "json" else "application/x-www-form-urlencoded"
    async with caller(slack) as client:
        return await client.post(EVENTS_PATH, content=body, headers={**headers, "Content-Type": content_type})


async def test_everything_comes_to_one_address(slack: SlackFake, house: House, served: Adapter) -> None:
    """Commands, pressed buttons and events are acknowledged over HTTP, then answered as over the line."""
    assert served.health() == ""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    command = slack.command(channel, ada, "/digest latest")
    await answers(slack, channel)
    slack.say(channel, ada, f"{slack.mention()} nerf")
    records = await answers(slack, channel, 2)
    assert [record.text for record in records] == ["latest|", "|nerf"]
    await slack.wait_for(lambda _: command.acknowledged, within=WITHIN)
    assert command.latency < 1.0
    assert slack.violations == []


async def test_address_is_verified(slack: SlackFake, served: Adapter) -> None:
    """Slack's challenge, sent when the address is set, comes back."""
    body = json.dumps({"type": "url_verification", "challenge": "abc"})
    response = await post(slack, body, slack.sign(body))
    assert (response.status_code, response.json()) == (200, {"challenge": "abc"})


@pytest.mark.parametrize(
    "forge",
    [
        lambda slack, body: slack.sign(body) | {"X-Slack-Signature": "v0=" + "0" * 64},
        lambda slack, body: slack.sign(body + " "),
        lambda slack, body: slack.sign(body, at=time.time() - 301),
        lambda slack, body: slack.sign(body) | {"X-Slack-Request-Timestamp": "soon"},
        lambda slack, body: {"X-Slack-Signature": slack.sign(body)["X-Slack-Signature"]},
        lambda slack, body: {},
    ],
    ids=["wrong", "of another body", "stale", "no number", "no time", "none"],
)
async def test_unsigned_requests_are_turned_away(slack: SlackFake, house: House, served: Adapter, forge: Any) -> None:
    """Whatever is not signed by Slack, just now, for this very body, is refused and does nothing."""
    body = urlencode(COMMAND)
    response = await post(slack, body, forge(slack, body), kind="form")
    assert response.status_code == 401
    assert house.commands == []


async def test_replayed_request_does_nothing_twice(slack: SlackFake, house: House, served: Adapter) -> None:
    """Slack's own repetition, and anybody else's within five minutes, is acknowledged and done once."""
    ada = slack.user()
    direct = slack.direct(ada)
    slack.say(direct, ada, "nerf")
    await answers(slack, direct)
    told = slack.deliveries[-1]
    slack.retry(told)
    await slack.wait_for(lambda _: told.attempts == 2 and told.acknowledged, within=WITHIN)
    slack.say(direct, ada, "slam")
    await answers(slack, direct, 2)
    assert [command.name or command.argument for command in house.commands] == ["nerf", "slam"]


async def test_nothing_is_taken_before_the_bot_receives(slack: SlackFake, house: House) -> None:
    """A request that comes too early is sent back to Slack, which sends it again."""
    changes = {"SLACK_APP_TOKEN": None, "SLACK_SIGNING_SECRET": slack.secrets.signing_secret}
    adapter = PLATFORM.open(settings(slack, **changes), house.services())
    transport = httpx.ASGITransport(Starlette(routes=list(adapter.routes)))
    async with httpx.AsyncClient(transport=transport, base_url="http://bot") as client:
        assert (await client.post(EVENTS_PATH, content="{}")).status_code == 503


def test_without_a_secret_there_is_no_address(slack: SlackFake, house: House) -> None:
    """Requests that could not be checked are not taken at all."""
    assert list(PLATFORM.open(settings(slack), house.services()).routes) == []
