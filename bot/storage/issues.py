"""Issues and their entries. An entry keeps its identity through edits of its file, so that buttons stay true."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Row,
    ScalarSelect,
    Select,
    and_,
    bindparam,
    delete,
    func,
    insert,
    select,
    update,
)

from bot.model.digest import Entry, Issue, Section
from bot.model.search import Place
from bot.storage.codec import DOCUMENT, ENTRY
from bot.storage.counting import reserve
from bot.storage.engine import Database
from bot.storage.tables import entries, issues, sections

Indexer = Callable[[Connection, Sequence[int]], None]
"""Brings the search index of some issues (their ids) up to date, inside the transaction that stored them."""

LAST_FEW = 6
"""Issues whose sections are those that the digest has: not each issue has all of them."""

_ISSUE = select(issues).where(issues.c.number == bindparam("issue_number"))
_LATEST = select(issues).order_by(issues.c.number.desc()).limit(1)
_SECTIONS = select(sections).where(sections.c.issue_id == bindparam("issue")).order_by(sections.c.position)
_ENTRIES = (
    select(entries.c.id, entries.c.section_id, entries.c.content)
    .where(entries.c.issue_id == bindparam("issue"))
    .order_by(entries.c.position)
)
_RESERVE = reserve(entries)
_IDENTITIES = select(entries.c.id, entries.c.source_url, entries.c.title).where(
    entries.c.issue_id == bindparam("issue")
)
_SUMMARIES = (
    select(
        issues,
        select(func.count()).where(sections.c.issue_id == issues.c.id).scalar_subquery().label("section_count"),
        select(func.count()).where(entries.c.issue_id == issues.c.id).scalar_subquery().label("entry_count"),
    )
    .order_by(issues.c.number.desc())
    .select_from(issues)
)
_BESIDE = entries.alias()


def _beside(is_there: ColumnElement[bool], nearest: ColumnElement[int]) -> ScalarSelect[int]:
    return (
        select(_BESIDE.c.id)
        .where(_BESIDE.c.section_id == entries.c.section_id, is_there)
        .order_by(nearest)
        .limit(1)
        .scalar_subquery()
    )


_WITH_PLACE = (
    select(
        entries.c.id,
        entries.c.content,
        issues.c.number,
        issues.c.base,
        sections.c.title.label("section"),
        _beside(_BESIDE.c.position < entries.c.position, _BESIDE.c.position.desc()).label("before"),
        _beside(_BESIDE.c.position > entries.c.position, _BESIDE.c.position.asc()).label("after"),
    )
    .join(issues, issues.c.id == entries.c.issue_id)
    .join(sections, sections.c.id == entries.c.section_id)
)
_ENTRY = _WITH_PLACE.where(entries.c.id == bindparam("entry_id"))
_ANY_ID = select(entries.c.id).order_by(func.random()).limit(1).scalar_subquery()
_SOME_ENTRY = _WITH_PLACE.where(entries.c.id == _ANY_ID)
_LAST_FEW = select(issues.c.id).order_by(issues.c.number.desc()).limit(LAST_FEW)
_SECTION_TITLES = (
    select(sections.c.title)
    .join(issues, issues.c.id == sections.c.issue_id)
    .where(issues.c.id.in_(_LAST_FEW))
    .group_by(sections.c.title)
    .order_by(func.max(issues.c.number).desc(), func.min(sections.c.position))
)
_INSERT_ISSUE = insert(issues).returning(issues.c.id)
_INSERT_SECTION = insert(sections).returning(sections.c.id)
_INSERT_ENTRY = insert(entries)
_UPDATE_ENTRY = update(entries).where(entries.c.id == bindparam("entry_id"))
_NEXT_NUMBER = select(func.coalesce(func.max(issues.c.number), 0) + 1)
_DUE = (
    select(issues.c.number, issues.c.publish_at)
    .where(issues.c.published_at.is_(None), issues.c.publish_at <= bindparam("now"), issues.c.held == "")
    .order_by(issues.c.number)
)


@dataclass(frozen=True, slots=True)
class IssueSummary:
    """What a list of issues shows."""

    number: int
    title: str
    starts_on: date | None
    ends_on: date | None
    sections: int
    entries: int
    publish_at: datetime | None = None
    published_at: datetime | None = None
    held: str = ""


@dataclass(frozen=True, slots=True)
class StoredEntry:
    """An entry with the place it stands in; `base` is what its relative images are relative to.

    `before` and `after` are the ids of its neighbours in the section.
    """

    entry: Entry
    place: Place
    base: str
    before: int | None = None
    after: int | None = None


class Change(StrEnum):
    """What storing an issue changed."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"


