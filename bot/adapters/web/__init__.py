"""The local web chat: rooms on a page that the site serves, in which the bot lives. It needs no token.

A room is written ``web:lobby``. The page has no logins: who can open it may read and administer every room, as whoever
has the machine's terminal may. Rooms persist, and other processes (`bot post`) write to them, too.
"""

from __future__ import annotations

from bot.adapters.interface import Adapter, Services
from bot.adapters.web.payload import compose, degrade
from bot.model.chat import Address, AddressError, ChatKind
from bot.model.command import Ability
from bot.model.delivery import Degradation, Limits, Payload, Post
from bot.model.room import ROOM_NAME
from bot.settings import Settings

LIMITS = Limits(per_second=1000, private=(1000, 1.0), group=(1000, 1.0), channel=(1000, 1.0))
"""Practically none: a message is a row in the database."""


class WebPlatform:
    """The local web chat, without its pages."""

    name = "web"
    limits = LIMITS
    leaves_messages = False
    abilities = frozenset[Ability]()

    def parse_address(self, text: str) -> Address:
        """Read a room's name. Raises AddressError."""
        if not ROOM_NAME.fullmatch(text):
            raise AddressError(
                f"web:{text} is no room: write one like web:lobby, of at most 32 small letters, digits and hyphens"
            )
        return Address(self.name, text)

    def read_message(self, text: str) -> str:
        """Read a message's number. Raises AddressError."""
        if not (text.isascii() and text.isdigit()):
            raise AddressError(f"{text!r} is no message of the web chat: they have numbers")
        return text

    def kind_of(self, _address: Address) -> ChatKind:
        """Tell that a room is spoken to as one person's chat is: every word in it is for the bot."""
        return ChatKind.PRIVATE

    def is_configured(self, _settings: Settings) -> bool:
        """Tell that nothing is needed."""
        return True

    def missing(self, _settings: Settings) -> str:
        """Say that nothing is missing."""
        return ""

    def compose(self, post: Post) -> list[Payload]:
        """Turn a post into messages, mostly one."""
        return compose(post)

    def degrade(self, payload: Payload, keep: Degradation) -> Payload | None:
        """Return the payload without images, or as plain text; None where nothing changes."""
        return degrade(payload, keep)

    def text_of(self, payload: Payload) -> str:
        """Return the words of a message."""
        return str(payload["text"])

    def has_threads(self, _chat: Address) -> bool:
        """Tell that there are none."""
        return False

    def has_links(self, _chat: Address) -> bool:
        """Tell that there are none."""
        return False

    def weight(self, _payload: Payload) -> int:
        """Count every payload as one: it makes one message."""
        return 1

    def open(self, settings: Settings, services: Services) -> Adapter:
        """Make the adapter."""
        from bot.adapters.web.adapter import WebAdapter  # noqa: PLC0415 - pages and streams only where they are served

        return WebAdapter(settings, services)


PLATFORM = WebPlatform()
