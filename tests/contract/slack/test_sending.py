"""Parts go out: one call, one message, and an outcome whatever happens."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.adapters.interface import Adapter
from bot.adapters.slack import PLATFORM
from bot.model.chat import Address
from bot.model.delivery import Absent, Closed, Degradation, Found, Halt, Later, Refused, Scope, Sent, Uncertain
from bot.model.richtext import Heading, Image, Span, link, paragraph
from tests.contract.slack.house import House, at, payload, sending
from tests.contract.traces import trace
from tests.fakes.faults import AnswerLost, Hang, Html, Refuse, Reset, TooMany, Unauthorized
from tests.fakes.slack import SlackFake

PICTURE = "https://example.org/a.png"
PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x00\x01\x00\x00\x00\x01\x08\x06\x00\x00\x00"


async def test_part_is_posted_with_its_reference(slack: SlackFake, adapter: Adapter) -> None:
    """A part is one message, quiet, with its opaque reference as metadata; its id is the message's."""
    channel = slack.channel()
    blocks = (Heading((Span("Issue 12"),), 1), paragraph("See ", link("this", "https://e.org"), " & <that>"))
    outcome = await adapter.send(at(channel), payload(*blocks), "part-1")
    record = slack.transcript[-1]
    assert outcome == Sent((str(record.message_id),))
    assert record.text == "Issue 12\nSee this & <that>"
    assert record.content["text"] == "Issue 12\n\nSee this (https://e.org) &amp; &lt;that&gt;"
    assert record.content["metadata"] == {"event_type": "digest_part", "event_payload": {"reference": "part-1"}}
    assert (record.content["unfurl_links"], record.content["unfurl_media"]) == (False, False)
    assert slack.violations == []


async def test_part_goes_into_its_thread(slack: SlackFake, adapter: Adapter) -> None:
    """A chat with a thread gets the part there, where it is found, and edited, again."""
    channel = slack.channel()
    parent = await adapter.send(at(channel), payload(), "head")
    assert isinstance(parent, Sent)
    chat = at(channel, parent.message_ids[0])
    reply = await adapter.send(chat, payload(paragraph("section")), "part-1")
    assert isinstance(reply, Sent)
    assert slack.transcript[-1].thread == parent.message_ids[0]
    assert await adapter.find(chat, payload(), trace("part-1", parent.message_ids)) == Found(reply.message_ids)
    assert await adapter.find(chat, payload(), trace("part-2", parent.message_ids)) == Absent()


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        (TooMany(7), Later),
        (Refuse("is_archived"), Closed),
        (Refuse("token_revoked"), Closed),
        (Unauthorized(), Halt),
        (Refuse("fatal_error"), Uncertain),
        (Refuse("msg_blocks_too_long"), Refused),
        (Html(502), Uncertain),
        (Html(200, accepted=True), Uncertain),
        (Reset(), Uncertain),
        (AnswerLost(), Uncertain),
    ],
)
async def test_faults_are_outcomes(slack: SlackFake, adapter: Adapter, fault: Any, outcome: type) -> None:
    """Whatever goes wrong is told as an outcome, after one call and no more."""
    channel = slack.channel()
    slack.fail(with_=fault, method="chat.postMessage")
    assert isinstance(await adapter.send(at(channel), payload(), "part-1"), outcome)
    assert slack.counters["chat.postMessage"] == 1


