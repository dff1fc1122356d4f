"""Where in a chat parts go: threads of sections, threads below a header, and what becomes of shut ones."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.placing import place
from bot.model.chat import Address, Preferences, Routing, SubscriptionStatus
from bot.model.delivery import Closed, Degradation, Outcome, PartStatus, Refused, Scope, Stop, Uncertain
from bot.storage.outbox import Record
from bot.storage.publishing import PlannedPart
from tests.unit.delivery.conftest import LEASE, World, room, some_parts

CHAT = Address("web", "a", "7")
MAPPED = Routing(threads=(("SLAM", "77"), ("Jobs", "")))
SECTION = Stop(CHAT, MAPPED, 3, section="slam", lead="100")


def in_thread(name: str, thread: str) -> Address:
    return replace(room(name), thread=thread)


def numbers(world: World, chat: Address) -> list[int]:
    """Return the positions of the parts that stand in a place, in their order there."""
    return [int(reference.rpartition(".")[2]) for reference in world.platform.chats[str(chat)]]


# The decision.


def test_a_section_goes_to_its_own_thread() -> None:
    """Whatever the case of its title; a thread of "" is the chat's main place, not the thread it is subscribed in."""
    for has_threads in (False, True):
        assert place(SECTION, has_threads=has_threads) == "77"
        assert place(replace(SECTION, section="Jobs"), has_threads=has_threads) == ""


def test_other_sections_go_where_the_chat_is_subscribed_or_below_the_header() -> None:
    """Below the header where the platform has threads and the chat wants them."""
    other = replace(SECTION, section="News")
    assert place(other, has_threads=False) == "7"
    assert place(other, has_threads=True) == "100"
    assert place(replace(other, routing=Routing(threaded=False)), has_threads=True) == "7"


def test_a_header_that_does_not_stand_leads_nothing() -> None:
    """Refused for good, its sections stand in the chat; while nobody can tell, they wait rather than scatter."""
    other = replace(SECTION, section="News")
    assert place(replace(other, lead=""), has_threads=True) == "7"
    assert place(replace(other, lead=None), has_threads=True) is None
    assert place(replace(SECTION, lead=None), has_threads=True) == "77"


@given(st.booleans(), st.sampled_from(["", "SLAM"]), st.sampled_from([None, "", "100"]))
def test_the_first_part_always_stands_in_the_chat(has_threads: bool, section: str, lead: str | None) -> None:
    """And a shut thread is never chosen again."""
    assert place(Stop(CHAT, MAPPED, 0, section=section, lead=lead), has_threads=has_threads) == "7"
    shut = Stop(CHAT, MAPPED, 1, section="SLAM", lead=lead, shut=frozenset({"77", "100"}))
    assert place(shut, has_threads=has_threads) in {"7", None}


# Through the worker.


async def test_sections_answer_their_header(world: World) -> None:
    """One message in the channel, everything else in its thread, in order, issue after issue."""
    world.has_threads = True
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(3))
    await world.plan(2, some_parts(2))
    await world.drain()
    assert numbers(world, room("a")) == [0, 0]
    assert numbers(world, in_thread("a", "1")) == [1, 2]
    assert numbers(world, in_thread("a", "2")) == [1]


async def test_a_chat_may_want_its_sections_in_the_channel(world: World) -> None:
    """Then the platform's threads are not used."""
    world.has_threads = True
    await world.subscribe(room("a"))
    await world.chats.set_preferences(room("a"), Preferences(threaded=False))
    await world.plan(1, some_parts(3))
    await world.drain()
    assert numbers(world, room("a")) == [0, 1, 2]


async def test_a_part_whose_answer_was_lost_is_looked_for_in_its_thread(world: World) -> None:
    """Even when the chat has changed its mind about threads meanwhile."""
    world.has_threads = True
    world.platform.script = lambda _c, r, n: Uncertain("answer lost") if r.endswith((".0", ".1")) and n == 1 else None
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(3))
    await world.drain()
    assert numbers(world, room("a")) == [0]
    assert numbers(world, in_thread("a", "1")) == [1, 2]


async def test_a_killed_worker_left_its_part_in_a_thread(world: World) -> None:
    """The next one looks for it where it was sent, not where it would go now."""
    await world.subscribe(room("a"))
    await world.chats.set_preferences(room("a"), Preferences(threads=(("Section 1", "77"),)))
    await world.plan(1, some_parts(2))
    now, dead = world.clock.now(), world.outbox("dead")
    (header,) = await dead.exchange([], platforms=["web"], limit=9, now=now)
    await world.platform.send(header.part.place, header.part.payload, header.part.reference)
    sent = Record(header, PartStatus.SENT, now, Degradation.NONE, message_ids=("1",))
    (claim,) = await dead.exchange([sent], platforms=["web"], limit=9, now=now)
    assert claim.part.place == in_thread("a", "77")
    await world.platform.send(claim.part.place, claim.part.payload, claim.part.reference)
    await world.chats.set_preferences(room("a"), Preferences())
    world.clock.advance(LEASE.total_seconds() + 1)
    await world.drain(world.worker(owner="new"))
    assert len(world.platform.searched) == 1
    assert numbers(world, in_thread("a", "77")) == [1]
    assert numbers(world, room("a")) == [0]


async def test_a_header_that_is_refused_leaves_its_sections_in_the_chat(world: World) -> None:
    """They come all the same, where the header would have stood."""
    world.has_threads = True
    world.platform.script = lambda _c, r, _n: Refused("no") if r.endswith(".0") else None
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(3))
    await world.drain()
    assert numbers(world, room("a")) == [1, 2]
    (report,) = await world.reports.deliveries(issue=1)
    assert report.count(PartStatus.SKIPPED) == 1


