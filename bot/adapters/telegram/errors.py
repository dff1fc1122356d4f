"""What the library raises, as outcomes. Pure.

The library takes "Bad Request: " off a refusal and lower-cases the rest, so everything is compared in lower case. Texts
as the server writes them: https://github.com/tdlib/telegram-bot-api/blob/master/telegram-bot-api/Client.cpp
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Final

from aiohttp import (
    ClientConnectorError,
    ClientHttpProxyError,
    ConnectionTimeoutError,
    InvalidURL,
    NonHttpUrlClientError,
)
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.telegram.addresses import address
from bot.model.delivery import Closed, Degradation, Halt, Later, Moved, Outcome, Refused, Scope, Uncertain

UNKNOWN_BOT: Final = "Telegram does not know this bot: check TELEGRAM_BOT_TOKEN (from @BotFather) and TELEGRAM_API_URL"

# Refusals that concern the chat, whatever is sent there: the bot has never met it, or may not write.
_UNKNOWN = ("chat not found", "user not found", "peer_id_invalid")
_CLOSED = (
    *_UNKNOWN,
    "not enough rights to send text messages",
    "need administrator rights in the channel chat",
    "have no write access to the chat",
    "have no rights to send a message",
    "chat_write_forbidden",
    "chat_send_plain_forbidden",
    "chat_admin_required",
    "chat_restricted",
    "channel_private",
    "user_is_blocked",
    "input_user_deactivated",
    "allow_payment_required",
)

# Refusals that concern a forum's topic.
_SHUT = ("topic_closed", "topic_deleted", "message thread not found")

# Refusals that concern pictures: without them the rest may pass.
_PICTURES = (
    "wrong file identifier",
    "wrong http url",
    "wrong remote file identifier",
    "failed to get http url content",
    "wrong type of the web page content",
    "webpage_",
    "failed to send message #",
    "group send failed",
    "image_process_failed",
    "photo_invalid",
    "photo_ext_invalid",
    "photo_save_file_invalid",
    "photo has unsupported extension",
    "media_empty",
    "media_invalid",
    "media_type_invalid",
    "can't use the media of the specified type",
    "external_url_invalid",
    "file is too big",
    "file must be non-empty",
    "request entity too large",
    "not enough rights to send",
    "chat_send_",
)

# What fails before a call has left: it certainly did not arrive.
_NOT_SENT = (ConnectionTimeoutError, ClientConnectorError, ClientHttpProxyError, InvalidURL, NonHttpUrlClientError)

_TOKEN = re.compile(r"\d+:[\w-]{20,}")  # some errors of the library quote the address they called
_REASON_LENGTH = 200  # some quote the page they got instead of an answer

_NOT_MODIFIED = "message is not modified"
_NO_CAPTION = "there is no caption in the message to edit"
_OUT_OF_REACH = (
    "message to edit not found",
    "message not found",
    "message can't be edited",
    "there is no text in the message to edit",
    _NO_CAPTION,
    "message_id_invalid",
    "message_author_required",
)
_TOO_MANY = "too many requests"
_QUERY_IS_OLD = "query is too old"
_NOTHING_TO_DELETE = "message to delete not found"


def outcome_of(error: TelegramError) -> Outcome:
    """Tell what became of a call that raised."""
    reason = reason_of(error)
    match error:
        case RetryAfter():
            return Later(reason, retry_after(error))
        case ChatMigrated():
            return Moved(address(error.new_chat_id))
        case InvalidToken():
            return Halt(UNKNOWN_BOT)
        case Forbidden():
            return Closed(reason)
        case BadRequest():  # is a NetworkError to the library, so it comes first
            return _refusal(reason)
        case NetworkError():
            return _lost(error, reason)
        case _:  # an answer that is none, a conflict: nobody knows
            return Uncertain(reason)


def retry_after(error: RetryAfter) -> timedelta:
    """Return how long the server asks to wait; the library is on its way from seconds to durations."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)


def reason_of(error: TelegramError) -> str:
    """Say in one line what the server or the library said."""
    said = _TOKEN.sub("…", " ".join(error.message.split())) or type(error).__name__
    cause = error.__cause__
    if isinstance(error, TimedOut) and cause is not None:
        said = f"{said} ({type(cause).__name__})"
    return said if len(said) <= _REASON_LENGTH else f"{said[: _REASON_LENGTH - 1]}…"


def is_unknown(reason: str) -> bool:
    """Tell whether a chat was refused because this bot has never met it."""
    said = reason.casefold()
    return any(text in said for text in _UNKNOWN)


def is_not_modified(error: TelegramError) -> bool:
    """Tell whether an edit was refused because nothing would change."""
    return isinstance(error, BadRequest) and _NOT_MODIFIED in error.message.casefold()


def is_out_of_reach(error: TelegramError) -> bool:
    """Tell whether an edit was refused for its message: there is none, it is another's, or of another kind."""
    said = error.message.casefold()
    return isinstance(error, BadRequest) and any(text in said for text in _OUT_OF_REACH)


def is_captionless(error: TelegramError) -> bool:
    """Tell whether a caption was not edited because the message is a text."""
    return isinstance(error, BadRequest) and _NO_CAPTION in error.message.casefold()


def is_gone(error: TelegramError) -> bool:
    """Tell whether a message was not deleted because there is none (any more)."""
    return isinstance(error, BadRequest) and _NOTHING_TO_DELETE in error.message.casefold()


def is_old_query(error: TelegramError) -> bool:
    """Tell whether a pressed button has waited too long for its answer."""
    return isinstance(error, BadRequest) and _QUERY_IS_OLD in error.message.casefold()


def _refusal(reason: str) -> Outcome:
    said = reason.casefold()
    if any(text in said for text in _SHUT):
        return Closed(reason, scope=Scope.THREAD)
    if any(text in said for text in _CLOSED):
        return Closed(reason)
    if any(text in said for text in _PICTURES):
        return Refused(reason, Degradation.NO_IMAGES)
    return Refused(reason, Degradation.PLAIN)


def _lost(error: NetworkError, reason: str) -> Outcome:
    if isinstance(error.__cause__, _NOT_SENT):
        return Later(reason)
    if reason.casefold().startswith(_TOO_MANY):  # without the wait, as some proxies say it
        return Later(reason)
    if "request entity too large" in reason.casefold():
        return Refused(reason, Degradation.NO_IMAGES)
    return Uncertain(reason)
