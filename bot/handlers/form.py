"""The settings as a form: made as things are now, taken back filled in, with what is wrong told by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from functools import reduce

from bot.formatters import errors, settings_form
from bot.formatters.panel_actions import Set, Setting
from bot.formatters.settings_form import format_form, switches_of, zone_option
from bot.handlers.context import Context
from bot.handlers.panel import describe_chat, find_subject, known_sections, known_topics, section_options, topic_options
from bot.handlers.preferences import change
from bot.handlers.replies import refuse_stranger
from bot.handlers.watch import MOST, hindrance_of, watch
from bot.handlers.zones import find_zones
from bot.locales import Words
from bot.model.chat import Chat, Preferences
from bot.model.command import Ability, Command, Reply
from bot.model.form import Answers, Form, FormOption, Mistakes

LOOKED_UP = 50
"""Things shown to somebody who looks one up."""

Step = Callable[[Preferences], Preferences]


class _MistakeError(Exception):
    """What somebody filled in cannot be meant. Its text is one plain sentence."""


async def make_form(chat: Chat, words: Words, context: Context) -> Form:
    """Return a chat's settings as a form."""
    return format_form(
        describe_chat(chat, words, context),
        words,
        sections=await section_options(chat.preferences, context),
        topics=topic_options(chat.preferences, words, context),
        now=context.clock.now(),
    )


async def fill_in(command: Command, answers: Answers, words: Words, context: Context) -> Reply | Mistakes | None:
    """Set all that was filled in, or nothing of it.

    Returns what is wrong, by field; a refusal, for who may not change the chat; None where all is well.
    """
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await find_subject(command, context)
    steps: list[Step] = []
    mistakes: dict[str, str] = {}
    for name, values in answers.items():
        try:
            steps.append(await _read(name, values, chat, words, context))
        except _MistakeError as error:
            mistakes[name] = str(error)
    if mistakes:
        return mistakes
    await context.chats.change_preferences(chat.address, lambda before: _settle(_walk(steps, before)))
    return None


def suggest(field: str, text: str, words: Words, context: Context) -> Sequence[FormOption]:
    """Return what can be chosen of a field that has too much to show, for what somebody has typed."""
    if field != Setting.ZONE:
        return ()
    now = context.clock.now()
    return [zone_option(zone, now, words) for zone in find_zones(text, limit=LOOKED_UP)]


async def _read(name: str, values: tuple[str, ...], chat: Chat, words: Words, context: Context) -> Step:
    """Return the change that a field asks for. Raises _MistakeError."""
    match name:
        case settings_form.SWITCHES:
            return _switch(values, chat, words, context)
        case Setting.SECTIONS:
            return await _choose_sections(values, chat, words, context)
        case Setting.TOPICS:
            return _choose_topics(values, chat, words, context)
        case settings_form.WATCHES:
            return _watch(values, chat, words)
        case settings_form.PACE:
            setting, _, value = (values or ("",))[0].partition(" ")
            return _set(setting, value, chat, words)
        case Setting.QUIET:
            return _set(name, (values or ("none",))[0], chat, words)
        case _:
            return _set(name, (values or ("own",))[0], chat, words)


def _set(name: str, value: str, chat: Chat, words: Words) -> Step:
    try:
        wanted = Set(Setting(name), value)
    except ValueError:
        raise _MistakeError(errors.old_button(words)) from None
    if change(chat.preferences, wanted) is None:
        raise _MistakeError(errors.no_value(wanted.setting, words))
    return lambda before: change(before, wanted) or before


def _switch(on: tuple[str, ...], chat: Chat, words: Words, context: Context) -> Step:
    can_hush = Ability.HUSH in context.able(chat.address)
    known = switches_of(chat, has_threads=context.has_threads(chat.address), can_hush=can_hush)
    steps = [_set(one, yes if one in on else no, chat, words) for one, (yes, no) in known.items()]
    return lambda before: _walk(steps, before)


async def _choose_sections(ids: tuple[str, ...], chat: Chat, words: Words, context: Context) -> Step:
    """All sections, and none, mean everything."""
    known = await known_sections(chat.preferences, context)
    titles = {await context.questions.recall(int(one)) for one in ids if one.isdecimal()}
    if not titles <= set(known):
        raise _MistakeError(errors.old_button(words))
    chosen = tuple(title for title in known if title in titles)
    return lambda before: replace(before, sections=() if chosen == known else chosen)


def _choose_topics(names: tuple[str, ...], chat: Chat, words: Words, context: Context) -> Step:
    if not set(names) <= set(known_topics(chat.preferences, context)):
        raise _MistakeError(errors.old_button(words))
    return lambda before: replace(before, topics=names)


def _watch(lines: tuple[str, ...], chat: Chat, words: Words) -> Step:
    queries = [" ".join(line.encode(errors="ignore").decode().split()) for line in lines]
    for query in queries:
        if query not in chat.preferences.watches and (hindrance := hindrance_of(query, words)):
            raise _MistakeError(f"{query}: {hindrance}")
    if len(queries) > MOST:
        raise _MistakeError(errors.too_many_watches(MOST, words))
    return lambda before: reduce(watch, queries, replace(before, watches=()))


def _walk(steps: Iterable[Step], before: Preferences) -> Preferences:
    return reduce(lambda one, step: step(one), steps, before)


def _settle(after: Preferences) -> Preferences:
    """Who watches for nothing cannot receive that alone."""
    return replace(after, watched_only=after.watched_only and bool(after.watches))
