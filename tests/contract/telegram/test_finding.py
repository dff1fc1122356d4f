"""Looking for a part whose answer was lost: found where it stands, and nothing else is touched."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from bot.adapters.telegram.adapter import TelegramAdapter
from bot.adapters.telegram.finding import REACH
from bot.clock import SystemClock
from bot.model.chat import Address
from bot.model.delivery import Absent, Found, Payload, Postponed, Sent, Uncertain, Undecided
from bot.model.richtext import Block, Heading, Image, Span
from bot.storage.updates import Updates
from tests.contract.telegram.house import SOON, House, SwiftClock, address, payload, sent
from tests.contract.traces import trace
from tests.fakes.faults import AnswerLost, Fault, Hang, Html, Refuse, Reset, Slow, TooMany
from tests.fakes.telegram import Chat, TelegramFake, errors
from tests.fakes.transcript import Action

LOST: Sequence[Block | str] = (Heading((Span("NeRF  👩‍👩‍👧‍👦"),)), "It works.")


@pytest.fixture
def house(fake: TelegramFake, updates: Updates) -> House:
    return House(fake, SwiftClock(), updates)


class Shifting(SwiftClock):
    """A clock that can be put forward."""

    ahead = timedelta(0)

    def now(self) -> datetime:
        return super().now() + self.ahead


class Gate(SystemClock):
    """A clock whose sleepers sleep until the gate is opened."""

    def __init__(self) -> None:
        self.reached, self.open = asyncio.Event(), asyncio.Event()

    async def sleep(self, seconds: float) -> None:
        self.reached.set()
        await self.open.wait()


async def lose(
    house: House, adapter: TelegramAdapter, chat: Address, part: Payload, *, fault: Fault | None = None
) -> None:
    """Send a part whose answer gets lost; without a fault of its own it arrives."""
    house.fake.fail(with_=fault or AnswerLost(), method="send*")
    assert isinstance(await adapter.send(chat, part, "r"), Uncertain)


def texts(house: House, chat: Chat) -> list[str]:
    """What stands in a chat."""
    return house.fake.transcript.standing(chat.id).texts


def deeds(house: House) -> list[tuple[Action, str]]:
    """What happened to messages so far."""
    return [(record.action, record.text) for record in house.fake.transcript]


def last_id(house: House) -> str:
    return str(house.fake.transcript[-1].message_id)


def places(house: House) -> dict[str, tuple[Chat, Address]]:
    """A chat of each kind, and where in it something is sent."""
    fake = house.fake
    user = fake.user("Ada", id=42)
    forum = fake.supergroup("Forum", members=(user,), forum=True)
    topic = fake.topic(forum, "NeRF", by=user)
    channel = fake.channel()
    channel.may_edit_others = False
    named = fake.channel("Named", username="named_channel")
    named.may_edit_others = False
    chats = {
        "private": fake.private(user),
        "group": fake.group(members=(user,)),
        "supergroup": fake.supergroup(members=(user,)),
        "channel": channel,
    }
    named_address = replace(address(named), chat="@named_channel")
    return {name: (chat, address(chat)) for name, chat in chats.items()} | {
        "topic": (forum, address(forum, topic)),
        "name": (named, named_address),
    }


@pytest.mark.parametrize("where", ["private", "group", "supergroup", "channel", "topic", "name"])
@pytest.mark.parametrize("again", [False, True], ids=["same process", "after a restart"])
async def test_a_lost_part_is_found_without_a_trace(house: House, where: str, *, again: bool) -> None:
    """Whatever others and the bot said before and since; nothing is sent, changed or deleted for it."""
    chat, there = places(house)[where]
    lost = payload(*LOST)
    async with house.sending() as adapter:
        first = await adapter.send(there, payload("the part before"), "before")
        assert isinstance(first, Sent)
        house.fake.say(chat, house.fake.world.users[42], "hello")
        called_at = house.clock.now()
        await lose(house, adapter, there, lost)
        arrived = last_id(house)
        await adapter._sender.send(there, payload("an answer of ours"))
        house.fake.say(chat, house.fake.world.users[42], "NeRF 👩‍👩‍👧‍👦\nIt works.")
        before = deeds(house)
        if not again:
            finding = await adapter.find(there, lost, trace(after=first.message_ids, called_at=called_at))
    if again:
        async with house.sending() as adapter:
            finding = await adapter.find(there, lost, trace(after=first.message_ids, called_at=called_at))
    assert finding == Found((arrived,))
    assert deeds(house) == before


@pytest.mark.parametrize("where", ["private", "group", "supergroup", "channel", "topic", "name"])
@pytest.mark.parametrize("again", [False, True], ids=["same process", "after a restart"])
async def test_a_part_that_did_not_arrive_is_absent(house: House, where: str, *, again: bool) -> None:
    """With nothing behind the last known message, and with others' messages there, even of the same words."""
    chat, there = places(house)[where]
    async with house.sending() as adapter:
        first = await adapter.send(there, payload("the part before"), "before")
        assert isinstance(first, Sent)
        called_at = house.clock.now()
        await lose(house, adapter, there, payload("lost"), fault=Reset())
        house.fake.say(chat, house.fake.world.users[42], "lost")
        await adapter._sender.send(there, payload("an answer of ours"))
        before = deeds(house)
        if not again:
            finding = await adapter.find(there, payload("lost"), trace(after=first.message_ids, called_at=called_at))
    if again:
        async with house.sending() as adapter:
            finding = await adapter.find(there, payload("lost"), trace(after=first.message_ids, called_at=called_at))
    assert isinstance(finding, Absent)
    assert deeds(house) == before


