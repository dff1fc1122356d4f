"""Which parts a worker still moves on."""

from __future__ import annotations

from sqlalchemy import and_, or_

from bot.model.delivery import PartStatus
from bot.storage.tables import parts

SEARCHES = 3
"""How often an uncertain part is looked for before it is left to a person; later parts then go on."""

MOVABLE = or_(
    parts.c.status == PartStatus.PENDING.value,
    parts.c.status == PartStatus.SENDING.value,
    and_(parts.c.status == PartStatus.UNCERTAIN.value, parts.c.searches < SEARCHES),
)
"""Matches a part that is not at its end: to be sent, being sent, or still looked for."""
