"""Workspaces, for platforms that have them: what addresses call them, and what holds in all their chats."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Column, Table, Text, UniqueConstraint, and_, case, or_, select, update
from sqlalchemy.dialects.sqlite import insert

from bot.model.chat import Managers
from bot.storage.engine import Database
from bot.storage.tables import UtcDateTime, metadata

HOME = ""
"""The name of the one workspace of a platform that needs none in addresses."""

workspaces = Table(
    "workspaces",
    metadata,
    Column("platform", Text, primary_key=True),
    Column("name", Text, primary_key=True),  # as in addresses; "": the one that needs no name
    Column("team", Text, nullable=False),  # the platform's own id of it
    Column("title", Text, nullable=False, server_default=""),
    Column("url", Text, nullable=False, server_default=""),  # its own address, as far as known
    Column("managers", Text, nullable=False, server_default=Managers.MEMBERS.value),
    Column("renewing_until", UtcDateTime),  # a process is exchanging its token
    UniqueConstraint("platform", "team"),
)


class WorkspaceStore:
    """The workspaces the bot has been in. One keeps its name and its settings, whatever happens to it."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._homes: dict[str, str] = {}

    async def recall_homes(self) -> None:
        """Learn which workspaces need no name in addresses; `meet` tells of it from then on."""
        known = select(workspaces.c.platform, workspaces.c.team).where(workspaces.c.name == HOME)
        async with self._database.read() as connection:
            self._homes |= {row.platform: row.team for row in await connection.execute(known)}

    def plain(self, platform: str, workspace: str) -> str:
        """Return what addresses call a workspace: one that needs no name is often written with its platform's id."""
        return HOME if workspace == self._homes.get(platform) else workspace

    async def meet(self, platform: str, name: str, *, team: str, title: str, url: str = "") -> None:
        """Store a workspace; an empty `url` leaves the known one.

        One known by another name comes with what it has set; one that had this name is called by its platform's id.
        """
        here, theirs = workspaces.c.platform == platform, workspaces.c.team == team
        give_way = update(workspaces).where(here, workspaces.c.name == name, ~theirs).values(name=workspaces.c.team)
        rename = update(workspaces).where(here, workspaces.c.name != name, theirs).values(name=name)
        new = insert(workspaces).values(platform=platform, name=name, team=team, title=title, url=url)
        new = new.on_conflict_do_update(
            index_elements=["platform", "name"],
            set_={
                "title": new.excluded.title,
                "url": case((new.excluded.url == "", workspaces.c.url), else_=new.excluded.url),
            },
        )
        async with self._database.write() as connection:
            for statement in (give_way, rename, new):
                await connection.execute(statement)
        if name == HOME:
            self._homes[platform] = team

    async def name_of(self, platform: str, team: str) -> str | None:
        """Return what addresses call a workspace, None for one never met."""
        return await self._text(workspaces.c.name, workspaces.c.platform == platform, workspaces.c.team == team)

    async def team_of(self, platform: str, name: str) -> str | None:
        """Return the platform's own id of a workspace, None for one never met."""
        return await self._text(workspaces.c.team, workspaces.c.platform == platform, workspaces.c.name == name)

    async def url_of(self, platform: str, name: str) -> str:
        """Return a workspace's own address, "" where it is not known."""
        here = (workspaces.c.platform == platform, workspaces.c.name == name)
        return await self._text(workspaces.c.url, *here) or ""

    async def managers(self, platform: str, name: str) -> Managers:
        """Return who may change what the chats of a workspace receive."""
        here = (workspaces.c.platform == platform, workspaces.c.name == name)
        return Managers(await self._text(workspaces.c.managers, *here) or Managers.MEMBERS)

    async def set_managers(self, platform: str, name: str, *, managers: Managers) -> None:
        """Say who may change what the chats of a workspace receive."""
        here = and_(workspaces.c.platform == platform, workspaces.c.name == name)
        async with self._database.write() as connection:
            await connection.execute(update(workspaces).where(here).values(managers=managers.value))

    async def claim_renewal(self, platform: str, name: str, *, now: datetime, until: datetime) -> bool:
        """Take the right to exchange a workspace's token until a moment; False while another process has it."""
        free = or_(workspaces.c.renewing_until.is_(None), workspaces.c.renewing_until <= now)
        here = and_(workspaces.c.platform == platform, workspaces.c.name == name)
        async with self._database.write() as connection:
            claimed = await connection.execute(update(workspaces).where(here, free).values(renewing_until=until))
            return claimed.rowcount > 0

    async def end_renewal(self, platform: str, name: str) -> None:
        """Give that right back."""
        here = and_(workspaces.c.platform == platform, workspaces.c.name == name)
        async with self._database.write() as connection:
            await connection.execute(update(workspaces).where(here).values(renewing_until=None))

    async def _text(self, column: Column[str], *where: object) -> str | None:
        async with self._database.read() as connection:
            found: str | None = await connection.scalar(select(column).where(*where))  # type: ignore[arg-type]
            return found
