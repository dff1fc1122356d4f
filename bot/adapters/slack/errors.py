"""What Slack's answers mean for a delivery: error codes and broken connections as outcomes.

https://docs.slack.dev/reference/methods/chat.postMessage/#errors
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from functools import partial
from types import MappingProxyType
from typing import Any

from aiohttp import ClientConnectorError, ClientError, ClientHttpProxyError, ConnectionTimeoutError
from slack_sdk.errors import SlackApiError, SlackClientError

from bot.model.delivery import Closed, Degradation, Halt, Later, Outcome, Refused, Scope, Uncertain

FAILURES = (SlackClientError, ClientError, TimeoutError, OSError, ValueError, AttributeError)
"""What a call of the library raises, whatever happens to the network.

Even AttributeError: it takes for granted that an answer is JSON, and a proxy's page in plain text is not.
"""


class NotCalledError(SlackClientError):
    """A call that was not even made. `outcome` is what that means for its message."""

    def __init__(self, outcome: Later | Closed | Halt) -> None:
        super().__init__(outcome.reason)
        self.outcome = outcome


_closed_thread = partial(Closed, scope=Scope.THREAD)
_closed_workspace = partial(Closed, scope=Scope.WORKSPACE)
_later_workspace = partial(Later, scope=Scope.WORKSPACE)
_halt_workspace = partial(Halt, scope=Scope.WORKSPACE)

OUTCOMES: Mapping[str, Callable[[str], Outcome]] = MappingProxyType(
    {
        # The conversation cannot be written to. A private channel without the bot is "not found".
        "channel_not_found": Closed,
        "not_in_channel": Closed,
        "is_archived": Closed,
        "messages_tab_disabled": Closed,
        "no_permission": Closed,
        "access_denied": Closed,
        "app_access_restricted": Closed,
        "user_disabled": Closed,
        "cannot_dm_bot": Closed,
        # The thread cannot be written to.
        "cannot_reply_to_message": _closed_thread,
        "restricted_action_thread_locked": _closed_thread,
        # The workspace has taken its leave.
        "account_inactive": _closed_workspace,
        "token_revoked": _closed_workspace,
        "team_access_not_granted": _closed_workspace,
        "invalid_refresh_token": _closed_workspace,  # of oauth.v2.access: the token has ended, and there is no other
        # The workspace's token is wrong, or this machine's address is not on the workspace's list: no reader has
        # left, so everything waits until that is mended, and nobody is suspended.
        "invalid_auth": _halt_workspace,
        "not_authed": _halt_workspace,
        "missing_scope": _halt_workspace,
        "not_allowed_token_type": _halt_workspace,
        "invalid_client_id": _halt_workspace,
        "bad_client_secret": _halt_workspace,
        # Another time.
        "ratelimited": Later,
        "rate_limited": Later,
        "token_expired": Later,
        "service_unavailable": _later_workspace,
        "org_login_required": _later_workspace,
        "team_added_to_org": _later_workspace,
        "message_limit_exceeded": _later_workspace,
        "ekm_access_denied": _later_workspace,
        "accesslimited": _later_workspace,
        # "Some aspect of the operation may have succeeded."
        "fatal_error": Uncertain,
        "internal_error": Uncertain,
        # Our fault: what is said has to be said more plainly.
        "invalid_blocks": Refused,
        "invalid_blocks_format": Refused,
        "msg_blocks_too_long": Refused,
        "msg_too_long": Refused,
        "no_text": Refused,
        "metadata_too_large": Refused,
        "invalid_arguments": Refused,
        "markdown_text_conflict": Refused,
        "too_many_attachments": Refused,
        "request_timeout": Refused,  # of a body that arrived cut off
        # Of chat.update.
        "message_not_found": Refused,
        "cant_update_message": Refused,
        "edit_window_closed": Refused,
    }
)

_FAMILIES: tuple[tuple[str, Callable[[str], Outcome]], ...] = (
    ("restricted_action", Closed),
    ("slack_connect_", Closed),
    ("invalid_metadata_", Refused),
)

# https://github.com/slackapi/python-slack-sdk/issues/1782
_PICTURE_TROUBLE = ("downloading image failed", "image_url", "slack_file", "slack file")


def outcome_of(error: BaseException) -> Outcome:
    """Tell what became of a message whose sending ended in one of `FAILURES`."""
    match error:
        case NotCalledError(outcome=outcome):
            return outcome
        case SlackApiError():
            return _outcome_of_answer(error.response)
        # Before the connection stood, nothing can have arrived.
        case ClientConnectorError() | ConnectionTimeoutError() | ClientHttpProxyError():
            return Later(f"Slack cannot be reached ({type(error).__name__})", scope=Scope.PLATFORM)
        case TimeoutError():
            return Uncertain("Slack did not answer in time")
        case _:
            return Uncertain(f"the connection broke before Slack answered ({type(error).__name__})")


def outcome_of_code(code: str) -> Outcome:
    """Tell what an error code means. One nobody knows is a refusal: Slack took nothing, and says why."""
    if verdict := OUTCOMES.get(code):
        return verdict(code)
    for beginning, verdict in _FAMILIES:
        if code.startswith(beginning):
            return verdict(code)
    return Refused(code)


def reason_of(error: BaseException) -> str:
    """Say in plain words what went wrong with a call."""
    return str(getattr(outcome_of(error), "reason", "something went wrong"))


def error_code(error: BaseException) -> str:
    """Return Slack's own word for what went wrong, "" where it said none."""
    return _code(error.response) if isinstance(error, SlackApiError) else ""


def retry_after(headers: Mapping[str, Any] | None) -> timedelta | None:
    """Read how long Slack asks to be left alone."""
    value = str((headers or {}).get("Retry-After", ""))
    return timedelta(seconds=int(value)) if value.isdecimal() else None


def _outcome_of_answer(response: Any) -> Outcome:
    """Read an answer that is not "ok".

    `response` is the library's, or, where the body was no JSON at all, aiohttp's; a page of HTML leaves its data empty.
    """
    status = getattr(response, "status_code", None) or getattr(response, "status", None)
    code = _code(response)
    if status == 429 or code in {"ratelimited", "rate_limited"}:
        return Later(code or "ratelimited", after=retry_after(getattr(response, "headers", None)))
    if not code:
        return Uncertain(f"Slack answered HTTP {status} without a word")
    if code.startswith("invalid_blocks"):
        return _blocks_refused(code, getattr(response, "data", {}))
    return outcome_of_code(code)


def _blocks_refused(code: str, data: Mapping[str, Any]) -> Outcome:
    details = [*(data.get("errors") or ()), *((data.get("response_metadata") or {}).get("messages") or ())]
    said = "; ".join(dict.fromkeys(str(detail).removeprefix("[ERROR] ") for detail in details))
    reason = f"{code}: {said}" if said else code
    if any(trouble in said for trouble in _PICTURE_TROUBLE):
        return Refused(reason, keep=Degradation.NO_IMAGES)
    return Refused(reason)


def _code(response: Any) -> str:
    data = getattr(response, "data", None)
    code = data.get("error") if isinstance(data, Mapping) else None
    return code if isinstance(code, str) else ""
