"""The line to Slack: opened, refused, broken, mended, closed; and what is never said over it."""

from __future__ import annotations

import asyncio
import logging
from pathlib import Path
from typing import Any

import pytest
from slack_sdk.socket_mode.aiohttp import SocketModeClient

from bot.adapters.interface import Adapter, AdapterError
from bot.adapters.slack import PLATFORM
from bot.storage.sealing import make_key
from tests.contract.slack.house import WITHIN, House, answers, at, payload, receiving, sending, settings
from tests.fakes.faults import Html, TooMany, Unauthorized
from tests.fakes.slack import SlackFake


async def test_health_follows_the_line(slack: SlackFake, house: House) -> None:
    """Before it is connected the bot is not well, with an open line it is."""
    adapter = PLATFORM.open(settings(slack), house.services())
    assert adapter.health() == "Slack has not answered yet"
    await adapter.connect()
    assert adapter.health() == ""
    await adapter.receive()
    assert adapter.health() == "the line to Slack is not open yet"
    await house.until(lambda: not adapter.health())
    await adapter.close()
    await adapter.close()


async def test_wrong_bot_token_is_an_error(slack: SlackFake, house: House) -> None:
    """A refused token is one plain line that does not tell it."""
    adapter = PLATFORM.open(settings(slack, SLACK_BOT_TOKEN="xoxb-wrong-secret"), house.services())
    with pytest.raises(AdapterError, match=r"SLACK_BOT_TOKEN \(invalid_auth\)") as caught:
        await adapter.connect()
    assert "xoxb-wrong-secret" not in str(caught.value)


async def test_dead_network_at_start_is_waited_out(slack: SlackFake, house: House) -> None:
    """Where Slack does not answer at first, the bot asks again until it does."""
    slack.fail(with_=Html(502), method="auth.test", times=3)
    slack.fail(with_=TooMany(5), method="auth.test")
    async with sending(slack, house) as adapter:
        assert adapter.health() == ""
    assert house.clock.slept == [1.0, 2.0, 4.0, 5.0]


async def test_wrong_app_token_is_told_and_asked_again(
    slack: SlackFake, house: House, caplog: pytest.LogCaptureFixture
) -> None:
    """A refused app token stops nothing else: it is told by health, and in the log once; mended, the line opens."""
    slack.fail(with_=Unauthorized(), method="apps.connections.open", times=3)
    with caplog.at_level(logging.INFO):
        async with sending(slack, house) as adapter:
            await adapter.receive()
            await house.until(lambda: "SLACK_APP_TOKEN (invalid_auth)" in adapter.health())
            await house.until(lambda: not adapter.health())
    assert [record.getMessage() for record in caplog.records if record.name.startswith("bot.")] == [
        "Slack: Slack refuses SLACK_APP_TOKEN (invalid_auth): make an app-level token with the scope connections:write",
        "Slack: the line is open",
    ]


