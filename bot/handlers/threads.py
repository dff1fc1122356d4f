"""``/settings thread SECTION here``: a section of each issue goes to the forum topic in which that is said."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import read_action
from bot.formatters.panel_actions import DropThread, PanelPage
from bot.handlers.context import Context, Handler
from bot.handlers.panel import find_subject, known_sections, show_page
from bot.handlers.replies import refuse, refuse_old, refuse_stranger
from bot.locales import Words
from bot.model.chat import Preferences
from bot.model.command import Command, Reply

_HERE, _OFF = "here", "off"


async def send_section(command: Command, words: Words, context: Context) -> Reply:
    """Take ``SECTION here`` or ``SECTION off``; a section is named by its title, or by any part that no other has."""
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await find_subject(command, context)
    wanted, _, where = command.argument.strip().rpartition(" ")
    if where.casefold() not in {_HERE, _OFF} or not wanted:
        return refuse(command, errors.no_thread(words))
    known = await known_sections(chat.preferences, context)
    title = find_section(wanted, (*known, *(title for title, _ in chat.preferences.threads)))
    if title is None:
        return refuse(command, errors.no_section(wanted, known, words))
    thread = command.chat.thread if where.casefold() == _HERE else ""
    if where.casefold() == _HERE and not thread:
        return refuse(command, errors.no_thread(words))
    after = await context.chats.change_preferences(chat.address, lambda one: route(one, title, thread))
    changed = replace(chat, preferences=after or chat.preferences)
    return await show_page(PanelPage.THREADS, changed, words, context, in_place=False)


async def _answer_drop(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await find_subject(command, context)
    match read_action(command.name, command.argument):
        case DropThread(title_id) if title := await context.questions.recall(title_id):
            after = await context.chats.change_preferences(chat.address, lambda one: route(one, title, ""))
            changed = replace(chat, preferences=after or chat.preferences)
            return await show_page(PanelPage.THREADS, changed, words, context)
        case _:
            return refuse_old(command, words)


def find_section(wanted: str, titles: tuple[str, ...]) -> str | None:
    """Return the title that is meant: the very one, else the only one that has these words; None for none, or many."""
    wanted = " ".join(wanted.casefold().split())
    distinct = tuple(dict.fromkeys(titles))
    if exact := [title for title in distinct if title.casefold() == wanted]:
        return exact[0]
    having = [title for title in distinct if wanted in title.casefold()]
    return having[0] if len(having) == 1 else None


def route(preferences: Preferences, title: str, thread: str) -> Preferences:
    """Send a section to a thread; to none, where the others go."""
    others = tuple(pair for pair in preferences.threads if pair[0].casefold() != title.casefold())
    return replace(preferences, threads=(*others, (title, thread)) if thread else others)


DROP_THREAD = Handler("dropthread", _answer_drop, changes=True)
