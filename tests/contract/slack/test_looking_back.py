"""Parts whose answer was lost, and parts that are mended."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Adapter
from bot.adapters.slack import PLATFORM
from bot.model.delivery import Absent, Degradation, Found, Postponed, Refused, Sent, Uncertain, Undecided
from bot.model.richtext import paragraph
from tests.contract.slack.house import at, payload
from tests.contract.traces import trace
from tests.fakes.faults import AnswerLost, Html, Refuse, Reset, TooMany
from tests.fakes.slack import SlackFake


async def test_lost_answer_is_found_again(slack: SlackFake, adapter: Adapter) -> None:
    """A part that arrived without an answer is found by its reference; one that did not is certainly absent."""
    channel = slack.channel()
    first = await adapter.send(at(channel), payload(), "part-1")
    assert isinstance(first, Sent)
    slack.fail(with_=AnswerLost(), method="chat.postMessage")
    assert isinstance(await adapter.send(at(channel), payload(), "part-2"), Uncertain)
    arrived = str(slack.transcript[-1].message_id)
    slack.fail(with_=Reset(), method="chat.postMessage")
    assert isinstance(await adapter.send(at(channel), payload(), "part-3"), Uncertain)
    assert await adapter.find(at(channel), payload(), trace("part-2", first.message_ids)) == Found((arrived,))
    assert await adapter.find(at(channel), payload(), trace("part-3", first.message_ids)) == Absent()
    assert await adapter.find(at(channel), payload(), trace("part-1", ())) == Found(first.message_ids)


async def test_busy_channel_is_read_page_by_page(slack: SlackFake, adapter: Adapter) -> None:
    """However much was said since, the history is read back to the last message known before the part."""
    channel, ada = slack.channel(), slack.user()
    before = slack.say(channel, ada, "before").ts
    slack.fail(with_=AnswerLost(), method="chat.postMessage")
    await adapter.send(at(channel), payload(), "part-1")
    arrived = str(slack.transcript[-1].message_id)
    for number in range(250):
        slack.say(channel, ada, f"{number}")
    assert await adapter.find(at(channel), payload(), trace("part-1", (before,))) == Found((arrived,))
    assert await adapter.find(at(channel), payload(), trace("part-2", (before,))) == Absent()


async def test_history_that_is_too_long_decides_nothing(slack: SlackFake, adapter: Adapter) -> None:
    """What lies behind the last page that is read is not claimed to be absent."""
    channel, ada = slack.channel(), slack.user()
    for number in range(1001):
        slack.say(channel, ada, f"{number}")
    assert isinstance(await adapter.find(at(channel), payload(), trace("part-1", ())), Undecided)


UNREADABLE = [
    (TooMany(30), Postponed),
    (Html(502), Postponed),
    (Reset(), Postponed),
    (Refuse("missing_scope"), Undecided),
    (Refuse("not_in_channel"), Undecided),
]


@pytest.mark.parametrize(("fault", "finding"), UNREADABLE)
async def test_history_that_cannot_be_read_decides_nothing(
    slack: SlackFake, adapter: Adapter, fault: Any, finding: type
) -> None:
    """Without the history nobody can tell: later, where Slack cannot be asked now; a person, where it never can."""
    slack.fail(with_=fault, method="conversations.history", times=None)
    assert isinstance(await adapter.find(at(slack.channel()), payload(), trace("part-1", ())), finding)


async def test_people_cannot_pass_for_the_bot(slack: SlackFake, adapter: Adapter) -> None:
    """Messages without the bot's metadata are none of its parts, whatever they say."""
    channel = slack.channel()
    slack.say(channel, slack.user(), "part-1")
    assert await adapter.find(at(channel), payload(paragraph("part-1")), trace("part-1")) == Absent()


async def test_part_is_edited_in_place(slack: SlackFake, adapter: Adapter) -> None:
    """An edited part keeps its message and its reference; editing it to the same is as good as sent."""
    channel = slack.channel()
    sent = await adapter.send(at(channel), payload(), "part-1")
    assert isinstance(sent, Sent)
    for words in ("mended", "mended"):
        assert await adapter.edit(at(channel), sent.message_ids, payload(paragraph(words))) == sent
    standing = slack.transcript.standing(channel.id)
    assert standing.texts == ["mended"]
    assert await adapter.find(at(channel), payload(), trace("part-1", ())) == Found(sent.message_ids)


async def test_long_words_can_be_edited_in(slack: SlackFake, adapter: Adapter) -> None:
    """chat.update takes 4,000 bytes of text: long and Chinese parts, and plain ones, pass all the same."""
    channel = slack.channel()
    sent = await adapter.send(at(channel), payload(), "part-1")
    assert isinstance(sent, Sent)
    long = payload(paragraph("中文 " * 2000))
    plain = PLATFORM.degrade(long, Degradation.PLAIN)
    assert plain is not None
    for form in (long, plain):
        assert await adapter.edit(at(channel), sent.message_ids, form) == sent
    assert slack.violations == []


async def test_message_that_is_gone_is_not_edited(slack: SlackFake, adapter: Adapter) -> None:
    """A message somebody deleted stays deleted."""
    channel = slack.channel()
    sent = await adapter.send(at(channel), payload(), "part-1")
    assert isinstance(sent, Sent)
    slack.erase(slack.transcript[-1])
    assert await adapter.edit(at(channel), sent.message_ids, payload()) == Refused("message_not_found")


async def test_address_of_a_message_is_its_permalink(slack: SlackFake, adapter: Adapter) -> None:
    """In the channel and in a thread: what Slack itself would answer, without asking it."""
    channel = slack.channel()
    parent = await adapter.send(at(channel), payload(), "head")
    assert isinstance(parent, Sent)
    (head,) = parent.message_ids
    answer = await adapter.send(at(channel, head), payload(), "part-1")
    assert isinstance(answer, Sent)
    calls = slack.counters.total()
    links = [await adapter.link_to(at(channel), head), await adapter.link_to(at(channel, head), answer.message_ids[0])]
    assert slack.counters.total() == calls
    client = AsyncWebClient(slack.team.token, base_url=slack.api_url)
    for link, ts in zip(links, (head, answer.message_ids[0]), strict=True):
        told = await client.chat_getPermalink(channel=channel.id, message_ts=ts)
        assert link == told["permalink"]
