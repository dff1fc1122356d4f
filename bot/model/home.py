"""A person's front page with the bot, where a platform has a place for one (Slack's Home tab)."""

from __future__ import annotations

from dataclasses import dataclass

from bot.model.chat import Address
from bot.model.command import Buttons
from bot.model.richtext import Document


@dataclass(frozen=True, slots=True)
class HomePart:
    """One part of a front page. Its buttons speak for `chat`, or, without one, for the person alone."""

    document: Document
    buttons: Buttons = ()
    chat: Address | None = None
