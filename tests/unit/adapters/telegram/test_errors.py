"""Everything Telegram is known to say to a send, one row each: its answer, and what becomes of the part and its chat.

The real library reads each answer, so that the words are compared as it passes them on.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any, Self

import pytest
from aiohttp import (
    ClientConnectionError,
    ClientConnectorCertificateError,
    ClientConnectorDNSError,
    ClientConnectorError,
    ClientConnectorSSLError,
    ClientHttpProxyError,
    ClientOSError,
    ClientPayloadError,
    ClientProxyConnectionError,
    ConnectionTimeoutError,
    InvalidURL,
    RequestInfo,
    ServerDisconnectedError,
    SocketTimeoutError,
)
from aiohttp.client_reqrep import ConnectionKey
from multidict import CIMultiDict, CIMultiDictProxy
from telegram import Bot
from telegram.error import InvalidToken, NetworkError, RetryAfter, TelegramError, TimedOut
from yarl import URL

from bot.adapters.telegram.errors import UNKNOWN_BOT, is_not_modified, is_old_query, outcome_of, reason_of
from bot.adapters.telegram.requests import Patience, Request
from bot.delivery.policy import HALT_RETRY, Decision, backoff, decide
from bot.model.chat import Address
from bot.model.delivery import Degradation, Halt, Later, Part, PartStatus, Scope

PART = Part(1, "r.0", Address("telegram", "-1001", "7"), 0, {"text": "x"}, PartStatus.SENDING, attempts=1)
LED_AWAY = replace(PART, thread="77")
SUPERGROUP = -100500
TOKEN = "987654321:AAFakeTokenForTheTestsOfThisBot_12345"


@dataclass(frozen=True)
class Answer:
    """What comes back: a status and a body, or nothing but an error on the way."""

    status: int = 0
    body: str = ""
    error: Exception | None = None

    async def __aenter__(self) -> Self:
        if self.error is not None:
            raise self.error
        return self

    async def __aexit__(self, *_: object) -> None:
        return None

    async def read(self) -> bytes:
        """Return the body."""
        return self.body.encode()


class Line:
    """A line to a server that answers so."""

    def __init__(self, answer: Answer) -> None:
        self.request = lambda *_arguments, **_options: answer


def says(description: str, code: int = 400, **parameters: int) -> Answer:
    """Make the Bot API's own answer."""
    body: Mapping[str, Any] = {"ok": False, "error_code": code, "description": description, "parameters": parameters}
    return Answer(code, json.dumps(body))


def page(code: int, text: str = "<html><body>nginx</body></html>") -> Answer:
    """Make the page of a proxy that stands before it."""
    return Answer(code, text)


_HOST = ConnectionKey(
    "api.telegram.org", 443, is_ssl=True, ssl=True, proxy=None, proxy_auth=None, proxy_headers_hash=None
)
_ADDRESS = URL(f"https://api.telegram.org/bot{TOKEN}/sendMessage")
_ASKED = RequestInfo(_ADDRESS, "POST", CIMultiDictProxy(CIMultiDict()), _ADDRESS)
NOT_SENT: tuple[Exception, ...] = (
    *(kind(_HOST, OSError(111, "refused")) for kind in (ClientConnectorError, ClientConnectorDNSError)),
    *(kind(_HOST, OSError(111, "refused")) for kind in (ClientConnectorSSLError, ClientProxyConnectionError)),
    ClientConnectorCertificateError(_HOST, ValueError("expired")),
    ClientHttpProxyError(_ASKED, (), status=407),
    ConnectionTimeoutError(),
    InvalidURL(_ADDRESS),
)
PERHAPS_SENT: tuple[Exception, ...] = (
    SocketTimeoutError(),
    TimeoutError(),
    ServerDisconnectedError(),
    ClientOSError(104, "reset"),
    ClientConnectionError("closed"),
    ClientPayloadError(),
    ConnectionResetError(),
)


@dataclass(frozen=True)
class Row:
    """An answer, and which fields of the decision it brings, beside the reason."""

    answer: Answer
    then: Mapping[str, Any]
    part: Part = PART


