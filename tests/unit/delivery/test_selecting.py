"""Which entries come, which are marked, and which chats share an edition."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import pytest

from bot.delivery.publish import Publisher
from bot.delivery.selecting import Selector, choose, narrow
from bot.model.chat import Preferences, Variant
from bot.model.delivery import Payload, Post
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import spans_of
from bot.model.selection import Match
from bot.storage.publishing import Target
from tests.unit.delivery.conftest import UTC_ZONE, World, room

NERF, SLAM = Match("nerf", frozenset({1, 2})), Match("slam", frozenset({3}))
NONE = Match("gnn", frozenset())


@dataclass
class Index:
    """An index of one issue, which notes what it is asked."""

    topics: dict[str, frozenset[int]] = field(default_factory=dict)
    queries: dict[str, frozenset[int]] = field(default_factory=dict)
    asked: list[object] = field(default_factory=list)

    async def entries_on(self, topics: Sequence[str], issue: int) -> frozenset[int]:
        self.asked.append(topics)
        return frozenset[int]().union(*(self.topics.get(topic, frozenset()) for topic in topics))

    async def entries_matching(self, query: str, issue: int) -> frozenset[int]:
        self.asked.append(query)
        return self.queries.get(query, frozenset())


def test_without_a_choice_everything_comes() -> None:
    """Standing queries alone take nothing away."""
    variant = Variant(watches=("nerf",))
    assert choose(variant, frozenset(), [NERF]).wanted is None
    assert choose(variant, frozenset(), [NERF]).watched == {1, 2}


def test_topics_narrow_what_comes() -> None:
    """A topic that nothing belongs to leaves nothing."""
    assert choose(Variant(topics=("a",)), frozenset({2, 5}), []).wanted == {2, 5}
    assert choose(Variant(topics=("a",)), frozenset(), []).wanted == frozenset()


def test_watched_only_narrows_to_what_is_watched_for() -> None:
    """Together with topics both narrow; what is watched for and not on them does not come."""
    only = Variant(watches=("nerf", "slam"), watched_only=True)
    assert choose(only, frozenset(), [NERF, SLAM]).wanted == {1, 2, 3}
    assert choose(only, frozenset(), [NONE]).wanted == frozenset()
    both = Variant(topics=("a",), watches=("nerf",), watched_only=True)
    assert choose(both, frozenset({2, 3}), [NERF]).wanted == {2}


def test_watched_only_without_queries_silences_nobody() -> None:
    """A wish that is left over from queries taken back takes nothing away."""
    assert Variant.of(Preferences(watched_only=True)) == Variant()


@pytest.mark.parametrize("only", [False, True])
def test_queries_that_find_nothing_make_no_edition(only: bool) -> None:
    """A variant without them selects the very same."""
    variant = Variant(watches=("gnn", "nerf"), watched_only=only)
    selection = choose(variant, frozenset(), [NONE, NERF])
    narrowed = narrow(variant, selection)
    assert narrowed.watches == ("nerf",)
    assert choose(narrowed, frozenset(), [NERF]) == selection


def test_who_watches_only_and_has_no_match_is_not_given_everything() -> None:
    """The narrowed variant still selects nothing."""
    variant = Variant(watches=("gnn",), watched_only=True)
    narrowed = narrow(variant, choose(variant, frozenset(), [NONE]))
    assert choose(narrowed, frozenset(), [NONE]).wanted == frozenset()


async def test_each_question_is_asked_once() -> None:
    """However many chats watch for the same."""
    index = Index(queries={"nerf": frozenset({1})})
    selector = Selector(index, 1)
    for _ in range(3):
        await selector.select(Variant(topics=("slam",), watches=("nerf",)))
        await selector.select(Variant(watches=("nerf", "gnn")))
    assert sorted(map(str, index.asked)) == sorted(["('slam',)", "nerf", "gnn"])


ISSUE = Issue(
    1, "One", sections=(Section("A", (Entry("E1", id=1), Entry("E2", id=2))), Section("B", (Entry("E3", id=3),)))
)


def compose(_platform: str, post: Post) -> list[Payload]:
    """A message is its words."""
    return [{"text": "".join(span.text for unit in post.units for span in spans_of(unit.blocks))}]


async def test_chats_that_get_the_same_share_an_edition(world: World) -> None:
    """Chats whose own queries find nothing take one edition; and everybody gets all of it, once."""
    await world.issues.save(ISSUE, content_hash="", now=world.clock.now(), publish_at=None)
    await world.subscribe(*(room(f"r{i}") for i in range(5)))
    for i in range(4):
        await world.chats.set_preferences(room(f"r{i}"), Preferences(watches=(f"query {i}",)))
    index = Index(queries={"query 3": frozenset({3})})
    publisher = Publisher(world.plans, index, compose, "en", UTC_ZONE)
    editions = [(audience, parts) async for audience, parts in publisher.editions(ISSUE, Target())]
    assert sorted((audience.variant.watches, audience.count) for audience, _ in editions) == [
        ((), 4),
        (("query 3",), 1),
    ]
    planned = await publisher.publish(ISSUE, target=Target(), now=world.clock.now(), at_once=True)
    assert (planned.publications, planned.parts) == (5, 15)
    assert (await publisher.publish(ISSUE, target=Target(), now=world.clock.now(), at_once=True)).parts == 0
    await world.drain()
    assert {len(world.platform.chats[str(room(f"r{i}"))]) for i in range(5)} == {3}


async def test_what_editions_have_in_common_is_composed_once(world: World) -> None:
    """Two editions that differ in one section share the work for the other."""
    await world.issues.save(ISSUE, content_hash="", now=world.clock.now(), publish_at=None)
    await world.subscribe(room("a"), room("b"))
    await world.chats.set_preferences(room("b"), Preferences(watches=("three",)))
    composed: list[int | None] = []

    def note(platform: str, post: Post) -> list[Payload]:
        composed.append(post.section)
        return compose(platform, post)

    publisher = Publisher(world.plans, Index(queries={"three": frozenset({3})}), note, "en", UTC_ZONE)
    await publisher.publish(ISSUE, target=Target(), now=world.clock.now())
    assert sorted(composed, key=str) == [0, 1, 1, None, None]