async def test_a_line_that_opens_as_the_bot_stops_is_closed(
    slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Hanging up in the very moment in which Slack answers ends all the same."""
    connect = SocketModeClient.connect
    closed = asyncio.Event()

    def close() -> None:
        asyncio.create_task(adapter.close()).add_done_callback(lambda _: closed.set())

    async def connect_at_last(client: SocketModeClient) -> None:
        await connect(client)  # type: ignore[no-untyped-call]
        asyncio.get_running_loop().call_soon(close)

    monkeypatch.setattr(SocketModeClient, "connect", connect_at_last)
    async with sending(slack, house) as adapter:
        await adapter.receive()
        async with asyncio.timeout(WITHIN):
            await closed.wait()
        await slack.wait_for(lambda _: not slack.connections, within=WITHIN)


async def test_app_token_that_is_taken_back_is_told(slack: SlackFake, house: House) -> None:
    """A token that is refused when the line has to be renewed is told like one that never was any good."""
    async with receiving(slack, house) as adapter:
        await house.until(lambda: not adapter.health())
        slack.fail(with_=Unauthorized(), method="apps.connections.open", times=None)
        await slack.drop()
        await house.until(lambda: "SLACK_APP_TOKEN (invalid_auth)" in adapter.health())
        slack.heal()
        await house.until(lambda: not adapter.health())


@pytest.mark.parametrize("reason", ["refresh_requested", "warning"])
async def test_refreshed_line_goes_on(slack: SlackFake, house: House, listening: Adapter, reason: str) -> None:
    """Slack renews every connection now and then, and nothing said meanwhile is lost."""
    ada = slack.user()
    direct = slack.direct(ada)
    await slack.refresh(reason=reason)
    slack.say(direct, ada, "nerf")
    assert (await answers(slack, direct))[0].text == "|nerf"


async def test_dead_line_is_opened_anew(slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A line that stays dead, with the library none the wiser, is thrown away and opened anew."""

    async def sit_still(*_: Any, **__: Any) -> None:
        return None

    async with receiving(slack, house) as adapter:
        await house.until(lambda: not adapter.health())
        with monkeypatch.context() as patch:
            patch.setattr(SocketModeClient, "connect_to_new_endpoint", sit_still)
            await slack.drop()
            await house.until(lambda: "broken" in adapter.health())
            await house.until(lambda: not adapter.health())
        ada = slack.user()
        direct = slack.direct(ada)
        slack.say(direct, ada, "nerf")
        assert (await answers(slack, direct))[0].text == "|nerf"


async def test_environment_changes_nothing_behind_our_back(
    slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Where it finds an app's id and secret, the library would begin an OAuth flow, with files in the home."""
    home = tmp_path / "home"
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("SLACK_CLIENT_ID", "1.2")
    monkeypatch.setenv("SLACK_CLIENT_SECRET", "secret")
    monkeypatch.setenv("BOT_SECRET_KEY", make_key())
    monkeypatch.setenv("BOT_PUBLIC_URL", "https://digest.example.org")
    async with receiving(slack, house):
        ada = slack.user()
        direct = slack.direct(ada)
        slack.say(direct, ada, "nerf")
        assert (await answers(slack, direct))[0].text == "|nerf"
    assert list(home.iterdir()) == []


async def test_closing_lets_answers_end(slack: SlackFake, house: House) -> None:
    """Who asked just before the bot stops is still answered."""
    ada = slack.user()
    direct = slack.direct(ada)
    house.hold = asyncio.Event()
    async with receiving(slack, house) as adapter:
        slack.say(direct, ada, "nerf")
        await house.until(lambda: house.commands)
        closing = asyncio.create_task(adapter.close())
        await slack.wait_for(lambda _: not slack.connections, within=WITHIN)
        house.hold.set()
        await closing
    assert slack.transcript[-1].text == "|nerf"


async def test_unsubscribed_events_are_acknowledged(slack: SlackFake, house: House, listening: Adapter) -> None:
    """An event nobody asked for is acknowledged, or Slack would send it again and again."""
    slack.unfurl_domains = frozenset({"example.org"})
    slack.subscriptions |= {"link_shared"}
    slack.say(slack.channel(), slack.user(), "https://example.org/paper")
    told = slack.deliveries[-1]
    await slack.wait_for(lambda _: told.acknowledged, within=WITHIN)
    assert house.commands == []


async def test_secrets_stay_secret(slack: SlackFake, house: House, caplog: pytest.LogCaptureFixture) -> None:
    """No token, ticket or response_url is ever logged, at any level, nor shown in a repr."""
    with caplog.at_level(logging.DEBUG):
        async with receiving(slack, house) as adapter:
            ada = slack.user()
            channel = slack.channel()
            slack.command(channel, ada, "/digest nerf")
            await answers(slack, channel)
            slack.fail(with_=Unauthorized(), method="chat.postMessage")
            await adapter.send(at(channel), payload(), "part-1")
            await slack.drop()
            await slack.wait_for(lambda _: slack.counters["apps.connections.open"] >= 2, within=WITHIN)
            shown = repr(adapter) + repr(vars(adapter) if hasattr(adapter, "__dict__") else "")
    logged = "\n".join(record.getMessage() for record in caplog.records if not record.name.startswith("asyncio"))
    for secret in (slack.team.token, slack.secrets.app_token, "/response/", "ticket="):
        assert secret not in logged
        assert secret not in shown