SUSPEND = {"status": PartStatus.FAILED, "suspend": Scope.CHAT}
OTHER_TOPIC_SHUT = {"status": PartStatus.PENDING, "shut": "77"}
FOLLOW = {"status": PartStatus.PENDING, "move_to": Address("telegram", str(SUPERGROUP))}
WITHOUT_IMAGES = {"status": PartStatus.PENDING, "degradation": Degradation.NO_IMAGES}
PLAIN = {"status": PartStatus.PENDING, "degradation": Degradation.PLAIN}
STOP_ALL = {"status": PartStatus.PENDING, "wait": HALT_RETRY, "pause": Scope.PLATFORM, "halt": True}
LATER = {"status": PartStatus.PENDING, "wait": backoff(1)}
LOOK_FOR_IT = {"status": PartStatus.UNCERTAIN}

KICKED = [f"Forbidden: bot was kicked from the {kind} chat" for kind in ("group", "supergroup", "channel")]
NO_MEMBER = [f"Forbidden: bot is not a member of the {kind} chat" for kind in ("group", "supergroup", "channel")]


def rows(then: Mapping[str, Any], *descriptions: str, code: int = 400, part: Part = PART) -> dict[str, Row]:
    return {description: Row(says(description, code), then, part) for description in descriptions}


TABLE: dict[str, Row] = {
    # Who may not write any more.
    **rows(
        SUSPEND,
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Forbidden: bot can't initiate conversation with a user",
        "Forbidden: the bot can't send messages to the bot",
        *KICKED,
        *NO_MEMBER,
        "Forbidden: the group chat was deleted",
        code=403,
    ),
    "Forbidden: something nobody has heard of": Row(says("Forbidden: something nobody has heard of", 403), SUSPEND),
    **rows(
        SUSPEND,
        "Bad Request: chat not found",
        "Bad Request: private chat not found",
        "Bad Request: PEER_ID_INVALID",
        "Bad Request: not enough rights to send text messages to the chat",
        "Bad Request: need administrator rights in the channel chat",
        "Bad Request: have no write access to the chat",
        "Bad Request: CHAT_WRITE_FORBIDDEN",
        "Bad Request: CHAT_ADMIN_REQUIRED",
        "Bad Request: ALLOW_PAYMENT_REQUIRED_5",
        "Bad Request: USER_IS_BLOCKED",
    ),
    # A topic: the chat's own, and one that a section was led away to.
    **rows(SUSPEND, "Bad Request: TOPIC_CLOSED", "Bad Request: TOPIC_DELETED"),
    **rows(SUSPEND, "Bad Request: message thread not found"),
    **{
        f"{description} (a section's)": Row(says(description), OTHER_TOPIC_SHUT, LED_AWAY)
        for description in (
            "Bad Request: TOPIC_CLOSED",
            "Bad Request: TOPIC_DELETED",
            "Bad Request: message thread not found",
        )
    },
    "Bad Request: group chat was upgraded to a supergroup chat": Row(
        says("Bad Request: group chat was upgraded to a supergroup chat", migrate_to_chat_id=SUPERGROUP), FOLLOW
    ),
    # The content.
    **rows(
        PLAIN,
        'Bad Request: can\'t parse entities: unsupported start tag "x" at byte offset 0',
        "Bad Request: message is too long",
        "Bad Request: message caption is too long",
        "Bad Request: text is too long",
        "Bad Request: text must be non-empty",
        "Bad Request: message text is empty",
        "Bad Request: ENTITIES_TOO_LONG",
        "Bad Request: strings must be encoded in UTF-8",
        "Bad Request: BUTTON_DATA_INVALID",
        "Bad Request: MEDIA_CAPTION_TOO_LONG",
        "Bad Request: something nobody has heard of",
    ),
    **rows(
        WITHOUT_IMAGES,
        "Bad Request: not enough rights to send photos to the chat",
        "Bad Request: wrong file identifier/HTTP URL specified",
        "Bad Request: wrong HTTP URL specified",
        "Bad Request: failed to get HTTP URL content",
        "Bad Request: WEBPAGE_CURL_FAILED",
        "Bad Request: wrong type of the web page content",
        "Bad Request: WEBPAGE_MEDIA_EMPTY",
        "Bad Request: PHOTO_INVALID_DIMENSIONS",
        "Bad Request: IMAGE_PROCESS_FAILED",
        "Bad Request: photo has unsupported extension. Use one of .jpg, .jpeg, .gif, .png, .tif or .bmp",
        'Bad Request: failed to send message #2 with the error message "WEBPAGE_MEDIA_EMPTY"',
        "Bad Request: Group send failed",
        "Bad Request: can't use the media of the specified type in the album",
        "Bad Request: CHAT_SEND_PHOTOS_FORBIDDEN",
        "Bad Request: file must be non-empty",
    ),
    "Request Entity Too Large": Row(says("Request Entity Too Large", 413), WITHOUT_IMAGES),
    "413 (a page)": Row(page(413, "<html>413 Request Entity Too Large</html>"), WITHOUT_IMAGES),
    # The bot.
    **rows(STOP_ALL, "Unauthorized", "Unauthorized: invalid token specified", code=401),
    **rows(STOP_ALL, "Not Found", code=404),
    "Conflict: terminated by other getUpdates request": Row(
        says("Conflict: terminated by other getUpdates request", 409), LOOK_FOR_IT
    ),
    # The pace, and the server.
    "Too Many Requests: retry after 7": Row(
        says("Too Many Requests: retry after 7", 429, retry_after=7), LATER | {"wait": timedelta(seconds=7)}
    ),
    "429 (a page)": Row(page(429), LATER),
    "500 restart": Row(says("Internal Server Error: restart", 500), LOOK_FOR_IT),
    "500 sent message was immediately deleted": Row(
        says("Internal Server Error: sent message was immediately deleted", 500), LOOK_FOR_IT
    ),
    "502 (a page)": Row(page(502), LOOK_FOR_IT),
    "504 (a page)": Row(page(504), LOOK_FOR_IT),
    "200 (a page)": Row(page(200), LOOK_FOR_IT),
    # The way there.
    **{type(error).__name__: Row(Answer(error=error), LATER) for error in NOT_SENT},
    **{type(error).__name__: Row(Answer(error=error), LOOK_FOR_IT) for error in PERHAPS_SENT},
}


