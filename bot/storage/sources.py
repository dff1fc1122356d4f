"""What was read from where: the state of sources, and which file holds which issue."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import issues, source_files, sources

_STATE = select(sources.c.state).where(sources.c.source == bindparam("named"))
_KEEP_STATE = (
    insert(sources)
    .values(source=bindparam("named"), state=bindparam("new_state"), checked_at=bindparam("now"))
    .on_conflict_do_update(
        index_elements=["source"], set_={"state": bindparam("new_state"), "checked_at": bindparam("now")}
    )
)
_FILES = (
    select(source_files, issues.c.number)
    .outerjoin(issues, issues.c.id == source_files.c.issue_id)
    .where(source_files.c.source == bindparam("named"))
)
_KEEP_FILE = insert(source_files).values(
    {name: bindparam(f"new_{name}") for name in ("source", "name", "version", "content_hash", "issue_id", "error")}
)
_KEEP_FILE = _KEEP_FILE.on_conflict_do_update(
    index_elements=["source", "name"],
    set_={name: _KEEP_FILE.excluded[name] for name in ("version", "content_hash", "issue_id", "error")}
    | {"gone_at": None},
)
_GONE = (
    update(source_files)
    .where(
        source_files.c.source == bindparam("named"),
        source_files.c.name == bindparam("file_name"),
        source_files.c.gone_at.is_(None),
    )
    .values(gone_at=bindparam("now"))
)
_OWNER = (
    select(source_files.c.source, source_files.c.name)
    .join(issues, issues.c.id == source_files.c.issue_id)
    .where(issues.c.number == bindparam("issue_number"), source_files.c.gone_at.is_(None))
)


_NAMES = select(source_files.c.name).where(
    source_files.c.source == bindparam("named"), source_files.c.gone_at.is_(None)
)
_RELATIVE = select(sources.c.source).where(~sources.c.source.like("/%"), ~sources.c.source.like("%:%"))


@dataclass(frozen=True, slots=True)
class KnownFile:
    """A file as it was last read: its issue, or what was wrong with it."""

    name: str
    version: str
    content_hash: str
    issue_id: int | None = None
    number: int | None = None
    error: str = ""
    is_gone: bool = False


class SourceStore:
    """Remembers what was read from where."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def adopt(self, identity: str, names: Collection[str], *, spelling: str) -> None:
        """Let a folder that was kept under a relative path, or another spelling, be kept under what it is.

        Once the path was kept as it was named from the working directory of then. It is this folder if it is spelled
        so from here, or if its path ends so and some of its files are among `names`.
        """
        async with self._database.write() as connection:
            if await connection.scalar(_STATE, {"named": identity}) is not None:
                return
            for old in {spelling, *await connection.scalars(_RELATIVE)}:
                held = set(await connection.scalars(_NAMES, {"named": old}))
                is_it = old == spelling or (identity.endswith(f"/{old}") and not held.isdisjoint(names))
                if is_it and held:
                    for table in (sources, source_files):
                        await connection.execute(update(table).where(table.c.source == old).values(source=identity))
                    return

    async def get_state(self, source: str) -> str | None:
        """Return what a source gave to be asked less next time; None for one never read."""
        async with self._database.read() as connection:
            state: str | None = await connection.scalar(_STATE, {"named": source})
            return state

    async def get_files(self, source: str) -> dict[str, KnownFile]:
        """Return the files of a source by their names, vanished ones too."""
        async with self._database.read() as connection:
            rows = (await connection.execute(_FILES, {"named": source})).all()
        return {
            row.name: KnownFile(
                row.name, row.version, row.content_hash, row.issue_id, row.number, row.error, row.gone_at is not None
            )
            for row in rows
        }

    async def owner(self, issue_number: int) -> tuple[str, str] | None:
        """Return the source and name of the file that an issue was last read from and that still stands."""
        async with self._database.read() as connection:
            row = (await connection.execute(_OWNER, {"issue_number": issue_number})).first()
        return None if row is None else (row.source, row.name)

    async def record(
        self, source: str, files: Iterable[KnownFile], gone: Iterable[str], *, state: str, now: datetime
    ) -> None:
        """Keep what was read of a source and what was missing, in one transaction."""
        kept = [
            {
                "new_source": source,
                "new_name": file.name,
                "new_version": file.version,
                "new_content_hash": file.content_hash,
                "new_issue_id": file.issue_id,
                "new_error": file.error,
            }
            for file in files
        ]
        missing = [{"named": source, "file_name": name, "now": now} for name in gone]
        async with self._database.write() as connection:
            if kept:
                await connection.execute(_KEEP_FILE, kept)
            if missing:
                await connection.execute(_GONE, missing)
            await connection.execute(_KEEP_STATE, {"named": source, "new_state": state, "now": now})
