"""/lang: the language of the bot's own words in a chat."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.subscription import format_language_set, format_languages
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse, refuse_stranger
from bot.locales import LANGUAGES, Words, match_language, open_words
from bot.model.chat import Chat, ChatKind, User
from bot.model.command import Audience, Command, Reply
from bot.settings import Settings


def choose_words(chat: Chat | None, kind: ChatKind, user: User | None, settings: Settings) -> Words:
    """Return the words for a chat: in the language it chose, else in private the person's, else the bot's own."""
    wanted = chat.preferences.language if chat else ""
    theirs = match_language(user.language) if user and kind is ChatKind.PRIVATE else ""
    return open_words(wanted or theirs or settings.language)


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    wanted = command.argument.strip()
    if not wanted:
        return format_languages(words)
    language = _read_language(wanted)
    if not language:
        return refuse(command, errors.no_language(words))
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await context.chats.meet(command.chat, kind=command.kind, title=command.chat_title, now=context.clock.now())
    await context.chats.set_preferences(command.chat, replace(chat.preferences, language=language))
    return format_language_set(open_words(language))


def _read_language(text: str) -> str:
    """Read a language's code, or its own name."""
    by_name = {name.casefold(): code for code, name in LANGUAGES.items()}
    return by_name.get(text.casefold(), "") or match_language(text)


LANG = Handler(
    "lang",
    _answer,
    summary=lambda words: words("The language I speak here"),
    audience=Audience.MANAGERS,
    changes=True,
)
