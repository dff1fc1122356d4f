"""Ids that are never given twice.

A database gives the id of the last row again once that row is deleted; a button of an old message would then open what
it never meant.
"""

from __future__ import annotations

from sqlalchemy import Table, bindparam, update
from sqlalchemy.sql.dml import ReturningUpdate

from bot.storage.tables import last_ids


def reserve(table: Table) -> ReturningUpdate[int]:
    """Return the statement that gives the next `count` ids of a table, and returns the last of them."""
    where = last_ids.c.name == table.name
    return update(last_ids).where(where).values(last=last_ids.c.last + bindparam("count")).returning(last_ids.c.last)
