"""Chats and their subscriptions. Nothing a chat has set is ever deleted: it is suspended, ended, or comes back."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime

from sqlalchemy import ColumnElement, Row, Update, and_, bindparam, case, func, select, tuple_, update
from sqlalchemy.dialects.sqlite import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.model.chat import Address, Chat, ChatKind, Preferences, SubscriptionStatus, Timing, Variant
from bot.storage.codec import PREFERENCES, TIMING, VARIANT
from bot.storage.engine import Database
from bot.storage.tables import chats

_KEY = ("platform", "workspace", "chat", "thread")
_HERE = and_(*(chats.c[name] == bindparam(f"at_{name}") for name in _KEY))
_BY_ADDRESS = select(chats).where(_HERE)
_MEET = insert(chats).values(
    {name: bindparam(f"at_{name}") for name in _KEY}
    | {name: bindparam(f"new_{name}") for name in ("kind", "title", "preferences", "variant", "timing", "created_at")}
)
# A chat whose title is not told this time keeps the one it had.
_MEET = _MEET.on_conflict_do_update(
    index_elements=_KEY,
    set_={
        "kind": _MEET.excluded.kind,
        "title": case((_MEET.excluded.title == "", chats.c.title), else_=_MEET.excluded.title),
    },
)
_AT_ONCE = 200
"""Chats asked about in one statement: a database takes a limited number of values."""

_ALL = select(chats).order_by(chats.c.platform, chats.c.workspace, chats.c.chat, chats.c.thread)


class ChatStore:
    """The chats the bot has met."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def get(self, address: Address) -> Chat | None:
        """Return a chat, None for one never met."""
        row = await self._database.ask(lambda connection: connection.execute(_BY_ADDRESS, _at(address)).one_or_none())
        return None if row is None else read_chat(row)

    async def find(self, addresses: Sequence[Address]) -> tuple[Chat, ...]:
        """Return those of the chats that are known."""
        found: list[Chat] = []
        async with self._database.read() as connection:
            for start in range(0, len(addresses), _AT_ONCE):
                wanted = addresses[start : start + _AT_ONCE]
                keys = [tuple(getattr(address, name) for name in _KEY) for address in wanted]
                rows = await connection.execute(
                    select(chats).where(tuple_(*(chats.c[name] for name in _KEY)).in_(keys))
                )
                found.extend(map(read_chat, rows))
        return tuple(found)

    async def by_id(self, chat_id: int) -> Chat | None:
        """Return a chat by its stored identity."""
        async with self._database.read() as connection:
            row = (await connection.execute(select(chats).where(chats.c.id == chat_id))).one_or_none()
        return None if row is None else read_chat(row)

    async def threads_of(self, address: Address) -> tuple[Chat, ...]:
        """Return what is known of a chat and of each of its threads, the chat itself first."""
        everywhere = replace(address, thread="")
        async with self._database.read() as connection:
            rows = await connection.execute(select(chats).where(whole_chat(everywhere)).order_by(chats.c.thread))
            return tuple(read_chat(row) for row in rows)

    async def list_chats(self, *, status: SubscriptionStatus | None = None) -> tuple[Chat, ...]:
        """Return all chats, or those of one status, in the order of their addresses."""
        statement = _ALL if status is None else _ALL.where(chats.c.status == status.value)
        async with self._database.read() as connection:
            return tuple(read_chat(row) for row in await connection.execute(statement))

    async def count(self, *, status: SubscriptionStatus) -> int:
        """Return how many chats have a status."""
        statement = select(func.count()).select_from(chats).where(chats.c.status == status.value)
        async with self._database.read() as connection:
            return int(await connection.scalar(statement) or 0)

    async def meet(self, address: Address, *, kind: ChatKind, title: str, now: datetime) -> Chat:
        """Return a chat, storing it first where it is new; an empty `title` leaves the known one."""
        async with self._database.write() as connection:
            return await _meet(connection, address, kind=kind, title=title, now=now)

    async def subscribe(self, address: Address, *, kind: ChatKind, title: str, now: datetime) -> bool:
        """Subscribe a chat, with the settings it had if it was there before; False where it already was active."""
        async with self._database.write() as connection:
            chat = await _meet(connection, address, kind=kind, title=title, now=now)
            if chat.status is SubscriptionStatus.ACTIVE:
                return False
            await connection.execute(_set(chats.c.id == chat.id, SubscriptionStatus.ACTIVE, subscribed_at=now))
            return True

    async def unsubscribe(self, address: Address) -> bool:
        """End a subscription; its settings are kept. False where there was none."""
        lasting = chats.c.status.in_((SubscriptionStatus.ACTIVE.value, SubscriptionStatus.SUSPENDED.value))
        async with self._database.write() as connection:
            ended = await connection.execute(_set(and_(_HERE, lasting), SubscriptionStatus.ENDED), _at(address))
            return ended.rowcount > 0

    async def set_preferences(self, address: Address, preferences: Preferences) -> None:
        """Keep what a chat asked for."""
        statement = update(chats).where(_HERE).values(_preference_columns(preferences))
        async with self._database.write() as connection:
            await connection.execute(statement, _at(address))

    async def change_preferences(
        self, address: Address, change: Callable[[Preferences], Preferences | None]
    ) -> Preferences | None:
        """Change what a chat asked for, in one step, so that of two changes at once neither is lost.

        `change` returns None where nothing is to change; so does this, and for a chat never met.
        """
        async with self._database.write() as connection:
            row = (await connection.execute(_BY_ADDRESS, _at(address))).one_or_none()
            if row is None:
                return None
            after = change(read_chat(row).preferences)
            if after is not None:
                values = _preference_columns(after)
                await connection.execute(update(chats).where(chats.c.id == row.id).values(values))
            return after