async def test_a_part_that_was_noted_but_not_recorded_is_found(house: House, lab: Chat) -> None:
    """A process that dies between the answer and its record has noted the message: as the part itself, not another."""
    part = payload("arrived and answered")
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        outcome = await adapter.send(address(lab), part, "r")
        assert isinstance(outcome, Sent)
    async with house.sending() as adapter:
        found = await adapter.find(address(lab), part, trace(after=before, called_at=called_at))
    assert found == Found(outcome.message_ids)


async def test_ids_of_other_chats_are_not_probed(fake: TelegramFake, updates: Updates) -> None:
    """Private chats share one sequence: what was delivered to others between is nobody's candidate."""
    clock = Shifting()
    house = House(fake, clock, updates)
    ada, bob = (fake.private(fake.user(name, id=number)) for name, number in (("Ada", 42), ("Bob", 43)))
    async with house.sending() as adapter:
        await sent(adapter, ada, "before")
        clock.ahead = timedelta(seconds=10)
        called_at = clock.now()
        for number in range(150):
            await sent(adapter, bob, f"{number}")
        await lose(house, adapter, address(ada), payload("lost"))
        arrived = last_id(house)
        assert await adapter.find(address(ada), payload("lost"), trace(called_at=called_at)) == Found((arrived,))
    edited = [call.parameters["message_id"] for call in fake.calls if call.method == "editMessageText"]
    assert edited == [int(arrived)]


async def test_an_answer_nobody_noted_gives_way_to_the_true_part(house: House, lab: Chat) -> None:
    """Overwritten by the search, it is deleted when the part turns up behind it: what is looked for stands once."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        house.fake.place(lab, house.fake.world.bot, {"text": "an answer nobody noted"})
        await lose(house, adapter, address(lab), payload("lost"))
        arrived = last_id(house)
        found = await adapter.find(address(lab), payload("lost"), trace(after=before, called_at=called_at))
    assert found == Found((arrived,))
    assert texts(house, lab) == ["before", "lost"]


async def test_an_answer_nobody_noted_becomes_a_part_that_did_not_arrive(house: House, lab: Chat) -> None:
    """It is overwritten already, and so the part stands in the chat, once."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        house.fake.place(lab, house.fake.world.bot, {"text": "an answer nobody noted"})
        overwritten = last_id(house)
        found = await adapter.find(address(lab), payload("lost"), trace(after=before, called_at=called_at))
    assert found == Found((overwritten,))
    assert texts(house, lab) == ["before", "lost"]