class IssueStore:
    """The issues that were read."""

    def __init__(self, database: Database, *, indexer: Indexer | None = None) -> None:
        self._database = database
        self._indexer = indexer

    async def list_issues(self) -> tuple[IssueSummary, ...]:
        """Return all issues, newest first."""
        async with self._database.read() as connection:
            return tuple(_summary(row) for row in await connection.execute(_SUMMARIES))

    async def get_issue(self, number: int) -> Issue | None:
        """Return an issue with its entries' identities, None where there is none of this number."""
        return await self._load(_ISSUE, {"issue_number": number})

    async def latest_issue(self) -> Issue | None:
        """Return the issue of the highest number."""
        return await self._load(_LATEST, {})

    async def get_entry(self, entry_id: int) -> StoredEntry | None:
        """Return an entry, None where it no longer stands in its issue."""
        return await self._load_entry(_ENTRY, {"entry_id": entry_id})

    async def random_entry(self) -> StoredEntry | None:
        """Return any entry."""
        return await self._load_entry(_SOME_ENTRY, {})

    async def section_titles(self) -> tuple[str, ...]:
        """Return the titles of the sections of the last few issues: those of the latest first, in its order."""
        async with self._database.read() as connection:
            return tuple(row.title for row in await connection.execute(_SECTION_TITLES))

    async def save(self, issue: Issue, *, content_hash: str, now: datetime, publish_at: datetime | None) -> Saved:
        """Store an issue, in place of the one of its number; one without a number gets the next.

        `publish_at` is when the scheduler is to publish it if it is new; None leaves that to a person.
        """
        (saved,) = await self.save_all([Incoming(issue, content_hash)], now=now, publish_at=publish_at)
        return saved

    async def save_all(
        self, incoming: Sequence[Incoming], *, now: datetime, publish_at: datetime | None
    ) -> tuple[Saved, ...]:
        """Store several issues as `save` does, all of them or none."""
        return await self._database.change(partial(self._save_all, incoming=incoming, now=now, publish_at=publish_at))

    def _save_all(
        self, connection: Connection, *, incoming: Sequence[Incoming], now: datetime, publish_at: datetime | None
    ) -> tuple[Saved, ...]:
        saved = tuple(_save(connection, one, now=now, publish_at=publish_at) for one in incoming)
        changed = [one.issue_id for one in saved if one.change is not Change.UNCHANGED]
        if self._indexer is not None and changed:
            self._indexer(connection, changed)
        return saved

    async def due(self, now: datetime) -> tuple[tuple[int, datetime], ...]:
        """Return the issues whose scheduled time has come, with that time; those held for a person are left out."""
        async with self._database.read() as connection:
            return tuple((row.number, row.publish_at) for row in await connection.execute(_DUE, {"now": now}))

    async def hold(self, number: int, reason: str) -> bool:
        """Have an issue wait for a person; tells whether it did not for that reason before."""
        waits_anew = and_(issues.c.number == number, issues.c.held != reason)
        async with self._database.write() as connection:
            return (await connection.execute(update(issues).where(waits_anew).values(held=reason))).rowcount > 0

    async def mark_published(self, number: int, *, now: datetime) -> None:
        """Note that an issue was published, so that the schedule leaves it alone."""
        async with self._database.write() as connection:
            await connection.execute(update(issues).where(issues.c.number == number).values(published_at=now, held=""))

    async def _load(self, statement: Select[Any], parameters: dict[str, Any]) -> Issue | None:
        async with self._database.read() as connection:
            row = (await connection.execute(statement, parameters)).one_or_none()
            if row is None:
                return None
            section_rows = (await connection.execute(_SECTIONS, {"issue": row.id})).all()
            entry_rows = (await connection.execute(_ENTRIES, {"issue": row.id})).all()
        return _issue(row, section_rows, entry_rows)

    async def _load_entry(self, statement: Select[Any], parameters: dict[str, Any]) -> StoredEntry | None:
        async with self._database.read() as connection:
            row = (await connection.execute(statement, parameters)).one_or_none()
        if row is None:
            return None
        entry = replace(ENTRY.decode(row.content), id=row.id)
        return StoredEntry(entry, Place(row.number, row.section, row.id), row.base, row.before, row.after)


@dataclass(frozen=True, slots=True)
class Incoming:
    """An issue to be stored, with the hash of the file that it was read from."""

    issue: Issue
    content_hash: str


@dataclass(frozen=True, slots=True)
class Saved:
    """How an issue was stored."""

    number: int
    issue_id: int
    change: Change


def match_identities(known: Iterable[tuple[int, str | None, str]], new: Sequence[Entry]) -> list[int | None]:
    """Find which stored entry (id, source address, title) each entry of an edited issue is; None for a new one.

    By source address and title, then by source address, then by title; each stored entry is given once, in order.
    """
    left = list(known)
    found: list[int | None] = [None] * len(new)
    keys: tuple[Callable[[str | None, str], object], ...] = (
        lambda source, title: (source, title),
        lambda source, _title: source,
        lambda _source, title: title,
    )
    for key in keys:
        by_key: dict[object, list[int]] = {}
        for entry_id, source, title in left:
            by_key.setdefault(key(source, title), []).append(entry_id)
        for i, entry in enumerate(new):
            wanted = key(entry.source_url, entry.title)
            if found[i] is None and wanted and by_key.get(wanted):
                found[i] = by_key[wanted].pop(0)
        taken = set(found)
        left = [row for row in left if row[0] not in taken]
    return found


