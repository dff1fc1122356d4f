"""Which message an edit changes: the one that held the same, wherever it stands in the file now."""

from __future__ import annotations

from bot.delivery.aligning import GONE, align
from bot.storage.publishing import PlannedPart

HEADER = PlannedPart(None, {"text": "header"})


def part(section: int, title: str, text: str, *entries: int) -> PlannedPart:
    return PlannedPart(section, {"text": text}, title, entries)


DELIVERED = [HEADER, part(0, "Papers", "a", 1, 2), part(0, "Papers", "b", 3), part(1, "Jobs", "c", 4)]


def texts(edited: list[PlannedPart]) -> list[str]:
    return [str(one.payload["text"]) for one in align(DELIVERED, edited)]


def test_what_did_not_change_stays_in_its_place() -> None:
    """The same content, the same places."""
    assert align(DELIVERED, DELIVERED) == DELIVERED


def test_a_section_that_is_new_comes_behind_the_others() -> None:
    """It stands first in the file, and takes nobody's message."""
    new = part(0, "News", "new", 9)
    moved = [HEADER, new, part(1, "Papers", "a", 1, 2), part(1, "Papers", "b", 3), part(2, "Jobs", "c", 4)]
    aligned = align(DELIVERED, moved)
    assert [one.payload["text"] for one in aligned] == ["header", "a", "b", "c", "new"]
    assert [one.section for one in aligned] == [None, 1, 1, 2, 0]


def test_a_section_that_has_gone_stays_as_it_was_delivered() -> None:
    """No message is taken away, and nothing leads there."""
    aligned = align(DELIVERED, [HEADER, part(0, "Jobs", "c2", 4)])
    assert [(one.section, one.payload["text"]) for one in aligned] == [
        (None, "header"),
        (GONE, "a"),
        (GONE, "b"),
        (0, "c2"),
    ]
    again = align(aligned, [HEADER, part(0, "Jobs", "c3", 4)])
    assert [one.payload["text"] for one in again] == ["header", "a", "b", "c3"]


def test_an_entry_leads_its_message_under_any_title() -> None:
    """A section that is renamed, or whose entries changed places, keeps its messages."""
    assert texts([HEADER, part(0, "Results", "b2", 3), part(0, "Results", "a2", 1), part(1, "Jobs", "c2", 5)]) == [
        "header",
        "a2",
        "b2",
        "c2",
    ]
