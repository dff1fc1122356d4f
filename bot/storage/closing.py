"""What happens to chats that can no longer be written to, or have moved: suspended, followed, never forgotten."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Select, and_, bindparam, delete, exists, func, literal, select, true, update
from sqlalchemy.dialects.sqlite import insert as upsert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address, Chat, Preferences, SubscriptionStatus
from bot.model.delivery import PartStatus, Scope
from bot.storage.chats import find_ids, read_chat, whole_chat
from bot.storage.codec import PREFERENCES
from bot.storage.engine import Database
from bot.storage.movable import SEARCHES
from bot.storage.tables import chats, lanes, parts, pauses, publications, saved

_OPEN = (PartStatus.PENDING.value, PartStatus.SENDING.value)

_SETTINGS = ("preferences", "variant", "timing")
_SUBSCRIPTION = ("status", "reason", "suspended_with", "subscribed_at")

_KNOWN = select(chats.c.id, chats.c.thread).where(
    chats.c.platform == bindparam("at_platform"),
    chats.c.workspace == bindparam("at_workspace"),
    chats.c.chat == bindparam("at_chat"),
)


class ClosingStore:
    """Writes suspensions and moves, with what they mean for parts under way."""

    def __init__(self, database: Database, *, leaving: Collection[str] = ()) -> None:
        """`leaving` are the platforms where a chat that moves leaves its messages behind."""
        self._database = database
        self._leaving = frozenset(leaving)

    async def suspend_chat(self, address: Address, reason: str, *, now: datetime) -> int:
        """Suspend a chat (without a thread: all of it) and fail what it was to receive; returns the chats suspended."""
        return await self._suspend(whole_chat(address), reason, now, with_=Scope.CHAT)

    async def suspend_workspace(self, address: Address, reason: str, *, now: datetime) -> int:
        """Suspend every chat of an address's workspace."""
        return await self._suspend(_in_workspace(address), reason, now, with_=Scope.WORKSPACE)

    async def resume(self, address: Address, *, reason: str = "") -> bool:
        """Bring a suspended chat back with its settings; False where it was not suspended (for `reason`, if given)."""
        suspended = chats.c.status == SubscriptionStatus.SUSPENDED.value
        if reason:
            suspended = and_(suspended, chats.c.reason == reason)
        active = {"status": SubscriptionStatus.ACTIVE.value, "reason": ""}
        async with self._database.write() as connection:
            resumed = await connection.execute(update(chats).where(whole_chat(address), suspended).values(active))
            return resumed.rowcount > 0

    async def resume_workspace(self, address: Address, *, reason: str = "") -> tuple[Chat, ...]:
        """Bring back the chats that were suspended with an address's workspace, or for a reason; returns them.

        What was suspended for its own sake (an archived channel) stays so.
        """
        concerned = chats.c.reason == reason if reason else chats.c.suspended_with == Scope.WORKSPACE.value
        suspended = chats.c.status == SubscriptionStatus.SUSPENDED.value
        theirs = and_(_in_workspace(address), suspended, concerned)
        active = {"status": SubscriptionStatus.ACTIVE.value, "reason": ""}
        async with self._database.write() as connection:
            resumed = await connection.execute(update(chats).where(theirs).values(active).returning(chats))
            return tuple(read_chat(row) for row in resumed)

    async def move(self, old: Address, new: Address, *, now: datetime) -> None:
        """Let a chat's new address take over its settings and what it is to receive.

        Where the new address is known already, the two become one: it keeps its own settings, and gets the
        publications that it had not.
        """
        async with self._database.write() as connection:
            if old.platform in self._leaving:
                await _leave_messages(connection, old)
            known = {row.thread: row.id for row in await connection.execute(_KNOWN, _at(new))}
            for row in (await connection.execute(_KNOWN, _at(old))).all():
                if (heir := known.get(row.thread)) is None:
                    moved = {"chat": new.chat, "workspace": new.workspace}
                    await connection.execute(update(chats).where(chats.c.id == row.id).values(moved))
                else:
                    await _merge(connection, row.id, heir, str(new), now)

    async def rename_workspace(self, old: Address, new: Address, *, now: datetime) -> None:
        """Let the chats and people of an address's workspace be addressed under another name of it.

        What is known under both becomes one, as where a chat moves. Done again, it does nothing.
        """
        async with self._database.write() as connection:
            for row in (await connection.execute(_chats_of(old))).all():
                address = replace(new, chat=row.chat, thread=row.thread)
                heir = (await find_ids(connection, [address])).get(address)
                if heir is None:
                    renamed = update(chats).where(chats.c.id == row.id).values(workspace=new.workspace)
                    await connection.execute(renamed)
                elif row.reason != _moved_to(str(address)):
                    await _merge(connection, row.id, heir, str(address), now)
            of_lanes = and_(lanes.c.platform == old.platform, lanes.c.workspace == old.workspace)
            of_pauses = and_(pauses.c.platform == old.platform, pauses.c.workspace == old.workspace)
            await connection.execute(update(lanes).where(of_lanes).values(workspace=new.workspace))
            await connection.execute(delete(pauses).where(of_pauses))
            await _rename_people(connection, old, new)

    async def _suspend(self, where: ColumnElement[bool], reason: str, now: datetime, *, with_: Scope) -> int:
        active = and_(where, chats.c.status == SubscriptionStatus.ACTIVE.value)
        whose = select(chats.c.id).where(where)
        theirs = select(publications.c.id).where(
            publications.c.chat_id.in_(whose), publications.c.finished_at.is_(None)
        )
        async with self._database.write() as connection:
            await connection.execute(
                update(parts)
                .where(parts.c.publication_id.in_(theirs), parts.c.status.in_(_OPEN))
                .values(status=PartStatus.FAILED.value, error=reason, updated_at=now)
            )
            await connection.execute(update(publications).where(publications.c.id.in_(theirs)).values(finished_at=now))
            await connection.execute(delete(lanes).where(lanes.c.chat_id.in_(whose)))
            suspended = {
                "status": SubscriptionStatus.SUSPENDED.value,
                "reason": reason,
                "suspended_with": with_.value,
            }
            return (await connection.execute(update(chats).where(active).values(suspended))).rowcount