async def test_sections_wait_for_a_header_that_nobody_can_tell_of(world: World) -> None:
    """They do not scatter over the channel; the next issue is not held up; a person's word lets them go."""
    world.has_threads = True
    world.platform.blind = True
    world.platform.script = lambda _c, r, n: Uncertain("no answer") if r == f"{first}.0" and n == 1 else None
    first = ""
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(3))
    claims = await world.outbox("x").exchange([], platforms=["web"], limit=9, now=world.clock.now())
    first = claims[0].part.reference.partition(".")[0]
    world.clock.advance(LEASE.total_seconds() + 1)
    await world.plan(2, some_parts(2))
    await world.drain()
    reports = {report.issue: report for report in await world.reports.deliveries()}
    assert [part.status.value for part in reports[1].parts] == ["uncertain", "pending", "pending"]
    assert {part.status for part in reports[2].parts} == {PartStatus.SENT}
    await world.settling.declare_lost(await world.settling.questions(issue=1), now=world.clock.now())
    world.platform.script = lambda _c, _r, _n: None
    await world.drain(world.worker(owner="later"))
    assert numbers(world, room("a")) == [0, 0]
    assert numbers(world, in_thread("a", "2")) == [1, 2]


async def test_a_header_seen_by_a_person_has_no_name_to_answer(world: World) -> None:
    """Its sections then stand in the channel, behind it."""
    world.has_threads = True
    world.platform.blind = True
    world.platform.script = lambda _c, r, _n: Uncertain("no answer") if r.endswith(".0") else None
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(2))
    await world.drain()
    assert numbers(world, room("a")) == []
    await world.settling.declare_sent(await world.settling.questions(), now=world.clock.now())
    await world.drain(world.worker(owner="later"))
    assert numbers(world, room("a")) == [1]


async def test_a_header_that_a_person_names_is_answered(world: World) -> None:
    """Whoever says which message it is has its sections in its thread."""
    world.has_threads = True
    world.platform.blind = True
    world.platform.script = lambda _c, r, _n: Uncertain("no answer") if r.endswith(".0") else None
    await world.subscribe(room("a"))
    await world.plan(1, some_parts(2))
    await world.drain()
    (question,) = await world.settling.questions()
    assert question.is_answered
    await world.settling.declare_sent([question], now=world.clock.now(), message_id="9")
    await world.drain(world.worker(owner="later"))
    assert numbers(world, in_thread("a", "9")) == [1]
    (report,) = await world.reports.deliveries(issue=1)
    assert [(part.section, part.thread, part.message_ids) for part in report.parts] == [
        ("", None, ("9",)),
        ("Section 1", "9", ("1",)),
    ]


def closed(thread: str) -> Outcome:
    return Closed(f"topic {thread} is closed", Scope.THREAD)


async def test_sections_go_to_their_topics(world: World) -> None:
    """Each to its own, the rest where the chat is subscribed; together in the order of the issue."""
    chat = in_thread("a", "7")
    await world.subscribe(chat)
    threads = (("section 1", "77"), ("Section 3", "78"))
    await world.chats.set_preferences(chat, Preferences(threads=threads))
    await world.plan(1, some_parts(5))
    await world.drain()
    assert numbers(world, chat) == [0, 2, 4]
    assert numbers(world, in_thread("a", "77")) == [1]
    assert numbers(world, in_thread("a", "78")) == [3]
    assert world.told == []


async def test_a_section_whose_topic_is_closed_goes_where_the_chat_is_subscribed(world: World) -> None:
    """In its order; the reason is kept and told once, that issue tries the topic no more, and the chat stays."""
    chat = in_thread("a", "7")
    world.platform.script = lambda c, _r, _n: closed("77") if c.thread == "77" else None
    await world.subscribe(chat)
    await world.chats.set_preferences(chat, Preferences(threads=(("S", "77"), ("T", "78"))))
    header, *_ = some_parts(1)
    parts = [
        header,
        *(PlannedPart(at, {"text": str(n)}, name) for n, (at, name) in enumerate([(0, "S"), (0, "S"), (1, "T")])),
    ]
    await world.plan(1, parts)
    await world.drain()
    assert numbers(world, chat) == [0, 1, 2]
    assert numbers(world, in_thread("a", "78")) == [3]
    assert world.told == [("S", "topic 77 is closed")]
    (report,) = await world.reports.deliveries(issue=1)
    assert report.status is PartStatus.SENT
    assert report.shut == (("77", "topic 77 is closed"),)
    known = await world.chats.get(chat)
    assert known is not None
    assert known.status is SubscriptionStatus.ACTIVE
    world.platform.script = lambda _c, _r, _n: None
    await world.plan(2, parts)
    await world.drain(world.worker(owner="later"))
    assert numbers(world, in_thread("a", "77")) == [1, 2]


async def test_the_topic_a_chat_is_subscribed_in_is_its_own_affair(world: World) -> None:
    """Where it is closed, that subscription is suspended with the reason; nothing goes elsewhere in the group."""
    chat = in_thread("a", "7")
    world.platform.script = lambda c, _r, _n: closed("7") if c.thread == "7" else None
    await world.subscribe(chat, room("a"))
    await world.plan(1, some_parts(3))
    await world.drain()
    assert numbers(world, room("a")) == [0, 1, 2]
    known = await world.chats.get(chat)
    assert known is not None
    assert (known.status, known.reason) == (SubscriptionStatus.SUSPENDED, "topic 7 is closed")
