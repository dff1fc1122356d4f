"""A chat's settings as a form: all of them on one page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from bot.formatters.choosing import Option
from bot.formatters.panel_actions import Setting
from bot.formatters.settings import Panel, name_chat, name_layouts
from bot.formatters.text import note
from bot.formatters.times import Times, name_zone, pace_choices
from bot.locales import LANGUAGES, Words
from bot.model.chat import Chat, ChatKind, SubscriptionStatus
from bot.model.form import Field, FieldKind, Form, FormOption
from bot.model.richtext import Document, bold, paragraph

NAME = "settings"
SWITCHES, WATCHES, PACE = "switches", "watches", "pace"
"""Fields that hold more than one setting, or what no setting is called by."""


def format_form(
    panel: Panel,
    words: Words,
    *,
    sections: Sequence[Option],
    topics: Sequence[Option],
    now: datetime,
) -> Form:
    """Return the form as things are now."""
    fields = (
        *_what(panel, words, sections, topics),
        *_when(panel.times, words, now),
        _language(words),
    )
    lead = [paragraph(bold(name_chat(panel.chat, words)))]
    if panel.chat.status is not SubscriptionStatus.ACTIVE:
        lead.append(note(words("This chat is not subscribed yet: /subscribe has new issues come here.")))
    return Form(NAME, Document(tuple(lead)), fields)


def switches_of(chat: Chat, *, has_threads: bool, can_hush: bool) -> dict[Setting, tuple[str, str]]:
    """Return what can be switched in a chat, with the values that mean on and off."""
    known = {Setting.IMAGES: ("on", "off")}
    if can_hush:
        known[Setting.SOUND] = ("on", "off")
    if has_threads:
        known[Setting.PLACE] = ("thread", "channel")
    if chat.kind is ChatKind.PRIVATE:
        known[Setting.WATCHED] = ("on", "off")
    return known


def zone_option(zone: str, now: datetime, words: Words) -> FormOption:
    """Return a time zone as something to choose."""
    return FormOption(zone, name_zone(zone, now, words))


def _what(panel: Panel, words: Words, sections: Sequence[Option], topics: Sequence[Option]) -> Iterator[Field]:
    chosen = panel.chat.preferences
    yield Field(
        Setting.LAYOUT,
        words("Layout"),
        FieldKind.ONE,
        tuple(FormOption(layout, name) for layout, name in name_layouts(words).items()),
        (chosen.layout,),
    )
    yield _switches(panel, words)
    if sections:
        yield Field(
            Setting.SECTIONS,
            words("Sections"),
            FieldKind.MANY,
            tuple(FormOption(str(one.id), one.title) for one in sections),
            tuple(str(one.id) for one in sections if one.is_chosen) if chosen.sections else (),
            empty=words("All sections"),
        )
    if topics:
        yield Field(
            Setting.TOPICS,
            words("Topics"),
            FieldKind.MANY,
            tuple(FormOption(one.name, one.title) for one in topics),
            tuple(one.name for one in topics if one.is_chosen),
            hint=words("Choose topics to receive only their entries."),
            empty=words("Everything"),
        )
    yield Field(
        WATCHES,
        words("Watching for"),
        FieldKind.LINES,
        chosen=chosen.watches,
        hint=words("One a line, like a search. Entries that match are marked."),
        empty="gaussian splatting",
    )


def _switches(panel: Panel, words: Words) -> Field:
    chosen = panel.chat.preferences
    names = {
        Setting.IMAGES: (words("Show images"), chosen.images),
        Setting.SOUND: (words("Notify with sound"), not chosen.silent),
        Setting.PLACE: (words("Sections in the thread of their issue"), chosen.threaded),
        Setting.WATCHED: (words("Receive only what I watch for"), chosen.watched_only),
    }
    known = switches_of(panel.chat, has_threads=panel.has_threads, can_hush=panel.can_hush)
    shown = {one: names[one] for one in known}
    return Field(
        SWITCHES,
        words("How it comes"),
        FieldKind.SWITCHES,
        tuple(FormOption(one, name) for one, (name, _) in shown.items()),
        tuple(one for one, (_, is_on) in shown.items() if is_on),
    )


def _when(times: Times, words: Words, now: datetime) -> Iterator[Field]:
    yield Field(Setting.HOUR, words("Hour"), FieldKind.TIME, chosen=(times.hour,))
    yield Field(
        Setting.ZONE,
        words("Time zone"),
        FieldKind.LOOKED_UP,
        (zone_option(times.zone, now, words),),
        (times.zone,),
        empty=words("Type a city"),
    )
    paces = pace_choices(times, words)
    yield Field(
        PACE,
        words("Pace"),
        FieldKind.ONE,
        tuple(FormOption(f"{setting} {value}", name) for setting, value, name, _ in paces),
        tuple(f"{setting} {value}" for setting, value, _, is_chosen in paces if is_chosen),
    )
    yield Field(
        Setting.QUIET,
        words("Quiet hours"),
        FieldKind.TEXT,
        chosen=("-".join(times.quiet),) if times.quiet else (),
        empty="22:00-07:00",
    )


def _language(words: Words) -> Field:
    options = tuple(FormOption(code, name) for code, name in LANGUAGES.items())
    return Field(Setting.LANGUAGE, words("Language"), FieldKind.ONE, options, (words.language,))
