"""The Bot API's own words for what it refuses.

Texts as the Bot API server and TDLib write them (https://github.com/tdlib/telegram-bot-api, https://github.com/tdlib/td).
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

_CODES = {
    "Bad Request": 400,
    "Unauthorized": 401,
    "Forbidden": 403,
    "Not Found": 404,
    "Conflict": 409,
    "Too Many Requests": 429,
    "Internal Server Error": 500,
}

BLOCKED = "Forbidden: bot was blocked by the user"
DEACTIVATED = "Forbidden: user is deactivated"
NOT_STARTED = "Forbidden: bot can't initiate conversation with a user"
CHAT_NOT_FOUND = "Bad Request: chat not found"
GROUP_DELETED = "Forbidden: the group chat was deleted"
UPGRADED = "Bad Request: group chat was upgraded to a supergroup chat"
NO_TEXT_RIGHTS = "Bad Request: not enough rights to send text messages to the chat"
NO_PHOTO_RIGHTS = "Bad Request: not enough rights to send photos to the chat"
NO_CHANNEL_RIGHTS = "Bad Request: need administrator rights in the channel chat"
TOPIC_CLOSED = "Bad Request: TOPIC_CLOSED"
THREAD_NOT_FOUND = "Bad Request: message thread not found"
NOT_MODIFIED = (
    "Bad Request: message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
EDIT_NOT_FOUND = "Bad Request: message to edit not found"
CANNOT_EDIT = "Bad Request: message can't be edited"
NO_TEXT_TO_EDIT = "Bad Request: there is no text in the message to edit"
NO_CAPTION_TO_EDIT = "Bad Request: there is no caption in the message to edit"
NO_LOCATION_TO_EDIT = "Bad Request: there is no live location in the message to edit"
DELETE_NOT_FOUND = "Bad Request: message to delete not found"
CANNOT_DELETE = "Bad Request: message can't be deleted"
REPLY_NOT_FOUND = "Bad Request: message to be replied not found"
TEXT_EMPTY = "Bad Request: message text is empty"
TEXT_BLANK = "Bad Request: text must be non-empty"
TEXT_TOO_LONG = "Bad Request: text is too long"
MESSAGE_TOO_LONG = "Bad Request: message is too long"
CAPTION_TOO_LONG = "Bad Request: message caption is too long"
ENTITIES_TOO_LONG = "Bad Request: ENTITIES_TOO_LONG"
BUTTON_DATA_INVALID = "Bad Request: BUTTON_DATA_INVALID"
MARKUP_TOO_LONG = "Bad Request: reply markup is too long"
WRONG_FILE = "Bad Request: wrong file identifier/HTTP URL specified"
WRONG_URL = "Bad Request: wrong HTTP URL specified"
FETCH_FAILED = "Bad Request: failed to get HTTP URL content"
WRONG_CONTENT = "Bad Request: wrong type of the web page content"
IMAGE_FAILED = "Bad Request: IMAGE_PROCESS_FAILED"
PHOTO_DIMENSIONS = "Bad Request: PHOTO_INVALID_DIMENSIONS"
ALBUM_TOO_LARGE = "Bad Request: too many messages to send as an album"
ALBUM_MIXED = "Bad Request: can't use the media of the specified type in the album"
QUERY_TOO_OLD = "Bad Request: query is too old and response timeout expired or query ID is invalid"
POLL_CONFLICT = "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_CONFLICT = (
    "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"
)


class ApiError(Exception):
    """A refusal: the description a client reads, the code that goes with it, and parameters."""

    def __init__(self, description: str, **parameters: Any) -> None:
        prefix = description.partition(":")[0]
        if prefix not in _CODES:
            description, prefix = f"Bad Request: {description}", "Bad Request"
        super().__init__(description)
        self.description = description
        self.code = _CODES[prefix]
        self.parameters: Mapping[str, Any] = parameters

    @classmethod
    def flood(cls, seconds: int) -> ApiError:
        """Make the refusal of one who calls too often."""
        return cls(f"Too Many Requests: retry after {seconds}", retry_after=seconds)


NOT_THE_CLIENTS_FAULT = (
    CHAT_NOT_FOUND,
    UPGRADED,
    NO_TEXT_RIGHTS,
    NO_PHOTO_RIGHTS,
    NO_CHANNEL_RIGHTS,
    TOPIC_CLOSED,
    THREAD_NOT_FOUND,
    NOT_MODIFIED,
    EDIT_NOT_FOUND,
    CANNOT_EDIT,
    NO_TEXT_TO_EDIT,
    NO_CAPTION_TO_EDIT,
    NO_LOCATION_TO_EDIT,
    DELETE_NOT_FOUND,
    CANNOT_DELETE,
    REPLY_NOT_FOUND,
    WRONG_FILE,
    FETCH_FAILED,
    WRONG_CONTENT,
    IMAGE_FAILED,
    PHOTO_DIMENSIONS,
    QUERY_TOO_OLD,
    "Bad Request: failed to send message #",
)
"""What even a careful client is told, because the world changed. Every other 400 is a violation of some rule."""


def is_violation(error: ApiError) -> bool:
    """Tell whether a careful client would not have been refused so."""
    return error.code == 400 and not error.description.startswith(NOT_THE_CLIENTS_FAULT)
