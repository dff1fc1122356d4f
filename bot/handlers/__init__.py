"""What readers can ask, whatever the platform.

`dispatch` takes a command to its handler, `menu` describes the commands, `follow` notes what happens to the bot in a
chat. A command is one small file beside this one, and one line here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.formatters import errors
from bot.formatters.help import format_introduction
from bot.handlers import form
from bot.handlers.about import ABOUT
from bot.handlers.administration import DELIVERIES, HOLD, RETRY, SETTLE, STATS, UNCERTAIN
from bot.handlers.cards import find_cards
from bot.handlers.context import Context
from bot.handlers.elsewhere import CHOOSE, SETTINGS, SUBSCRIBE, UNSUBSCRIBE
from bot.handlers.entry import DISCUSSION, ENTRY, RANDOM, RELATED, TURN
from bot.handlers.help import describe, make_help
from bot.handlers.home import show_home
from bot.handlers.issue import CONTENTS, ISSUE, SECTION
from bot.handlers.issues import ISSUES
from bot.handlers.language import LANG, choose_words
from bot.handlers.latest import LATEST
from bot.handlers.membership import follow, welcome_back
from bot.handlers.post import POST, RELEASE
from bot.handlers.replies import refuse
from bot.handlers.search import PAGE_TURN, SEARCH
from bot.handlers.settings import PANEL, PICK, SET, SWITCH
from bot.handlers.shelf import DROP, EXPORT, SAVE, SAVED
from bot.handlers.start import make_start
from bot.handlers.subscribe import CATCH_UP
from bot.handlers.threads import DROP_THREAD
from bot.handlers.topic import TOPIC, answer_topic, find_topic, spellings
from bot.handlers.topics import TOPICS
from bot.handlers.watch import DROP_WATCH, UNWATCH, WATCH
from bot.locales import Words, open_words
from bot.model.command import Audience, Command, CommandInfo, Introduction, Reply
from bot.model.form import Answers, FormOption, Mistakes
from bot.model.search import Topic
from bot.search.suggest import closest

__all__ = [
    "Context",
    "apologise",
    "ask_patience",
    "changes",
    "concerns",
    "dispatch",
    "fill_in",
    "find_cards",
    "follow",
    "introduce",
    "menu",
    "show_home",
    "suggest",
    "welcome_back",
]

_COMMANDS = (
    LATEST,
    SEARCH,
    TOPICS,
    ISSUES,
    ISSUE,
    RANDOM,
    SAVED,
    SUBSCRIBE,
    UNSUBSCRIBE,
    WATCH,
    SETTINGS,
    LANG,
    POST,
    STATS,
    DELIVERIES,
)
"""The commands of the menu, in its order."""

_HELP = make_help(_COMMANDS)
_START = make_start(_HELP)
_READING = (_START, CONTENTS, SECTION, ENTRY, TURN, DISCUSSION, RELATED, PAGE_TURN, TOPIC, SAVE, DROP, EXPORT)
_CHANGING = (CATCH_UP, PANEL, SET, SWITCH, PICK, UNWATCH, DROP_WATCH, DROP_THREAD, ABOUT, CHOOSE)
_ADMINISTERING = (RELEASE, HOLD, RETRY, UNCERTAIN, SETTLE)
_UNLISTED = (*_READING, *_CHANGING, *_ADMINISTERING)
_HANDLERS = {handler.name: handler for handler in (*_COMMANDS, _HELP, *_UNLISTED)}


async def dispatch(command: Command, context: Context) -> Reply | None:
    """Answer a command; None where the bot was not meant."""
    if not command.name:
        return await dispatch(replace(command, name=SEARCH.name), context) if command.addressed else None
    words = choose_words(await context.chats.get(command.chat), command.kind, command.user, context.settings)
    if handler := _HANDLERS.get(command.name):
        return await handler.answer(command, words, context)
    if topic := find_topic(command.name, context.topics()):
        return await answer_topic(topic, words, context)
    return refuse(command, _suggest(command, context, words)) if command.addressed else None


def changes(command: Command) -> bool:
    """Tell whether a command changes what is kept: such a one must not be lost on its way."""
    handler = _HANDLERS.get(command.name)
    return handler is not None and handler.changes


def concerns(command: Command, context: Context) -> bool:
    """Tell whether a command is answered at all; in a chat of many, some are for somebody else."""
    return command.addressed or command.name in _HANDLERS or find_topic(command.name, context.topics()) is not None


async def ask_patience(command: Command, seconds: int, context: Context) -> Reply:
    """Ask somebody who asked very much to wait a little."""
    words = choose_words(await context.chats.get(command.chat), command.kind, command.user, context.settings)
    return refuse(command, errors.patience(seconds, words))


async def fill_in(command: Command, answers: Answers, context: Context) -> Reply | Mistakes | None:
    """Take a form back, filled in: None where all is well, what is wrong by field, or a refusal."""
    words = choose_words(await context.chats.get(command.chat), command.kind, command.user, context.settings)
    return await form.fill_in(command, answers, words, context)


async def suggest(command: Command, field: str, text: str, context: Context) -> Sequence[FormOption]:
    """Return what can be chosen of a form's field, for what somebody has typed."""
    words = choose_words(await context.chats.get(command.chat), command.kind, command.user, context.settings)
    return form.suggest(field, text, words, context)


def apologise(command: Command, context: Context) -> Reply:
    """Say that a command could not be answered, without asking anything that may have failed."""
    return refuse(command, errors.fault(choose_words(None, command.kind, command.user, context.settings)))


def menu(language: str, topics: Sequence[Topic] = ()) -> tuple[CommandInfo, ...]:
    """Return the commands, those of the administrators too, then the topics, described in a language."""
    words = open_words(language)
    commands = describe((*_COMMANDS, _HELP), words)
    taken = _HANDLERS.keys()
    return (
        *commands,
        *(CommandInfo(topic.name, topic.title(words.language)) for topic in topics if topic.name not in taken),
    )


def introduce(language: str) -> Introduction:
    """Say in a language what the bot is for."""
    return format_introduction(open_words(language))


def _suggest(command: Command, context: Context, words: Words) -> str:
    runs_the_bot = context.is_admin(command.user)
    listed = [one for one in (*_COMMANDS, _HELP) if runs_the_bot or one.audience is not Audience.ADMINS]
    topics = context.topics()
    nearest = closest(command.name, [*(handler.name for handler in listed), *(topic.name for topic in topics)])
    if not nearest:
        spelt = spellings(topics)
        nearest = spelt[name].name if (name := closest(command.name, spelt)) else ""
    return errors.no_command(command.name, nearest, words)
