"""Telegram, played: `TelegramFake` speaks the Bot API to the real library."""

from tests.fakes.telegram.fake import TelegramFake
from tests.fakes.telegram.world import Chat, Kind, Message, User

__all__ = ["Chat", "Kind", "Message", "TelegramFake", "User"]
