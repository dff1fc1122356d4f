"""Answers to readers: to the asker alone, in place of the message whose button was pressed, or for all to read.

An answer is tried a few times where Slack asks for patience, and said more plainly where Slack refuses it; what still
fails is logged. Nothing here is as careful as a delivery: whoever asked can ask again.
"""

from __future__ import annotations

import logging

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Services
from bot.adapters.slack.addresses import chat_address
from bot.adapters.slack.errors import FAILURES, reason_of
from bot.adapters.slack.messages import as_message, compose, degrade
from bot.adapters.slack.modals import Modals, asked_line
from bot.adapters.slack.requests import Question, Surface
from bot.adapters.slack.sharing import compose_shared, confirm_shared, explain_refusal, with_sharing
from bot.adapters.slack.uploads import UploadError, Uploads
from bot.adapters.slack.voices import Say, Voice, is_alone, post
from bot.model.chat import Address, ChatKind
from bot.model.command import Attachment, Reply
from bot.model.delivery import Degradation, Later, Outcome, Payload, Post, Refused, Sent

log = logging.getLogger(__name__)

_TRIES = 4
_WAIT_SECONDS = 1.0
_LONGEST_WAIT_SECONDS = 60.0


class Answering:
    """Says replies in one workspace."""

    def __init__(self, client: AsyncWebClient, session: ClientSession, services: Services, *, uploads: Uploads) -> None:
        self._client = client
        self._session = session
        self._services = services
        self._uploads = uploads
        self._modals = Modals(client, services, uploads)

    async def answer(self, question: Question, reply: Reply) -> None:
        """Say a reply to whoever asked: as a modal where that suits it, else in as many messages as it takes."""
        alone = is_alone(question, reply)
        if alone and (line := self._line_to_share(question, reply)):
            words = await self._services.words(question.command)
            reply = with_sharing(reply, question.command.kind, line, words)
        if not await self._modals.show(question, reply):
            await self._speak(question, reply)
        if reply.attachment is not None:
            await self._attach(reply.attachment, question, private=alone)

    async def share(self, question: Question, reply: Reply, *, bot: str) -> None:
        """Say for all to read what somebody was answered alone; where that cannot be, tell them what to do."""
        words = await self._services.words(question.command)
        voice = self._voice(question)
        for payload in compose_shared(reply, question, words):
            outcome = await self._say(payload, voice.to_all, question.command.chat)
            if not isinstance(outcome, Sent):
                reason = str(getattr(outcome, "reason", outcome))
                await self.answer(question, Reply(toast=explain_refusal(reason, bot, words)))
                return
        if question.surface is Surface.MODAL:
            await self.answer(question, Reply(toast=confirm_shared(words)))
        else:
            await voice.take_away()

    async def _speak(self, question: Question, reply: Reply) -> None:
        chat = question.command.chat
        voice = self._voice(question)
        ways = voice.ways(alone=is_alone(question, reply), replace=reply.replace)
        payloads = compose(Post(None, (reply.document,), reply.buttons))
        if reply.buttons_only and reply.replace and question.pressed:
            payloads = payloads[-1:]
        for payload in payloads:
            await self._say(payload, next(ways), chat)
        if reply.toast:
            await self._say({"text": reply.toast}, voice.to_asker, chat)

    async def announce(self, chat: Address, reply: Reply) -> None:
        """Say what nobody asked for in a conversation."""

        async def say(payload: Payload) -> Outcome:
            return await post(self._client, self._services, chat, as_message(payload))

        for payload in compose(Post(None, (reply.document,), reply.buttons)):
            await self._say(payload, say, chat)

    async def _say(self, payload: Payload, say: Say, chat: Address) -> Outcome:
        form: Payload = payload
        outcome: Outcome = Refused("it was not tried")
        for _ in range(_TRIES):
            match outcome := await self._try(form, say):
                case Sent():
                    return outcome
                case Later(after=after):
                    wait = _WAIT_SECONDS if after is None else after.total_seconds()
                    await self._services.clock.sleep(min(wait, _LONGEST_WAIT_SECONDS))
                case Refused(keep=keep):
                    forms = (degrade(payload, keep), degrade(payload, Degradation.PLAIN))
                    plainer = next((other for other in forms if other is not None and other != form), None)
                    if plainer is None:
                        break
                    form = plainer
                case _:
                    break
        log.warning("an answer in %s failed: %s", chat, getattr(outcome, "reason", outcome))
        return outcome

    async def _try(self, payload: Payload, say: Say) -> Outcome:
        try:
            placed = await self._uploads.place(payload)
        except UploadError as error:
            return error.outcome
        return self._uploads.excuse(placed, await say(placed))

    def _line_to_share(self, question: Question, reply: Reply) -> str:
        """Return the line that asks for an answer again, "" for what a command changed: nobody repeats that."""
        in_view = reply.buttons_only and question.surface is Surface.MODAL
        return asked_line(question, reply) if in_view or not self._services.changes(question.command) else ""

    def _voice(self, question: Question) -> Voice:
        return Voice(self._client, self._session, self._services, question)

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
