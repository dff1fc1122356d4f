"""The menu of commands that Telegram shows beside the field for writing."""

from __future__ import annotations

import logging
import re
from collections.abc import Callable, Iterable, Sequence

from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import TelegramError

from bot.adapters.telegram import limits
from bot.adapters.telegram.addresses import NAME
from bot.adapters.telegram.errors import reason_of
from bot.model.command import CommandInfo

log = logging.getLogger(__name__)

LANGUAGES = (("en", ""), ("zh", "zh"))
"""Each of our languages and Telegram's code for it; those who speak neither see the first."""

_NAME = re.compile(rf"[a-z0-9_]{{1,{limits.COMMAND_NAME}}}")


def menu_of(commands: Iterable[CommandInfo], *, for_admins: bool) -> list[tuple[str, str]]:
    """Return names and descriptions as Telegram takes them."""
    shown = [one for one in commands if (for_admins or not one.admin) and one.summary and _NAME.fullmatch(one.name)]
    told = [(one.name, " — ".join(filter(None, (one.hint, one.summary)))) for one in shown[: limits.COMMANDS]]
    return [(name, words[: limits.COMMAND_SUMMARY]) for name, words in told]


async def set_menus(bot: Bot, menu: Callable[[str], Sequence[CommandInfo]], admins: Iterable[str]) -> None:
    """Set the menus of every language: one for everybody, the whole one in the administrators' own chats."""
    chats = [
        int(user) for platform, _, user in (one.partition(":") for one in admins) if platform == NAME and user.isdigit()
    ]
    for language, code in LANGUAGES:
        commands = menu(language)
        await _set(bot, menu_of(commands, for_admins=False), BotCommandScopeDefault(), code)
        for chat in chats:
            await _set(bot, menu_of(commands, for_admins=True), BotCommandScopeChat(chat), code)


async def _set(bot: Bot, commands: Sequence[tuple[str, str]], scope: BotCommandScope, language: str) -> None:
    try:
        await bot.set_my_commands(
            [BotCommand(name, words) for name, words in commands], scope=scope, language_code=language or None
        )
    except TelegramError as error:  # an administrator who never wrote to the bot has no chat yet
        log.info("telegram: the menu was not set (%s): %s", scope.type, reason_of(error))
