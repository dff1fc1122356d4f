"""Headers that lead to their sections: after the last part, once, and never at the delivery's cost."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from bot.delivery.amend import Amender
from bot.delivery.linking import TRIES, Linker
from bot.delivery.pacing import Pacer
from bot.delivery.publish import Publisher
from bot.model.chat import Address, ChatKind, Preferences
from bot.model.delivery import Closed, Later, Outcome, PartStatus, Payload, Post, Refused, Uncertain
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import spans_of
from bot.storage.amending import AmendingStore
from bot.storage.linking import LinkingStore
from bot.storage.publishing import Target
from bot.storage.tables import edition_parts
from bot.storage.whereabouts import Whereabouts
from tests.unit.delivery.conftest import LEASE, NO_LIMITS, UTC_ZONE, World, degrade, room

ISSUE = Issue(
    1,
    "One",
    sections=(
        Section("A", (Entry("Apple", id=1),)),
        Section("Empty"),
        Section("B", (Entry("Berry", id=2), Entry("Banana", id=3))),
    ),
)


class NoIndex:
    """An index that is asked nothing."""

    async def entries_on(self, topics: Sequence[str], issue: int) -> frozenset[int]:
        raise AssertionError

    async def entries_matching(self, query: str, issue: int) -> frozenset[int]:
        raise AssertionError


def compose(_platform: str, post: Post) -> list[Payload]:
    """A message a unit, with its words and where they lead."""
    return [
        {
            "text": "".join(span.text for span in spans_of(unit.blocks)),
            "links": {span.text: span.href for span in spans_of(unit.blocks) if span.href},
        }
        for unit in post.units
    ]


class Stage:
    """A delivery of an issue, and the step behind it."""

    def __init__(self, world: World) -> None:
        world.platform.has_links = True
        self.world = world
        self.pacer = Pacer(world.clock, {"web": NO_LIMITS})
        self.publisher = Publisher(world.plans, NoIndex(), compose, "en", UTC_ZONE)
        self.issue = ISSUE

    async def deliver(self, *addresses: Address) -> None:
        await self.world.subscribe(*addresses, kind=ChatKind.GROUP)
        await self.world.issues.save(ISSUE, content_hash="", now=self.world.clock.now(), publish_at=None)
        await self.publisher.publish(ISSUE, target=Target(), now=self.world.clock.now(), at_once=True)
        await self.world.drain()

    def linker(self) -> Linker:
        async def get_issue(_number: int) -> Issue:
            return self.issue

        return Linker(
            LinkingStore(self.world.database),
            self.publisher,
            issues=get_issue,
            editors={"web": self.world.platform},
            compose=compose,
            degrade=lambda _name: degrade,
            pacer=self.pacer,
            roster=self.world.roster(),
            clock=self.world.clock,
            lease=LEASE,
        )

    async def link(self) -> None:
        task = asyncio.ensure_future(self.linker().drain())
        await self.world.clock.pass_until(task, self.world.database, within=24 * 3600)

    def links(self) -> list[dict[str, Any]]:
        """Return where the headers lead, edit by edit."""
        return [payload["links"] for _, _, payload in self.world.platform.edits]

    async def amend(self, issue: Issue) -> None:
        self.issue = issue
        await self.world.issues.save(issue, content_hash="2", now=self.world.clock.now(), publish_at=None)
        amender = Amender(
            AmendingStore(self.world.database),
            self.publisher,
            editors={"web": self.world.platform},
            degrade=lambda _name: degrade,
            pacer=self.pacer,
            roster=self.world.roster(),
            clock=self.world.clock,
        )

        async def act() -> None:
            for difference in await amender.differences(issue):
                async for amended in amender.amend(issue, difference, resend=False):
                    assert not amended.error

        task = asyncio.ensure_future(act())
        await self.world.clock.pass_until(task, self.world.database, within=3600)


@pytest.fixture
async def stage(world: World) -> Stage:
    return Stage(world)


async def test_a_header_leads_to_the_first_message_of_each_section(stage: Stage) -> None:
    """Its own message is edited, once; its words stay."""
    await stage.deliver(room("a"))
    await stage.link()
    await stage.link()
    assert stage.links() == [{"A": "https://chat.example/a/-/2", "B": "https://chat.example/a/-/3"}]
    ((chat, ids, payload),) = stage.world.platform.edits
    assert (chat, ids) == (room("a"), ("1",))
    assert payload["text"] == stage.world.platform.shown["web:a"][0]["text"]
    assert stage.world.platform.shown["web:a"][0]["links"] == {}


async def test_an_entry_is_found_where_it_was_delivered(stage: Stage) -> None:
    """In each chat under its own message, in the thread it went to; nowhere where it did not come."""
    chat = room("b")
    await stage.world.subscribe(chat, kind=ChatKind.GROUP)
    await stage.world.chats.set_preferences(chat, Preferences(threads=(("B", "77"),)))
    await stage.deliver(room("a"))
    stored = await stage.world.issues.get_issue(1)
    assert stored is not None
    found = Whereabouts(stage.world.database)
    for asked, expected in (
        (room("a"), [("web:a", "2"), ("web:a", "3"), ("web:a", "4")]),
        (chat, [("web:b", "2"), ("web:b/77", "1"), ("web:b/77", "2")]),
    ):
        places = [await found.find(asked, entry.id) for entry in stored.entries]
        assert [(str(place.place), place.message_id) for place in places if place] == expected
    assert await found.find(replace(chat, thread="5"), stored.entries[0].id) is not None
    assert await found.find(room("c"), stored.entries[0].id) is None
    assert await found.find(room("a"), 999) is None


async def test_each_chat_gets_its_own_links(stage: Stage) -> None:
    """Chats that share an edition do not share addresses; sections in threads are found there."""
    await stage.world.subscribe(room("b"), kind=ChatKind.GROUP)
    await stage.world.chats.set_preferences(room("b"), Preferences(threads=(("B", "77"),)))
    await stage.deliver(room("a"))
    await stage.link()
    assert sorted(links["B"] for links in stage.links()) == [
        "https://chat.example/a/-/3",
        "https://chat.example/b/77/1",
    ]


async def test_messages_without_addresses_are_linked_nowhere(stage: Stage) -> None:
    """Nothing is edited, and nothing waits."""
    stage.world.platform.has_links = False
    await stage.deliver(room("a"))
    assert await LinkingStore(stage.world.database).next_due(platforms=["web"]) is None
    await stage.link()
    assert stage.world.platform.edits == []


async def test_nothing_is_linked_before_all_has_arrived(stage: Stage) -> None:
    """A delivery under way has no links yet."""
    stage.world.platform.script = lambda _c, r, n: (
        Later("busy", timedelta(minutes=5)) if r.endswith(".2") and n == 1 else None
    )
    await stage.world.subscribe(room("a"), kind=ChatKind.GROUP)
    await stage.world.issues.save(ISSUE, content_hash="", now=stage.world.clock.now(), publish_at=None)
    await stage.publisher.publish(ISSUE, target=Target(), now=stage.world.clock.now(), at_once=True)
    worker = stage.world.worker()
    stage.world.platform.called = lambda: worker.stop() if len(stage.world.platform.times) == 3 else None
    await stage.world.drain(worker)
    await stage.link()
    assert stage.world.platform.edits == []
    stage.world.platform.called = lambda: None
    await stage.world.drain(stage.world.worker(owner="two"), within=600)
    await stage.link()
    assert len(stage.links()) == 1


async def test_a_killed_linker_leaves_it_to_the_next(stage: Stage) -> None:
    """What was claimed comes back, and is done again to the same effect."""
    await stage.deliver(room("a"))
    store = LinkingStore(stage.world.database)
    now = stage.world.clock.now()
    assert len(await store.claim(platforms=["web"], now=now, lease=LEASE, limit=9)) == 1
    assert await store.claim(platforms=["web"], now=now, lease=LEASE, limit=9) == ()
    await stage.link()
    assert stage.world.clock.now() - now >= LEASE
    assert len(stage.links()) == 1


@pytest.mark.parametrize("outcome", [Later("429", timedelta(seconds=5)), Later("dns"), Uncertain("no answer")])
async def test_what_may_pass_later_is_tried_again(stage: Stage, outcome: Outcome) -> None:
    """Doing it twice does no harm."""
    stage.world.platform.edit_script = lambda tries: outcome if tries < 3 else None
    await stage.deliver(room("a"))
    await stage.link()
    assert len(stage.links()) == 3
    assert await LinkingStore(stage.world.database).next_due(platforms=["web"]) is None


@pytest.mark.parametrize(
    ("outcome", "tries"), [(Refused("gone"), 1), (Closed("kicked"), 1), (Later("flood", timedelta(seconds=1)), TRIES)]
)
async def test_a_header_that_cannot_be_linked_harms_no_delivery(stage: Stage, outcome: Outcome, tries: int) -> None:
    """It is given up in the end; every part stays sent, and the chat subscribed."""
    stage.world.platform.edit_script = lambda _tries: outcome
    await stage.deliver(room("a"))
    await stage.link()
    assert len(stage.links()) == tries
    assert await LinkingStore(stage.world.database).next_due(platforms=["web"]) is None
    (report,) = await stage.world.reports.deliveries()
    assert report.status is PartStatus.SENT
    assert len(stage.world.platform.chats["web:a"]) == len(report.parts)


async def test_edits_keep_their_own_limit(stage: Stage) -> None:
    """Where a platform counts edits, no more are made in a window than it allows, and none is given up for that."""
    stage.pacer = Pacer(stage.world.clock, {"web": replace(NO_LIMITS, edits=(3, 60.0))})
    made: list[float] = []
    stage.world.platform.edit_script = lambda _tries: made.append(stage.world.clock.now().timestamp())
    rooms = [room(f"r{i}") for i in range(11)]
    await stage.deliver(*rooms)
    await stage.link()
    assert len({chat for chat, _, _ in stage.world.platform.edits}) == len(made) == 11
    assert all(later - earlier >= 60 for earlier, later in zip(made, made[3:], strict=False))
    assert made[-1] - made[0] < 200


async def test_a_part_that_was_skipped_is_led_to_by_nothing(stage: Stage) -> None:
    """The others are."""
    stage.world.platform.script = lambda _c, r, _n: Refused("no") if r.endswith(".1") else None
    await stage.deliver(room("a"))
    await stage.link()
    assert stage.links() == [{"B": "https://chat.example/a/-/2"}]


@pytest.mark.parametrize("is_told", [True, False])
async def test_an_issue_that_was_edited_meanwhile_is_linked_as_it_was_delivered(stage: Stage, *, is_told: bool) -> None:
    """Frozen content stays frozen until amend is asked for, and has its links; an older edition gets them then."""
    await stage.deliver(room("a"))
    if not is_told:
        async with stage.world.database.write() as connection:
            await connection.execute(update(edition_parts).values(post=None))
    edited = replace(ISSUE, title="Two")
    stage.issue = edited
    await stage.link()
    links = {"A": "https://chat.example/a/-/2", "B": "https://chat.example/a/-/3"}
    assert stage.links() == [links] * is_told
    assert all("Two" not in payload["text"] for _, _, payload in stage.world.platform.edits)
    await stage.amend(edited)
    assert stage.links() == [links] * (1 + is_told)
    assert "Two" in stage.world.platform.edits[-1][2]["text"]


async def test_amending_keeps_the_links(stage: Stage) -> None:
    """The header that is edited leads where it led; a section that is edited leaves it alone."""
    await stage.deliver(room("a"))
    await stage.link()
    first = stage.links()
    berry = replace(ISSUE.sections[2], entries=(Entry("Blackberry", id=2), Entry("Banana", id=3)))
    await stage.amend(replace(ISSUE, sections=(*ISSUE.sections[:2], berry)))
    headers = [payload for _, ids, payload in stage.world.platform.edits if ids == ("1",)]
    assert "Blackberry" in headers[-1]["text"]
    assert [payload["links"] for payload in headers] == first * 2
