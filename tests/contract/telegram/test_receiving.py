"""Receiving: no command is lost, none is heard twice, and what is wrong is told."""

from __future__ import annotations

import asyncio

import pytest
from telegram import Bot

from bot.adapters.telegram import inbox, polling
from bot.adapters.telegram.polling import CONFLICT
from bot.model.command import (
    Attachment,
    Button,
    Command,
    Reply,
)
from bot.storage.updates import Updates
from tests.contract.telegram.house import SOON, House, address, document, echo
from tests.fakes.clock import HandClock
from tests.fakes.faults import Hang, Reset
from tests.fakes.telegram import Chat, TelegramFake


async def test_commands_are_answered_where_they_were_asked(house: House, private: Chat, lab: Chat):
    """In a group the command is quoted; every message waits for its turn."""
    house.respond = echo
    user = house.fake.world.users[42]
    async with house.receiving():
        house.fake.say(private, user, "/search nerf")
        question = house.fake.say(lab, user, "/search@digest_test_bot nerf")
        await house.until(lambda: len(house.fake.transcript.from_bot) == 2)
    [at_home, in_group] = sorted(house.fake.transcript.from_bot, key=lambda record: record.chat == lab.id)
    assert (at_home.chat, at_home.text) == (private.id, "you asked search nerf")
    assert "reply_to_message" not in at_home.content
    assert in_group.content["reply_to_message"]["message_id"] == question.id
    assert sorted(house.turns, key=str) == sorted([address(private), address(lab)], key=str)


async def test_a_topic_is_answered_in_the_topic(house: House):
    """And the general topic in the general topic."""
    house.respond = echo
    fake, user = house.fake, house.fake.user("Ada", id=42)
    forum = fake.supergroup("Forum", members=(user,), forum=True)
    topic = fake.topic(forum, "NeRF", by=user)
    async with house.receiving():
        fake.say(forum, user, "/latest@digest_test_bot", thread=topic)
        await house.until(lambda: fake.transcript.of(forum.id, topic).from_bot.texts == ["you asked latest"])
        fake.say(forum, user, "/latest@digest_test_bot")
        await house.until(lambda: fake.transcript[-1].by_bot)
    assert fake.transcript[-1].thread is None


async def test_a_long_answer_is_split_and_quotes_once(house: House, lab: Chat):
    """Buttons stand below its end, the quoted command above its beginning; a file follows."""

    async def respond(_: Command) -> Reply:
        buttons = ((Button("Next", action="page 2"),),)
        return Reply(document("Words. " * 900), buttons, attachment=Attachment("saved.bib", b"@article{}"))

    house.respond = respond
    async with house.receiving():
        house.fake.say(lab, house.fake.world.users[42], "/saved")
        await house.until(lambda: len(house.fake.transcript.from_bot) == 3)
    first, second, file = house.fake.transcript.from_bot
    assert "reply_to_message" in first.content
    assert not first.buttons
    assert "reply_to_message" not in second.content
    assert second.button("Next").data == "page 2"
    assert file.content["document"]["file_name"] == "saved.bib"


async def test_nobody_is_answered_without_a_reply(house: House, lab: Chat):
    """Silence is an answer, too, and the next command is heard."""
    heard: list[str] = []

    async def respond(command: Command) -> Reply | None:
        heard.append(command.name)
        return None if command.name == "slam" else Reply(document("here"))

    house.respond = respond
    async with house.receiving():
        house.fake.say(lab, house.fake.world.users[42], "/slam")
        house.fake.say(lab, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["here"])
    assert heard == ["slam", "help"]


async def test_commands_of_one_chat_keep_their_order_and_hold_up_no_other(house: House, private: Chat, lab: Chat):
    """A slow answer in one chat waits alone."""
    gate = asyncio.Event()

    async def respond(command: Command) -> Reply:
        if command.name == "slow":
            await gate.wait()
        return Reply(document(command.name))

    house.respond = respond
    user = house.fake.world.users[42]
    async with house.receiving():
        house.fake.say(private, user, "/slow")
        house.fake.say(private, user, "/quick")
        house.fake.say(lab, user, "/other")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["other"])
        house.fake.say(lab, user, "/later")
        await house.until(lambda: house.fake.transcript.of(lab.id).from_bot.texts == ["other", "later"])
        gate.set()
        await house.until(lambda: house.fake.transcript.of(private.id).from_bot.texts == ["slow", "quick"])
    assert not house.fake.updates.pending


