"""A chat's settings: the first page, which shows how everything is and leads to the other pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.formatters.actions import command_button
from bot.formatters.panel import choice, leading, panel_page, said, switch
from bot.formatters.panel_actions import PanelPage, Set, Setting
from bot.formatters.reasons import format_reason
from bot.formatters.subscription import choosing_button
from bot.formatters.text import clip, note
from bot.formatters.times import Times, say_when
from bot.locales import LANGUAGES, Words
from bot.model.chat import Chat, ChatKind, Layout, SubscriptionStatus
from bot.model.command import Button, Buttons, Detour, Purpose, Reply
from bot.model.richtext import Document, List, Paragraph, paragraph

VALUE_LIMIT = 160
"""Characters of a list that the first page repeats; its own page shows all of it."""


@dataclass(frozen=True, slots=True)
class Panel:
    """What the settings of a chat show.

    `topics` are the titles of those chosen. `has_threads` tells whether sections can answer the header of their issue,
    `is_forum` whether the chat has topics of its own, to which sections can be sent, `can_hush` whether what comes can
    come without a sound, `offers_others` whether whoever reads this can be offered other chats to set up.
    """

    chat: Chat
    times: Times
    topics: tuple[str, ...] = ()
    has_threads: bool = False
    is_forum: bool = False
    can_hush: bool = False
    offers_others: bool = False


def format_settings(panel: Panel, words: Words, *, in_place: bool = False) -> Reply:
    """Return the first page as things are now."""
    document = panel_page(name_chat(panel.chat, words), List(tuple(_lines(panel, words))))
    return Reply(document, tuple(_rows(panel, words)), replace=in_place, page=words("Settings"))


def name_chat(chat: Chat, words: Words) -> str:
    """Say whose settings these are."""
    if chat.kind is not ChatKind.PRIVATE and chat.title:
        return words("What “{chat}” receives", chat=clip(chat.title, VALUE_LIMIT))
    return words("What this chat receives")


def name_layouts(words: Words) -> dict[Layout, str]:
    """Return the layouts with their names."""
    return {
        Layout.COMPACT: words("Compact"),
        Layout.FULL: words("Full"),
        Layout.HEADLINES: words("Headlines"),
    }


def format_settings_seen(panel: Panel, words: Words, *, refusal: str) -> Reply:
    """Show the settings to somebody who may not change them; `refusal` says who may."""
    shown = format_settings(panel, words)
    return Reply(Document((*shown.document.blocks, note(refusal))), private=True)


def lead_to_private(panel: Panel, words: Words) -> Detour:
    """Return the way to a channel's settings: in the channel itself, all its readers would be shown them."""
    document = Document((paragraph(words("The settings of this channel are in the private chat with me.")),))
    return Detour(f"settings_{panel.chat.id}", document, words("Open the settings"))


def _lines(panel: Panel, words: Words) -> Iterator[tuple[Paragraph]]:
    chosen = panel.chat.preferences
    yield said(words("New issues"), _status(panel.chat, words), words)
    yield said(words("Layout"), name_layouts(words)[chosen.layout], words)
    yield said(words("Images"), words("shown") if chosen.images else words("as links"), words)
    if panel.can_hush:
        yield said(words("Notification"), words("silent") if chosen.silent else words("with sound"), words)
    yield said(words("Sections"), _listed(chosen.sections, words), words)
    yield said(words("Topics"), _listed(panel.topics, words), words)
    if chosen.watches:
        name = words("Only what matches") if chosen.watched_only else words("Watching for")
        yield said(name, _listed(chosen.watches, words), words)
    yield said(words("Time"), say_when(panel.times, words), words)
    if panel.has_threads:
        place = words("in the thread of their issue") if chosen.threaded else words("in the channel")
        yield said(words("Sections come"), place, words)
    if chosen.threads:
        yield said(
            words("In forum topics of their own"), _listed(tuple(title for title, _ in chosen.threads), words), words
        )


def _rows(panel: Panel, words: Words) -> Iterator[tuple[Button, ...]]:
    chosen = panel.chat.preferences
    yield tuple(
        choice(name, Set(Setting.LAYOUT, layout), is_chosen=layout is chosen.layout)
        for layout, name in name_layouts(words).items()
    )
    images = switch(words("Images"), Set(Setting.IMAGES, "off" if chosen.images else "on"), is_on=chosen.images)
    sound = switch(words("Sound"), Set(Setting.SOUND, "on" if chosen.silent else "off"), is_on=not chosen.silent)
    yield (images, sound) if panel.can_hush else (images,)
    yield leading(words("Sections"), PanelPage.SECTIONS), leading(words("Topics"), PanelPage.TOPICS)
    yield leading(words("Watching for"), PanelPage.WATCHES), leading(words("Times"), PanelPage.TIMES)
    yield from _place_rows(panel, words)
    yield tuple(
        choice(name, Set(Setting.LANGUAGE, code), is_chosen=code == words.language) for code, name in LANGUAGES.items()
    )
    if panel.chat.status is not SubscriptionStatus.ACTIVE:
        yield (command_button(words("Subscribe"), "subscribe"),)
    if panel.offers_others:
        yield (choosing_button(Purpose.SETTINGS, words),)


def _place_rows(panel: Panel, words: Words) -> Buttons:
    """Return what there is to choose about where in the chat sections come."""
    chosen = panel.chat.preferences
    if panel.has_threads:
        names = {"thread": words("In the thread"), "channel": words("In the channel")}
        return (
            tuple(
                choice(name, Set(Setting.PLACE, place), is_chosen=(place == "thread") is chosen.threaded)
                for place, name in names.items()
            ),
        )
    if panel.is_forum or chosen.threads:
        return ((leading(words("Sections in forum topics"), PanelPage.THREADS),),)
    return ()


def _status(chat: Chat, words: Words) -> str:
    match chat.status:
        case SubscriptionStatus.ACTIVE:
            return words("subscribed")
        case SubscriptionStatus.SUSPENDED:
            return words("suspended: {reason}", reason=format_reason(chat.reason, words))
        case _:
            return words("not subscribed")


def _listed(names: tuple[str, ...], words: Words) -> str:
    return clip(words(", ").join(names), VALUE_LIMIT) or words("all")
