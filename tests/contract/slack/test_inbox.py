"""Between being told and having done: what changes something is not lost, and nothing is done twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from bot.adapters.interface import Adapter
from bot.adapters.slack import adapter as adapters
from bot.adapters.slack import inbox
from bot.model.command import Button
from tests.contract.slack.house import WITHIN, House, answers, at, receiving, say
from tests.fakes.faults import Hang
from tests.fakes.slack import SlackFake
from tests.fakes.slack.deliveries import Delivery


@asynccontextmanager
async def cut_off(slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Adapter]:
    """An adapter that leaves its work where it stands when it ends, as a killed process does."""
    monkeypatch.setattr(adapters, "_FINISH_SECONDS", 0.0)
    async with receiving(slack, house) as adapter:
        yield adapter


async def taken(slack: SlackFake, delivery: Delivery) -> None:
    await slack.wait_for(lambda _: delivery.acknowledged, within=WITHIN)


async def test_a_change_outlives_the_process(slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A subscription that was taken, and cut off before anything came of it, is done at the next start, and told."""
    house.changing = {"subscribe"}
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.hold = asyncio.Event()
    async with cut_off(slack, house, monkeypatch):
        delivery = slack.command(channel, ada, "/digest subscribe")
        await taken(slack, delivery)
        await house.until(lambda: house.commands)
    house.hold = None
    async with receiving(slack, house):
        record = (await answers(slack, channel))[0]
        assert (record.text, record.audience) == ("subscribe|", ada.id)
        assert [command.chat for command in house.commands] == [at(channel), at(channel)]


async def test_what_was_done_is_not_done_again(slack: SlackFake, house: House) -> None:
    """After a restart nothing is left of what was finished; Slack's own repetition of it changes nothing."""
    house.changing = {"subscribe"}
    ada = slack.user()
    direct = slack.direct(ada)
    async with receiving(slack, house):
        slack.say(direct, ada, "subscribe")
        told = slack.deliveries[-1]
        await answers(slack, direct)
    async with receiving(slack, house):
        slack.retry(told)
        await slack.wait_for(lambda _: told.attempts == 2 and told.acknowledged, within=WITHIN)
        slack.say(direct, ada, "nerf")
        await answers(slack, direct, 2)
    async with receiving(slack, house):
        slack.say(direct, ada, "slam")
        await answers(slack, direct, 3)
    assert [command.name or command.argument for command in house.commands] == ["subscribe", "nerf", "slam"]


async def test_questions_are_not_kept(slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who only asked, and was cut off, asks again; an answer hours later would help nobody."""
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.hold = asyncio.Event()
    async with cut_off(slack, house, monkeypatch):
        await taken(slack, slack.command(channel, ada, "/find nerf"))
        await house.until(lambda: house.commands)
    house.hold = None
    async with receiving(slack, house):
        slack.command(channel, ada, "/find slam")
        await answers(slack, channel)
    assert [command.argument for command in house.commands] == ["nerf", "slam"]


async def test_a_pressed_button_outlives_the_process(
    slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was pressed is done later, too, though the message can no longer be reached by its URL."""
    house.changing = {"set"}
    ada = slack.user()
    channel = slack.channel(members=[ada])
    house.reply = lambda command: say(command.name, buttons=((Button("On", "set images on"),),), replace=True)
    async with cut_off(slack, house, monkeypatch):
        slack.command(channel, ada, "/digest latest")
        first = (await answers(slack, channel))[0]
        house.hold = asyncio.Event()
        await taken(slack, slack.press(first, "On", by=ada))
        await house.until(lambda: len(house.commands) == 2)
    for place in slack.desk.response_urls.values():
        place.at -= 3600
    house.hold = None
    async with receiving(slack, house):
        record = (await answers(slack, channel, 2))[1]
    assert (record.text, record.audience) == ("set", ada.id)


async def test_memberships_outlive_the_process(slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """That the bot was invited is noted, even by a process that starts after it was told."""
    ada = slack.user()
    channel = slack.channel("vision", bot=False)
    slack.fail(with_=Hang(), method="conversations.info")
    async with cut_off(slack, house, monkeypatch):
        slack.add_bot(channel, by=ada)
        await taken(slack, slack.deliveries[-1])
        await slack.wait_for(lambda _: slack.counters["conversations.info"], within=WITHIN)
    assert house.memberships == []
    async with receiving(slack, house):
        await house.until(lambda: house.memberships)
    assert [membership.chat for membership in house.memberships] == [at(channel)]


async def test_acknowledgement_does_not_wait_for_a_busy_database(
    slack: SlackFake, house: House, listening: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where a change cannot be put away in time, what a person does is done all the same, and at once."""
    monkeypatch.setattr(inbox, "KEEP_SECONDS", 0.05)
    house.changing = {"subscribe"}
    ada = slack.user()
    channel = slack.channel(members=[ada])
    async with house.database.write():
        delivery = slack.command(channel, ada, "/digest subscribe")
        await taken(slack, delivery)
        assert delivery.latency < 1.0
        await house.until(lambda: house.commands)


async def test_an_event_that_cannot_be_put_away_comes_again(
    slack: SlackFake, house: House, listening: Adapter, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Slack is not told that a change was taken which might be lost: it sends it once more, and then it is done."""
    monkeypatch.setattr(inbox, "KEEP_SECONDS", 0.0)
    house.changing = {"subscribe"}
    ada = slack.user()
    direct = slack.direct(ada)
    async with house.database.write():
        slack.say(direct, ada, "subscribe")
        told = slack.deliveries[-1]
        slack.command(slack.channel(), ada, "/find nerf")
        await house.until(lambda: house.commands)
    assert not told.acknowledged
    monkeypatch.setattr(inbox, "KEEP_SECONDS", WITHIN)
    slack.retry(told)
    await answers(slack, direct)
    assert [command.name for command in house.commands] == ["search", "subscribe"]


async def test_a_fault_does_not_come_again(
    slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Work that fails by a fault of ours is logged once, and not begun anew at every start."""
    house.changing = {"subscribe"}
    ada = slack.user()
    channel = slack.channel(members=[ada])

    def stumble(_: object) -> None:
        raise RuntimeError("stumbled")

    house.reply = stumble
    async with receiving(slack, house):
        slack.command(channel, ada, "/digest subscribe")
        await house.until(lambda: "was not worked on" in caplog.text)
    async with receiving(slack, house):
        slack.command(channel, ada, "/find nerf")
        await house.until(lambda: len(house.commands) == 2)
    assert [command.name for command in house.commands] == ["subscribe", "search"]
