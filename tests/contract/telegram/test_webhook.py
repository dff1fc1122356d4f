"""Updates brought to the site: only by Telegram, each handled once, none lost."""

from __future__ import annotations

import asyncio
import json
import logging
from types import MappingProxyType
from typing import Any

import httpx
import pytest
from telegram import Bot

from bot.adapters.telegram import inbox, webhook
from bot.adapters.telegram.webhook import PATH, SECRET_HEADER, secret_of
from bot.model.command import Command, Reply
from bot.storage.updates import Updates
from tests.contract.telegram.house import House, document, echo
from tests.fakes.clock import HandClock
from tests.fakes.telegram import Chat, TelegramFake

UPDATE = MappingProxyType({"update_id": 7})


async def bring(house: House, body: Any, *, secret: str | None = None) -> httpx.Response:
    """Call as Telegram does."""
    url = house.fake.updates.webhook["url"]
    headers = {SECRET_HEADER: (secret_of(house.fake.token) if secret is None else secret).encode()}
    content = body if isinstance(body, bytes) else json.dumps(dict(body)).encode()
    async with httpx.AsyncClient() as client:
        return await client.post(url, content=content, headers=headers)


async def test_what_telegram_brings_is_answered(house: House, private: Chat):
    """A command and a pressed button; polling rests, and Telegram is told of the secret and of what is wanted."""
    house.respond = echo
    async with house.served() as adapter:
        house.fake.say(private, house.fake.world.users[42], "/search nerf")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked search nerf"])
        assert adapter.health() == ""
        assert [route.path for route in adapter.routes] == [PATH]
    assert house.fake.updates.webhook["secret"] == secret_of(house.fake.token)
    assert "my_chat_member" in house.fake.updates.allowed
    assert house.fake.updates.polls == 0
    assert not house.fake.updates.pending
    assert house.fake.updates.webhook["url"], "what comes while the bot is down waits for it"


@pytest.mark.parametrize("secret", ["", "wrong", "ü"])
async def test_nobody_else_is_listened_to(house: House, secret: str):
    """Without the secret nothing is even read."""
    async with house.served():
        assert (await bring(house, b"\xff", secret=secret)).status_code == 401


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"nonsense", 400),
        (b"\xff\xfe", 400),
        (b"[]", 400),
        (b"[" * 100_000, 400),
        (b'{"update_id": "x"}', 400),
        (b'{"update_id": 7, "message": {"no": "message"}}', 200),
        (b" " * (2 << 20), 413),
    ],
    ids=["nothing", "no-json", "no-text", "no-object", "deep", "no-number", "unreadable", "too-long"],
)
async def test_garbage_is_refused_and_does_no_harm(house: House, private: Chat, body: bytes, status: int):
    """What looks like an update and cannot be read is taken: it would come again for ever."""
    house.respond = echo
    async with house.served():
        assert (await bring(house, body)).status_code == status
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked help"])


async def test_commands_of_one_chat_keep_their_order(house: House, private: Chat, lab: Chat):
    """A slow answer in one chat waits alone, and Telegram with it; brought twice, a command is answered once."""
    gate = asyncio.Event()

    async def respond(command: Command) -> Reply:
        if command.name == "slow":
            await gate.wait()
        return Reply(document(command.name))

    house.respond = respond
    user = house.fake.world.users[42]
    async with house.served():
        house.fake.say(private, user, "/slow")
        house.fake.say(private, user, "/quick")
        house.fake.say(lab, user, "/other")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["other"])
        again = asyncio.create_task(bring(house, house.fake.updates.pending[0]))
        gate.set()
        await house.until(lambda: house.fake.transcript.of(private.id).from_bot.texts == ["slow", "quick"])
        assert (await again).status_code == 200
    assert not house.fake.updates.pending


async def test_an_update_that_comes_again_later_has_no_effect(house: House, private: Chat):
    """The first answer may not have reached Telegram."""
    house.respond = echo
    async with house.served():
        house.fake.say(private, house.fake.world.users[42], "/help")
        update = dict(house.fake.updates.pending[0])
        await house.until(lambda: house.fake.transcript.from_bot)
        await house.until(lambda: not house.fake.updates.pending)
        assert (await bring(house, update)).status_code == 200
    assert house.fake.transcript.from_bot.texts == ["you asked help"]


