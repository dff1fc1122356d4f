"""What Slack's answers mean: one row a case."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.errors import FAILURES, OUTCOMES, error_code, outcome_of, retry_after
from bot.model.delivery import Closed, Degradation, Halt, Later, Outcome, Refused, Scope, Uncertain

SECRET = "xoxb-1-secret"


def answered(code: str | None, *, status: int = 200, headers: dict[str, str] | None = None, **more: Any) -> Exception:
    """Make the library's error for an answer, as its `validate` does."""
    data: dict[str, Any] = {} if code is None else {"ok": False, "error": code, **more}
    response = AsyncSlackResponse(
        client=SimpleNamespace(token=SECRET),
        http_verb="POST",
        api_url="https://slack.com/api/chat.postMessage",
        req_args={"headers": {"Authorization": f"Bearer {SECRET}"}},
        data=data,
        headers=headers or {},
        status_code=status,
    )
    return SlackApiError("The request to the Slack API failed.", response)


CHANNEL = [
    *("channel_not_found", "not_in_channel", "is_archived", "messages_tab_disabled"),
    *("no_permission", "access_denied", "app_access_restricted", "user_disabled", "cannot_dm_bot", "restricted_action"),
    *("restricted_action_read_only_channel", "slack_connect_file_upload_blocked"),
]
SHUT = ["cannot_reply_to_message", "restricted_action_thread_locked"]
GONE = ["account_inactive", "token_revoked", "team_access_not_granted", "invalid_refresh_token"]
WRONG_TOKEN = [
    *("invalid_auth", "not_authed", "missing_scope", "not_allowed_token_type", "invalid_client_id"),
    "bad_client_secret",
]
ANOTHER_TIME = [
    *("service_unavailable", "org_login_required", "team_added_to_org", "message_limit_exceeded"),
    *("ekm_access_denied", "accesslimited"),
]
TOO_MUCH = [
    *("invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", "msg_too_long", "no_text"),
    *("metadata_too_large", "invalid_metadata_format", "invalid_arguments", "markdown_text_conflict"),
    *("too_many_attachments", "request_timeout", "message_not_found", "cant_update_message"),
    *("edit_window_closed", "a_word_of_tomorrow"),
]


@pytest.mark.parametrize(
    ("code", "outcome"),
    [
        *((code, Closed(code)) for code in CHANNEL),
        *((code, Closed(code, scope=Scope.THREAD)) for code in SHUT),
        *((code, Closed(code, scope=Scope.WORKSPACE)) for code in GONE),
        *((code, Halt(code, scope=Scope.WORKSPACE)) for code in WRONG_TOKEN),
        *((code, Later(code, scope=Scope.WORKSPACE)) for code in ANOTHER_TIME),
        ("token_expired", Later("token_expired")),
        *((code, Uncertain(code)) for code in ("fatal_error", "internal_error")),
        *((code, Refused(code, keep=Degradation.PLAIN)) for code in TOO_MUCH),
    ],
)
def test_every_code_has_its_outcome(code: str, outcome: Outcome) -> None:
    """An error code decides what becomes of the part, its chat and its workspace."""
    assert outcome_of(answered(code)) == outcome
    assert error_code(answered(code)) == code


def test_rows_are_all_tested() -> None:
    """No row of the table is without a row here."""
    tested = {*CHANNEL, *SHUT, *GONE, *WRONG_TOKEN, *ANOTHER_TIME, *TOO_MUCH}
    tested |= {"token_expired", "fatal_error", "internal_error", "ratelimited", "rate_limited"}
    assert set(OUTCOMES) <= tested


@pytest.mark.parametrize("code", ["ratelimited", "rate_limited", None])
def test_throttling_names_its_time(code: str | None) -> None:
    """HTTP 429 means later, after as many seconds as Slack names, whether or not the body says so, too."""
    error = answered(code, status=429, headers={"Retry-After": "17"})
    assert outcome_of(error) == Later(code or "ratelimited", after=timedelta(seconds=17))


def test_throttling_without_a_time_is_left_to_the_policy() -> None:
    """Where Slack names no time, or no number, the policy's own backoff holds."""
    assert outcome_of(answered("ratelimited")) == Later("ratelimited")
    assert retry_after({"Retry-After": "soon"}) is None
    assert retry_after(None) is None


