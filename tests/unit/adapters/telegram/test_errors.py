"""What the library raises, as outcomes: one row for each thing Telegram says."""

from __future__ import annotations

from datetime import timedelta

import httpx
import pytest
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.adapters.telegram.errors import UNKNOWN_BOT, is_not_modified, is_old_query, outcome_of, reason_of
from bot.model.chat import Address
from bot.model.delivery import Closed, Degradation, Halt, Later, Moved, Refused, Uncertain
from tests.fakes.telegram import errors as server

TOKEN = "987654321:AAFakeTokenForTheTestsOfThisBot_12345"


def caused(error: TelegramError, cause: Exception) -> TelegramError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    "said",
    [
        server.BLOCKED,
        server.DEACTIVATED,
        server.NOT_STARTED,
        server.GROUP_DELETED,
        "Forbidden: the bot can't send messages to the bot",
        "Forbidden: bot was kicked from the group chat",
        "Forbidden: bot was kicked from the supergroup chat",
        "Forbidden: bot is not a member of the channel chat",
        "Forbidden: something new",
    ],
)
def test_who_may_not_write_any_more(said: str):
    """Every 403 closes the chat, with its reason."""
    assert outcome_of(Forbidden(said)) == Closed(said)


@pytest.mark.parametrize(
    "said",
    [
        server.CHAT_NOT_FOUND,
        "Bad Request: private chat not found",
        "Bad Request: PEER_ID_INVALID",
        server.NO_TEXT_RIGHTS,
        server.NO_CHANNEL_RIGHTS,
        "Bad Request: have no write access to the chat",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: CHAT_ADMIN_REQUIRED",
        server.TOPIC_CLOSED,
        "Bad Request: TOPIC_DELETED",
        server.THREAD_NOT_FOUND,
        "Bad Request: ALLOW_PAYMENT_REQUIRED_5",
        "Bad Request: USER_IS_BLOCKED",
    ],
)
def test_chats_that_are_closed(said: str):
    """A refusal that concerns the chat closes it, not the part."""
    assert isinstance(outcome_of(BadRequest(said)), Closed)


@pytest.mark.parametrize(
    "said",
    [
        server.WRONG_FILE,
        server.WRONG_URL,
        server.FETCH_FAILED,
        server.WRONG_CONTENT,
        server.IMAGE_FAILED,
        server.PHOTO_DIMENSIONS,
        server.NO_PHOTO_RIGHTS,
        server.ALBUM_MIXED,
        "Bad Request: WEBPAGE_CURL_FAILED",
        "Bad Request: WEBPAGE_MEDIA_EMPTY",
        "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp",
        'Bad Request: failed to send message #2 with the error message "WEBPAGE_MEDIA_EMPTY"',
        "Bad Request: Group send failed",
        "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN",
    ],
)
def test_pictures_that_are_refused(said: str):
    """Without its images the part may pass."""
    outcome = outcome_of(BadRequest(said))
    assert isinstance(outcome, Refused)
    assert outcome.keep is Degradation.NO_IMAGES


@pytest.mark.parametrize(
    "said",
    [
        "Bad Request: can't parse entities: entity beginning at UTF-16 offset 3 ends in a middle of a UTF-16 symbol",
        server.MESSAGE_TOO_LONG,
        server.CAPTION_TOO_LONG,
        server.TEXT_BLANK,
        server.TEXT_EMPTY,
        server.ENTITIES_TOO_LONG,
        server.BUTTON_DATA_INVALID,
        "Bad Request: MEDIA_CAPTION_TOO_LONG",
        "Bad Request: strings must be encoded in UTF-8",
        "Bad Request: something new",
    ],
)
def test_texts_that_are_refused(said: str):
    """Whatever else is wrong with a part, it may pass as plain text."""
    outcome = outcome_of(BadRequest(said))
    assert isinstance(outcome, Refused)
    assert outcome.keep is Degradation.PLAIN


