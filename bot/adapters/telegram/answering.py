"""Events become answers: asks the house, says what it replies where it was asked.

Whatever goes wrong here is told in one line of the log: a question has no retries, its asker can ask again.
"""

from __future__ import annotations

import asyncio
import logging
from datetime import timedelta
from typing import Final

from telegram import Bot, InputFile
from telegram.error import TelegramError
from telegram.helpers import create_deep_linked_url

from bot.adapters.interface import Services
from bot.adapters.telegram import limits
from bot.adapters.telegram.addresses import address
from bot.adapters.telegram.choosing import letters
from bot.adapters.telegram.composing import compose, keyboard
from bot.adapters.telegram.degrading import degrade
from bot.adapters.telegram.errors import is_old_query, reason_of
from bot.adapters.telegram.inline import Inline
from bot.adapters.telegram.payloads import TEXT
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.updates import Asked, Event, Press, Typed
from bot.formatters.actions import write_start
from bot.model.chat import Address, ChatKind
from bot.model.command import (
    Attachment,
    Button,
    Buttons,
    Command,
    Detour,
    Membership,
    MembershipChange,
    Origin,
    Reply,
    Where,
)
from bot.model.delivery import Degradation, Later, Moved, Outcome, Payload, Post, Refused, Sent

log = logging.getLogger(__name__)

CALLS: Final = 16
"""Answers on their way at once: with more connections each call costs the client more, and none is sooner there."""

CHOICE_SECONDS: Final = 1.0
"""How long nothing is said of an arrival: who chose a chat, and so took the bot there, is answered first."""

_ARRIVALS: Final = frozenset({MembershipChange.ADDED, MembershipChange.PROMOTED})
_TRIES = 4
_LONGEST_WAIT = timedelta(seconds=60)


