"""Pages made of templates. They share one frame (`templates/base.html`) and one style sheet (`static/site.css`)."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.templating import Jinja2Templates

from bot.site.guard import HEADERS

_TEMPLATES = Jinja2Templates(Path(__file__).with_name("templates"))
_SAYINGS = {
    HTTPStatus.NOT_FOUND: "There is nothing here.",
    HTTPStatus.METHOD_NOT_ALLOWED: "This cannot be done here.",
    HTTPStatus.INTERNAL_SERVER_ERROR: "Something went wrong here. It has been written to the log.",
}


def show(request: Request, template: str, *, status: HTTPStatus = HTTPStatus.OK, **values: object) -> Response:
    """Fill in a template."""
    return _TEMPLATES.TemplateResponse(request, template, values, status_code=status)


async def show_refusal(request: Request, error: Exception) -> Response:
    """Say that there is no such page, as a page to people and in a line to programs."""
    status = HTTPStatus(error.status_code if isinstance(error, HTTPException) else HTTPStatus.NOT_FOUND)
    return _show_status(request, status, headers=error.headers if isinstance(error, HTTPException) else None)


async def show_storage_error(request: Request, error: Exception) -> Response:
    """Say in its own words what is wrong with the database."""
    return _show_status(request, HTTPStatus.SERVICE_UNAVAILABLE, detail=str(error))


async def show_failure(request: Request, _: Exception) -> Response:
    """Say that something broke here; what it was stands in the log."""
    # This answer is made outside the guard, which would have put its headers on.
    return _show_status(request, HTTPStatus.INTERNAL_SERVER_ERROR, headers=HEADERS)


def _show_status(
    request: Request, status: HTTPStatus, *, detail: str = "", headers: Mapping[str, str] | None = None
) -> Response:
    detail = detail or _SAYINGS.get(status, status.phrase)
    if "text/html" in request.headers.get("accept", ""):
        response = show(request, "status.html", status=status, number=status.value, detail=detail)
    else:
        response = PlainTextResponse(f"{detail}\n", status)
    response.headers.update(headers or {})
    return response
