"""Forms on their way back: what is wrong is told in the form itself, while it waits.

https://docs.slack.dev/surfaces/modals#displaying_errors
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from slack_bolt.context.ack.async_ack import AsyncAck

from bot.adapters.interface import Services
from bot.adapters.slack.forms import FIELD, make_options, read_answers
from bot.adapters.slack.governing import MANAGERS, Governance
from bot.adapters.slack.modals import place_of
from bot.adapters.slack.presses import read_form
from bot.adapters.slack.requests import Body, Question
from bot.adapters.slack.views import make_modal
from bot.adapters.slack.workspace import Workspace
from bot.formatters.errors import fault
from bot.model.command import Command, Reply
from bot.model.form import Answers, Mistakes
from bot.storage.engine import StorageError

log = logging.getLogger(__name__)

PATIENCE_SECONDS = 2.0
"""How long a form is left waiting; Slack gives up after three."""


class Filling:
    """Takes forms back, and looks up what is typed into them."""

    def __init__(self, services: Services) -> None:
        self._services = services

    async def take(self, ack: AsyncAck, body: Body, workspace: Workspace) -> None:
        """Take a form back: it closes when all is kept, and stays with what is wrong."""
        question = read_form(body, workspace=workspace.name)
        if question is None:
            await ack()
            return
        work = asyncio.ensure_future(self._fill_in(question.command, read_answers(body["view"]), workspace.governance))
        done, _ = await asyncio.wait({work}, timeout=PATIENCE_SECONDS)
        if done:
            await ack(**await self._response(question, work.result()))
        else:
            await ack()
            await self._tell_late(question, await work, workspace)
        await workspace.homes.refresh(question.asker)

    async def look_up(self, ack: AsyncAck, body: Body, workspace: Workspace) -> None:
        """Suggest what somebody may mean who types into a field."""
        question = read_form(body, workspace=workspace.name)
        field = str(body.get("action_id", "")).removeprefix(f"{FIELD}:")
        found = (
            () if question is None else await self._services.suggest(question.command, field, body.get("value") or "")
        )
        await ack(options=make_options(found))

    async def _fill_in(self, command: Command, answers: Answers, governance: Governance) -> Reply | Mistakes | None:
        """Have the house take what is its own, and keep the rest, or nothing of both."""
        words = await self._services.words(command)
        try:
            if mistakes := await governance.judge(answers, command.user, words):
                return mistakes
            own = {name: values for name, values in answers.items() if name != MANAGERS}
            if (result := await self._services.fill_in(command, own)) is not None:
                return result
            await governance.take(answers)
        except StorageError as error:
            log.error("who may manage %s is not kept: %s", command.chat, error)  # noqa: TRY400 - one line says it all
            return {MANAGERS: fault(words)}
        return None

    async def _response(self, question: Question, result: Reply | Mistakes | None) -> Mapping[str, Any]:
        match result:
            case None:
                return {}
            case Reply() as refusal:
                words = await self._services.words(question.command)
                return {"response_action": "update", "view": make_modal(refusal, place_of(question, refusal), words)[0]}
            case mistakes:
                return {"response_action": "errors", "errors": dict(mistakes)}

    async def _tell_late(self, question: Question, result: Reply | Mistakes | None, workspace: Workspace) -> None:
        """Tell what came of a form that could not be kept waiting."""
        match result:
            case None:
                return
            case Reply() as refusal:
                await workspace.answering.answer(question, refusal)
            case mistakes:
                await workspace.answering.answer(question, Reply(toast=" ".join(mistakes.values())))
