"""Slack: channels, threads and direct messages, over Socket Mode or HTTP.

This page is the platform's still half and imports no SDK.
"""

from __future__ import annotations

from bot.adapters.interface import Adapter, Services
from bot.adapters.slack import addresses, limits, messages
from bot.model.chat import Address, ChatKind
from bot.model.command import Ability
from bot.model.delivery import Degradation, Payload, Post
from bot.settings import Settings

__all__ = ["PLATFORM"]


class SlackPlatform:
    """Slack, as the registry knows it."""

    name = addresses.PLATFORM_NAME
    limits = limits.PACE
    leaves_messages = False
    abilities = frozenset[Ability]()

    def parse_address(self, text: str) -> Address:
        """Read ``C0123ABCD``, ``T0123/C0123ABCD``, either with a thread behind it. Raises AddressError."""
        return addresses.parse_address(text)

    def read_message(self, text: str) -> str:
        """Read the moment that a message is named by, alone or in its link. Raises AddressError."""
        return addresses.read_message(text)

    def kind_of(self, address: Address) -> ChatKind:
        """Tell direct messages from channels by the first letter of the id."""
        return addresses.chat_kind(address.chat)

    def is_configured(self, settings: Settings) -> bool:
        """Tell whether there is a token to speak with, and a way to be spoken to."""
        token = settings.slack_bot_token or (settings.slack_client_id and settings.slack_client_secret)
        return bool(token and (settings.slack_app_token or settings.slack_signing_secret))

    def missing(self, settings: Settings) -> str:
        """Say which settings are missing and where they are found."""
        missing = []
        if not settings.slack_bot_token and not (settings.slack_client_id and settings.slack_client_secret):
            missing.append("SLACK_BOT_TOKEN (xoxb-…, under OAuth & Permissions)")
        if not (settings.slack_app_token or settings.slack_signing_secret):
            missing.append("SLACK_APP_TOKEN (xapp-…, under Basic Information, App-Level Tokens)")
        return f"Slack needs {' and '.join(missing)} of your app at https://api.slack.com/apps" if missing else ""

    def compose(self, post: Post) -> list[Payload]:
        """Turn a post into messages."""
        return messages.compose(post)

    def degrade(self, payload: Payload, keep: Degradation) -> Payload | None:
        """Return the message without pictures, or as plain text."""
        return messages.degrade(payload, keep)

    def text_of(self, payload: Payload) -> str:
        """Return the words of a message."""
        return str(payload["text"])

    def has_threads(self, chat: Address) -> bool:
        """Tell that channels have; a direct conversation reads better without."""
        return not chat.thread and not chat.chat.startswith("D")

    def has_links(self, _chat: Address) -> bool:
        """Tell that every conversation has."""
        return True

    def weight(self, _payload: Payload) -> int:
        """Count every payload as one: it makes one message."""
        return 1

    def open(self, settings: Settings, services: Services) -> Adapter:
        """Make the adapter. Raises AdapterError where the settings for other workspaces are half there."""
        from bot.adapters.slack.adapter import SlackAdapter  # noqa: PLC0415 - whoever opens it pays for the SDK

        return SlackAdapter(settings, services)


PLATFORM = SlackPlatform()
