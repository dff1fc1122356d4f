"""What stands in front of every page: which names the site answers to, who may change something, what a browser may do.

The site has no logins, and often runs on a machine where a browser visits other sites, too. Such a site must not reach
ours through that browser: not by sending requests across (`Origin`, `Sec-Fetch-Site`), and not by a name of its own
that resolves to our address (DNS rebinding), which is why names are checked and bare addresses are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS"})
OPEN_PATHS = frozenset({"/health"})
"""Served under any name: a load balancer asks by whatever name it knows."""

CONTENT_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; font-src 'self'; connect-src 'self'; "
    "img-src 'self' https: http:; "  # an issue's pictures come from anywhere
    "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
)
"""What a page of ours may load:
https://developer.mozilla.org/docs/Web/HTTP/Reference/Headers/Content-Security-Policy."""

HEADERS = {
    "Cache-Control": "no-cache",  # kept, but asked for: a new version's page never meets an old one's script
    "Content-Security-Policy": CONTENT_POLICY,
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    # Not `no-referrer`: with that a browser hides the Origin of our own forms, too.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}
"""Headers of every answer that does not set them itself."""


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a request is not even looked at."""

    status: int
    reason: str


def judge(method: str, path: str, headers: Mapping[str, str], *, public_url: str) -> Refusal | None:
    """Return why a request is refused, None where it may pass."""
    host = headers.get("host", "")
    public = urlsplit(public_url).netloc.lower()
    if path not in OPEN_PATHS and not _is_ours(host, public):
        return Refusal(
            421, f"This site does not answer to the name {host!r}. If that is its name, set BOT_PUBLIC_URL to it."
        )
    if method in SAFE_METHODS or _is_same_origin(headers, {host.lower(), public}):
        return None
    return Refusal(403, "This request comes from another site's page.")


def _is_ours(host: str, public: str) -> bool:
    name = _name(host)
    if not name:
        return False
    return name in {"localhost", _name(public)} or name.endswith(".localhost") or _is_address(name)


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _is_same_origin(headers: Mapping[str, str], hosts: set[str]) -> bool:
    """Tell whether a page of ours asks, or no page at all: browsers tell, other programs send neither header."""
    if site := headers.get("sec-fetch-site"):
        return site == "same-origin"
    if origin := headers.get("origin"):
        return urlsplit(origin).netloc.lower() in hosts - {""}
    return True


class Guard:
    """Refuses what `judge` refuses, and puts `HEADERS` on every answer."""

    def __init__(self, app: ASGIApp, *, public_url: str) -> None:
        self._app = app
        self._public_url = public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return

        async def send_guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refusal = judge(scope["method"], scope["path"], Headers(scope=scope), public_url=self._public_url)
        answer = PlainTextResponse(f"{refusal.reason}\n", refusal.status) if refusal else self._app
        await answer(scope, receive, send_guarded)