@pytest.mark.parametrize("fault", [Hang(accepted=True), AnswerLost()], ids=["killed", "lost answer"])
async def test_a_search_that_was_cut_off_leaves_no_second_copy(house: House, lab: Chat, fault: Fault) -> None:
    """An answer overwritten by a search that died is found by the next one beside the part, and only one stays."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        house.fake.place(lab, house.fake.world.bot, {"text": "an answer nobody noted"})
        await lose(house, adapter, address(lab), payload("lost"))
        rule = house.fake.fail(with_=fault, method="editMessageText")
        seeking = trace(after=before, called_at=called_at)
        search = asyncio.create_task(adapter.find(address(lab), payload("lost"), seeking))
        if isinstance(fault, Hang):
            await house.until(lambda: rule.hits)
            search.cancel()
            await asyncio.gather(search, return_exceptions=True)
        else:
            assert isinstance(await search, Found)
    async with house.sending() as adapter:
        assert isinstance(await adapter.find(address(lab), payload("lost"), seeking), Found)
    assert texts(house, lab) == ["before", "lost"]


async def test_an_answer_on_its_way_is_not_overwritten(house: House, lab: Chat) -> None:
    """A message whose answer is not back yet is nobody's: the search waits for it."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        await lose(house, adapter, address(lab), payload("lost"), fault=Reset())
        gate = house.fake.clock = Gate()
        house.fake.fail(with_=Slow(1.0), method="sendMessage")
        answering = asyncio.create_task(adapter._sender.send(address(lab), payload("an answer")))
        await asyncio.wait_for(gate.reached.wait(), SOON)
        search = asyncio.create_task(
            adapter.find(address(lab), payload("lost"), trace(after=before, called_at=called_at))
        )
        for _ in range(50):
            await asyncio.sleep(0)
        assert not search.done()
        gate.open.set()
        assert isinstance(await answering, Sent)
        assert isinstance(await asyncio.wait_for(search, SOON), Absent)
    assert texts(house, lab) == ["before", "an answer"]


async def test_a_lost_album_is_found_with_all_its_ids(house: House, private: Chat) -> None:
    """By the caption of its first picture; and a text is no caption."""
    album = payload("words", Image("https://e.org/a.png"), Image("https://e.org/b.png"))
    async with house.sending() as adapter:
        before = await sent(adapter, private, "words")
        called_at = house.clock.now()
        await lose(house, adapter, address(private), album)
        ids = tuple(str(record.message_id) for record in house.fake.transcript[-2:])
        seeking = trace(after=before, called_at=called_at)
        assert await adapter.find(address(private), album, seeking) == Found(ids)
        assert isinstance(await adapter.find(address(private), payload("words"), seeking), Absent)
    assert not house.fake.transcript.edited


async def test_a_picture_with_the_wrong_words_is_not_made_the_part(house: House, lab: Chat) -> None:
    """A caption alone does not make a picture the right one: overwritten, it is taken away."""
    album = payload("words", Image("https://e.org/a.png"), Image("https://e.org/b.png"))
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        shown = {
            "caption": "a picture nobody noted",
            "photo": [{"file_id": "x", "file_unique_id": "x", "width": 1, "height": 1}],
        }
        house.fake.place(lab, house.fake.world.bot, shown, kind="photo")
        finding = await adapter.find(address(lab), album, trace(after=before, called_at=called_at))
    assert isinstance(finding, Absent)
    assert texts(house, lab) == ["before"]


@pytest.mark.parametrize("arrives", [True, False])
async def test_what_others_post_in_a_channel_is_never_edited(house: House, *, arrives: bool) -> None:
    """Where the bot may edit their posts, it looks at what it does not know without touching it."""
    channel = house.fake.channel()
    async with house.sending() as adapter:
        before = await sent(adapter, channel, "before")
        called_at = house.clock.now()
        house.fake.say(channel, house.fake.user("Editor"), "an editor's post")
        await lose(house, adapter, address(channel), payload("lost"), fault=None if arrives else Reset())
        arrived = last_id(house)
        house.fake.say(channel, house.fake.user("Editor"), "another")
        standing = texts(house, channel)
        found = await adapter.find(address(channel), payload("lost"), trace(after=before, called_at=called_at))
    assert found == (Found((arrived,)) if arrives else Absent())
    assert texts(house, channel) == standing
    assert not house.fake.transcript.edited


