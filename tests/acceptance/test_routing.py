"""What of an issue a chat receives, and where each part goes: real process, real libraries, platforms played."""

from __future__ import annotations

from collections.abc import Iterator

from bot.model.digest import Issue
from tests.acceptance.bot_process import Bot
from tests.acceptance.test_delivery import arrived, assert_whole, read, sent_texts
from tests.fakes.faults import AnswerLost, Hang
from tests.fakes.slack import Channel, SlackFake
from tests.fakes.telegram import Chat, TelegramFake
from tests.fakes.transcript import Record, Transcript

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


def links_of(record: Record) -> dict[str, str]:
    """Return where the words of a Telegram message lead."""
    text = record.text.encode("utf-16-le")
    return {
        text[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"): entity["url"]
        for entity in record.content.get("entities", ())
        if entity["type"] == "text_link"
    }


def section_links(telegram: TelegramFake, chat: Chat, issue: Issue) -> dict[str, str]:
    """Return where the header's section titles lead, in a chat of Telegram."""
    header = telegram.transcript.standing(chat.id).from_bot[0]
    titles = [section.title for section in issue.sections]
    return {title: url for title, url in links_of(header).items() if title in titles}


def assert_led_to_sections(telegram: TelegramFake, chat: Chat, issue: Issue) -> None:
    """Every section's title in the header leads to the message that begins with that title."""
    links = section_links(telegram, chat, issue)
    assert list(links) == [section.title for section in issue.sections if section.entries]
    standing = {str(record.message_id): record.text for record in telegram.transcript.standing(chat.id)}
    for title, url in links.items():
        assert url.startswith(f"https://t.me/c/{-1_000_000_000_000 - chat.id}/")
        assert standing[url.rpartition("/")[2]].startswith(title)


def test_the_header_leads_to_its_sections(bot: Bot, telegram: TelegramFake, slack: SlackFake) -> None:
    """In groups, topics and channels of Telegram and in Slack, after the last part; private chats are left alone."""
    ada = telegram.user("Ada")
    private, group = telegram.private(ada), telegram.supergroup("Lab", members=[ada])
    room = slack.channel("papers", bot=True)
    bot.prepare(f"telegram:{private.id}", f"telegram:{group.id}", f"slack:{room.id}")

    done = bot.command("post", "--issue", "12", within=120)

    assert done.returncode == 0, done.stderr + done.stdout
    issue = read(bot, 12)
    assert_led_to_sections(telegram, group, issue)
    assert len(telegram.transcript.of(group.id).edited) == 1
    assert not telegram.transcript.of(private.id).edited
    header = slack.transcript.standing(room.id)[0]
    urls = [element["url"] for element in linked_elements(header.content["blocks"]) if "/archives/" in element["url"]]
    begun = {
        record.content["text"].split("\n")[0]: str(record.message_id) for record in slack.transcript.of(room.id).sent
    }
    first = [begun[section.title] for section in issue.sections if section.entries]
    assert [url.partition("?")[0].rpartition("/p")[2] for url in urls] == [ts.replace(".", "") for ts in first]
    assert all(f"thread_ts={header.message_id}" in url for url in urls)


def linked_elements(content: object) -> Iterator[dict[str, str]]:
    """Yield the links in Slack's blocks."""
    match content:
        case {"type": "link", **element}:
            yield element
        case dict():
            for value in content.values():
                yield from linked_elements(value)
        case list():
            for value in content:
                yield from linked_elements(value)


def test_a_kill_between_the_last_part_and_the_links(bot: Bot, telegram: TelegramFake) -> None:
    """SIGKILL while the header is edited: the next start links it, and sends nothing again."""
    group = telegram.supergroup("Lab", members=[telegram.user("Ada")])
    bot.prepare(f"telegram:{group.id}")
    telegram.fail(method="editMessageText", with_=Hang())
    with bot.start("post", "--issue", "12") as first:
        telegram.wait(lambda _: telegram.counters["editMessageText"] == 1, within=WITHIN)
        first.kill()
    assert arrived(bot, 12, 1)
    assert not section_links(telegram, group, read(bot, 12))
    sent = len(telegram.transcript.of(group.id).sent)
    with bot.run() as second:
        telegram.wait(lambda transcript: transcript.of(group.id).edited, within=WITHIN)
        assert second.stop() == 0
    assert_led_to_sections(telegram, group, read(bot, 12))
    assert len(telegram.transcript.of(group.id).sent) == sent


def test_amending_keeps_the_links(bot: Bot, telegram: TelegramFake) -> None:
    """The title changes in the header; what led to the sections leads there still."""
    group = telegram.supergroup("Lab", members=[telegram.user("Ada")])
    bot.ok("ingest")
    bot.ok("post", "--issue", "12", "--to", f"telegram:{group.id}")
    file, title = bot.digests / "012.md", read(bot, 12).title
    file.write_text(file.read_text(encoding="utf-8").replace(title, f"Mended {title}"), encoding="utf-8")

    bot.ok("amend", "--issue", "12")

    assert "Mended" in telegram.transcript.standing(group.id).from_bot[0].text
    assert_led_to_sections(telegram, group, read(bot, 12))


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
