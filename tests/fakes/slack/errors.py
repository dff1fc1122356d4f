"""How Slack refuses: HTTP 200 with an error's code, and now and then something more."""

from __future__ import annotations

from typing import Any


class SlackError(Exception):
    """A refusal: its code, the HTTP status, headers, and further fields of the answer."""

    def __init__(self, code: str, *, status: int = 200, headers: dict[str, str] | None = None, **fields: Any) -> None:
        super().__init__(code)
        self.code = code
        self.status = status
        self.headers = headers or {}
        self.fields = fields

    @classmethod
    def flood(cls, seconds: int) -> SlackError:
        """Make the refusal of one who calls too often."""
        return cls("ratelimited", status=429, headers={"Retry-After": str(seconds)})

    @classmethod
    def invalid(cls, code: str, problems: list[str]) -> SlackError:
        """Make the refusal of content, with what is wrong and where."""
        messages = [f"[ERROR] {problem}" for problem in problems]
        return cls(code, errors=problems, response_metadata={"messages": messages})


VIOLATIONS = frozenset(
    {
        "invalid_arguments",
        "invalid_auth_header",
        "invalid_blocks",
        "invalid_blocks_format",
        "invalid_metadata_format",
        "invalid_metadata_schema",
        "invalid_thread_ts",
        "markdown_text_conflict",
        "missing_argument",
        "missing_scope",
        "msg_blocks_too_long",
        "msg_too_long",
        "no_text",
        "not_allowed_token_type",
        "push_limit_reached",
        "too_many_attachments",
        "unknown_method",
        "view_too_large",
    }
)
"""What a careful client is never told."""


def is_violation(error: SlackError) -> bool:
    """Tell whether a careful client would not have been refused so. A picture Slack cannot fetch is nobody's fault."""
    problems = error.fields.get("errors", [])
    fetching = bool(problems) and all(problem.startswith("downloading image failed") for problem in problems)
    return error.code in VIOLATIONS and not fetching
