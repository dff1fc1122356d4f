"""What was delivered is edited in place: within what chat.update takes, and still to be found by its reference."""

from __future__ import annotations

import pytest

from bot.adapters.interface import Adapter
from bot.adapters.slack import PLATFORM
from bot.model.delivery import Degradation, Sent
from bot.model.richtext import paragraph
from tests.contract.slack.house import at, payload
from tests.fakes.slack import SlackFake

LONG = {
    "in English": "A long & winding <sentence>. " * 250,
    "in Chinese": "三维高斯泼溅，实时渲染辐射场。" * 400,
}


@pytest.mark.parametrize("threaded", [False, True], ids=["in the channel", "in a thread"])
@pytest.mark.parametrize("text", LONG.values(), ids=LONG.keys())
@pytest.mark.parametrize("keep", [Degradation.NONE, Degradation.PLAIN])
async def test_an_edited_part_keeps_its_place_and_its_reference(
    slack: SlackFake, adapter: Adapter, text: str, keep: Degradation, *, threaded: bool
) -> None:
    """However long, and even as plain text, a part is edited in one call; its metadata stays."""
    channel = slack.channel()
    chat = at(channel)
    if threaded:
        head = await adapter.send(chat, payload(), "ab12.0")
        assert isinstance(head, Sent)
        chat = at(channel, head.message_ids[0])
    sent = await adapter.send(chat, payload(paragraph("as it was")), "ab12.1")
    assert isinstance(sent, Sent)
    changed = payload(paragraph(text))
    changed = PLATFORM.degrade(changed, keep) or changed
    assert await adapter.edit(chat, sent.message_ids, changed) == sent
    standing = channel.messages[sent.message_ids[0]]
    assert len(standing.json["text"].encode()) <= 4000
    assert standing.json["blocks"]
    assert standing.json.get("thread_ts") == (chat.thread or None)
    assert standing.metadata == {"event_type": "digest_part", "event_payload": {"reference": "ab12.1"}}
    assert slack.violations == []
