"""What of an issue a chat receives, and where each part goes: real process, real libraries, platforms played."""

from __future__ import annotations

from tests.acceptance.bot_process import Bot
from tests.acceptance.test_delivery import arrived, assert_whole, read, sent_texts
from tests.fakes.faults import AnswerLost
from tests.fakes.slack import Channel, SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import Transcript

WITHIN = 60.0


def thread_of(slack: SlackFake, room: Channel) -> tuple[str, Transcript]:
    """Return the one message of the bot's that stands in the channel itself, and what answers it."""
    (header,) = (record for record in slack.transcript.of(room.id).from_bot.sent if record.thread is None)
    return header.text, slack.transcript.of(room.id, header.message_id).from_bot.sent


def test_in_slack_an_issue_is_one_message_and_its_thread(bot: Bot, slack: SlackFake) -> None:
    """The header in the channel, all sections below it, in order; another chat wants them side by side."""
    room, flat = slack.channel("papers", bot=True), slack.channel("flat", bot=True)
    bot.prepare(f"slack:{room.id}", f"slack:{flat.id}")
    bot.ok("subscribe", f"slack:{flat.id}", "--in-channel")

    done = bot.command("post", "--issue", "12", within=120)

    assert done.returncode == 0, done.stderr + done.stdout
    header, replies = thread_of(slack, room)
    assert_whole(read(bot, 12), [header, *replies.texts])
    assert_whole(read(bot, 12), sent_texts(slack.transcript, flat.id))
    assert {record.thread for record in slack.transcript.of(flat.id).from_bot.sent} == {None}


def test_a_killed_delivery_goes_on_in_its_thread(bot: Bot, slack: SlackFake) -> None:
    """SIGKILL between sections, a lost answer to the header: still one thread, each part in it once."""
    room = slack.channel("papers", bot=True)
    bot.prepare(f"slack:{room.id}")
    slack.fail(method="chat.postMessage", with_=AnswerLost())
    with bot.start("post", "--issue", "12") as first:
        slack.wait(lambda transcript: len(transcript.from_bot.sent) >= 3, within=WITHIN)
        first.kill()
    with bot.run() as second:
        bot.wait_for(lambda: arrived(bot, 12, 1), within=WITHIN)
        assert second.stop() == 0
    header, replies = thread_of(slack, room)
    assert_whole(read(bot, 12), [header, *replies.texts])
    assert len(set(replies.texts)) == len(replies)


def test_sections_go_to_their_forum_topics(bot: Bot, telegram: TelegramFake) -> None:
    """Each to its own; one whose topic is closed goes where the group is subscribed, and who runs the bot is told."""
    ada = telegram.user("Ada")
    admin = telegram.private(ada)
    forum = telegram.supergroup("Forum", members=[ada], forum=True)
    news, papers, shut = (telegram.topic(forum, name) for name in ("news", "papers", "shut"))
    telegram.close_topic(forum, shut)
    bot.settings["BOT_ADMINS"] = f"telegram:{ada.id}"
    chat = f"telegram:{forum.id}/{news}"
    bot.prepare(chat)
    first, second, *_ = (section.title for section in read(bot, 12).sections if section.entries)
    bot.ok("subscribe", chat, "--thread", f"{first}={papers}", "--thread", f"{second}={shut}")

    done = bot.command("post", "--issue", "12", within=120)

    assert done.returncode == 0, done.stderr + done.stdout
    said = sent_texts(telegram.transcript, forum.id)
    issue = read(bot, 12)
    assert_whole(issue, [text for text in said if text])
    by_topic = {thread: "\n".join(sent_texts(telegram.transcript, forum.id, thread)) for thread in (news, papers, shut)}
    for section in issue.sections:
        for entry in section.entries:
            place = papers if section.title == first else news
            assert entry.title in by_topic[place]
    assert not by_topic[shut]
    (told,) = sent_texts(telegram.transcript, admin.id)
    assert second in told
    assert "Forum" in told or chat in told
    assert f"thread {shut}: Topic_closed" in bot.ok("deliveries", "--issue", "12")
    assert bot.json("deliveries", "--issue", "12")[0]["status"] == "sent"
