"""Reading the sources: what changed is parsed and stored; what cannot be read is told, and the rest goes on.

What an older version of the reader read counts as changed: a better one reads it again.
"""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, nullcontext
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from bot.clock import Clock
from bot.model.digest import Issue
from bot.parsing import READER_VERSION, ParseError, UnreadableFile, decode, is_index, parse_issue
from bot.settings import Settings
from bot.sources import Source, SourceError, SourceFile, name_source, open_source
from bot.storage.engine import Database
from bot.storage.issues import Change, Incoming, IssueStore
from bot.storage.sources import KnownFile, SourceStore

log = logging.getLogger(__name__)

ENTRIES_AT_ONCE = 300
"""Entries after which a transaction ends: few enough that deliveries do not wait for it."""


class FileChange(StrEnum):
    """What reading a file brought."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    NO_ISSUE = "no issue"
    UNREADABLE = "unreadable"
    GONE = "gone"


_CHANGES = {
    Change.NEW: FileChange.NEW,
    Change.CHANGED: FileChange.CHANGED,
    Change.UNCHANGED: FileChange.UNCHANGED,
}


@dataclass(frozen=True, slots=True)
class FileReport:
    """How one file was read.

    `name` is empty where a source as a whole could not be read. `is_known` marks a file that was not read again: it is
    as it was when it was last told of.
    """

    source: str
    name: str
    change: FileChange
    number: int | None = None
    entries: int = 0
    error: str = ""
    is_known: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether there is nothing to tell of it, even to somebody who asks."""
        return self.change in {FileChange.UNCHANGED, FileChange.NO_ISSUE}

    def describe(self) -> str:
        """Return the report as one line."""
        where = f"{self.source.rstrip('/')}/{self.name}" if self.name else self.source
        match self.change:
            case FileChange.UNREADABLE:
                return f"{where}: {self.error}"
            case FileChange.GONE:
                return f"{where} is gone; issue {self.number} stays stored"
            case _:
                return f"{where}: issue {self.number} is {self.change.value} ({self.entries} entries)"

    def to_json(self) -> dict[str, Any]:
        """Return the report for a program."""
        return {
            "source": self.source,
            "file": self.name or None,
            "change": self.change.value,
            "issue": self.number,
            "entries": self.entries,
            "error": self.error or None,
        }


