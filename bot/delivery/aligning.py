"""Which part of an edited issue takes the place of which delivered one. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace

from bot.storage.publishing import PlannedPart

GONE = -1
"""The section of a part that the issue has no more: nothing leads there."""


def align(delivered: Sequence[PlannedPart], edited: Sequence[PlannedPart]) -> list[PlannedPart]:
    """Return the edited parts in the places of the delivered ones; those that are new come behind.

    A part is the same that begins with the same entry, or else the next of its section. What has gone stays as it
    was delivered, since no message is taken away.
    """
    heirs = _match(delivered, edited)
    kept = [
        edited[heirs[i]] if i in heirs else replace(part, section=GONE, entries=()) for i, part in enumerate(delivered)
    ]
    taken = set(heirs.values())
    return [*kept, *(part for j, part in enumerate(edited) if j not in taken)]


def _match(delivered: Sequence[PlannedPart], edited: Sequence[PlannedPart]) -> dict[int, int]:
    by_entry = {part.entries[0]: j for j, part in enumerate(edited) if part.entries}
    first = {i: part.entries[0] for i, part in enumerate(delivered) if part.entries}
    heirs = {i: by_entry[entry] for i, entry in first.items() if entry in by_entry}
    taken, waiting = set(heirs.values()), defaultdict[str, list[int]](list)
    for j, part in enumerate(edited):
        if j not in taken:
            waiting[_home(part)].append(j)
    for i, part in enumerate(delivered):
        if i not in heirs and (free := waiting[_home(part)]):
            heirs[i] = free.pop(0)
    return heirs


def _home(part: PlannedPart) -> str:
    return "header" if part.section is None else f"section {part.title}"