@pytest.mark.parametrize("arrives", [True, False])
async def test_where_nobody_told_the_newest_id_one_silent_message_does(
    house: House, lab: Chat, *, arrives: bool
) -> None:
    """A group whose talk the bot is not shown, weeks after the last issue: asked once, and nothing is left behind."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "the last issue")
    for n in range(50):
        house.fake.say(lab, house.fake.world.users[42], f"talk {n}")
    async with house.sending() as adapter:
        await lose(house, adapter, address(lab), payload("lost"), fault=None if arrives else Reset())
        arrived = last_id(house)
        standing, sends = texts(house, lab), house.fake.counters["sendMessage ok"]
        later = datetime.now(UTC) + timedelta(days=14)
        seeking = replace(trace(called_at=later), delivered=dict.fromkeys(before, later - timedelta(days=14)))
        found = await adapter.find(address(lab), payload("lost"), seeking)
    assert found == (Found((arrived,)) if arrives else Absent())
    assert texts(house, lab) == standing
    assert house.fake.counters["sendMessage ok"] == sends + 1
    assert not house.fake.transcript.edited


async def test_what_cannot_be_told_stays_undecided(house: House, lab: Chat) -> None:
    """Too many messages since, a chat that is closed: nothing is guessed."""
    for n in range(REACH + 50):
        house.fake.say(lab, house.fake.world.users[42], f"talk {n}")
    async with house.sending() as adapter:
        assert isinstance(await adapter.find(address(lab), payload("lost"), trace()), Undecided)
        house.fake.remove_bot(lab, by=house.fake.world.users[42])
        assert isinstance(await adapter.find(address(lab), payload("lost"), trace()), Undecided)


@pytest.mark.parametrize("fault", [TooMany(7), Html(502), Reset()], ids=lambda fault: type(fault).__name__)
async def test_where_telegram_cannot_be_asked_it_is_asked_later(house: House, lab: Chat, fault: Fault) -> None:
    """An outage is no search: it does not leave a part to a person."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        house.fake.fail(with_=fault, method="editMessageText", times=None)
        finding = await adapter.find(address(lab), payload("lost"), trace(after=before))
    assert isinstance(finding, Postponed)
    if isinstance(fault, TooMany):
        assert finding.after == timedelta(seconds=7)


async def test_a_search_counts_for_what_it_reaches(house: House, lab: Chat) -> None:
    """Probing what is not there is none of the chat's calls; reaching a message of ours is one."""
    async with house.sending() as adapter:
        before = await sent(adapter, lab, "before")
        called_at = house.clock.now()
        await adapter.find(address(lab), payload("nothing"), trace(after=before, called_at=called_at))
        assert house.touched == []
        await lose(house, adapter, address(lab), payload("lost"))
        await adapter.find(address(lab), payload("lost"), trace(after=before, called_at=called_at))
        assert house.touched == [address(lab)]


@pytest.mark.parametrize("what", ["text", "album", "channel"])
async def test_what_a_search_left_behind_is_taken_away(house: House, lab: Chat, what: str) -> None:
    """A search that died between its silent message and its deletion: the next one leaves nothing of it in the chat."""
    chat = house.fake.channel() if what == "channel" else lab
    part = payload("lost", *[Image(f"https://e.org/{n}.png") for n in (range(2) if what == "album" else ())])
    rule = house.fake.fail(with_=Hang(), method="deleteMessage")
    async with house.sending() as adapter:
        search = asyncio.create_task(adapter.find(address(chat), part, trace()))
        await house.until(lambda: rule.hits)
        search.cancel()
        await asyncio.gather(search, return_exceptions=True)
    async with house.sending() as adapter:
        finding = await adapter.find(address(chat), part, trace())
    assert isinstance(finding, Found if what == "text" else Absent)
    assert texts(house, chat) == (["lost"] if what == "text" else [])


@pytest.mark.parametrize(
    "fault", [TooMany(1), Reset(), AnswerLost(), Html(502)], ids=lambda fault: type(fault).__name__
)
async def test_a_probe_is_deleted_all_the_same(house: House, lab: Chat, fault: Fault) -> None:
    """What may pass is waited out, and one that is gone already is no trouble."""
    house.fake.fail(with_=fault, method="deleteMessage", times=1)
    async with house.sending() as adapter:
        assert isinstance(await adapter.find(address(lab), payload("lost"), trace()), Absent)
    assert texts(house, lab) == []


async def test_a_probe_that_cannot_be_deleted_is_told(
    house: House, lab: Chat, caplog: pytest.LogCaptureFixture
) -> None:
    """Its leftover in the chat is named in the log; what was found out counts all the same."""
    house.fake.fail(with_=Refuse(errors.CANNOT_DELETE), method="deleteMessage")
    with caplog.at_level(logging.WARNING):
        async with house.sending() as adapter:
            assert isinstance(await adapter.find(address(lab), payload("lost"), trace()), Absent)
    assert "was to be deleted" in caplog.text
