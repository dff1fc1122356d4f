"""The ways to say one message to whoever asked: alone, in place of what they pressed, or for all to read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from itertools import chain, repeat

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient
from slack_sdk.webhook import WebhookResponse

from bot.adapters.interface import Services
from bot.adapters.slack import limits
from bot.adapters.slack.addresses import chat_address
from bot.adapters.slack.client import open_webhook
from bot.adapters.slack.errors import FAILURES, outcome_of, outcome_of_code, retry_after
from bot.adapters.slack.messages import as_message, as_update
from bot.adapters.slack.requests import Question
from bot.adapters.slack.runs import JSON
from bot.model.chat import Address, ChatKind
from bot.model.command import Reply
from bot.model.delivery import Closed, Degradation, Later, Outcome, Payload, Refused, Sent, Uncertain

Say = Callable[[Payload], Awaitable[Outcome]]
"""One way to say one message."""

_SPENT = frozenset({404, 410})
"""What a response_url answers once it was used five times, or half an hour is over."""


class Voice:
    """The ways to say something to whoever asked one question."""

    def __init__(self, client: AsyncWebClient, session: ClientSession, services: Services, question: Question) -> None:
        self._client = client
        self._session = session
        self._services = services
        self._question = question
        self._chat = question.command.chat
        self._uses = limits.RESPONSE_URL_USES if question.response_url else 0

    def ways(self, *, alone: bool, replace: bool) -> Iterator[Say]:
        """Yield how each message of an answer is said: in place of the pressed one, to the asker, or to all."""
        others = repeat(self.to_asker if alone else self.to_all)
        return chain([self._in_place], others) if replace and self._question.pressed else others

    async def to_asker(self, payload: Payload) -> Outcome:
        """Say it so that only the asker sees it: here, or where the bot is not let in, in their direct messages."""
        message = as_message(payload)
        if not self._question.thread:  # a response_url knows no threads
            said = await self._respond({"response_type": "ephemeral", "replace_original": False, **message})
            if said is not None:
                return said
        await self._services.turn(self._chat)
        try:
            await self._client.chat_postEphemeral(
                channel=self._chat.chat, user=self._question.asker, **_thread(self._question.thread), **message
            )
        except FAILURES as error:
            outcome = outcome_of(error)
            return await self._directly(message) if isinstance(outcome, Closed) else outcome
        return Sent(())

    async def take_away(self) -> None:
        """Remove the pressed message that only the asker sees, if it can still be reached."""
        await self._respond({"delete_original": True})

    async def _directly(self, message: JSON) -> Outcome:
        try:
            opened = await self._client.conversations_open(users=self._question.asker)
        except FAILURES as error:
            return outcome_of(error)
        direct = chat_address((opened.get("channel") or {}).get("id", ""), workspace=self._chat.workspace)
        return await post(self._client, self._services, direct, message)

    async def to_all(self, payload: Payload) -> Outcome:
        """Say it for all to read, in the thread it was asked in."""
        message = {**as_message(payload), **_thread(self._question.thread)}
        return await post(self._client, self._services, self._chat, message)

    async def _in_place(self, payload: Payload) -> Outcome:
        """Say it in place of the pressed message; one that only the asker sees can be reached by its URL alone."""
        said = await self._respond({"replace_original": True, **as_message(payload)})
        if said is not None:
            return said
        if self._question.private:
            return await self.to_asker(payload)
        await self._services.turn(self._chat)
        try:
            await self._client.chat_update(channel=self._chat.chat, ts=self._question.pressed, **as_update(payload))
        except FAILURES as error:
            return outcome_of(error)
        return Sent(())

    async def _respond(self, message: JSON) -> Outcome | None:
        """Say it by way of the response_url; None where there is none, or none any more."""
        if not self._uses:
            return None
        self._uses -= 1
        try:
            answer = await open_webhook(self._question.response_url, session=self._session).send_dict(message)
        except FAILURES as error:
            return outcome_of(error)
        if answer.status_code in _SPENT:
            self._uses = 0
            return None
        return _outcome_of_response(answer)


def is_alone(question: Question, reply: Reply) -> bool:
    """Tell whether an answer is for the asker alone. A page is for whoever opened it, even said as a message."""
    is_page = bool(reply.page and question.pressed and not reply.replace)
    return question.private or ((reply.private or is_page) and question.command.kind is not ChatKind.PRIVATE)


async def post(client: AsyncWebClient, services: Services, chat: Address, message: JSON) -> Outcome:
    """Say a message in a conversation, for all to read."""
    await services.turn(chat)
    try:
        answer = await client.chat_postMessage(channel=chat.chat, **{**_thread(chat.thread), **message})
    except FAILURES as error:
        return outcome_of(error)
    return Sent((str(answer.get("ts", "")),))


def _thread(parent: str) -> JSON:
    return {"thread_ts": parent} if parent else {}


def _outcome_of_response(answer: WebhookResponse) -> Outcome:
    """Read what a response_url says: "ok", an error code, or an error code in JSON; never which picture failed."""
    if answer.status_code == 200:
        return Sent(())
    if answer.status_code == 429:
        return Later("ratelimited", after=retry_after(answer.headers))
    code = answer.body.strip()
    with suppress(ValueError, AttributeError):
        code = str(json.loads(code).get("error", ""))
    if answer.status_code >= 500 or not code.replace("_", "").isalnum():
        return Uncertain(f"Slack answered HTTP {answer.status_code}")
    match outcome_of_code(code):
        case Refused(reason=reason):
            return Refused(reason, keep=Degradation.NO_IMAGES)
        case outcome:
            return outcome