class Answerer:
    """Answers events."""

    def __init__(self, bot: Bot, sender: Sender, services: Services) -> None:
        self._bot = bot
        self._sender = sender
        self._services = services
        self._inline = Inline(bot, services)
        self._calls = asyncio.Semaphore(CALLS)

    async def handle(self, event: Event) -> None:
        """Answer an event. Never raises on what the platform does."""
        match event:
            case Asked():
                await self._answer(event)
            case Membership():
                await self._follow(event)
            case Typed():
                await self._inline.answer(event)
            case Press(query_id=query_id):
                await self._rest(query_id, "")

    async def _answer(self, asked: Asked) -> None:
        if asked.query_id is not None and (start := _start_of(asked.command)):
            await self._rest(asked.query_id, "", url=create_deep_linked_url(self._bot.username, start))
            return
        reply: Reply | None = None
        try:
            reply = await self._services.respond(asked.command)
        finally:
            if asked.query_id is not None:  # an unanswered button goes on turning for its presser
                await self._rest(asked.query_id, reply.toast if reply is not None else "")
        if reply is None:
            return
        if asked.command.kind is not ChatKind.PRIVATE and reply.private and reply.detour is not None:
            reply = _redirect(reply.detour)  # here everybody sees everything
        from_button = asked.command.origin is Origin.BUTTON
        quoted = asked.message_id if asked.command.kind is ChatKind.GROUP and not from_button else None
        pressed = asked.message_id if from_button and reply.replace else None
        if pressed is not None and reply.buttons_only:
            await self._change_buttons(asked.command.chat, pressed, reply.buttons)
            return
        await self._say(asked.command.chat, reply, quoted=quoted, pressed=pressed)

    async def _follow(self, membership: Membership) -> None:
        if membership.kind is not ChatKind.PRIVATE and membership.change in _ARRIVALS:
            await self._services.clock.sleep(CHOICE_SECONDS)
        reply = await self._services.follow(membership)
        if reply is None or membership.change is MembershipChange.REMOVED:
            return
        chat = membership.moved_to or membership.chat
        if membership.kind is ChatKind.CHANNEL and membership.user is not None:  # said to who did it, in private
            chat = address(membership.user.address.partition(":")[2])
        await self._say(chat, reply)

    async def _say(self, chat: Address, reply: Reply, *, quoted: int | None = None, pressed: int | None = None) -> None:
        payloads = compose(Post(None, (reply.document,), reply.buttons))
        if reply.offer is not None:
            payloads[-1] = {**payloads[-1], "reply_markup": letters(reply.offer)}
        for payload in payloads:
            if pressed is not None and await self._replace(chat, pressed, payload):
                pressed = None
                continue
            outcome = await self._send(chat, payload, quoted)
            if not isinstance(outcome, Sent):
                log.warning("telegram: an answer in %s was not given: %s", chat, outcome)
                return
            quoted = pressed = None
        if reply.attachment is not None:
            await self._attach(chat, reply.attachment)

    async def _replace(self, chat: Address, pressed: int, payload: Payload) -> bool:
        """Turn the message whose button was pressed into the answer; False where it cannot be one."""
        if payload["method"] != TEXT:
            return False
        await self._services.turn(chat)
        return isinstance(await self._sender.edit(chat, [str(pressed)], payload), Sent)

    async def _change_buttons(self, chat: Address, pressed: int, buttons: Buttons) -> None:
        await self._services.turn(chat)
        outcome = await self._sender.change_buttons(chat, str(pressed), keyboard(buttons))
        if not isinstance(outcome, Sent):
            log.info("telegram: the buttons of a message in %s were not changed: %s", chat, outcome)

    async def _send(self, chat: Address, payload: Payload, quoted: int | None) -> Outcome:
        """Send a part of an answer, plainer or a little later if it must be."""
        form = payload
        for attempt in range(1, _TRIES + 1):
            await self._services.turn(chat)
            async with self._calls:
                outcome = await self._sender.send(chat, form, answering=quoted)
            match outcome:
                case _ if attempt == _TRIES:
                    break
                case Refused(keep=keep) if plainer := _plainer(payload, form, keep):
                    form = plainer
                case Moved(to=to):
                    chat = to
                case Later(after=after) if after is not None and after <= _LONGEST_WAIT:
                    await self._services.clock.sleep(after.total_seconds())
                case _:
                    break
        return outcome

    async def _attach(self, chat: Address, attachment: Attachment) -> None:
        try:
            await self._services.turn(chat)
            await self._sender.attach(chat, InputFile(attachment.content, filename=attachment.name))
        except TelegramError as error:
            log.warning("telegram: a file for %s was not sent: %s", chat, reason_of(error))

    async def _rest(self, query_id: str, toast: str, *, url: str | None = None) -> None:
        """Let a pressed button come to rest, with a notice, with a link that is opened, or without either."""
        try:
            await self._bot.answer_callback_query(query_id, text=toast[: limits.TOAST] or None, url=url)
        except TelegramError as error:
            level = logging.DEBUG if is_old_query(error) else logging.WARNING
            log.log(level, "telegram: a pressed button was not answered: %s", reason_of(error))


def _redirect(detour: Detour) -> Reply:
    """Return the way to the private chat in which an answer is for the asker alone."""
    return Reply(detour.document, ((Button(detour.label, action=detour.start, where=Where.PRIVATE),),))


def _start_of(command: Command) -> str:
    """Return what a link bears to what a reader of a channel pressed: the channel itself is no place for answers."""
    pressed = command.kind is ChatKind.CHANNEL and command.origin is Origin.BUTTON
    return write_start(command.name, command.argument) if pressed else ""


def _plainer(payload: Payload, refused: Payload, keep: Degradation) -> Payload | None:
    """Return the richest form of an answer that is plainer than the refused one and keeps no more than may pass."""
    levels = list(Degradation)
    forms = [degrade(payload, level) for level in levels[levels.index(keep) :]]
    if refused in forms:
        forms = forms[forms.index(refused) + 1 :]
    return next((form for form in forms if form is not None), None)
