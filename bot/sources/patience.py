"""When a request that failed is worth another try, and after how long. Decides only; who asks waits."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

MAX_TRIES = 4
LONGEST_WAIT = 60.0
"""Seconds: whoever is told to wait longer gives up, and the next regular look tries again."""

_FIRST_WAIT = 1.0
_LIMITING = frozenset({403, 429})


def wait_before_retry(status: int, headers: Mapping[str, str], *, tries: int, now: datetime) -> float | None:
    """Return the seconds to wait before the next try, None for no other. Status 0 stands for no answer at all."""
    if tries >= MAX_TRIES:
        return None
    if status in _LIMITING:
        wait = limited_for(headers, now=now)
        return wait if wait is not None and wait <= LONGEST_WAIT else None
    if status == 0 or status >= 500:
        return _FIRST_WAIT * 2.0 ** (tries - 1)
    return None


def limited_for(headers: Mapping[str, str], *, now: datetime) -> float | None:
    """Return for how many seconds the server asks not to be asked, None where it does not say so.

    See https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api.
    """
    if (after := _number(headers.get("retry-after"))) is not None:
        return max(after, 0.0)
    if headers.get("x-ratelimit-remaining") == "0" and (reset := _number(headers.get("x-ratelimit-reset"))) is not None:
        return max(reset - now.timestamp(), 0.0) + 1.0
    return None


def _number(text: str | None) -> float | None:
    try:
        return float(text) if text is not None else None
    except ValueError:
        return None
