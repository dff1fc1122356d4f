"""What a search starts from, as a test tells it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.model.delivery import Trace


def trace(reference: str = "r", after: Iterable[str] = (), *, called_at: datetime | None = None) -> Trace:
    """Return the trace of a call made now, or at a time; `after` are the messages that were delivered just before."""
    called_at = called_at or datetime.now(UTC)
    return Trace(reference, called_at, {message_id: called_at - timedelta(seconds=1) for message_id in after})
