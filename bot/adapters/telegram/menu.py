"""What Telegram shows before anybody has asked: menus of commands by place and language, and what the bot is for.

Telegram keeps all of it, and counts how often it is told. So it is asked first, and told only what is news.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Awaitable, Callable, Collection, Iterable, Iterator, Sequence
from functools import partial
from typing import Final

from telegram import (
    Bot,
    BotCommand,
    BotCommandScope,
    BotCommandScopeAllChatAdministrators,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
    BotCommandScopeDefault,
)
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.adapters.interface import Services
from bot.adapters.telegram import limits
from bot.adapters.telegram.addresses import NAME
from bot.adapters.telegram.errors import reason_of, retry_after
from bot.model.command import Audience, CommandInfo

log = logging.getLogger(__name__)

LANGUAGES: Final = (("en", ""), ("zh", "zh"))
"""Each of our languages and Telegram's code for it; those who speak neither see the first."""

LOOK_SECONDS: Final = 600.0
"""How often the menus are looked at: topics come and go while the bot runs, and an administrator's chat may be new."""

_READERS: Final = frozenset({Audience.EVERYBODY})
_MANAGERS: Final = frozenset({Audience.EVERYBODY, Audience.MANAGERS})
_ALL: Final = frozenset(Audience)

# What stands further down is the narrower: https://core.telegram.org/bots/api#determining-list-of-commands
_SCOPES: Final = (
    (BotCommandScopeDefault, _READERS),
    (BotCommandScopeAllGroupChats, _READERS),
    (BotCommandScopeAllPrivateChats, _MANAGERS),
    (BotCommandScopeAllChatAdministrators, _MANAGERS),
)

_NAME = re.compile(rf"[a-z0-9_]{{1,{limits.COMMAND_NAME}}}")

Menu = tuple[tuple[str, str], ...]
"""Names and descriptions."""


def menu_of(commands: Iterable[CommandInfo], audiences: Collection[Audience]) -> Menu:
    """Return the commands that are for some audiences, as Telegram takes them."""
    shown = [one for one in commands if one.audience in audiences and one.summary and _NAME.fullmatch(one.name)]
    told = [(one.name, " — ".join(filter(None, (one.hint, one.summary)))) for one in shown[: limits.COMMANDS]]
    return tuple((name, words[: limits.COMMAND_SUMMARY]) for name, words in told)


class Notices:
    """Keeps the menus and the bot's descriptions as the house has them."""

    def __init__(self, bot: Bot, services: Services, admins: Iterable[str]) -> None:
        self._bot = bot
        self._services = services
        people = (one.partition(":") for one in admins)
        self._admins = [int(user) for platform, _, user in people if platform == NAME and user.isdigit()]
        self._standing: dict[str, Menu] = {}

    async def keep(self) -> None:
        """Tell Telegram what is news, now and whenever something changes; until cancelled."""
        while True:
            for about, step in self._steps():
                await self._try(about, step)
            await self._services.clock.sleep(LOOK_SECONDS)

    def _steps(self) -> Iterator[tuple[str, Callable[[], Awaitable[None]]]]:
        for language, code in LANGUAGES:
            commands = self._services.menu(language)
            for scope, menu in self._menus(commands):
                key = f"{scope.to_json()} {code}"
                if self._standing.get(key) != menu:
                    yield f"the menu of {scope.type}", partial(self._show, scope, menu, key=key, code=code)
            if not self._standing.get(f"texts {code}"):
                yield "the description", partial(self._describe, language, code)

    def _menus(self, commands: Sequence[CommandInfo]) -> Iterator[tuple[BotCommandScope, Menu]]:
        for scope, audiences in _SCOPES:
            yield scope(), menu_of(commands, audiences)
        for chat in self._admins:
            yield BotCommandScopeChat(chat), menu_of(commands, _ALL)

    async def _try(self, about: str, step: Callable[[], Awaitable[None]]) -> None:
        try:
            await step()
        except RetryAfter as error:
            await self._services.clock.sleep(retry_after(error).total_seconds())
        except BadRequest as error:  # an administrator who never wrote to the bot has no chat yet
            log.debug("telegram: %s is not set: %s", about, reason_of(error))
        except TelegramError as error:
            log.info("telegram: %s is not set, and will be tried again: %s", about, reason_of(error))

    async def _show(self, scope: BotCommandScope, menu: Menu, *, key: str, code: str) -> None:
        shown = await self._bot.get_my_commands(scope=scope, language_code=code or None)
        if tuple((one.command, one.description) for one in shown) != menu:
            commands = [BotCommand(name, words) for name, words in menu]
            await self._bot.set_my_commands(commands, scope=scope, language_code=code or None)
        self._standing[key] = menu

    async def _describe(self, language: str, code: str) -> None:
        """Say what the bot is for, unless its owner has said something at @BotFather."""
        own = self._services.introduce(language)
        if not (await self._bot.get_my_description(language_code=code or None)).description:
            await self._bot.set_my_description(own.whole[: limits.DESCRIPTION], language_code=code or None)
        if not (await self._bot.get_my_short_description(language_code=code or None)).short_description:
            short = own.short[: limits.SHORT_DESCRIPTION]
            await self._bot.set_my_short_description(short, language_code=code or None)
        self._standing[f"texts {code}"] = ((own.short, own.whole),)