def _save(connection: Connection, incoming: Incoming, *, now: datetime, publish_at: datetime | None) -> Saved:
    issue, content_hash = incoming.issue, incoming.content_hash
    number = issue.number if issue.number is not None else int(connection.scalar(_NEXT_NUMBER) or 1)
    known = connection.execute(_ISSUE, {"issue_number": number}).one_or_none()
    values = _columns(issue, number, content_hash) | {"updated_at": now}
    if known is None:
        new = values | {"created_at": now, "publish_at": publish_at}
        issue_id = connection.scalars(_INSERT_ISSUE, new).one()
        _write_entries(connection, issue_id, issue, [None] * len(issue.entries))
        return Saved(number, issue_id, Change.NEW)
    if known.content_hash == content_hash and known.base == issue.base:
        return Saved(number, known.id, Change.UNCHANGED)
    connection.execute(update(issues).where(issues.c.id == known.id).values(values))
    old_sections = [row.id for row in connection.execute(_SECTIONS, {"issue": known.id})]
    _write_entries(connection, known.id, issue, _identify(connection, known.id, issue))
    if old_sections:
        connection.execute(delete(sections).where(sections.c.id.in_(old_sections)))
    return Saved(number, known.id, Change.CHANGED)


def _identify(connection: Connection, issue_id: int, issue: Issue) -> list[int | None]:
    """Find which stored entry each entry of an edited issue is; those that are none any more are deleted."""
    known = [(row.id, row.source_url, row.title) for row in connection.execute(_IDENTITIES, {"issue": issue_id})]
    identities = match_identities(known, issue.entries)
    kept = {entry_id for entry_id in identities if entry_id is not None}
    gone = [entry_id for entry_id, _, _ in known if entry_id not in kept]
    if gone:
        connection.execute(delete(entries).where(entries.c.id == bindparam("gone")), [{"gone": i} for i in gone])
    return identities


def _write_entries(connection: Connection, issue_id: int, issue: Issue, identities: Sequence[int | None]) -> None:
    """Insert an issue's sections, and its entries: those with an identity in place of what they were."""
    fresh = identities.count(None)
    last_id = connection.scalar(_RESERVE, {"count": fresh}) or 0
    new_ids = iter(range(last_id - fresh + 1, last_id + 1))
    position = 0
    new, old = [], []
    for section_position, section in enumerate(issue.sections):
        row = {"issue_id": issue_id, "position": section_position, "title": section.title}
        section_id = connection.scalar(_INSERT_SECTION, row)
        for entry in section.entries:
            columns = _entry_columns(entry, issue_id, section_id, position)
            if (identity := identities[position]) is None:
                new.append(columns | {"id": next(new_ids)})
            else:
                old.append(columns | {"entry_id": identity})
            position += 1
    if new:
        connection.execute(_INSERT_ENTRY, new)
    if old:
        connection.execute(_UPDATE_ENTRY, old)


def _columns(issue: Issue, number: int, content_hash: str) -> dict[str, Any]:
    return {
        "number": number,
        "title": issue.title,
        "starts_on": issue.starts_on,
        "ends_on": issue.ends_on,
        "preface": DOCUMENT.encode(issue.preface),
        "base": issue.base,
        "content_hash": content_hash,
    }


def _entry_columns(entry: Entry, issue_id: int, section_id: int, position: int) -> dict[str, Any]:
    return {
        "issue_id": issue_id,
        "section_id": section_id,
        "position": position,
        "title": entry.title,
        "source_url": entry.source_url,
        "content": ENTRY.encode(replace(entry, id=0)),
    }


def _issue(
    row: Row[*tuple[Any, ...]],
    section_rows: Sequence[Row[*tuple[Any, ...]]],
    entry_rows: Sequence[Row[*tuple[Any, ...]]],
) -> Issue:
    by_section: dict[int, list[Entry]] = {section.id: [] for section in section_rows}
    for entry in entry_rows:
        by_section[entry.section_id].append(replace(ENTRY.decode(entry.content), id=entry.id))
    return Issue(
        number=row.number,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        sections=tuple(Section(section.title, tuple(by_section[section.id])) for section in section_rows),
        preface=DOCUMENT.decode(row.preface),
        base=row.base,
    )


def _summary(row: Row[*tuple[Any, ...]]) -> IssueSummary:
    return IssueSummary(
        number=row.number,
        title=row.title,
        starts_on=row.starts_on,
        ends_on=row.ends_on,
        sections=row.section_count,
        entries=row.entry_count,
        publish_at=row.publish_at,
        published_at=row.published_at,
        held=row.held,
    )
