"""/settings: what a chat receives, how and when, as a panel whose buttons change it in place; or in words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot.formatters import errors
from bot.formatters.actions import read_action
from bot.formatters.panel_actions import PanelPage, Set, Setting, Switch, SwitchSection, SwitchTopic, TurnPanel
from bot.formatters.settings import format_settings_seen
from bot.handlers.context import Context, Handler
from bot.handlers.form import make_form
from bot.handlers.panel import describe_chat, find_subject, keep_from_readers, known_sections, known_topics, show_page
from bot.handlers.preferences import change
from bot.handlers.replies import may_change, refuse, refuse_old, refuse_stranger
from bot.handlers.threads import send_section
from bot.locales import Words, open_words
from bot.model.chat import Chat, ChatKind, Preferences
from bot.model.command import Audience, Command, Origin, Reply

_PAGES = {
    Setting.HOUR: PanelPage.HOUR,
    Setting.ZONE: PanelPage.ZONE,
    Setting.PACE: PanelPage.PACE,
    Setting.HOURS: PanelPage.PACE,
    Setting.QUIET: PanelPage.QUIET,
    Setting.SECTIONS: PanelPage.SECTIONS,
    Setting.TOPICS: PanelPage.TOPICS,
    Setting.WATCHED: PanelPage.WATCHES,
}
"""Where a setting is set by a button: that page stays open."""

_TIMES = {Setting.HOUR, Setting.ZONE, Setting.PACE, Setting.HOURS, Setting.QUIET}
_THREAD = "thread"


async def _answer(command: Command, words: Words, context: Context) -> Reply:
    name, _, value = command.argument.strip().partition(" ")
    chat = await find_subject(command, context)
    if not name:
        if not await may_change(command, context):
            refusal = errors.managers_only(await context.managers(command.chat), words)
            return format_settings_seen(describe_chat(chat, words, context), words, refusal=refusal)
        shown = await show_page(PanelPage.MAIN, chat, words, context, in_place=False)
        reply = replace(shown, form=await make_form(chat, words, context))
    elif name.casefold() == _THREAD:
        reply = await send_section(replace(command, argument=value), words, context)
    elif wanted := _read_wish(name, value):
        reply = await _set(wanted, command, words, context)
    else:
        reply = refuse(command, errors.no_setting(words))
    return keep_from_readers(reply, chat, words, context)


def _read_wish(name: str, value: str) -> Set | None:
    """Read what somebody wrote behind the command; values have spaces there, as they have not in a button."""
    try:
        return Set(Setting(name.casefold()), value)
    except ValueError:
        return None


async def _answer_panel(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    match read_action(command.name, command.argument):
        case TurnPanel(page, offset):
            return await show_page(page, await find_subject(command, context), words, context, offset=offset)
        case _:
            return refuse_old(command, words)


async def _answer_set(command: Command, words: Words, context: Context) -> Reply:
    match read_action(command.name, command.argument):
        case Set() as wanted:
            return await _set(wanted, command, words, context)
        case _:
            return refuse_old(command, words)


async def _set(wanted: Set, command: Command, words: Words, context: Context) -> Reply:
    """Set one thing, and show the page it stands on; who wrote it sees the page above that, with all of its kind."""
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await find_subject(command, context)
    if wanted.setting is Setting.WATCHED and chat.kind is not ChatKind.PRIVATE:
        return refuse_old(command, words)
    if wanted.setting is Setting.TOPICS:
        changed = await _choose_topics(wanted.value, chat, context)
    else:
        changed = await _change(chat, lambda before: change(before, wanted), context)
    if changed is None:
        return refuse(command, errors.no_setting(words))
    if command.origin is Origin.BUTTON:
        page = _PAGES.get(wanted.setting, PanelPage.MAIN)
    else:
        page = PanelPage.TIMES if wanted.setting in _TIMES else PanelPage.MAIN
    spoken = open_words(changed.preferences.language) if wanted.setting is Setting.LANGUAGE else words
    return await show_page(page, changed, spoken, context, in_place=command.origin is Origin.BUTTON)


async def _choose_topics(value: str, chat: Chat, context: Context) -> Chat | None:
    """Take the topics that somebody lists by name; None where there is no such topic."""
    names = value.casefold().replace(",", " ").replace("/", " ").split()
    if names in ([], ["all"]):
        return await _change(chat, lambda before: replace(before, topics=()), context)
    known = {name.casefold(): name for name in known_topics(chat.preferences, context)}
    if not all(name in known for name in names):
        return None
    chosen = tuple(dict.fromkeys(known[name] for name in names))
    return await _change(chat, lambda before: replace(before, topics=chosen), context)


async def _answer_switch(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    match read_action(command.name, command.argument):
        case SwitchSection(title_id, offset, wanted) if title := await context.questions.recall(title_id):
            chat = await find_subject(command, context)
            known = await known_sections(chat.preferences, context)
            chosen = await _change(
                chat,
                lambda one: replace(one, sections=switch_section(title, one.sections, known, wanted=wanted)),
                context,
            )
            return await show_page(PanelPage.SECTIONS, chosen or chat, words, context, offset=offset)
        case _:
            return refuse_old(command, words)


async def _answer_pick(command: Command, words: Words, context: Context) -> Reply:
    if refusal := await refuse_stranger(command, words, context):
        return refusal
    chat = await find_subject(command, context)
    match read_action(command.name, command.argument):
        case SwitchTopic(name, offset, wanted) if name in known_topics(chat.preferences, context):
            chosen = await _change(
                chat, lambda one: replace(one, topics=switch_topic(name, one.topics, wanted=wanted)), context
            )
            return await show_page(PanelPage.TOPICS, chosen or chat, words, context, offset=offset)
        case _:
            return refuse_old(command, words)


async def _change(chat: Chat, how: Callable[[Preferences], Preferences | None], context: Context) -> Chat | None:
    """Change a chat's preferences; None where there is nothing to change."""
    after = await context.chats.change_preferences(chat.address, how)
    return None if after is None else replace(chat, preferences=after)


def switch_section(
    title: str, chosen: tuple[str, ...], known: tuple[str, ...], *, wanted: Switch = Switch.TURN
) -> tuple[str, ...]:
    """Switch a section on or off; all of them, and none of them, mean everything."""
    before = chosen or known
    is_on = title not in before if wanted is Switch.TURN else wanted is Switch.ON
    after = tuple(one for one in known if (is_on if one == title else one in before))
    return () if after == known else after


def switch_topic(name: str, chosen: tuple[str, ...], *, wanted: Switch = Switch.TURN) -> tuple[str, ...]:
    """Choose a topic, or no longer."""
    others = tuple(one for one in chosen if one != name)
    is_on = name not in chosen if wanted is Switch.TURN else wanted is Switch.ON
    if not is_on:
        return others
    return chosen if name in chosen else (*chosen, name)


SETTINGS = Handler(
    "settings",
    _answer,
    summary=lambda words: words("What this chat receives, and how"),
    audience=Audience.MANAGERS,
    changes=True,
)
PANEL = Handler("panel", _answer_panel)
SET = Handler("set", _answer_set, changes=True)
SWITCH = Handler("switch", _answer_switch, changes=True)
PICK = Handler("pick", _answer_pick, changes=True)
