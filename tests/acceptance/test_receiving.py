"""Commands, and a process that is killed: each is answered, and once."""

from __future__ import annotations

import socket
import sqlite3

import pytest

from tests.acceptance.bot_process import Bot
from tests.fakes.faults import Hang
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake

WITHIN = 60.0


def noted(bot: Bot) -> int:
    """How many updates the bot has noted as handled."""
    with sqlite3.connect(bot.home / "bot.db") as connection:
        ((count,),) = connection.execute("SELECT count(*) FROM updates")
        return int(count)


def bring_to_site(bot: Bot, telegram: TelegramFake) -> None:
    """Have Telegram bring updates, to a port that is free."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    bot.settings |= {"BOT_WEB_PORT": str(port), "BOT_PUBLIC_URL": f"http://127.0.0.1:{port}"}
    telegram.local_mode = True
    telegram.bring_updates()


@pytest.mark.parametrize("way", ["polling", "webhook"])
def test_a_command_before_a_kill_is_answered_after_the_restart_once(bot: Bot, telegram: TelegramFake, way: str) -> None:
    """One was answered just before the SIGKILL, one was under way; Telegram was told of neither."""
    ada, bob = telegram.user("Ada"), telegram.user("Bob")
    hers, his = telegram.private(ada), telegram.private(bob)
    if way == "webhook":
        bring_to_site(bot, telegram)
    with bot.run() as first:
        first.wait_for("updates come to" if way == "webhook" else "telegram is connected")
        telegram.wait(lambda _: telegram.listening, within=WITHIN)
        held = telegram.fail(method="sendMessage", chat=hers, with_=Hang(), times=None)
        telegram.say(hers, ada, "/subscribe")  # the older one is open, so that neither is confirmed
        telegram.wait(lambda _: held.hits, within=WITHIN)
        telegram.say(his, bob, "/latest")
        telegram.wait(lambda transcript: transcript.of(his.id).from_bot, within=WITHIN)
        bot.wait_for(lambda: noted(bot) == 1, within=WITHIN)
        first.kill()
    assert telegram.updates.pending
    telegram.heal()
    with bot.run() as second:
        telegram.wait(lambda transcript: transcript.of(hers.id).from_bot, within=WITHIN)
        telegram.wait(lambda _: not telegram.updates.pending, within=WITHIN)
        assert second.stop() == 0
    assert len(telegram.transcript.of(hers.id).from_bot) == 1
    assert len(telegram.transcript.of(his.id).from_bot) == 1


def test_going_back_to_polling_takes_the_webhook_away(bot: Bot, telegram: TelegramFake) -> None:
    """Nothing that came meanwhile is lost."""
    ada = telegram.user("Ada")
    chat = telegram.private(ada)
    bring_to_site(bot, telegram)
    with bot.run() as first:
        first.wait_for("updates come to")
        assert first.stop() == 0
    telegram.say(chat, ada, "/help")
    bot.settings["TELEGRAM_UPDATES"] = "polling"
    with bot.run() as second:
        telegram.wait(lambda transcript: transcript.of(chat.id).from_bot, within=WITHIN)
        assert not telegram.updates.webhook
        assert second.stop() == 0


def test_a_token_nobody_knows_is_one_line(bot: Bot, telegram: TelegramFake) -> None:
    """It says which setting to look at, and nothing of the token."""
    bot.settings["TELEGRAM_BOT_TOKEN"] = "987654321:AAnother_token_that_nobody_knows_0000"
    with bot.start("run") as running:
        assert running.finish() == 2
    (line,) = [line for line in running.log if "TELEGRAM_BOT_TOKEN" in line]
    assert "Traceback" not in "".join(running.log)
    assert "AAnother" not in "".join(running.log)
    assert line


def test_what_slack_was_told_is_taken_is_done_after_a_kill(bot: Bot, slack: SlackFake) -> None:
    """A subscription acknowledged just before the SIGKILL is done at the next start, once, and its asker is told."""
    slack.team.scopes |= {"channels:join"}
    ada = slack.user("Ada")
    channel = slack.channel("papers", members=[ada], bot=False)
    with bot.run() as first:
        first.wait_for("line is open")
        held = slack.fail(method="conversations.info", with_=Hang(), times=None)
        delivery = slack.command(channel, ada, "/digest subscribe")
        slack.wait(lambda _: delivery.acknowledged and held.hits, within=WITHIN)
        first.kill()
    assert bot.json("chats") == []
    slack.heal()
    with bot.run() as second:
        told = slack.wait(lambda transcript: transcript.of(channel.id).from_bot, within=WITHIN)[0]
        assert told.text.startswith("Subscribed.")
        assert told.audience == ada.id
        assert second.stop() == 0
    with bot.run() as third:
        third.wait_for("line is open")
        assert third.stop() == 0
    assert [chat["status"] for chat in bot.json("chats")] == ["active"]
    assert len(slack.transcript.of(channel.id).from_bot) == 1