@dataclass(frozen=True, slots=True)
class IngestReport:
    """How the sources were read."""

    files: tuple[FileReport, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether anything could not be read."""
        return any(file.change is FileChange.UNREADABLE for file in self.files)

    def summary(self) -> str:
        """Return the counts in one line."""
        counts = {change: sum(file.change is change for file in self.files) for change in FileChange}
        told = [f"{n} {change.value}" for change, n in counts.items() if n and change is not FileChange.NO_ISSUE]
        return ", ".join(told) or "nothing to read"


@dataclass(frozen=True, slots=True)
class _Read:
    """A file whose content was fetched: an issue ready to be stored, or what is wrong."""

    file: SourceFile
    content_hash: str
    issue: Issue | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class _Judged:
    """What becomes of a file that was read: what is to be known of it, and the issue to be stored, if there is one."""

    record: KnownFile
    issue: Issue | None = None


class Ingest:
    """Reads sources into the stores."""

    def __init__(
        self,
        database: Database,
        issues: IssueStore,
        *,
        settings: Settings,
        clock: Clock,
        publish_at: Callable[[datetime], datetime],
        together: Callable[[], AbstractAsyncContextManager[None]] = nullcontext,
    ) -> None:
        """`publish_at` tells when an issue that is new now goes out; `together` is open while several are stored."""
        self._issues = issues
        self._sources = SourceStore(database)
        self._settings = settings
        self._clock = clock
        self._publish_at = publish_at
        self._together = together

    async def run(self, names: Sequence[str] | None = None) -> IngestReport:
        """Read the sources named, or those of the settings."""
        reports: list[FileReport] = []
        for name in names or self._settings.digests:
            try:
                source = open_source(name, settings=self._settings, clock=self._clock)
                reports += await self._read_source(source)
            except SourceError as error:
                reports.append(FileReport(name, "", FileChange.UNREADABLE, error=str(error)))
        return IngestReport(tuple(reports))

    async def _read_source(self, source: Source) -> list[FileReport]:
        state = await self._sources.get_state(source.identity)
        listing = await source.look(_without_mark(state or ""))
        if state is None and listing.files:
            await self._sources.adopt(source.identity, _names(listing.files), spelling=source.name)
            state = await self._sources.get_state(source.identity)
        known = await self._sources.get_files(source.identity)
        if listing.files is None:
            return [_unchanged(source, file) for file in known.values() if not file.is_gone]
        read = [await _read(file, known.get(file.name)) for file in listing.files]
        # Files named by dates are numbered in the order of their dates, those with a number of their own first.
        fresh = sorted((item for item in read if isinstance(item, _Read)), key=_in_order)
        reports, records = [], []
        claimed: dict[int, str] = {}
        async with self._together() if fresh else nullcontext():
            for some in _portions(fresh):
                judged = [await self._judge(source, item, known.get(item.file.name), claimed) for item in some]
                for report, record in await self._store(source, judged, claimed, is_first=state is None):
                    reports.append(report)
                    records.append(record)
        gone = [file for name, file in known.items() if not file.is_gone and name not in _names(listing.files)]
        await self._sources.record(
            source.identity, records, (file.name for file in gone), state=_mark(listing.state), now=self._clock.now()
        )
        reports += [_unchanged(source, item) for item in read if isinstance(item, KnownFile)]
        reports += [FileReport(source.name, file.name, FileChange.GONE, file.number) for file in gone]
        return sorted(reports, key=lambda report: report.name)

    async def _judge(self, source: Source, item: _Read, known: KnownFile | None, claimed: dict[int, str]) -> _Judged:
        """Decide what becomes of a file; the number of an issue that has one is claimed for it."""
        record = KnownFile(
            item.file.name,
            _mark(item.file.version) if item.file.version else "",
            item.content_hash,
            issue_id=known.issue_id if known else None,
            number=known.number if known else None,
            error=item.error,
        )
        issue = item.issue
        if issue is None:
            return _Judged(record)
        if issue.number is None and record.number is not None:
            issue = replace(issue, number=record.number)
        if taken := await self._find_rival(source, item.file, issue.number, claimed):
            error = f"issue {issue.number} is in {taken} already: give one of the two another number"
            return _Judged(replace(record, number=issue.number, error=error, version=""))
        if issue.number is not None:
            claimed[issue.number] = item.file.name
        return _Judged(record, issue)

    async def _store(
        self, source: Source, judged: Sequence[_Judged], claimed: dict[int, str], *, is_first: bool
    ) -> list[tuple[FileReport, KnownFile]]:
        """Store the issues among some files, in one transaction."""
        incoming = [Incoming(one.issue, one.record.content_hash) for one in judged if one.issue is not None]
        now = self._clock.now()
        # What is there when a source is first read is its archive: nobody is waiting for it.
        publish_at = None if is_first else self._publish_at(now)
        saved = iter(await self._issues.save_all(incoming, now=now, publish_at=publish_at) if incoming else ())
        done = []
        for one in judged:
            name, record = one.record.name, one.record
            if one.issue is not None:
                kept = next(saved)
                claimed[kept.number] = name
                change = _CHANGES[kept.change]
                report = FileReport(source.name, name, change, kept.number, len(one.issue.entries))
                record = replace(record, issue_id=kept.issue_id, number=kept.number)
            elif record.error:
                report = FileReport(source.name, name, FileChange.UNREADABLE, record.number, 0, record.error)
            else:
                report = FileReport(source.name, name, FileChange.NO_ISSUE)
            done.append((report, record))
        return done

    async def _find_rival(
        self, source: Source, file: SourceFile, number: int | None, claimed: Mapping[int, str]
    ) -> str:
        """Return the other file that holds an issue's number, now or from earlier looks; "" where there is none."""
        if number is None:
            return ""
        if number in claimed:
            return claimed[number]
        owner = await self._sources.owner(number)
        if owner is None or owner == (source.identity, file.name):
            return ""
        return f"{name_source(owner[0])}/{owner[1]}"


async def _read(file: SourceFile, known: KnownFile | None) -> _Read | KnownFile:
    """Fetch and parse a file that changed; one that did not is returned as it is known."""
    if known is not None and known.version == _mark(file.version) and not known.is_gone:
        return known
    try:
        content = await file.read()
    except SourceError as error:
        # Without a version the file is tried again next time.
        return _Read(replace(file, version=""), "", error=str(error))
    content_hash = hashlib.sha256(_mark("").encode() + content).hexdigest()
    try:
        text = decode(content, name=file.name)
        if is_index(text, filename=file.name):
            return _Read(file, content_hash)
        issue = parse_issue(text, filename=file.name)
    except (ParseError, UnreadableFile) as error:
        return _Read(file, content_hash, error=str(error).removeprefix(f"{file.name}: "))
    except Exception:  # a fault of ours in one file must not keep the others from being read
        log.exception("%s could not be parsed", file.name)
        return _Read(file, content_hash, error="cannot be understood, which is the bot's own fault: its log says more")
    if issue.number is None and issue.starts_on is None and file.name.casefold() == "readme.md":
        # What stands beside the issues in a folder explains them.
        return _Read(file, content_hash)
    return _Read(file, content_hash, issue=replace(issue, base=file.base))


def _mark(text: str) -> str:
    """Note with what is kept of a source which version of the reader it is from."""
    return f"{READER_VERSION} {text}"


def _without_mark(text: str) -> str:
    """Return what was kept of a source by this version of the reader; "" for what another one kept."""
    version, _, rest = text.partition(" ")
    return rest if version == str(READER_VERSION) else ""


def _in_order(item: _Read) -> tuple[int, date, str]:
    issue = item.issue
    if issue is None:
        return 0, date.min, item.file.name
    return int(issue.number is None), issue.starts_on or date.max, item.file.name


def _portions(items: Iterable[_Read]) -> Iterator[list[_Read]]:
    """Divide files into as many as are stored at a time."""
    some: list[_Read] = []
    entries = 0
    for item in items:
        some.append(item)
        entries += len(item.issue.entries) if item.issue else 0
        if entries >= ENTRIES_AT_ONCE:
            yield some
            some, entries = [], 0
    if some:
        yield some


def _names(files: Iterable[SourceFile]) -> set[str]:
    return {file.name for file in files}


def _unchanged(source: Source, file: KnownFile) -> FileReport:
    if file.error:
        return FileReport(source.name, file.name, FileChange.UNREADABLE, file.number, 0, file.error, is_known=True)
    change = FileChange.UNCHANGED if file.number is not None else FileChange.NO_ISSUE
    return FileReport(source.name, file.name, change, file.number, is_known=True)
