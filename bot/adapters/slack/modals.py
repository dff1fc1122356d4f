"""Answers laid over what one is reading: opened, pushed upon each other, changed in place.

A press opens a modal for three seconds and once; what comes later, or is refused, is said as a message instead.
https://docs.slack.dev/surfaces/modals
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Any

from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Services
from bot.adapters.slack import limits
from bot.adapters.slack.errors import FAILURES, error_code, reason_of
from bot.adapters.slack.forms import make_form
from bot.adapters.slack.places import Place, read_place
from bot.adapters.slack.requests import Question, Surface
from bot.adapters.slack.runs import JSON
from bot.adapters.slack.sharing import line_of
from bot.adapters.slack.uploads import UploadError, Uploads
from bot.adapters.slack.views import depth_of, make_modal, with_note, without_pictures
from bot.model.command import Reply

log = logging.getLogger(__name__)

_REFUSED = frozenset({"invalid_arguments", "invalid_blocks", "view_too_large"})
"""What Slack says of a view it does not like; anything else, a plainer form would not mend."""

Call = Callable[[JSON], Awaitable[str]]
"""Shows a view, and returns its id."""


class Modals:
    """Shows replies as modals in one workspace."""

    def __init__(self, client: AsyncWebClient, services: Services, uploads: Uploads) -> None:
        self._client = client
        self._services = services
        self._uploads = uploads

    async def show(self, question: Question, reply: Reply) -> bool:
        """Show a reply as a modal, where that is how it is best shown; False where it is to be said as a message."""
        if not _is_shown_over(question, reply):
            return False
        words = await self._services.words(question.command)
        place = place_of(question, reply)
        forms = make_modal(reply, place, words, leaf=question.leaf or 0)
        if reply.form is not None:
            forms = (make_form(reply.form, reply.page, place, words), *forms)
        if question.surface is not Surface.MODAL:
            return await self._lay(forms, self._opening(question))
        shown = question.view.get("id", "")
        if not reply.document:
            return await self._fill(shown, [with_note(question.view, reply.toast)])
        stays = reply.replace or question.leaf is not None or depth_of(question.view) >= limits.VIEW_STACK
        return (not stays and await self._lay(forms, self._pushing(question))) or await self._fill(shown, forms)

    async def _lay(self, forms: Sequence[JSON], call: Call) -> bool:
        """Show a new view at once, then its pictures: fetching them takes longer than a press lasts."""
        bare = [without_pictures(form) for form in forms]
        shown = await _first(bare, call)
        if shown and bare[0] != forms[0]:
            await self._fill(shown, forms)
        return bool(shown)

    async def _fill(self, view_id: str, forms: Sequence[JSON]) -> bool:
        async def call(form: JSON) -> str:
            try:
                placed = dict(await self._uploads.place(form))
            except UploadError as error:
                log.info("a picture is not shown: %s", error)
                placed = without_pictures(form)
            await self._client.views_update(view_id=view_id, view=placed)
            return view_id

        return bool(await _first(forms, call))

    def _opening(self, question: Question) -> Call:
        async def call(view: JSON) -> str:
            answer = await self._client.views_open(trigger_id=question.trigger, view=view)
            return _id_of(answer.get("view"))

        return call

    def _pushing(self, question: Question) -> Call:
        async def call(view: JSON) -> str:
            answer = await self._client.views_push(trigger_id=question.trigger, view=view)
            return _id_of(answer.get("view"))

        return call


def place_of(question: Question, reply: Reply) -> Place:
    """Return the conversation a question was asked in, with the line that asks for its answer again."""
    command = question.command
    return Place(command.chat, command.kind, command.chat_title, question.thread, asked_line(question, reply))


def asked_line(question: Question, reply: Reply) -> str:
    """Return the line that asks for an answer again; new buttons alone leave in a view what was asked for before."""
    if reply.buttons_only and question.surface is Surface.MODAL:
        shown = read_place(question.view.get("private_metadata") or "")
        return shown.asked if shown is not None else ""
    return line_of(question.command)


def _is_shown_over(question: Question, reply: Reply) -> bool:
    """Pages open where a button was pressed, forms at once; what is asked in a view is answered in one."""
    if question.surface is Surface.MESSAGE:
        opens = question.pressed or reply.form is not None
        return bool(reply.page and opens and question.trigger and not reply.replace)
    return bool(reply.document or reply.toast)


async def _first(forms: Sequence[JSON], call: Call) -> str:
    """Show the first form that Slack takes and return the view's id; "" where it takes none."""
    for form in forms:
        try:
            return await call(form)
        except FAILURES as error:
            if error_code(error) not in _REFUSED:
                log.info("a modal is not shown: %s", reason_of(error))
                return ""
    log.warning("a modal was refused in every form")
    return ""


def _id_of(view: Any) -> str:
    return str((view or {}).get("id", ""))
