"""The words of questions whose answers have buttons: a button carries their id."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.sqlite import insert

from bot.storage.engine import Database
from bot.storage.tables import questions

FRESH = timedelta(days=1)
"""How long a question counts as asked just now: asked again, it is not written again."""

_ASK = (
    insert(questions)
    .values(text=bindparam("question"), asked_at=bindparam("now"))
    .on_conflict_do_update(index_elements=["text"], set_={"asked_at": bindparam("now")})
    .returning(questions.c.id)
)
_KNOWN = select(questions.c.id, questions.c.asked_at).where(questions.c.text == bindparam("question"))
_QUESTION = select(questions.c.text).where(questions.c.id == bindparam("question_id"))


class Questions:
    """The words of questions whose answers have buttons; the same words keep their id."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def remember(self, text: str, *, now: datetime) -> int:
        """Return the id that stands for these words in a button."""
        known = await self._database.ask(lambda connection: connection.execute(_KNOWN, {"question": text}).first())
        if known is not None and now - known.asked_at < FRESH:
            return int(known.id)
        return await self._database.change(
            lambda connection: int(connection.scalar(_ASK, {"question": text, "now": now}) or 0)
        )

    async def recall(self, question_id: int) -> str | None:
        """Return the words of an id."""
        text: str | None = await self._database.ask(
            lambda connection: connection.scalar(_QUESTION, {"question_id": question_id})
        )
        return text
