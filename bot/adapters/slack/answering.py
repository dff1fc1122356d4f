"""Answers to readers: to the asker alone, in place of the message whose button was pressed, or for all to read.

An answer is tried a few times where Slack asks for patience, and said more plainly where Slack refuses it; what still
fails is logged. Nothing here is as careful as a delivery: whoever asked can ask again.
"""

from __future__ import annotations

import json
import logging
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
from bot.adapters.slack.errors import FAILURES, outcome_of, outcome_of_code, reason_of, retry_after
from bot.adapters.slack.messages import as_message, as_update, compose, degrade
from bot.adapters.slack.rendering import JSON
from bot.adapters.slack.requests import Question
from bot.adapters.slack.uploads import UploadError, Uploads
from bot.model.chat import Address, ChatKind
from bot.model.command import Attachment, Reply
from bot.model.delivery import Degradation, Later, Outcome, Payload, Post, Refused, Sent, Uncertain

log = logging.getLogger(__name__)

_TRIES = 4
_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0

Say = Callable[[Payload], Awaitable[Outcome]]
"""One way to say one message."""


class Answering:
    """Says replies in one workspace."""

    def __init__(self, client: AsyncWebClient, session: ClientSession, services: Services, *, uploads: Uploads) -> None:
        self._client = client
        self._session = session
        self._services = services
        self._uploads = uploads

    async def answer(self, question: Question, reply: Reply) -> None:
        """Say a reply to whoever asked, in as many messages as it takes."""
        chat = question.command.chat
        voice = _Voice(self._client, self._session, self._services, question)
        ways = voice.ways(private=reply.private, replace=reply.replace)
        payloads = compose(Post(None, (reply.document,), reply.buttons))
        if reply.buttons_only and reply.replace and question.pressed:
            payloads = payloads[-1:]
        for payload in payloads:
            await self._say(payload, next(ways), chat)
        if reply.toast:
            await self._say({"text": reply.toast}, voice.to_asker, chat)
        if reply.attachment is not None:
            await self._attach(reply.attachment, question, private=reply.private or question.private)

    async def announce(self, chat: Address, reply: Reply) -> None:
        """Say what nobody asked for in a conversation."""

        async def say(payload: Payload) -> Outcome:
            return await _post(self._client, self._services, chat, as_message(payload))

        for payload in compose(Post(None, (reply.document,), reply.buttons)):
            await self._say(payload, say, chat)

    async def _say(self, payload: Payload, say: Say, chat: Address) -> None:
        form: Payload = payload
        reason = ""
        for _ in range(_TRIES):
            match await self._try(form, say):
                case Sent():
                    return
                case Later(reason=reason, after=after):
                    wait = _WAIT_SECONDS if after is None else after.total_seconds()
                    await self._services.clock.sleep(min(wait, _LONGEST_WAIT_SECONDS))
                case Refused(reason=reason, keep=keep):
                    forms = (degrade(payload, keep), degrade(payload, Degradation.PLAIN))
                    plainer = next((other for other in forms if other is not None and other != form), None)
                    if plainer is None:
                        break
                    form = plainer
                case outcome:
                    reason = str(getattr(outcome, "reason", outcome))
                    break
        log.warning("an answer in %s failed: %s", chat, reason)

    async def _try(self, payload: Payload, say: Say) -> Outcome:
        try:
            placed = await self._uploads.place(payload)
        except UploadError as error:
            return error.outcome
        return self._uploads.excuse(placed, await say(placed))

    async def _attach(self, attachment: Attachment, question: Question, *, private: bool) -> None:
        """A file has no way to one reader in a channel: it goes into the direct messages with them."""
        chat = question.command.chat
        try:
            if private and question.command.kind is not ChatKind.PRIVATE:
                opened = await self._client.conversations_open(users=question.asker)
                chat = chat_address((opened.get("channel") or {}).get("id", ""))
            await self._services.turn(chat)
            await self._client.files_upload_v2(
                filename=attachment.name,
                content=attachment.content,
                channel=chat.chat,
                thread_ts=question.thread or None if chat == question.command.chat else None,
            )
        except FAILURES as error:
            log.warning("a file for %s was not sent: %s", question.command.chat, reason_of(error))


class _Voice:
    """The ways to say something to whoever asked one question."""

    def __init__(self, client: AsyncWebClient, session: ClientSession, services: Services, question: Question) -> None:
        self._client = client
        self._session = session
        self._services = services
        self._question = question
        self._chat = question.command.chat
        self._uses = limits.RESPONSE_URL_USES if question.response_url else 0

    def ways(self, *, private: bool, replace: bool) -> Iterator[Say]:
        """Yield how each message of an answer is said: in place of the pressed one, to the asker, or to all."""
        alone = self._question.private or (private and self._question.command.kind is not ChatKind.PRIVATE)
        others = repeat(self.to_asker if alone else self._to_all)
        return chain([self._in_place], others) if replace and self._question.pressed else others

    async def to_asker(self, payload: Payload) -> Outcome:
        """Say it so that only the asker sees it."""
        message = as_message(payload)
        # A response_url knows no threads.
        if self._uses and not self._question.thread:
            return await self._respond({"response_type": "ephemeral", "replace_original": False, **message})
        await self._services.turn(self._chat)
        try:
            await self._client.chat_postEphemeral(
                channel=self._chat.chat, user=self._question.asker, **_thread(self._question.thread), **message
            )
        except FAILURES as error:
            return outcome_of(error)
        return Sent(())

    async def _to_all(self, payload: Payload) -> Outcome:
        message = {**as_message(payload), **_thread(self._question.thread)}
        return await _post(self._client, self._services, self._chat, message)

    async def _in_place(self, payload: Payload) -> Outcome:
        if self._uses:  # the one way that reaches a message only the asker sees
            return await self._respond({"replace_original": True, **as_message(payload)})
        await self._services.turn(self._chat)
        try:
            await self._client.chat_update(channel=self._chat.chat, ts=self._question.pressed, **as_update(payload))
        except FAILURES as error:
            return outcome_of(error)
        return Sent(())

    async def _respond(self, message: JSON) -> Outcome:
        self._uses -= 1
        try:
            answer = await open_webhook(self._question.response_url, session=self._session).send_dict(message)
        except FAILURES as error:
            return outcome_of(error)
        return _outcome_of_response(answer)


async def _post(client: AsyncWebClient, services: Services, chat: Address, message: JSON) -> Outcome:
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