@pytest.mark.parametrize(
    "detail",
    [
        "downloading image failed [json-pointer:/blocks/1/image_url]",
        "must be a valid url [json-pointer:/blocks/3/image_url]",
        "invalid slack file [json-pointer:/blocks/0/slack_file]",
    ],
)
def test_picture_alone_is_dropped_where_it_alone_is_wrong(detail: str) -> None:
    """Blocks refused for a picture go out without pictures next; the reason tells which."""
    by_errors = answered("invalid_blocks", errors=[detail])
    by_messages = answered("invalid_blocks", response_metadata={"messages": [f"[ERROR] {detail}"]})
    both = answered("invalid_blocks", errors=[detail], response_metadata={"messages": [f"[ERROR] {detail}"]})
    expected = Refused(f"invalid_blocks: {detail}", keep=Degradation.NO_IMAGES)
    assert [outcome_of(error) for error in (by_errors, by_messages, both)] == [expected] * 3


def test_other_block_trouble_goes_plain() -> None:
    """Blocks refused for anything else go out as plain text next."""
    error = answered("invalid_blocks", errors=["must be more than 0 characters [json-pointer:/blocks/0/text]"])
    outcome = outcome_of(error)
    assert isinstance(outcome, Refused)
    assert outcome.keep is Degradation.PLAIN


@pytest.mark.parametrize("status", [200, 403, 500, 502, 504])
def test_page_without_a_word_decides_nothing(status: int) -> None:
    """A page of HTML, even with status 200, says neither yes nor no."""
    assert isinstance(outcome_of(answered(None, status=status)), Uncertain)


@pytest.mark.parametrize(("status", "outcome"), [(429, Later), (502, Uncertain)])
def test_raw_response_is_read_as_far_as_it_goes(status: int, outcome: type) -> None:
    """Broken JSON leaves aiohttp's own response in the error, which has other names for things."""
    error = SlackApiError("Received a response in a non-JSON format", SimpleNamespace(status=status, headers={}))
    assert isinstance(outcome_of(error), outcome)
    assert error_code(error) == ""


@pytest.mark.parametrize("data", ["Service Unavailable", b"", None])
def test_answer_that_is_no_object_decides_nothing(data: Any) -> None:
    """The library keeps text and bytes where it expects an object."""
    error = answered("x", status=503)
    error.response.data = data  # type: ignore[attr-defined]
    assert isinstance(outcome_of(error), Uncertain)


KEY = ConnectionKey(
    host="slack.com",
    port=443,
    is_ssl=True,
    ssl=True,
    proxy=None,
    proxy_auth=None,
    proxy_headers_hash=None,
    server_hostname=None,
)


@pytest.mark.parametrize(
    ("error", "outcome"),
    [
        (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), Later),
        (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")), Later),
        (aiohttp.ConnectionTimeoutError(), Later),
        (aiohttp.ServerDisconnectedError(), Uncertain),
        (aiohttp.ClientOSError(104, "reset"), Uncertain),
        (aiohttp.ClientPayloadError(), Uncertain),
        (aiohttp.SocketTimeoutError(), Uncertain),
        (TimeoutError(), Uncertain),
        (SlackRequestError("odd"), Uncertain),
        (AttributeError("'str' object has no attribute 'get'"), Uncertain),
    ],
)
def test_broken_connections(error: Exception, outcome: type) -> None:
    """Before the connection stood nothing can have arrived; after that it may have."""
    assert isinstance(error, FAILURES)
    assert isinstance(outcome_of(error), outcome)


def test_unreachable_slack_concerns_everybody() -> None:
    """Where Slack cannot be reached at all, no chat is to be tried."""
    outcome = outcome_of(aiohttp.ClientConnectorError(KEY, OSError(111, "refused")))
    assert isinstance(outcome, Later)
    assert outcome.scope is Scope.PLATFORM


def test_no_secret_in_a_reason() -> None:
    """A reason is shown and logged: it never holds what the request held."""
    for error in (answered("invalid_auth"), answered(None, status=502), TimeoutError(SECRET)):
        assert SECRET not in repr(outcome_of(error))
