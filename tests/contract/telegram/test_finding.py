"""Looking for a part whose answer was lost."""

from __future__ import annotations

import pytest

from bot.model.delivery import (
    Absent,
    Found,
    Uncertain,
    Undecided,
)
from bot.model.richtext import Heading, Image, Span
from tests.contract.telegram.house import House, address, payload, sent
from tests.fakes.faults import AnswerLost, Html, Refuse
from tests.fakes.telegram import Chat, errors


async def test_a_lost_part_that_arrived_is_found(house: House, lab: Chat):
    """Whatever was said since, by others and by the bot; and nothing is changed or left behind."""
    fake, user = house.fake, house.fake.world.users[42]
    lost = payload(Heading((Span("NeRF  👩‍👩‍👧‍👦"),)), "It works.")
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        fake.say(lab, user, "hello")
        fake.fail(with_=AnswerLost(), method="sendMessage")
        await adapter.send(address(lab), lost, "r")
        arrived = str(fake.transcript[-1].message_id)
        await sent(adapter, lab, "an answer of ours")
        fake.say(lab, user, "NeRF 👩‍👩‍👧‍👦\nIt works.")
        standing = fake.transcript.standing(lab.id).texts
        assert await adapter.find(address(lab), lost, "r", before) == Found((arrived,))
        assert isinstance(await adapter.find(address(lab), payload("other"), "r", before), Absent)
    assert fake.transcript.standing(lab.id).texts == standing
    assert not fake.transcript.edited


async def test_a_lost_part_that_did_not_arrive_is_absent(house: House, lab: Chat):
    """With nothing behind the last known message, and with others' messages there."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        assert isinstance(await adapter.find(address(lab), payload("lost"), "r", before), Absent)
        house.fake.say(lab, house.fake.world.users[42], "lost")
        assert isinstance(await adapter.find(address(lab), payload("lost"), "r", before), Absent)
    assert house.fake.transcript.standing(lab.id).texts == ["before", "lost"]


async def test_a_probe_that_cannot_be_deleted_is_told(house: House, lab: Chat, caplog: pytest.LogCaptureFixture):
    """Its leftover in the chat is named in the log; what was found out counts all the same."""
    house.fake.fail(with_=Refuse(errors.CANNOT_DELETE), method="deleteMessage")
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        assert isinstance(await adapter.find(address(lab), payload("lost"), "r", before), Absent)
    assert "was to be deleted" in caplog.text


@pytest.mark.parametrize("where", ["private", "channel", "topic", "group"])
async def test_lost_parts_are_found_in_every_kind_of_chat(house: House, where: str):
    """The first part of all, too, where the chat is young enough to be looked through to its beginning."""
    fake = house.fake
    user = fake.user("Ada", id=42)
    forum = fake.supergroup("Forum", members=(user,), forum=True)
    topic = fake.topic(forum, "NeRF", by=user)
    chat = {
        "private": lambda: address(fake.private(user)),
        "channel": lambda: address(fake.channel()),
        "topic": lambda: address(forum, topic),
        "group": lambda: address(fake.group(members=(user,))),
    }[where]()
    lost = payload("the very first")
    async with house.sending() as adapter:
        assert isinstance(await adapter.find(chat, lost, "r", []), Absent)
        fake.fail(with_=Html(502, accepted=True), method="sendMessage")
        assert isinstance(await adapter.send(chat, lost, "r"), Uncertain)
        assert isinstance(await adapter.find(chat, lost, "r", []), Found)


async def test_a_lost_album_is_found_with_all_its_ids(house: House, private: Chat):
    """By the caption of its first picture; and a text is no caption."""
    album = payload("words", Image("https://e.org/a.png"), Image("https://e.org/b.png"))
    house.fake.fail(with_=AnswerLost(), method="sendMediaGroup")
    async with house.sending() as adapter:
        before = await sent(adapter, private, "words")
        await adapter.send(address(private), album, "r")
        ids = tuple(str(record.message_id) for record in house.fake.transcript[-2:])
        assert await adapter.find(address(private), album, "r", before) == Found(ids)
        assert isinstance(await adapter.find(address(private), payload("words"), "r", before), Absent)


async def test_what_cannot_be_told_stays_undecided(house: House, lab: Chat):
    """Too many messages since, no beginning to search from, a chat that is closed: nothing is guessed."""
    for n in range(60):
        house.fake.say(lab, house.fake.world.users[42], f"talk {n}")
    async with house.sending() as adapter:
        assert isinstance(await adapter.find(address(lab), payload("lost"), "r", ["1"]), Undecided)
        assert isinstance(await adapter.find(address(lab), payload("lost"), "r", []), Undecided)
        house.fake.remove_bot(lab, by=house.fake.world.users[42])
        assert isinstance(await adapter.find(address(lab), payload("lost"), "r", ["60"]), Undecided)
