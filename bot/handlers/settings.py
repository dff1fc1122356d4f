"""/settings: what a chat receives and how, as a panel whose buttons change it in place."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters.actions import Set, Setting, SwitchSection, read_action
from bot.formatters.settings import SectionChoice, format_sections, format_settings
from bot.handlers.context import Context, Handler
from bot.handlers.replies import refuse_old, refuse_stranger
from bot.locales import LANGUAGES, Words, open_words
from bot.model.chat import Chat, Layout
from bot.model.command import Command, Reply


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    return format_settings((await _meet(command, context)).preferences, words)


async def _answer_panel(command: Command, words: Words, context: Context) -> Reply:
    return format_settings((await _meet(command, context)).preferences, words, in_place=True)


async def _answer_sections(command: Command, words: Words, context: Context) -> Reply:
    chosen = (await _meet(command, context)).preferences.sections
    titles = await _known_sections(chosen, context)
    now = context.clock.now()
    choices = [
        SectionChoice(await context.questions.remember(title, now=now), title, not chosen or title in chosen)
        for title in titles
    ]
    return format_sections(choices, words)


async def _answer_set(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    before = (await _meet(command, context)).preferences
    match read_action(command.name, command.argument):
        case Set(Setting.LAYOUT, value) if value in set(Layout):
            after = replace(before, layout=Layout(value))
        case Set(Setting.IMAGES, "on" | "off" as value):
            after = replace(before, images=value == "on")
        case Set(Setting.LANGUAGE, value) if value in LANGUAGES:
            after, words = replace(before, language=value), open_words(value)
        case _:
            return refuse_old(command, words)
    await context.chats.set_preferences(command.chat, after)
    return format_settings(after, words, in_place=True)


async def _answer_switch(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    match read_action(command.name, command.argument):
        case SwitchSection(title_id) if title := await context.questions.recall(title_id):
            before = (await _meet(command, context)).preferences
            sections = await _switch(title, before.sections, context)
            await context.chats.set_preferences(command.chat, replace(before, sections=sections))
            return await _answer_sections(command, words, context)
        case _:
            return refuse_old(command, words)


async def _switch(title: str, chosen: tuple[str, ...], context: Context) -> tuple[str, ...]:
    """Switch a section on or off; all of them, and none of them, mean everything."""
    known = await _known_sections(chosen, context)
    before = chosen or known
    after = tuple(one for one in known if (one in before) != (one == title))
    return () if after == known else after


async def _known_sections(chosen: tuple[str, ...], context: Context) -> tuple[str, ...]:
    """Return the sections of the latest issue, and what was chosen of earlier ones."""
    latest = await context.issues.latest_issue()
    titles = [section.title for section in latest.sections] if latest else []
    return tuple(dict.fromkeys([*titles, *chosen]))


async def _meet(command: Command, context: Context) -> Chat:
    return await context.chats.meet(command.chat, kind=command.kind, title=command.chat_title, now=context.clock.now())


SETTINGS = Handler("settings", _answer, summary=lambda words: words("What this chat receives, and how"))
PANEL = Handler("panel", _answer_panel)
SECTIONS = Handler("sections", _answer_sections)
SET = Handler("set", _answer_set)
SWITCH = Handler("switch", _answer_switch)
