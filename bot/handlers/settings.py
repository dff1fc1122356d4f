"""/settings: what a chat receives, how and when, as a panel whose buttons change it in place."""

from __future__ import annotations

from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import Set, Setting, SwitchSection, read_action
from bot.formatters.settings import SectionChoice, format_sections, format_settings, format_times
from bot.handlers.context import Context, Handler
from bot.handlers.preferences import change, read_times
from bot.handlers.replies import refuse, refuse_old, refuse_stranger
from bot.locales import Words, open_words
from bot.model.chat import Chat
from bot.model.command import Audience, Command, Origin, Reply

_TIMES = {Setting.HOUR, Setting.ZONE, Setting.PACE, Setting.QUIET}


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    if command.argument.strip():
        return await _answer_set(replace(command, name="set"), words, context)
    preferences = (await _meet(command, context)).preferences
    return format_settings(preferences, read_times(preferences, context.settings), words)


async def _answer_panel(command: Command, words: Words, context: Context) -> Reply:
    preferences = (await _meet(command, context)).preferences
    return format_settings(preferences, read_times(preferences, context.settings), words, in_place=True)


async def _answer_times(command: Command, words: Words, context: Context) -> Reply:
    preferences = (await _meet(command, context)).preferences
    return format_times(read_times(preferences, context.settings), words)


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
    wanted = read_action(command.name, command.argument)
    before = (await _meet(command, context)).preferences
    after = change(before, wanted) if isinstance(wanted, Set) else None
    if after is None or not isinstance(wanted, Set):
        return refuse(command, errors.no_setting(words))
    await context.chats.set_preferences(command.chat, after)
    pressed = command.origin is Origin.BUTTON
    times = read_times(after, context.settings)
    if wanted.setting in _TIMES:
        return format_times(times, words, in_place=pressed)
    spoken = open_words(after.language) if after.language else words
    return format_settings(after, times, spoken, in_place=pressed)


async def _answer_switch(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    match read_action(command.name, command.argument):
        case SwitchSection(title_id) if title := await context.questions.recall(title_id):
            before = (await _meet(command, context)).preferences
            known = await _known_sections(before.sections, context)
            after = replace(before, sections=switch_section(title, before.sections, known))
            await context.chats.set_preferences(command.chat, after)
            return await _answer_sections(command, words, context)
        case _:
            return refuse_old(command, words)


def switch_section(title: str, chosen: tuple[str, ...], known: tuple[str, ...]) -> tuple[str, ...]:
    """Switch a section on or off; all of them, and none of them, mean everything."""
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


SETTINGS = Handler(
    "settings",
    _answer,
    summary=lambda words: words("What this chat receives, and how"),
    audience=Audience.MANAGERS,
    changes=True,
)
PANEL = Handler("panel", _answer_panel)
TIMES = Handler("times", _answer_times)
SECTIONS = Handler("sections", _answer_sections)
SET = Handler("set", _answer_set, changes=True)
SWITCH = Handler("switch", _answer_switch, changes=True)