async def _merge(connection: AsyncConnection, old: int, heir: int, address: str, now: datetime) -> None:
    theirs = publications.alias()
    has = exists().where(theirs.c.chat_id == heir, theirs.c.issue_id == publications.c.issue_id)
    inherited = update(publications).where(publications.c.chat_id == old, ~has).values(chat_id=heir)
    moved = [row.id for row in await connection.execute(inherited.returning(publications.c.id))]
    # A call that was answered "moved" delivered nothing, so what was being sent there is to be sent here.
    sending = and_(parts.c.publication_id.in_(moved), parts.c.status == PartStatus.SENDING.value)
    await connection.execute(update(parts).where(sending).values(status=PartStatus.PENDING.value, updated_at=now))
    await connection.execute(delete(lanes).where(lanes.c.chat_id == old))
    ended = {"status": SubscriptionStatus.ENDED.value, "reason": _moved_to(address)}
    before = (await connection.execute(select(chats).where(chats.c.id == old))).mappings().one()
    await connection.execute(update(chats).where(chats.c.id == old).values(ended))
    inheriting = update(chats).where(chats.c.id == heir)
    if before["status"] == SubscriptionStatus.ACTIVE.value:
        await connection.execute(inheriting.values(status=before["status"], reason=""))
    # One that was met, and never subscribed, takes over what there was, unless it has settings of its own.
    nothing_set = chats.c.preferences == PREFERENCES.encode(Preferences())
    for names, fresh in ((_SETTINGS, nothing_set), (_SUBSCRIPTION, true())):
        taken = {name: before[name] for name in names}
        await connection.execute(inheriting.where(chats.c.subscribed_at.is_(None), fresh).values(taken))
    lane = select(chats.c.id, chats.c.platform, chats.c.workspace, literal(now, lanes.c.due_at.type)).where(
        chats.c.id == heir
    )
    await connection.execute(
        upsert(lanes).from_select(["chat_id", "platform", "workspace", "due_at"], lane).on_conflict_do_nothing()
    )


async def _leave_messages(connection: AsyncConnection, old: Address) -> None:
    """Forget which messages were delivered: at the new address other messages have these ids.

    What may have been delivered just before cannot be looked for any more, and is left to a person.
    """
    whose = select(chats.c.id).where(whole_chat(replace(old, thread="")))
    theirs = parts.c.publication_id.in_(select(publications.c.id).where(publications.c.chat_id.in_(whose)))
    await connection.execute(update(parts).where(theirs).values(message_ids="[]"))
    uncertain = and_(theirs, parts.c.status == PartStatus.UNCERTAIN.value)
    held = {"searches": SEARCHES, "error": "the chat has moved since"}
    await connection.execute(update(parts).where(uncertain).values(held))


async def _rename_people(connection: AsyncConnection, old: Address, new: Address) -> None:
    """Let what people keep be theirs under their new address; what they keep twice stands once."""
    before, after = _people_of(old), _people_of(new)
    theirs = saved.c.person.startswith(before, autoescape=True)
    if not old.workspace:  # those of others begin so, too
        theirs = and_(theirs, ~saved.c.person.contains("/"))
    renamed = literal(after) + func.substr(saved.c.person, len(before) + 1)
    mine = saved.alias()
    has = exists().where(mine.c.person == renamed, mine.c.entry_id == saved.c.entry_id)
    await connection.execute(delete(saved).where(theirs, has))
    await connection.execute(update(saved).where(theirs).values(person=renamed))


def _people_of(workspace: Address) -> str:
    """Return how the addresses of a workspace's people begin."""
    return f"{workspace.platform}:{workspace.workspace}/" if workspace.workspace else f"{workspace.platform}:"


def _chats_of(workspace: Address) -> Select[tuple[int, str, str, str]]:
    return select(chats.c.id, chats.c.chat, chats.c.thread, chats.c.reason).where(_in_workspace(workspace))


def _moved_to(address: str) -> str:
    return f"moved to {address}"


def _in_workspace(address: Address) -> ColumnElement[bool]:
    return and_(chats.c.platform == address.platform, chats.c.workspace == address.workspace)


def _at(address: Address) -> dict[str, str]:
    return {"at_platform": address.platform, "at_workspace": address.workspace, "at_chat": address.chat}
