"""Everything Slack is known to say to a message, one row each, and what becomes of the part and its chat."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
from aiohttp.client_reqrep import ConnectionKey
from slack_sdk.errors import SlackApiError, SlackRequestError
from slack_sdk.web.async_slack_response import AsyncSlackResponse

from bot.adapters.slack.errors import FAILURES, OUTCOMES, error_code, outcome_of, reason_of, retry_after
from bot.delivery.policy import HALT_RETRY, Decision, backoff, decide
from bot.model.chat import Address
from bot.model.delivery import Degradation, Later, Part, PartStatus, Refused, Scope, Uncertain

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


SUSPEND = {"status": PartStatus.FAILED, "suspend": Scope.CHAT}
SHUT = {"status": PartStatus.PENDING, "shut": "1.5"}
SUSPEND_WORKSPACE = {"status": PartStatus.FAILED, "suspend": Scope.WORKSPACE}
STOP_WORKSPACE = {"status": PartStatus.PENDING, "wait": HALT_RETRY, "pause": Scope.WORKSPACE, "halt": True}
LATER = {"status": PartStatus.PENDING, "wait": backoff(1)}
LATER_IN_WORKSPACE = LATER | {"pause": Scope.WORKSPACE}
LATER_ANYWHERE = LATER | {"pause": Scope.PLATFORM}
WITHOUT_IMAGES = {"status": PartStatus.PENDING, "degradation": Degradation.NO_IMAGES}
PLAIN = {"status": PartStatus.PENDING, "degradation": Degradation.PLAIN}
LOOK_FOR_IT = {"status": PartStatus.UNCERTAIN}

PART = Part(1, "r.0", Address("slack", "C1"), 1, {"text": "x"}, PartStatus.SENDING, attempts=1, thread="1.5")


def codes(then: Mapping[str, Any], *names: str) -> dict[str, tuple[BaseException, Mapping[str, Any]]]:
    return {name: (answered(name), then) for name in names}


BY_CODE = {
    # The conversation cannot be written to, or its thread cannot.
    **codes(
        SUSPEND,
        "channel_not_found",
        "not_in_channel",
        "is_archived",
        "restricted_action",
        "restricted_action_read_only_channel",
        "restricted_action_non_threadable_channel",
        "messages_tab_disabled",
        "no_permission",
        "access_denied",
        "slack_connect_file_upload_sharing_blocked",
        "slack_connect_canvas_sharing_blocked",
        "app_access_restricted",
        "user_disabled",
        "cannot_dm_bot",
    ),
    **codes(SHUT, "cannot_reply_to_message", "restricted_action_thread_locked"),
    # The workspace has taken its leave.
    **codes(SUSPEND_WORKSPACE, "account_inactive", "token_revoked", "team_access_not_granted", "invalid_refresh_token"),
    # The token is wrong, or this machine's address is.
    **codes(
        STOP_WORKSPACE,
        "invalid_auth",
        "not_authed",
        "missing_scope",
        "not_allowed_token_type",
        "invalid_client_id",
        "bad_client_secret",
    ),
    # Another time.
    **codes(LATER, "token_expired", "ratelimited", "rate_limited"),
    **codes(
        LATER_IN_WORKSPACE,
        "service_unavailable",
        "org_login_required",
        "team_added_to_org",
        "message_limit_exceeded",
        "ekm_access_denied",
        "accesslimited",
    ),
    # The content.
    **codes(
        PLAIN,
        "invalid_blocks",
        "invalid_blocks_format",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "metadata_too_large",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_arguments",
        "markdown_text_conflict",
        "too_many_attachments",
        "request_timeout",
        "message_not_found",
        "cant_update_message",
        "edit_window_closed",
        "a_word_of_tomorrow",
    ),
    # Nobody knows.
    **codes(LOOK_FOR_IT, "fatal_error", "internal_error"),
}

TABLE: dict[str, tuple[BaseException, Mapping[str, Any]]] = {
    **BY_CODE,
    "invalid_blocks, downloading image failed": (
        answered("invalid_blocks", errors=["downloading image failed [json-pointer:/blocks/1/image_url]"]),
        WITHOUT_IMAGES,
    ),
    "429, Retry-After: 17": (
        answered("ratelimited", status=429, headers={"Retry-After": "17"}),
        LATER | {"wait": timedelta(seconds=17)},
    ),
    **{f"{status}, a page of HTML": (answered(None, status=status), LOOK_FOR_IT) for status in (200, 500, 502, 504)},
    # The way there.
    "ClientConnectorError": (aiohttp.ClientConnectorError(KEY, OSError(111, "refused")), LATER_ANYWHERE),
    "ClientConnectorDNSError": (aiohttp.ClientConnectorDNSError(KEY, OSError(-2, "unknown")), LATER_ANYWHERE),
    "ConnectionTimeoutError": (aiohttp.ConnectionTimeoutError(), LATER_ANYWHERE),
    "TimeoutError": (TimeoutError(), LOOK_FOR_IT),
    "ServerDisconnectedError": (aiohttp.ServerDisconnectedError(), LOOK_FOR_IT),
    "ClientOSError": (aiohttp.ClientOSError(104, "reset"), LOOK_FOR_IT),
    "ClientPayloadError": (aiohttp.ClientPayloadError(), LOOK_FOR_IT),
    "SocketTimeoutError": (aiohttp.SocketTimeoutError(), LOOK_FOR_IT),
    "SlackRequestError": (SlackRequestError("odd"), LOOK_FOR_IT),
    "AttributeError of the library": (AttributeError("'str' object has no attribute 'get'"), LOOK_FOR_IT),
}


@pytest.mark.parametrize(("error", "then"), TABLE.values(), ids=TABLE.keys())
def test_what_slack_says_decides_what_becomes_of_the_part(error: BaseException, then: Mapping[str, Any]) -> None:
    """What did not arrive is tried again, what may have is looked for, and nobody is lost for a fault of the bot's."""
    assert isinstance(error, FAILURES)
    decision = decide(PART, outcome_of(error))
    assert decision == Decision(error=decision.error, **then)
    assert decision.error


def test_a_reason_begins_with_slacks_own_word() -> None:
    """So that it can be looked up."""
    for code, (error, _) in BY_CODE.items():
        assert error_code(error) == code
        assert reason_of(error) == code


def test_rows_are_all_tested() -> None:
    """No row of the table is without a row here."""
    assert set(OUTCOMES) <= BY_CODE.keys()


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


def test_no_secret_in_a_reason() -> None:
    """A reason is shown and logged: it never holds what the request held."""
    for error in (answered("invalid_auth"), answered(None, status=502), TimeoutError(SECRET)):
        assert SECRET not in repr(outcome_of(error))