@pytest.mark.parametrize("wait", [7, timedelta(seconds=7)])
@pytest.mark.parametrize("style", ["0", "1"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_how_long_to_wait(monkeypatch: pytest.MonkeyPatch, wait: int | timedelta, style: str):
    """The server's own wait, whether the library says it in seconds or as a duration."""
    monkeypatch.setenv("PTB_TIMEDELTA", style)
    outcome = outcome_of(RetryAfter(wait))
    assert isinstance(outcome, Later)
    assert outcome.after == timedelta(seconds=7)


@pytest.mark.parametrize(
    "error",
    [
        caused(TimedOut(), httpx.ConnectTimeout("")),
        caused(TimedOut("Pool timeout: …"), httpx.PoolTimeout("")),
        caused(NetworkError("httpx.ConnectError: All connection attempts failed"), httpx.ConnectError("")),
        caused(NetworkError("httpx.ProxyError: 407"), httpx.ProxyError("")),
        NetworkError("Too Many Requests (429). Parsing the server response b'' failed"),
    ],
)
def test_what_was_never_sent(error: TelegramError):
    """A call that did not leave, or was turned away at the door, is made again later."""
    outcome = outcome_of(error)
    assert isinstance(outcome, Later)
    assert outcome.after is None


@pytest.mark.parametrize(
    "error",
    [
        caused(TimedOut(), httpx.ReadTimeout("")),
        caused(TimedOut(), httpx.WriteTimeout("")),
        caused(NetworkError("httpx.ReadError: "), httpx.ReadError("")),
        caused(NetworkError("httpx.WriteError: "), httpx.WriteError("")),
        caused(NetworkError("httpx.RemoteProtocolError: Server disconnected"), httpx.RemoteProtocolError("")),
        NetworkError("Bad Gateway (502). Parsing the server response b'<html>' failed"),
        NetworkError("Internal Server Error: restart"),
        NetworkError("Internal Server Error: sent message was immediately deleted"),
        TelegramError("Invalid server response"),
        NetworkError("Unknown error in HTTP implementation: RuntimeError('x')"),
    ],
)
def test_what_nobody_knows(error: TelegramError):
    """A call whose answer was lost may have arrived."""
    assert isinstance(outcome_of(error), Uncertain)


def test_a_group_that_moved():
    """The new chat is told; a supergroup made of a group has no topics."""
    assert outcome_of(ChatMigrated(-100500)) == Moved(Address("telegram", "-100500"))


@pytest.mark.parametrize("error", [InvalidToken(f"The token `{TOKEN}` was rejected by the server."), InvalidToken()])
def test_a_wrong_token_stops_everything_and_is_not_told(error: TelegramError):
    """Nobody is suspended for it, and the token is not in its words."""
    assert outcome_of(error) == Halt(UNKNOWN_BOT)


def test_a_conflict_says_nothing_of_a_message():
    """It concerns receiving; a send that met one may have arrived."""
    assert isinstance(outcome_of(Conflict("Conflict: terminated by other getUpdates request")), Uncertain)


def test_reasons_are_one_short_line_without_the_token():
    """The library quotes addresses and pages; the log gets neither."""
    quoted = NetworkError(f"Unknown error: InvalidURL('http://x/bot{TOKEN}/sendMessage')\nand more")
    assert TOKEN not in reason_of(quoted)
    assert "\n" not in reason_of(quoted)
    assert len(reason_of(NetworkError("Bad Gateway (502) " + "<html>" * 500))) <= 200
    assert reason_of(caused(TimedOut(), httpx.ReadTimeout(""))) == "Timed out (ReadTimeout)"
    assert reason_of(TelegramError("")) == "TelegramError"


def test_two_refusals_that_are_none():
    """An edit that changes nothing, and a button that waited too long."""
    assert is_not_modified(BadRequest(server.NOT_MODIFIED))
    assert not is_not_modified(BadRequest(server.EDIT_NOT_FOUND))
    assert is_old_query(BadRequest(server.QUERY_TOO_OLD))
    assert not is_old_query(BadRequest(server.NOT_MODIFIED))
