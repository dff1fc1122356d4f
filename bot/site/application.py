"""The application: which routes there are, and what stands around them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from bot.site.guard import Guard
from bot.site.media import Pictures
from bot.site.pages import show_failure, show_refusal, show_storage_error
from bot.storage.engine import StorageError

Health = Callable[[], Awaitable[Mapping[str, str]]]
"""What is watched, each with "" while it works, else with one plain line."""

HOME = "/chat/lobby"
"""Where the site's root leads."""

BODY_LIMIT = 1 << 20
"""Bytes of a request's body: more than any platform's webhook sends."""


def create_site(
    routes: Sequence[BaseRoute], *, health: Health, pictures: Sequence[Path] = (), public_url: str = ""
) -> Starlette:
    """Make the site of the platforms' `routes`; `pictures` are the folders whose pictures it may serve."""

    async def show_home(_: Request) -> Response:
        return RedirectResponse(HOME)

    async def show_health(_: Request) -> Response:
        watched = await health()
        is_ok = not any(watched.values())
        body = {"ok": is_ok, "checks": {name: wrong or "ok" for name, wrong in watched.items()}}
        return JSONResponse(body, status_code=200 if is_ok else 503, headers={"Cache-Control": "no-store"})

    return Starlette(
        routes=[
            Route("/", show_home),
            Route("/health", show_health),
            Mount("/static", StaticFiles(directory=Path(__file__).with_name("static"))),
            Pictures(pictures).route,
            *routes,
        ],
        max_body_size=BODY_LIMIT,
        middleware=[Middleware(Guard, public_url=public_url)],
        exception_handlers={404: show_refusal, 405: show_refusal, 500: show_failure, StorageError: show_storage_error},
    )
