"""Telegram: private chats, groups, channels and forum topics, over long polling.

This page is the platform's still half and imports no SDK.
"""

from __future__ import annotations

from bot.adapters.interface import Adapter, Services
from bot.adapters.telegram import addresses, composing, degrading, limits, payloads
from bot.model.chat import Address, ChatKind
from bot.model.command import Ability
from bot.model.delivery import Degradation, Payload, Post
from bot.settings import Settings

__all__ = ["PLATFORM"]


class TelegramPlatform:
    """Telegram, as the registry knows it."""

    name = addresses.NAME
    limits = limits.PACE
    leaves_messages = True
    abilities = frozenset(Ability)

    def parse_address(self, text: str) -> Address:
        """Read ``-1001234567890``, ``-1001234567890/77`` (a topic) or ``@channel``. Raises AddressError."""
        return addresses.parse_address(text)

    def read_message(self, text: str) -> str:
        """Read the number at the end of a link. Raises AddressError."""
        return addresses.read_message(text)

    def kind_of(self, address: Address) -> ChatKind:
        """Tell a person from a group or a channel by the sign of the number."""
        return addresses.kind_of(address)

    def is_configured(self, settings: Settings) -> bool:
        """Tell whether there is a token to speak with."""
        return settings.telegram_bot_token is not None

    def missing(self, settings: Settings) -> str:
        """Say which setting is missing and where it is found."""
        return "" if self.is_configured(settings) else addresses.MISSING

    def compose(self, post: Post) -> list[Payload]:
        """Turn a post into messages."""
        return composing.compose(post)

    def degrade(self, payload: Payload, keep: Degradation) -> Payload | None:
        """Return the message without pictures, or as plain text."""
        return degrading.degrade(payload, keep)

    def text_of(self, payload: Payload) -> str:
        """Return the words of a message."""
        return payloads.caption_of(payload)[0]

    def has_threads(self, _chat: Address) -> bool:
        """Tell that there are none: a forum's topics are made by people."""
        return False

    def has_links(self, chat: Address) -> bool:
        """Tell that supergroups and channels have."""
        return addresses.message_link(chat, "1") != ""

    def weight(self, payload: Payload) -> int:
        """Count an album's pictures: each is a message."""
        return len(payload.get("media", ())) or 1

    def open(self, settings: Settings, services: Services) -> Adapter:
        """Make the adapter."""
        from bot.adapters.telegram.adapter import TelegramAdapter  # noqa: PLC0415 - whoever opens it pays for the SDK

        return TelegramAdapter(settings, services)


PLATFORM = TelegramPlatform()