async def heard(answer: Answer) -> TelegramError:
    """Let the library send a message, and return what it makes of the answer."""
    request = Request("https://api.telegram.org", Patience(), connections=1)
    request._session = Line(answer)  # type: ignore[assignment]  # what stands for a session
    with pytest.raises(TelegramError) as raised:
        await Bot("1:token", request=request, get_updates_request=request).send_message(1, "x")
    return raised.value


@pytest.mark.parametrize("row", TABLE.values(), ids=TABLE.keys())
async def test_what_telegram_says_decides_what_becomes_of_the_part(row: Row) -> None:
    """What did not arrive is tried again, what may have is looked for, and nobody is lost for a fault of the bot's."""
    decision = decide(row.part, outcome_of(await heard(row.answer)))
    assert decision == Decision(error=decision.error, **row.then)
    assert decision.error


async def test_what_is_no_failure() -> None:
    """An edit that changes nothing has been made; a button that was answered too late needs no answer."""
    unchanged = "Bad Request: message is not modified: specified new message content and reply markup are the same"
    assert is_not_modified(await heard(says(unchanged)))
    late = "Bad Request: query is too old and response timeout expired or query ID is invalid"
    assert is_old_query(await heard(says(late)))


async def test_a_wrong_token_is_said_plainly_and_not_told() -> None:
    """Whatever the server calls it, the reason says what to check, and the token is not in its words."""
    for answer in (says("Unauthorized", 401), says("Not Found", 404)):
        assert decide(PART, outcome_of(await heard(answer))).error == UNKNOWN_BOT
    assert outcome_of(InvalidToken(f"The token `{TOKEN}` was rejected by the server.")) == Halt(UNKNOWN_BOT)


@pytest.mark.parametrize("wait", [7, timedelta(seconds=7)])
@pytest.mark.parametrize("style", ["0", "1"])
@pytest.mark.filterwarnings("ignore::telegram.warnings.PTBDeprecationWarning")
def test_how_long_to_wait(monkeypatch: pytest.MonkeyPatch, wait: int | timedelta, style: str) -> None:
    """The server's own wait, whether the library says it in seconds or as a duration."""
    monkeypatch.setenv("PTB_TIMEDELTA", style)
    outcome = outcome_of(RetryAfter(wait))
    assert isinstance(outcome, Later)
    assert outcome.after == timedelta(seconds=7)


def test_reasons_are_one_short_line_without_the_token() -> None:
    """The library quotes addresses and pages; the log gets neither."""
    quoted = NetworkError(f"Unknown error: InvalidURL('http://x/bot{TOKEN}/sendMessage')\nand more")
    assert TOKEN not in reason_of(quoted)
    assert "\n" not in reason_of(quoted)
    assert len(reason_of(NetworkError("Bad Gateway (502) " + "<html>" * 500))) <= 200
    slow = TimedOut()
    slow.__cause__ = SocketTimeoutError()
    assert reason_of(slow) == "Timed out (SocketTimeoutError)"
    assert reason_of(TelegramError("")) == "TelegramError"
