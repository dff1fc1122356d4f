"""What keeps a conversation from being looked after by the bot: nothing can be delivered where it is not let in.

A slash command can be typed anywhere, also where the bot is not: in private channels, and in what others say to each
other.
"""

from __future__ import annotations

from bot.adapters.interface import Services
from bot.adapters.slack.addresses import conversation_link
from bot.adapters.slack.channels import Entry
from bot.adapters.slack.requests import GROUP_MESSAGE, Question, Surface
from bot.adapters.slack.words import Menu
from bot.adapters.slack.workspace import Workspace
from bot.locales import Words
from bot.model.chat import ChatKind
from bot.model.command import Audience, Button, Reply
from bot.model.richtext import Document, paragraph

_SUBSCRIBE = "subscribe"


async def find_hindrance(question: Question, workspace: Workspace, menu: Menu, services: Services) -> Reply | None:
    """Return what has to be done before a command can do what it is for; None where nothing has."""
    command = question.command
    if command.kind is ChatKind.PRIVATE:
        info = menu.get(command.name)
        manages = info is not None and info.audience is Audience.MANAGERS
        return await _between_others(question, workspace, services) if manages else None
    if command.name != _SUBSCRIBE or await workspace.channels.enter(command.chat.chat) is not Entry.INVITE_FIRST:
        return None
    words = await services.words(command)
    if question.room.startswith(GROUP_MESSAGE):
        return _say(_explain_group_message(words))
    name = await workspace.bot_name()
    return _say(words("Please invite me first: type /invite @{name} here, then ask again.", name=name))


async def _between_others(question: Question, workspace: Workspace, services: Services) -> Reply | None:
    """Refuse to look after direct messages that are not with the bot. What comes as an event, or from a view, is."""
    if not question.private or question.surface is not Surface.MESSAGE:
        return None
    own = await workspace.channels.direct_with(question.asker)
    if own in {"", question.command.chat.chat}:
        return None
    words = await services.words(question.command)
    link = conversation_link(workspace.identity.url, own)
    return _say(_explain_others(words), Button(words("Message me"), url=link) if link else None)


def _explain_group_message(words: Words) -> str:
    return words(
        "I am not in this group message, so no issue can come here. Start one that includes me, or subscribe in "
        "a channel or in your direct messages with me."
    )


def _explain_others(words: Words) -> str:
    return words(
        "These direct messages are not with me, so nothing can come here. Do this in your own direct messages with "
        "me, or in a channel."
    )


def _say(sentence: str, button: Button | None = None) -> Reply:
    return Reply(Document((paragraph(sentence),)), ((button,),) if button else (), private=True)
