"""The guard: under which names the site answers, and who may change something."""

from __future__ import annotations

import pytest

from bot.site.guard import judge

PUBLIC = "https://bot.example.org"


def status(method: str, path: str = "/", *, public_url: str = "", **headers: str) -> int:
    """Return what a request is refused with, 0 where it passes."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    refusal = judge(method, path, named, public_url=public_url)
    return refusal.status if refusal else 0


@pytest.mark.parametrize(
    "host",
    ["127.0.0.1:8080", "localhost:8080", "LOCALHOST", "192.168.1.20:8080", "[::1]:8080", "bot.localhost", "10.0.0.7"],
)
def test_addresses_and_localhost_are_ours(host: str) -> None:
    """No foreign name can lead there, so nothing needs to be set."""
    assert status("GET", host=host) == 0


@pytest.mark.parametrize(
    "host", ["", "evil.example", "127.0.0.1.evil.example:8080", "localhost.evil.example", "a:b:c", "["]
)
def test_foreign_names_are_not_ours(host: str) -> None:
    """A name that merely resolves to us is refused, and the refusal says what to set."""
    assert status("GET", host=host) == 421
    refusal = judge("GET", "/", {"host": host}, public_url="")
    assert refusal is not None
    assert "BOT_PUBLIC_URL" in refusal.reason


def test_the_public_name_is_ours() -> None:
    """The name that is set is answered to, with any port."""
    assert status("GET", host="bot.example.org", public_url=PUBLIC) == 0
    assert status("GET", host="bot.example.org:443", public_url=PUBLIC) == 0
    assert status("GET", host="other.example.org", public_url=PUBLIC) == 421


def test_health_is_told_under_any_name() -> None:
    """A load balancer asks by whatever name it knows; it may not change anything by it."""
    assert status("GET", "/health", host="10-0-0-7.cluster.internal") == 0
    assert status("POST", "/health", host="a.example", origin="https://b.example") == 403


@pytest.mark.parametrize(
    ("headers", "refused"),
    [
        ({"sec_fetch_site": "same-origin"}, 0),
        ({"sec_fetch_site": "cross-site"}, 403),
        ({"sec_fetch_site": "same-site"}, 403),
        ({"sec_fetch_site": "none"}, 403),
        ({"sec_fetch_site": "cross-site", "origin": "http://127.0.0.1:8080"}, 403),
        ({"origin": "http://127.0.0.1:8080"}, 0),
        ({"origin": "http://127.0.0.1:9090"}, 403),
        ({"origin": "https://evil.example"}, 403),
        ({"origin": "null"}, 403),
        ({"origin": "https://bot.example.org"}, 0),
        ({}, 0),
    ],
)
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_only_our_own_pages_may_change_something(method: str, headers: dict[str, str], refused: int) -> None:
    """What a browser says of where a request comes from is believed; programs that say nothing are no browsers."""
    assert status(method, public_url=PUBLIC, host="127.0.0.1:8080", **headers) == refused


def test_looking_is_allowed_from_anywhere() -> None:
    """A link to us works."""
    assert status("GET", host="127.0.0.1", sec_fetch_site="cross-site") == 0
    assert status("HEAD", host="127.0.0.1", origin="https://evil.example") == 0
