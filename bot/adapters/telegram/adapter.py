"""Telegram, connected: one bot, through python-telegram-bot's client; pacing and repeating are the house's own."""

from __future__ import annotations

import asyncio
import logging
import os
import re
from collections.abc import Sequence

from starlette.routing import BaseRoute
from telegram import Bot, ChatMember, Update
from telegram.error import InvalidToken, TelegramError

from bot.adapters.interface import AdapterError, Services
from bot.adapters.telegram.addresses import MISSING, chat_id, message_link
from bot.adapters.telegram.answering import Answerer
from bot.adapters.telegram.choosing import look_up
from bot.adapters.telegram.errors import UNKNOWN_BOT, reason_of
from bot.adapters.telegram.files import Files
from bot.adapters.telegram.finding import Finder
from bot.adapters.telegram.inbox import Inbox
from bot.adapters.telegram.menu import Notices
from bot.adapters.telegram.polling import Fetching, Polling
from bot.adapters.telegram.recognition import Recognition
from bot.adapters.telegram.requests import Patience, Request
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.sightings import Sightings
from bot.adapters.telegram.traffic import Traffic
from bot.adapters.telegram.updates import read_update
from bot.adapters.telegram.ways import obstacle_to, webhook_url
from bot.adapters.telegram.webhook import Webhook
from bot.model.chat import Address, Place, User
from bot.model.delivery import Finding, Halt, Outcome, Payload, Trace, Uncertain
from bot.settings import Settings

log = logging.getLogger(__name__)

_TOKEN = re.compile(r"\d+:[\w-]+", re.ASCII)
_FIRST_WAIT, _LONGEST_WAIT = 1.0, 60.0
_CONNECTIONS = 256


