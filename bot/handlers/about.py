"""``about 17 …``: settings of one chat, changed from another: a channel's, in a private chat with the bot.

The buttons of such an answer say the same in front of their own lines. Whoever presses one is asked about again: the
platform tells whether they may.
"""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.panel_actions import Setting
from bot.handlers.context import Context, Handler
from bot.handlers.panel import on_behalf
from bot.handlers.replies import refuse, refuse_old
from bot.handlers.settings import PANEL, PICK, SET, SETTINGS, SWITCH
from bot.handlers.subscribe import CATCH_UP, SUBSCRIBE, UNSUBSCRIBE
from bot.handlers.threads import DROP_THREAD
from bot.handlers.watch import DROP_WATCH, WATCH
from bot.locales import Words
from bot.model.chat import Chat, ChatKind
from bot.model.command import DATA_LIMIT, Buttons, Command, Reply

NAME = "about"
DIGITS = 12

_HANDLERS = {
    handler.name: handler
    for handler in (PANEL, SET, SWITCH, PICK, WATCH, DROP_WATCH, DROP_THREAD, SUBSCRIBE, UNSUBSCRIBE, CATCH_UP)
}


async def _answer(command: Command, words: Words, context: Context) -> Reply | None:
    number, _, line = command.argument.strip().partition(" ")
    name, _, argument = line.partition(" ")
    handler = _HANDLERS.get(name or PANEL.name)
    if handler is None or not (number.isascii() and number.isdigit() and len(number) <= DIGITS):
        return refuse_old(command, words)
    chat = await context.chats.by_id(int(number))
    if chat is None or chat.kind is ChatKind.PRIVATE or not await context.administers(chat.address, command.user):
        return refuse(command, errors.managers_only(None, words))
    meant = replace(on_behalf(command, chat), name=handler.name, argument=argument)
    reply = await handler.answer(meant, words, context)
    if reply is None:
        return None
    if (handler, argument.split(" ")[0]) == (SET, Setting.LANGUAGE):  # that chat's language, not this one's
        reply = await PANEL.answer(replace(meant, name=PANEL.name, argument=""), words, context) or reply
    return replace(reply, buttons=go_on_about(chat, reply.buttons))


def go_on_about(chat: Chat, buttons: Buttons) -> Buttons:
    """Have buttons of settings go on about the same chat; those that lead elsewhere stay as they are."""

    def addressed(action: str) -> str:
        name, _, argument = action.partition(" ")
        page = PANEL.name if name == SETTINGS.name else name
        line = " ".join(filter(None, (NAME, str(chat.id), page, argument)))
        return line if page in _HANDLERS and len(line.encode()) <= DATA_LIMIT else action

    return tuple(tuple(replace(one, action=addressed(one.action)) for one in row) for row in buttons)


ABOUT = Handler(NAME, _answer, changes=True)
