"""In which message an entry begins."""

from __future__ import annotations

from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters import PLATFORMS, platform
from bot.delivery.locating import locate
from bot.formatters.issue import format_issue
from bot.locales import open_words
from bot.model.chat import Layout
from bot.model.digest import Entry, Issue, Section
from bot.model.richtext import Document, paragraph
from bot.model.selection import Match, Selection


def test_an_entry_begins_where_its_title_begins_a_line() -> None:
    """Not where another one speaks of it; behind a bullet or a mark it is still the beginning."""
    texts = ["Section\nApple\nless than a Banana, and a Cherry", "🔔 Banana\nyellow", "• Cherry · Ada"]
    assert locate(["Apple", "Banana", "Cherry"], texts) == [0, 1, 2]


def test_a_title_that_begins_another_is_told_from_it() -> None:
    """The message is the one that holds the entry, not one before it whose titles or texts begin alike."""
    texts = ["NeRF in NYC\nNeRF is everywhere.", "1. NeRF · Ada", "NeRF++"]
    assert locate(["NeRF in NYC", "NeRF", "NeRF++"], texts) == [0, 1, 2]


def test_what_is_nowhere_begins_with_the_one_before() -> None:
    """And does not lead those behind it astray."""
    assert locate(["Apple", "?", "Banana"], ["Apple", "Banana"]) == [0, 0, 1]
    assert locate(["?"], [""]) == [0]


@given(st.lists(st.text(), max_size=5), st.lists(st.text(), min_size=1, max_size=5))
def test_places_never_go_back(titles: list[str], texts: list[str]) -> None:
    """Whatever the texts: one place for each title, in order, and each is one of the texts."""
    places = locate(titles, texts)
    assert len(places) == len(titles)
    assert places == list(accumulate(places, max))
    assert all(0 <= place < len(texts) for place in places)


@pytest.mark.parametrize("name", PLATFORMS)
@pytest.mark.parametrize("layout", Layout)
def test_every_platform_begins_an_entry_with_its_title(name: str, layout: Layout) -> None:
    """Composed by the platform itself, every entry of a long section is found in the message that begins it."""
    entries = tuple(
        Entry(f"Title {n} <of> a _paper_", body=Document((paragraph(f"Unlike Title {n + 1}. " + "words " * 99),)), id=n)
        for n in range(1, 40)
    )
    issue = Issue(1, "One", sections=(Section("A", entries),))
    watched = Selection(matches=(Match("q", frozenset({3, 20})),))
    _, *posts = format_issue(issue, layout=layout, words=open_words("en"), selection=watched)
    assert [entry for post in posts for entry in post.entries] == [entry.id for entry in entries]
    for post in posts:
        texts = [platform(name).text_of(payload) for payload in platform(name).compose(post)]
        titles = [entries[entry - 1].title for entry in post.entries]
        for title, place in zip(titles, locate(titles, texts), strict=True):
            assert any(0 <= line.find(title) <= 6 for line in texts[place].splitlines())
