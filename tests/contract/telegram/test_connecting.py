"""Connecting: what is waited out, what never will be, and what nobody is told."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.adapters.interface import AdapterError
from bot.storage.updates import Updates
from tests.contract.telegram.house import SOON, House, address, payload
from tests.fakes.clock import HandClock
from tests.fakes.faults import Html
from tests.fakes.telegram import Chat, TelegramFake


async def test_a_wrong_token_is_one_plain_line(house: House):
    """Nothing is tried again, and the token is not told."""
    for token in ("987654321:AAnother_token_that_nobody_knows_0000", "nonsense", "123:"):
        adapter = house.adapter(token=token)
        with pytest.raises(AdapterError, match="TELEGRAM_BOT_TOKEN") as caught:
            await adapter.connect()
        assert token not in str(caught.value)
        assert "\n" not in str(caught.value)
        await adapter.close()


async def test_a_dead_network_is_waited_out(fake: TelegramFake, updates: Updates):
    """Connecting takes as long as it takes."""
    clock = HandClock()
    adapter = House(fake, clock, updates).adapter()
    await fake.go_down()
    connecting = asyncio.create_task(adapter.connect())
    await clock.asleep()
    await fake.come_back()
    clock.advance(1)
    await asyncio.wait_for(connecting, SOON)
    assert adapter.health() == ""
    await adapter.close()
    await adapter.close()


async def test_nothing_tells_the_token(house: House, private: Chat, caplog: pytest.LogCaptureFixture):
    """Neither the log, at its most talkative, nor the adapter's own name."""
    caplog.set_level(logging.DEBUG)
    async with house.receiving() as adapter:
        house.fake.fail(with_=Html(502), method="sendMessage")
        await adapter.send(address(private), payload("x"), "r")
        house.fake.revoke_token()
        outcome = await adapter.send(address(private), payload("x"), "r")
        assert house.fake.token not in repr(adapter) + repr(outcome) + adapter.health()
    assert house.fake.token not in caplog.text
