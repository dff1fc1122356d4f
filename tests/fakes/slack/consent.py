"""Slack's own page between an app's two: somebody signed in to a workspace says yes to the app, or no.

https://docs.slack.dev/authentication/installing-with-oauth
"""

from __future__ import annotations

from urllib.parse import parse_qs, urlencode, urlsplit

from aiohttp import web

from tests.fakes.loop import scripted
from tests.fakes.slack.desk import Grant
from tests.fakes.slack.upkeep import Upkeep
from tests.fakes.slack.world import User, Workspace


class Consent(Upkeep):
    """The page, and who stands before it."""

    redirect_urls: frozenset[str] = frozenset()
    """Where the app said it may be gone back to. Without any, everywhere."""

    @scripted
    def sign_in(self, workspace: Workspace, *, by: User, rotating: bool = False) -> None:
        """Let somebody stand before the page who will say yes; with a `rotating` app the token will end."""
        self.desk.visitor = Grant(workspace, by, rotating=rotating)

    @scripted
    def decline(self) -> None:
        """Let whoever stands before the page say no."""
        self.desk.visitor = None

    @scripted
    def expire(self, workspace: Workspace | None = None) -> None:
        """Let a workspace's token end now."""
        (workspace or self.team).expires_at = self.now()

    async def show_consent(self, request: web.BaseRequest) -> web.StreamResponse:
        """Answer a browser that comes to the page: it is sent back to the app at once, with what was said."""
        asked = {name: values[0] for name, values in parse_qs(urlsplit(str(request.rel_url)).query).items()}
        back = asked.get("redirect_uri", "")
        wrong = asked.get("client_id") != self.secrets.client_id or not asked.get("scope") or not back
        if wrong or (self.redirect_urls and back not in self.redirect_urls):
            self.violated("oauth/v2/authorize", None, f"refused {sorted(asked)}")
            return web.Response(status=400, text="Something went wrong when authorizing this app.")
        told = {"state": asked.get("state", "")}
        if (visitor := self.desk.visitor) is None:
            told["error"] = "access_denied"
        else:
            told["code"] = f"code-{self.number()}"
            visitor.scopes, visitor.redirect_uri = frozenset(asked["scope"].split(",")), back
            self.desk.grants[told["code"]] = visitor
            self.desk.visitor = None
        return web.Response(status=302, headers={"Location": f"{back}?{urlencode(told)}"})