async def test_a_command_under_way_when_the_process_is_killed_comes_again(
    house: House, private: Chat, lab: Chat, monkeypatch: pytest.MonkeyPatch
):
    """It is confirmed only once it was handled; those behind it come again, too, and are not answered again."""
    began = asyncio.Event()

    async def hang(command: Command) -> Reply:
        if command.name == "subscribe":
            began.set()
            await asyncio.Event().wait()
        return Reply(document(command.name))

    house.respond = hang
    user = house.fake.world.users[42]
    killed = house.adapter()
    await killed.connect()
    await killed.receive()
    await house.until(lambda: house.fake.updates.polls > 0)
    house.fake.say(private, user, "/latest")
    await house.until(lambda: house.fake.transcript.from_bot.texts == ["latest"])
    house.fake.say(private, user, "/subscribe")
    await began.wait()
    house.fake.say(lab, user, "/help")
    await house.until(lambda: house.fake.transcript.from_bot.texts == ["latest", "help"])
    _, answered = house.fake.updates.pending
    async with asyncio.timeout(SOON):
        while not await house.updates._is_handled(f"telegram:{house.fake.world.bot.id}/{answered['update_id']}"):  # noqa: ASYNC110 - nobody tells of it
            await asyncio.sleep(0)
    # As SIGKILL leaves it: nothing is finished, nothing is confirmed any more.
    monkeypatch.setattr(polling, "CLOSE_SECONDS", 0)
    house.fake.fail(with_=Reset(), method="getUpdates", times=None)
    await killed.close()
    house.fake.heal()

    again: list[str] = []

    async def respond(command: Command) -> Reply:
        again.append(command.name)
        return Reply(document(f"{command.name} again"))

    house.respond = respond
    async with house.receiving():
        await house.until(lambda: "subscribe again" in house.fake.transcript.from_bot.texts)
    assert again == ["subscribe"]
    assert "latest again" not in house.fake.transcript.from_bot.texts
    assert not house.fake.updates.pending


async def test_a_clean_stop_leaves_nothing_to_come_again(house: House, private: Chat):
    """What was handled is confirmed on the way out; what is under way is finished first."""
    slow = asyncio.Event()

    async def respond(command: Command) -> Reply:
        slow.set()
        await asyncio.sleep(0.2)
        return Reply(document(command.name))

    house.respond = respond
    async with house.receiving():
        house.fake.say(private, house.fake.world.users[42], "/latest")
        await slow.wait()
    assert house.fake.transcript.from_bot.texts == ["latest"]
    assert not house.fake.updates.pending