class TelegramAdapter:
    """One bot on Telegram."""

    def __init__(self, settings: Settings, services: Services, *, patience: Patience | None = None) -> None:
        """Prepare; nothing is sent yet."""
        _quiet_the_libraries()
        if settings.telegram_bot_token is None:
            raise AdapterError(MISSING)
        token = settings.telegram_bot_token.get_secret_value().strip()
        self._services = services
        self._bot, fetching = _make_bot(token, settings.telegram_api_url.rstrip("/"), patience or Patience())
        self._settings = settings
        bot_id = token.partition(":")[0]
        files = Files(services, bot_id=bot_id)
        self._sightings, traffic = Sightings(self._bot, services, bot_id), Traffic()
        self._sender = Sender(self._bot, files, patience or Patience(), sightings=self._sightings, traffic=traffic)
        self._finder = Finder(self._bot, self._sender, services, sightings=self._sightings, traffic=traffic)
        self._answerer = Answerer(self._bot, self._sender, services)
        inbox = Inbox(self._handle, services.updates, services.clock, bot=bot_id)
        url = webhook_url(settings)
        self._way: Polling | Webhook = (
            Webhook(self._bot, inbox, services.clock, url=url)
            if url
            else Polling(self._bot, inbox, services.clock, fetching)
        )
        self._notices = Notices(self._bot, services, settings.admins)
        self._noticing: asyncio.Task[None] | None = None
        self._recognition = Recognition()
        self._halted = ""

    @property
    def routes(self) -> Sequence[BaseRoute]:
        """What the site serves for Telegram: the place where updates are brought to, if they are."""
        return (self._way.route,) if isinstance(self._way, Webhook) else ()

    async def connect(self) -> None:
        """Ask Telegram who we are. Raises AdapterError where it does not know; waits out a dead network."""
        if not _TOKEN.fullmatch(self._bot.token):
            raise AdapterError("TELEGRAM_BOT_TOKEN is no bot token: @BotFather gives one like 123456789:AAF…")
        wait = _FIRST_WAIT
        while True:
            try:
                await self._bot.initialize()
            except InvalidToken:
                raise AdapterError(UNKNOWN_BOT) from None  # the library's own words quote the token
            except TelegramError as error:
                log.warning("telegram: cannot be reached, trying again in %.0f s: %s", wait, reason_of(error))
                await self._services.clock.sleep(wait)
                wait = min(wait * 2, _LONGEST_WAIT)
            else:
                log.info("telegram: connected as @%s", self._bot.username)
                if not self._bot.supports_inline_queries:
                    log.info("telegram: inline mode is off; /setinline at @BotFather switches it on")
                return

    async def receive(self) -> None:
        """Begin to take updates, and keep the menus of commands."""
        if isinstance(self._way, Polling) and self._settings.public_url and self._settings.telegram_updates == "auto":
            log.info("telegram: updates are asked for: %s", obstacle_to(self._settings))
        self._way.start()
        self._finder.receive()
        self._noticing = asyncio.create_task(self._notices.keep())

    async def close(self) -> None:
        """Stop receiving, let answers under way finish, close connections."""
        if self._noticing is not None:
            self._noticing.cancel()
            await asyncio.gather(self._noticing, return_exceptions=True)
        await self._way.stop()
        await self._sightings.close()
        await self._bot.shutdown()

    async def send(self, chat: Address, payload: Payload, reference: str) -> Outcome:
        """Make one call for one part."""
        outcome = self._recognition.judge(chat, await self._sender.send(chat, payload, reference=reference))
        if isinstance(outcome, Uncertain):
            self._finder.lose(reference)
        self._halted = outcome.reason if isinstance(outcome, Halt) else ""
        return outcome

    async def find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:
        """Look for a part whose answer was lost, by its content."""
        return await self._finder.find(chat, payload, trace)

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace the text or caption of a delivered part."""
        return await self._sender.edit(chat, message_ids, payload)

    async def link_to(self, chat: Address, message_id: str) -> str:
        """Return the address of a message in a supergroup or channel."""
        return message_link(chat, message_id)

    async def administers(self, chat: Address, user: User) -> bool:
        """Tell whether a user may change this chat's settings.

        Who speaks as the chat itself is its administrator: in a channel nobody else can write, in a group nobody else
        may stay anonymous. A private chat bears its user's own number.
        """
        person = user.address.partition(":")[2]
        if person == chat.chat:
            return True
        if not person.isdigit():  # another chat that speaks here: a linked channel, somebody's own
            return False
        try:
            member = await self._bot.get_chat_member(chat_id(chat), int(person))
        except TelegramError as error:
            log.warning("telegram: who administers %s is not known: %s", chat, reason_of(error))
            return False
        return member.status in {ChatMember.OWNER, ChatMember.ADMINISTRATOR}

    async def look_up(self, name: str) -> Place | None:
        """Return the chat that somebody names: a channel, a group."""
        return await look_up(self._bot, name)

    def health(self) -> str:
        """Return "" while the platform works in both directions, else one plain line."""
        return self._halted or self._way.health()

    async def _handle(self, update: Update) -> None:
        if (message := update.message or update.channel_post) is not None:
            self._sightings.note(message.chat, [message.message_id])
        event = read_update(update, self._bot.username)
        if event is not None:
            await self._answerer.handle(event)


def _make_bot(token: str, root: str, patience: Patience) -> tuple[Bot, Fetching]:
    fetching = Fetching(root, patience, connections=2)
    bot = Bot(
        token,
        base_url=f"{root}/bot",
        base_file_url=f"{root}/file/bot",
        request=Request(root, patience, connections=_CONNECTIONS),
        get_updates_request=fetching,
    )
    return bot, fetching


def _quiet_the_libraries() -> None:
    """Keep what the library logs out of the log, and its coming change of a type out of the warnings."""
    logging.getLogger("telegram").setLevel(logging.CRITICAL)  # what it logs it also raises, and we say it in one line
    os.environ.setdefault("PTB_TIMEDELTA", "1")
