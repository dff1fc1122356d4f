"""An issue goes out section by section, everywhere, once: real process, real libraries, platforms played."""

from __future__ import annotations

import json
from collections.abc import Sequence

import pytest

from bot.model.digest import Issue
from bot.parsing import parse_issue
from tests.acceptance.bot_process import Bot
from tests.fakes.faults import AnswerLost, TooMany
from tests.fakes.slack import SlackFake
from tests.fakes.telegram import TelegramFake
from tests.fakes.transcript import Transcript

WITHIN = 60.0


def read(bot: Bot, number: int) -> Issue:
    """The issue as it was written."""
    return parse_issue((bot.digests / f"{number:03}.md").read_text(encoding="utf-8"), filename=f"{number:03}.md")


def assert_whole(issue: Issue, texts: Sequence[str]) -> None:
    """Every section and every entry of an issue stands in the messages once, in order."""
    said = "\n".join(texts[1:])
    assert issue.title in texts[0]
    place = 0
    for section in issue.sections:
        for entry in section.entries:
            found = said.find(entry.title, place)
            assert found >= 0, f"{entry.title!r} is not in the messages behind {said[place - 40 : place]!r}"
            place = found + len(entry.title)


def sent_texts(transcript: Transcript, chat: object, thread: object = None) -> list[str]:
    return [record.text for record in transcript.of(chat, thread).from_bot.sent]


def arrived(bot: Bot, number: int, chats: int) -> bool:
    """Whether every part of an issue is sent to so many chats, as the bot itself says."""
    reports = bot.json("deliveries", "--issue", str(number))
    return len(reports) == chats and all(report["status"] == "sent" for report in reports)


def test_an_issue_goes_to_every_kind_of_chat(bot: Bot, telegram: TelegramFake, slack: SlackFake) -> None:
    """A private chat, a group, a channel, a forum topic and a Slack channel each get all of it, in order, once."""
    ada = telegram.user("Ada")
    private = telegram.private(ada)
    group = telegram.supergroup("Lab", members=[ada])
    channel = telegram.channel("Digest", username="digest_channel")
    forum = telegram.supergroup("Forum", members=[ada], forum=True)
    topic = telegram.topic(forum, "papers")
    room = slack.channel("papers")
    places = (private.id, group.id, "@digest_channel", f"{forum.id}/{topic}")
    bot.prepare(*(f"telegram:{place}" for place in places), f"slack:{room.id}")

    done = bot.command("post", "--issue", "12", within=120)

    assert done.returncode == 0, done.stderr + done.stdout
    issue = read(bot, 12)
    for chat in (private, group, channel):
        assert_whole(issue, sent_texts(telegram.transcript, chat.id))
    assert_whole(issue, sent_texts(telegram.transcript, forum.id, topic))
    assert_whole(issue, sent_texts(slack.transcript, room.id))
    sent = len(telegram.transcript), len(slack.transcript)

    again = bot.command("post", "--issue", "12")

    assert again.returncode == 0
    assert "nothing new" in again.stdout
    assert (len(telegram.transcript), len(slack.transcript)) == sent


@pytest.mark.parametrize("fault", [AnswerLost(), TooMany(1)], ids=lambda fault: type(fault).__name__)
def test_slack_gets_each_part_once_whatever_happens_to_the_calls(bot: Bot, slack: SlackFake, fault: object) -> None:
    """Lost answers and throttling repeat nothing and lose nothing; `test_kills` has the other faults, in every chat."""
    room = slack.channel("papers", bot=True)
    bot.prepare(f"slack:{room.id}")
    slack.fail(method="chat.postMessage", with_=fault, times=2, after=1)

    done = bot.command("post", "--issue", "12", within=120)

    assert done.returncode == 0, done.stderr + done.stdout
    texts = sent_texts(slack.transcript, room.id)
    assert_whole(read(bot, 12), texts)
    assert len(texts) == len(set(texts))


def test_the_schedule_publishes_a_new_issue(bot: Bot, telegram: TelegramFake) -> None:
    """What is there at first is the archive; a file that comes later goes out at its hour, without anybody's doing."""
    held = (bot.digests / "012.md").read_text(encoding="utf-8")
    (bot.digests / "012.md").unlink()
    ada = telegram.user("Ada")
    private = telegram.private(ada)
    bot.prepare(f"telegram:{private.id}")
    with bot.run() as running:
        running.wait_for("telegram is connected")
        (bot.digests / "012.md").write_text(held, encoding="utf-8")
        running.wait_for("issue 12 is new")
        (due,) = [issue for issue in bot.json("issues") if issue["number"] == 12]
        assert due["publish_at"] is not None
        assert not telegram.transcript.of(private.id)
        assert running.stop() == 0


def test_posting_tells_what_happened(bot: Bot) -> None:
    """The summary names each chat; the exit status says whether all was sent."""
    bot.ok("ingest")
    bot.ok("subscribe", "web:lobby")
    plan = bot.ok("post", "--issue", "12", "--dry-run")
    assert "1 chat on web" in plan
    assert not json.loads(bot.ok("deliveries", "--json"))
    done = bot.ok("post", "--issue", "12")
    (report,) = bot.json("deliveries", "--issue", "12")
    assert f"{len(report['parts'])} of {len(report['parts'])} parts sent to 1 chat." in done
    assert report["status"] == "sent"
