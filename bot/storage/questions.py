"""The words of questions whose answers have buttons: a button carries their id."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Mapping
from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.gathering import Gathering
from bot.storage.tables import questions

FRESH = timedelta(days=1)
"""How long a question counts as asked just now: asked again, it is not written again."""

KNOWN = 1000
"""Questions whose ids are kept in memory, those asked last."""

_ASK = (
    insert(questions)
    .values(text=bindparam("question"), asked_at=bindparam("now"))
    .on_conflict_do_update(index_elements=["text"], set_={"asked_at": bindparam("now")})
    .returning(questions.c.id)
)
_QUESTION = select(questions.c.text).where(questions.c.id == bindparam("question_id"))


class Questions:
    """The words of questions whose answers have buttons; the same words keep their id."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._fresh: OrderedDict[str, tuple[int, datetime]] = OrderedDict()
        self._asking = Gathering(self._ask)

    async def remember(self, text: str, *, now: datetime) -> int:
        """Return the id that stands for these words in a button."""
        known = self._fresh.get(text)
        if known is None or now - known[1] >= FRESH:
            known = self._fresh[text] = await self._asking.join(text, now), now
        self._fresh.move_to_end(text)
        if len(self._fresh) > KNOWN:
            self._fresh.popitem(last=False)
        return known[0]

    async def recall(self, question_id: int) -> str | None:
        """Return the words of an id."""
        text: str | None = await self._database.ask(
            lambda connection: connection.scalar(_QUESTION, {"question_id": question_id})
        )
        return text

    async def _ask(self, asked: Mapping[str, datetime]) -> dict[str, int]:
        return await self._database.change(
            lambda connection: {
                text: int(connection.scalar(_ASK, {"question": text, "now": now}) or 0) for text, now in asked.items()
            }
        )
