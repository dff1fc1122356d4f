"""The pages of a chat's settings, as things are now."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.formatters.choosing import (
    Option,
    Watch,
    format_sections,
    format_threads,
    format_topic_choice,
    format_watches,
)
from bot.formatters.panel_actions import PanelPage
from bot.formatters.settings import Panel, format_settings, lead_to_private
from bot.formatters.times import format_hours, format_paces, format_quiet, format_times, format_zones
from bot.handlers.context import Context
from bot.handlers.preferences import read_times
from bot.locales import Words
from bot.model.chat import Chat, ChatKind, Preferences
from bot.model.command import Ability, Command, Reply


async def find_subject(command: Command, context: Context) -> Chat:
    """Return the chat that a command is about: of a forum the one that receives, whichever topic it was said in."""
    here = await context.chats.meet(command.chat, kind=command.kind, title=command.chat_title, now=context.clock.now())
    if command.kind is not ChatKind.GROUP or here.status is not None:
        return here
    known = [chat for chat in await context.chats.threads_of(command.chat) if chat.status is not None]
    return known[0] if len(known) == 1 else here


async def show_page(
    page: PanelPage, chat: Chat, words: Words, context: Context, *, offset: int = 0, in_place: bool = True
) -> Reply:
    """Return a page of a chat's settings."""
    match page:
        case PanelPage.MAIN:
            return format_settings(describe_chat(chat, words, context), words, in_place=in_place)
        case PanelPage.SECTIONS:
            sections = await section_options(chat.preferences, context)
            return format_sections(sections, words, offset=_within(sections, offset))
        case PanelPage.TOPICS:
            topics = topic_options(chat.preferences, words, context)
            return format_topic_choice(topics, words, offset=_within(topics, offset))
        case PanelPage.WATCHES:
            return await show_watches(chat, words, context, offset=offset, in_place=in_place)
        case PanelPage.THREADS:
            return format_threads(await _threads(chat.preferences, context), words, in_place=in_place)
        case _:
            return _show_times(page, chat.preferences, words, context, in_place=in_place)


def _show_times(page: PanelPage, preferences: Preferences, words: Words, context: Context, *, in_place: bool) -> Reply:
    times, own = read_times(preferences, context.settings), read_times(Preferences(), context.settings)
    match page:
        case PanelPage.HOUR:
            return format_hours(times, words, own=own.hour)
        case PanelPage.ZONE:
            return format_zones(times, words, now=context.clock.now(), own=own.zone)
        case PanelPage.PACE:
            return format_paces(times, words)
        case PanelPage.QUIET:
            return format_quiet(times, words)
        case _:
            return format_times(times, words, now=context.clock.now(), in_place=in_place)


def _within(options: Sequence[object], offset: int) -> int:
    """Return the offset, or the beginning where there are fewer than when the button was made."""
    return offset if offset < len(options) else 0


def keep_from_readers(reply: Reply, chat: Chat, words: Words, context: Context) -> Reply:
    """Have an answer about a channel's settings not stand in the channel, where all its readers would be notified."""
    if chat.kind is not ChatKind.CHANNEL or not reply.document:
        return reply
    return replace(reply, private=True, detour=lead_to_private(describe_chat(chat, words, context), words))


async def show_watches(
    chat: Chat, words: Words, context: Context, *, offset: int = 0, in_place: bool = True, toast: str = ""
) -> Reply:
    """Return what a chat watches for, tried on the latest issue."""
    latest = await context.issues.latest_issue()
    number = latest.number if latest else None
    watches = [await try_watch(query, number, context) for query in chat.preferences.watches]
    return format_watches(
        watches,
        words,
        issue=number,
        is_private=chat.kind is ChatKind.PRIVATE,
        watched_only=chat.preferences.watched_only,
        offset=_within(watches, offset),
        in_place=in_place,
        toast=toast,
    )


async def try_watch(query: str, issue: int | None, context: Context) -> Watch:
    """Return a standing query with how much of an issue matches it."""
    matches = await context.index.entries_matching(query, issue) if issue is not None else ()
    return Watch(query, await context.questions.remember(query, now=context.clock.now()), len(matches))


def describe_chat(chat: Chat, words: Words, context: Context) -> Panel:
    """Return what the first page shows."""
    titles = {topic.name: topic.title(words.language) for topic in context.topics()}
    return Panel(
        chat,
        read_times(chat.preferences, context.settings),
        topics=tuple(titles.get(name, name) for name in chat.preferences.topics),
        has_threads=context.has_threads(chat.address),
        is_forum=bool(chat.address.thread),
        can_hush=Ability.HUSH in context.able(chat.address),
        offers_others=chat.kind is ChatKind.PRIVATE and Ability.OFFER_CHATS in context.able(chat.address),
    )


async def known_sections(preferences: Preferences, context: Context) -> tuple[str, ...]:
    """Return the sections that can be chosen: those the digest has, and what was chosen of earlier ones."""
    return tuple(dict.fromkeys([*await context.issues.section_titles(), *preferences.sections]))


def known_topics(preferences: Preferences, context: Context) -> tuple[str, ...]:
    """Return the names of the topics that can be chosen, and of those that were and are no more."""
    return tuple(dict.fromkeys([*(topic.name for topic in context.topics()), *preferences.topics]))


async def section_options(preferences: Preferences, context: Context) -> list[Option]:
    """Return the sections that can be chosen, and whether they are."""
    chosen, now = preferences.sections, context.clock.now()
    return [
        Option(title, not chosen or title in chosen, id=await context.questions.remember(title, now=now))
        for title in await known_sections(preferences, context)
    ]


def topic_options(preferences: Preferences, words: Words, context: Context) -> list[Option]:
    """Return the topics that can be chosen, and whether they are."""
    titles = {topic.name: topic.title(words.language) for topic in context.topics()}
    return [
        Option(titles.get(name, name), name in preferences.topics, name=name)
        for name in known_topics(preferences, context)
    ]


async def _threads(preferences: Preferences, context: Context) -> list[tuple[int, str, str]]:
    now = context.clock.now()
    return [(await context.questions.remember(title, now=now), title, thread) for title, thread in preferences.threads]


def on_behalf(command: Command, chat: Chat) -> Command:
    """Return a command as if it were said in another chat, though it is answered where it was."""
    return replace(command, chat=chat.address, kind=chat.kind, chat_title=chat.title, afar=True)
