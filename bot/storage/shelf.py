"""What people keep: each person's own saved entries, the last saved first. Nobody else's are ever read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import Row, bindparam, delete, exists, func, select
from sqlalchemy.dialects.sqlite import insert

from bot.model.search import Place
from bot.storage.codec import ENTRY
from bot.storage.counting import reserve
from bot.storage.engine import Database
from bot.storage.issues import StoredEntry
from bot.storage.tables import entries, issues, saved, sections

SHELF_LIMIT = 1000
"""Entries that one person can keep: whoever reads every issue keeps that many in years."""


class Kept(StrEnum):
    """What saving an entry did."""

    SAVED = "saved"
    ALREADY = "already"
    FULL = "full"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class SavedEntry:
    """An entry somebody keeps; `id` names it on the shelf.

    `title` and `issue` are as they were when it was saved; `stored` is None once it has gone from there.
    """

    id: int
    title: str
    issue: int
    saved_at: datetime
    stored: StoredEntry | None = None


@dataclass(frozen=True, slots=True)
class ShelfPage:
    """A stretch of a shelf, and how many entries it holds in all."""

    saved: tuple[SavedEntry, ...]
    offset: int
    total: int


_THEIRS = saved.c.person == bindparam("who")
_RESERVE = reserve(saved)
_COUNT = select(func.count()).select_from(saved).where(_THEIRS)
_HAS = select(exists().where(_THEIRS, saved.c.entry_id == bindparam("entry")))
_THERE = (
    select(entries.c.title, issues.c.number)
    .join(issues, issues.c.id == entries.c.issue_id)
    .where(entries.c.id == bindparam("entry"))
)
_SHELF = (
    select(saved, entries.c.content, issues.c.number, issues.c.base, sections.c.title.label("section"))
    .outerjoin(entries, entries.c.id == saved.c.entry_id)
    .outerjoin(issues, issues.c.id == entries.c.issue_id)
    .outerjoin(sections, sections.c.id == entries.c.section_id)
    .where(_THEIRS)
    .order_by(saved.c.id.desc())
)


class ShelfStore:
    """The shelves of all readers. A person is named by their address."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def save(self, person: str, entry_id: int, *, now: datetime) -> Kept:
        """Put an entry on a person's shelf."""
        whose = {"who": person, "entry": entry_id}
        async with self._database.write() as connection:
            if await connection.scalar(_HAS, whose):
                return Kept.ALREADY
            there = (await connection.execute(_THERE, whose)).one_or_none()
            if there is None:
                return Kept.GONE
            if int(await connection.scalar(_COUNT, whose) or 0) >= SHELF_LIMIT:
                return Kept.FULL
            new_id = await connection.scalar(_RESERVE, {"count": 1})
            row = {"id": new_id, "person": person, "entry_id": entry_id, "issue": there.number, "title": there.title}
            await connection.execute(insert(saved).values(row | {"saved_at": now}))
            return Kept.SAVED

    async def remove(self, person: str, entry_id: int) -> bool:
        """Take an entry off a person's shelf; False where it was not there."""
        theirs = (saved.c.person == person, saved.c.entry_id == entry_id)
        async with self._database.write() as connection:
            return (await connection.execute(delete(saved).where(*theirs))).rowcount > 0

    async def drop(self, person: str, saved_id: int) -> bool:
        """Take what has this id off a person's shelf, gone from its issue or not; False where it is not there."""
        theirs = (saved.c.person == person, saved.c.id == saved_id)
        async with self._database.write() as connection:
            return (await connection.execute(delete(saved).where(*theirs))).rowcount > 0

    async def has(self, person: str, entry_id: int) -> bool:
        """Tell whether an entry is on a person's shelf."""
        async with self._database.read() as connection:
            return bool(await connection.scalar(_HAS, {"who": person, "entry": entry_id}))

    async def page(self, person: str, *, limit: int = SHELF_LIMIT, offset: int = 0) -> ShelfPage:
        """Return a stretch of a person's shelf."""
        async with self._database.read() as connection:
            total = int(await connection.scalar(_COUNT, {"who": person}) or 0)
            rows = await connection.execute(_SHELF.limit(limit).offset(offset), {"who": person})
            return ShelfPage(tuple(_saved(row) for row in rows), offset, total)


def _saved(row: Row[*tuple[Any, ...]]) -> SavedEntry:
    stored = None
    if row.content is not None:
        entry = replace(ENTRY.decode(row.content), id=row.entry_id)
        stored = StoredEntry(entry, Place(row.number, row.section, row.entry_id), row.base)
    return SavedEntry(row.id, row.title, row.issue, row.saved_at, stored)
