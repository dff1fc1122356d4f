"""Answers given lately, good for as long as the index is as it was when they were worked out.

Pages are turned, topics and the words of the day are asked for by many; what they are answered from changes with an
issue, every other week. Any process may change it: so the database itself says how often that happened.
"""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Hashable
from threading import Lock

from sqlalchemy import Connection, select, update

from bot.model.search import Results
from bot.storage.search_tables import search_state

REMEMBERED = 256
"""Answers that are kept: a page of five hits, each with its entry, takes about 20 KB."""

_VERSION = select(search_state.c.version)
_NEXT = update(search_state).values(version=search_state.c.version + 1)


def note_change(connection: Connection) -> None:
    """Note that the index is another one now, inside the transaction that changed it."""
    connection.execute(_NEXT)


class Memory:
    """The answers of one set of topics and one glossary."""

    def __init__(self, most: int = REMEMBERED) -> None:
        self._most = most
        self._known: OrderedDict[tuple[int, Hashable], Results] = OrderedDict()
        self._lock = Lock()  # questions are answered in several threads

    def recall(self, connection: Connection, question: Hashable, answer: Callable[[], Results]) -> Results:
        """Return the answer to a question, worked out by `answer` where it is not known from lately."""
        if not self._most:
            return answer()
        key = (connection.scalar(_VERSION) or 0, question)
        with self._lock:
            if (known := self._known.get(key)) is not None:
                self._known.move_to_end(key)
                return known
        given = answer()
        with self._lock:
            self._known[key] = given
            if len(self._known) > self._most:
                self._known.popitem(last=False)
        return given