async def test_silence_is_uncertain(slack: SlackFake, house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """A call that is never answered ends, and nobody claims to know how."""
    monkeypatch.setattr("bot.adapters.slack.client.CALL_SECONDS", 0.3)
    slack.fail(with_=Hang(accepted=True), method="chat.postMessage")
    async with sending(slack, house) as adapter:
        assert await adapter.send(at(slack.channel()), payload(), "part-1") == Uncertain("Slack did not answer in time")


async def test_dead_network_is_later(slack: SlackFake, adapter: Adapter) -> None:
    """Where nobody listens nothing has arrived, and no chat is at fault."""
    channel = slack.channel()
    await slack.go_down()
    await adapter.send(at(channel), payload(), "part-1")  # finds the line it had kept broken
    outcome = await adapter.send(at(channel), payload(), "part-1")
    assert isinstance(outcome, Later)
    assert outcome.scope is Scope.PLATFORM
    await slack.come_back()
    assert isinstance(await adapter.send(at(channel), payload(), "part-1"), Sent)


async def test_closed_channels(slack: SlackFake, adapter: Adapter) -> None:
    """A private channel without the bot, an archived one and an unknown one are closed, for themselves alone."""
    archived = slack.channel("old")
    slack.archive(archived, by=slack.user())
    for chat in (at(slack.channel("secret", private=True, bot=False)), at(archived), Address("slack", "C0NOWHERE")):
        outcome = await adapter.send(chat, payload(), "part-1")
        assert isinstance(outcome, Closed)
        assert outcome.scope is Scope.CHAT


async def test_dead_picture_drops_to_a_link(slack: SlackFake, adapter: Adapter) -> None:
    """A message refused for a picture goes out whole without it."""
    channel = slack.channel()
    slack.break_image(PICTURE)
    whole = payload(paragraph("hello"), Image(PICTURE, "A rabbit"))
    outcome = await adapter.send(at(channel), whole, "part-1")
    assert isinstance(outcome, Refused)
    assert outcome.keep is Degradation.NO_IMAGES
    plainer = PLATFORM.degrade(whole, outcome.keep)
    assert plainer is not None
    assert isinstance(await adapter.send(at(channel), plainer, "part-1"), Sent)
    assert slack.transcript[-1].text == "hello\n🖼 A rabbit"
    assert slack.violations == []


async def test_plain_part_is_text_alone(slack: SlackFake, adapter: Adapter) -> None:
    """The plainest form of a part is text."""
    plain = PLATFORM.degrade(payload(paragraph("a *b* <c>")), Degradation.PLAIN)
    assert plain is not None
    assert isinstance(await adapter.send(at(slack.channel()), plain, "part-1"), Sent)
    assert slack.transcript[-1].content["text"] == "a *b* &lt;c&gt;"
    assert "blocks" not in slack.transcript[-1].content


async def test_local_picture_is_uploaded_once(slack: SlackFake, adapter: Adapter, tmp_path: Path) -> None:
    """A local picture is uploaded the first time it is needed, and shown from there after that; a new one is new."""
    picture = tmp_path / "a rabbit.png"
    picture.write_bytes(PNG)
    part = payload(Image(picture.as_uri(), "A rabbit"))
    for channel in (slack.channel("a"), slack.channel("b")):
        assert isinstance(await adapter.send(at(channel), part, "part-1"), Sent)
    files = {record.content["blocks"][0]["slack_file"]["id"] for record in slack.transcript}
    assert slack.counters["upload"] == 1
    assert len(files) == 1
    picture.write_bytes(PNG + b"more")
    assert isinstance(await adapter.send(at(slack.channel("c")), part, "part-1"), Sent)
    assert slack.counters["upload"] == 2
    assert slack.violations == []


async def test_lost_picture_costs_the_picture_alone(slack: SlackFake, adapter: Adapter, tmp_path: Path) -> None:
    """A picture that is not there any more, or that Slack does not want, is left away."""
    outcome = await adapter.send(at(slack.channel()), payload(Image((tmp_path / "no.png").as_uri())), "part-1")
    assert isinstance(outcome, Refused)
    assert outcome.keep is Degradation.NO_IMAGES
    assert str(tmp_path) not in outcome.reason
    (tmp_path / "a.png").write_bytes(PNG)
    slack.fail(with_=Refuse("missing_scope"), method="files.getUploadURLExternal")
    refused = await adapter.send(at(slack.channel()), payload(Image((tmp_path / "a.png").as_uri())), "part-1")
    assert isinstance(refused, Refused)
    assert refused.keep is Degradation.NO_IMAGES
    assert len(slack.transcript) == 0


async def test_message_waits_for_an_upload_but_not_for_ever(slack: SlackFake, adapter: Adapter, tmp_path: Path) -> None:
    """An upload that breaks is made again, as the message was not sent; the third time the message goes without."""
    (tmp_path / "a.png").write_bytes(PNG)
    part = payload(Image((tmp_path / "a.png").as_uri()))
    slack.fail(with_=Html(502), method="upload", times=None)
    chat = at(slack.channel())
    outcomes = [await adapter.send(chat, part, "part-1") for _ in range(3)]
    assert [type(outcome) for outcome in outcomes] == [Later, Later, Refused]


async def test_picture_slack_still_looks_at_is_waited_for(
    slack: SlackFake, adapter: Adapter, house: House, tmp_path: Path
) -> None:
    """Right after its upload a refused picture means patience; later it means no picture."""
    (tmp_path / "a.png").write_bytes(PNG)
    part = payload(Image((tmp_path / "a.png").as_uri()))
    details = ("invalid slack file [json-pointer:/blocks/0/slack_file]",)
    slack.fail(with_=Refuse("invalid_blocks", details), method="chat.postMessage", times=2)
    chat = at(slack.channel())
    assert isinstance(await adapter.send(chat, part, "part-1"), Later)
    await house.clock.sleep(120)
    late = await adapter.send(chat, part, "part-1")
    assert isinstance(late, Refused)
    assert late.keep is Degradation.NO_IMAGES


async def test_thread_that_is_locked_is_told_from_its_channel(slack: SlackFake, adapter: Adapter) -> None:
    """The channel still takes messages."""
    channel = slack.channel()
    parent = await adapter.send(at(channel), payload(), "head")
    assert isinstance(parent, Sent)
    slack.fail(with_=Refuse("restricted_action_thread_locked"), method="chat.postMessage")
    outcome = await adapter.send(at(channel, parent.message_ids[0]), payload(), "part-1")
    assert outcome == Closed("restricted_action_thread_locked", Scope.THREAD)
    assert isinstance(await adapter.send(at(channel), payload(), "part-1"), Sent)


@pytest.mark.parametrize(
    ("address", "has_threads"),
    [("C0123ABCD", True), ("T01/G0123ABCD", True), ("D0123ABCD", False), ("C0123ABCD/1700000000.000100", False)],
)
def test_channels_have_threads(address: str, has_threads: bool) -> None:
    """A direct conversation reads better without, and in a thread there is no other."""
    assert PLATFORM.has_threads(PLATFORM.parse_address(address)) is has_threads
