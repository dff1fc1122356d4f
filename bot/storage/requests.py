"""What readers ask for: how often each topic was opened. Nobody's name is kept."""

from __future__ import annotations

from sqlalchemy import bindparam
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import topic_requests

_COUNT = insert(topic_requests).values(topic=bindparam("name"), times=1)
_COUNT = _COUNT.on_conflict_do_update(index_elements=["topic"], set_={"times": topic_requests.c.times + 1})


class TopicRequests:
    """Counts what is asked for."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def count(self, topic: str) -> None:
        """Note that a topic was asked for."""
        async with self._database.write() as connection:
            await connection.execute(_COUNT, {"name": topic})