async def test_a_fault_in_one_command_stops_no_other(house: House, private: Chat, caplog: pytest.LogCaptureFixture):
    """It is told in the log, and a pressed button comes to rest all the same."""

    async def respond(command: Command) -> Reply:
        if command.name == "boom":
            raise RuntimeError("a fault of ours")
        return Reply(document("fine"), ((Button("Boom", action="boom"),),))

    house.respond = respond
    user = house.fake.world.users[42]
    async with house.receiving() as adapter:
        house.fake.say(private, user, "/boom")
        house.fake.say(private, user, "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["fine"])
        query = house.fake.press(house.fake.transcript[-1], "Boom")
        await house.until(lambda: query.answer is not None)
        assert adapter.health() == ""
    assert "a fault of ours" in caplog.text


async def test_an_update_that_cannot_be_read_is_passed_over(house: House, private: Chat):
    """It would come again for ever, with everything behind it."""
    house.respond = echo
    async with house.receiving():
        house.fake.updates.push("message", {"no": "message"})
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked help"])
    assert not house.fake.updates.pending


async def test_a_network_that_was_away_is_noticed_and_forgiven(fake: TelegramFake, updates: Updates):
    """Health says so meanwhile; commands of that time are answered."""
    clock = HandClock()
    house = House(fake, clock, updates, respond=echo)
    chat = fake.private(fake.user("Ada", id=42))
    async with house.receiving() as adapter:
        await fake.go_down()
        await clock.asleep(least=2)  # the menus wait for their time, too
        assert "cannot be reached" in adapter.health()
        fake.say(chat, fake.world.users[42], "/help")
        await fake.come_back()
        clock.advance(1)
        await house.until(lambda: fake.transcript.from_bot.texts == ["you asked help"])
        fake.say(chat, fake.world.users[42], "/help")
        await house.until(lambda: len(fake.transcript.from_bot) == 2)
        assert adapter.health() == ""


async def test_deafness_is_told(fake: TelegramFake, updates: Updates):
    """A poll that neither answers nor fails is not taken for silence for ever."""
    clock = HandClock()
    async with House(fake, clock, updates).receiving() as adapter:
        assert adapter.health() == ""
        clock.advance(3600)
        assert "has not answered since 09:00 UTC" in adapter.health()


async def test_a_second_process_is_told_plainly(fake: TelegramFake, updates: Updates, caplog: pytest.LogCaptureFixture):
    """Two pollers of one bot: the one that loses says so, once, and tries again later."""
    clock = HandClock()
    house = House(fake, clock, updates, respond=echo)
    chat = fake.private(fake.user("Ada", id=42))
    async with house.receiving() as adapter:
        async with Bot(fake.token, base_url=f"{fake.url}/bot") as other:
            await other.get_updates(timeout=0)
            await clock.asleep(least=2)  # the menus wait for their time, too
            assert adapter.health().startswith(CONFLICT)
        fake.say(chat, fake.world.users[42], "/help")
        clock.advance(1)
        await house.until(lambda: fake.transcript.from_bot.texts == ["you asked help"])
    assert caplog.text.count(CONFLICT) == 1


async def test_a_revoked_token_ends_receiving_with_one_line(house: House, caplog: pytest.LogCaptureFixture):
    """There is nothing to wait for."""
    async with house.receiving() as adapter:
        house.fake.revoke_token()
        house.fake.updates.release_poll()
        async with asyncio.timeout(SOON):
            while "TELEGRAM_BOT_TOKEN" not in caplog.text:  # noqa: ASYNC110 - nobody tells of a line in the log
                await asyncio.sleep(0)
        assert "TELEGRAM_BOT_TOKEN" in adapter.health()
    assert caplog.text.count("TELEGRAM_BOT_TOKEN") == 1


async def test_a_webhook_of_old_is_taken_away(house: House, private: Chat):
    """It would keep every update to itself."""
    house.respond = echo
    async with Bot(house.fake.token, base_url=f"{house.fake.url}/bot") as other:
        await other.set_webhook("https://example.org/hook")
    async with house.receiving():
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked help"])


async def test_a_loop_that_died_begins_anew(house: House, private: Chat, caplog: pytest.LogCaptureFixture):
    """Whatever ended it: a bot that is up listens."""
    house.respond = echo
    async with house.receiving() as adapter:
        task = adapter._way._task
        assert task is not None
        task.cancel()
        await asyncio.wait({task})
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked help"])
        assert adapter.health() == ""
    assert caplog.text.count("begins anew") == 1


async def test_a_poll_that_hangs_is_given_up(
    house: House, private: Chat, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
):
    """Whatever patience the library has with a connection that is dead."""
    house.respond = echo
    monkeypatch.setattr(polling, "HANG_SECONDS", 0.2)
    house.fake.fail(with_=Hang(), method="getUpdates")
    async with house.receiving():
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot.texts == ["you asked help"])
    assert "does not answer, and is asked anew" in caplog.text


async def test_a_token_that_is_known_again_is_noticed(fake: TelegramFake, updates: Updates):
    """A proxy's error may look like a revoked token; it is tried again, though not often."""
    clock = HandClock()
    house = House(fake, clock, updates, respond=echo)
    chat = fake.private(fake.user("Ada", id=42))
    async with house.receiving() as adapter:
        fake.token_valid = False
        fake.updates.release_poll()
        await clock.asleep(least=2)
        assert "TELEGRAM_BOT_TOKEN" in adapter.health()
        fake.token_valid = True
        fake.say(chat, fake.world.users[42], "/help")
        clock.advance(polling.UNKNOWN_SECONDS)
        await house.until(lambda: fake.transcript.from_bot.texts == ["you asked help"])


async def test_one_slow_chat_holds_up_no_other_for_long(
    fake: TelegramFake, updates: Updates, monkeypatch: pytest.MonkeyPatch
):
    """However many updates come behind it: it is parked, and Telegram goes on; after a crash it is answered."""
    clock = HandClock()

    async def respond(command: Command) -> Reply:
        if command.name == "slow":
            await asyncio.Event().wait()
        return Reply(document(command.name))

    house = House(fake, clock, updates, respond=respond)
    ada, bob = fake.user("Ada", id=42), fake.user("Bob")
    hers, his = fake.private(ada), fake.private(bob)
    async with house.receiving():
        fake.say(hers, ada, "/slow")
        await house.until(lambda: not fake.updates.waiting)
        await clock.asleep(least=2)
        clock.advance(inbox.PARK_SECONDS)
        await house.until(lambda: not fake.updates.pending)
        for number in range(polling.BATCH + 20):
            fake.say(his, bob, f"/n{number}")
        await house.until(lambda: f"n{polling.BATCH + 19}" in fake.transcript.from_bot.texts)
        monkeypatch.setattr(polling, "CLOSE_SECONDS", 0)
    monkeypatch.undo()
    house.respond = echo
    async with house.receiving():
        await house.until(lambda: fake.transcript.of(hers.id).from_bot.texts == ["you asked slow"])