async def test_a_command_under_way_when_the_process_is_killed_comes_again(
    house: House, private: Chat, monkeypatch: pytest.MonkeyPatch
):
    """It is answered with 200 only once it was handled."""
    began = asyncio.Event()

    async def hang(_: Command) -> Reply:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    house.respond = hang
    monkeypatch.setattr(webhook, "CLOSE_SECONDS", 0)
    async with house.served():
        house.fake.say(private, house.fake.world.users[42], "/subscribe")
        await began.wait()
    assert house.fake.updates.pending
    house.respond = echo
    async with house.served():
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked subscribe"])
        await house.until(lambda: not house.fake.updates.pending)


async def test_what_takes_long_is_parked_and_taken_up_after_a_crash(
    fake: TelegramFake, updates: Updates, monkeypatch: pytest.MonkeyPatch
):
    """Telegram does not wait for it, and what comes behind it keeps its place."""
    clock = HandClock()
    began = asyncio.Event()

    async def hang(_: Command) -> Reply:
        began.set()
        await asyncio.Event().wait()
        raise AssertionError

    house = House(fake, clock, updates, respond=hang)
    private = fake.private(fake.user("Ada", id=42))
    monkeypatch.setattr(webhook, "CLOSE_SECONDS", 0)
    async with house.served():
        fake.say(private, fake.world.users[42], "/subscribe")
        await began.wait()
        clock.advance(inbox.PARK_SECONDS)
        await house.until(lambda: not fake.updates.pending)
    monkeypatch.undo()
    house.respond = echo
    async with house.served():
        await house.until(lambda: fake.transcript.from_bot.texts == ["you asked subscribe"])
    async with house.served():
        fake.say(private, fake.world.users[42], "/help")
        await house.until(lambda: fake.transcript.from_bot.texts == ["you asked subscribe", "you asked help"])


async def test_a_webhook_taken_by_another_process_is_told_and_set_again(
    fake: TelegramFake, updates: Updates, caplog: pytest.LogCaptureFixture
):
    """One of the two must go; until then both try."""
    clock = HandClock()
    house = House(fake, clock, updates)
    async with house.served() as adapter:
        async with Bot(fake.token, base_url=f"{fake.url}/bot") as other:
            await other.delete_webhook()
        await clock.asleep(least=2)
        clock.advance(webhook.LOOK_SECONDS)
        await house.until(lambda: fake.updates.webhook.get("url"))
        await clock.asleep(least=2)
        assert adapter.health() == ""
    assert caplog.text.count(webhook.CONFLICT) == 1


async def test_that_telegram_cannot_reach_the_site_is_told(
    fake: TelegramFake, updates: Updates, caplog: pytest.LogCaptureFixture
):
    """Telegram knows, and is asked."""
    clock = HandClock()
    house = House(fake, clock, updates)
    async with house.served() as adapter:
        await clock.asleep(least=2)
        clock.advance(5)
        fake.updates.webhook |= {"last_error": "Connection refused", "last_error_at": int(clock.now().timestamp()) + 60}
        clock.advance(webhook.LOOK_SECONDS)
        await house.until(lambda: fake.counters["getWebhookInfo"] == 1)
        await clock.asleep(least=2)
        assert "Connection refused" in adapter.health()
        clock.advance(webhook.LOOK_SECONDS * 3)
        await house.until(lambda: fake.counters["getWebhookInfo"] == 2)
        await clock.asleep(least=2)
        assert adapter.health() == ""
    assert caplog.text.count("Connection refused") == 1


async def test_an_address_that_telegram_does_not_take_is_told(house: House, caplog: pytest.LogCaptureFixture):
    """In its own words, once."""
    caplog.set_level(logging.ERROR)
    adapter = house.adapter(public_url="http://digest.example.org")  # on a server of one's own that is not local
    await adapter.connect()
    await adapter.receive()
    await house.until(lambda: house.fake.counters["setWebhook"])
    async with asyncio.timeout(5):
        while not adapter.health():  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
    assert "BOT_PUBLIC_URL" in adapter.health()
    await adapter.close()
    house.fake.violations.clear()


async def test_the_secret_is_the_tokens_own():
    """The same in every process, and none that Telegram would refuse."""
    assert secret_of("1:a") == secret_of("1:a") != secret_of("1:b")
    assert len(secret_of("1:a")) <= 256
