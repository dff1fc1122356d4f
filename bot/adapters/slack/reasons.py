"""Why nothing can be said in a conversation: the plain words that are kept, and shown to readers."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

ARCHIVED = "the channel was archived"
DELETED = "the channel was deleted"
PUT_OUT = "the bot was removed from the channel"
NOT_INSIDE = "the bot is not in the channel"
NO_ACCESS = "team_access_not_granted"  # Slack's own word, of an organisation's workspace without the app
UNSHARED = "the channel is no longer shared with this workspace"

_CODES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {ARCHIVED: ("is_archived",), NOT_INSIDE: ("channel_not_found", "not_in_channel")}
)


def all_like(reason: str) -> tuple[str, ...]:
    """Return a reason with those that say the same: a refused call keeps Slack's own word for it."""
    return reason, *_CODES.get(reason, ())