def read_chat(row: Row[tuple[object, ...]]) -> Chat:
    """Return the chat that a row of `chats` holds."""
    return Chat(
        address=Address(row.platform, row.chat, row.thread, row.workspace),
        kind=ChatKind(row.kind),
        title=row.title,
        preferences=PREFERENCES.decode(row.preferences),
        status=None if row.status is None else SubscriptionStatus(row.status),
        reason=row.reason,
        subscribed_at=row.subscribed_at,
        id=row.id,
    )


def whole_chat(address: Address) -> ColumnElement[bool]:
    """Match a chat; without a thread, its threads too."""
    names = _KEY if address.thread else _KEY[:3]
    return and_(*(chats.c[name] == getattr(address, name) for name in names))


async def find_ids(connection: AsyncConnection, addresses: Sequence[Address]) -> dict[Address, int]:
    """Return the ids of those of the chats that are known."""
    found = {}
    for address in addresses:
        row = (await connection.execute(_BY_ADDRESS, _at(address))).one_or_none()
        if row is not None:
            found[address] = int(row.id)
    return found


async def _meet(connection: AsyncConnection, address: Address, *, kind: ChatKind, title: str, now: datetime) -> Chat:
    new = {"kind": kind.value, "title": title, "created_at": now} | _preference_columns(Preferences())
    await connection.execute(_MEET, _at(address) | {f"new_{name}": value for name, value in new.items()})
    return read_chat((await connection.execute(_BY_ADDRESS, _at(address))).one())


def _set(where: ColumnElement[bool], status: SubscriptionStatus, **values: object) -> Update:
    return update(chats).where(where).values({"status": status.value, "reason": "", **values})


def _preference_columns(preferences: Preferences) -> dict[str, str]:
    return {
        "preferences": PREFERENCES.encode(preferences),
        "variant": VARIANT.encode(Variant.of(preferences)),
        "timing": TIMING.encode(Timing.of(preferences)),
    }


def _at(address: Address) -> dict[str, str]:
    return {f"at_{name}": getattr(address, name) for name in _KEY}
