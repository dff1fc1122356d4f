"""A question gets its answer: the real process behind the real libraries, asked as readers ask."""

from __future__ import annotations

from tests.acceptance.bot_process import Bot
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import Record, Transcript

WITHIN = 60.0


def answer_to(transcript: Transcript, chat: object, *, after: int) -> Record | None:
    """The bot's first message in a chat behind a record's number."""
    return next((record for record in transcript.of(chat).from_bot if record.number > after), None)


def test_telegram_answers_what_readers_ask(bot: Bot, telegram: TelegramFake) -> None:
    """Search, next page, an opened entry and a topic, in a private chat; in a group only what is meant for the bot."""
    ada = telegram.user("Ada")
    private = telegram.private(ada)
    lab = telegram.supergroup("Lab", members=[ada])

    def ask(text: str) -> Record:
        before = len(telegram.transcript)
        telegram.say(private, ada, text)
        return telegram.wait(lambda transcript: answer_to(transcript, private.id, after=before), within=WITHIN)

    with bot.run() as running:
        running.wait_for("telegram is connected")

        found = ask("/search nerf")
        assert "NeRF" in found.text
        assert len([button for row in found.buttons for button in row if button.label in "12345"]) == 5

        telegram.press(found, found.button("1"), by=ada)
        opened = telegram.wait(lambda transcript: answer_to(transcript, private.id, after=found.number), within=WITHIN)
        assert opened.text

        turn = next(
            button for row in found.buttons for button in row if "page" in button.data and button.label not in "12345"
        )
        telegram.press(found, turn, by=ada)
        turned = telegram.wait(
            lambda transcript: next(
                (record for record in transcript.edited if record.message_id == found.message_id), None
            ),
            within=WITHIN,
        )
        assert turned.text != found.text

        assert "SLAM" in ask("/slam").text
        assert "/slam" in ask("/help").text or "/topics" in ask("/help").text

        quiet = len(telegram.transcript)
        telegram.say(lab, ada, "/nosuchthing")
        telegram.say(lab, ada, "/search slam")
        reply = telegram.wait(lambda transcript: answer_to(transcript, lab.id, after=quiet), within=WITHIN)
        assert "SLAM" in reply.text
        assert running.stop() == 0
    assert not [record for record in telegram.transcript.of(lab.id).from_bot if "nosuchthing" in record.text]


def test_subscribing_a_group_takes_an_administrator(bot: Bot, telegram: TelegramFake) -> None:
    """A member is told who may; an administrator subscribes, and then the issue comes."""
    ada, bob = telegram.user("Ada"), telegram.user("Bob")
    lab = telegram.supergroup("Lab", members=[ada, bob])
    with bot.run() as running:
        running.wait_for("telegram is connected")
        for person, subscribed in ((bob, False), (ada, True)):
            before = len(telegram.transcript)
            telegram.say(lab, person, "/subscribe")
            telegram.wait(lambda transcript, before=before: answer_to(transcript, lab.id, after=before), within=WITHIN)
            known = [chat for chat in bot.json("chats") if chat["status"] == "active"]
            assert bool(known) is subscribed
        assert bot.command("post", "--issue", "12", within=120).returncode == 0
        assert running.stop() == 0
    assert "Distance fields in bloom" in "\n".join(record.text for record in telegram.transcript.of(lab.id).from_bot)


def test_slack_answers_what_readers_ask(bot: Bot, slack: SlackFake) -> None:
    """A slash command, a mention in a channel and a direct message are each answered where they were asked."""
    ada = slack.user("Ada")
    channel = slack.channel("papers", members=[ada])
    direct = slack.direct(ada)
    with bot.run() as running:
        running.wait_for("line is open")

        slack.command(channel, ada, "/digest search nerf")
        slack.wait(
            lambda transcript: [r for r in transcript.of(channel.id).from_bot if "NeRF" in r.text], within=WITHIN
        )

        before = len(slack.transcript)
        slack.say(channel, ada, f"{slack.mention()} slam")
        slack.wait(lambda transcript: answer_to(transcript, channel.id, after=before), within=WITHIN)

        before = len(slack.transcript)
        slack.say(direct, ada, "gaussian")
        slack.wait(lambda transcript: answer_to(transcript, direct.id, after=before), within=WITHIN)
        assert running.stop() == 0
