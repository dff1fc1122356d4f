"""A chat's settings as a panel of buttons: what it receives, how, and when."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.formatters.actions import (
    Action,
    Set,
    Setting,
    SwitchSection,
    TurnToSections,
    TurnToSettings,
    TurnToTimes,
    button,
)
from bot.formatters.buttons import in_rows, label
from bot.locales import LANGUAGES, Words
from bot.model.chat import Layout, Preferences
from bot.model.command import Button, Buttons, Reply
from bot.model.richtext import Block, Document, Heading, List, Paragraph, Span, bold, paragraph

CHOSEN, LEFT_OUT = "● ", "○ "

HOURS = ("07:00", "09:00", "12:00", "18:00", "20:00")
ZONES = ("America/Los_Angeles", "America/New_York", "Europe/London", "Europe/Berlin", "Asia/Shanghai", "Asia/Tokyo")
PACES = (0, 30, 120)
"""Minutes from one section to the next."""

NIGHT = ("22:00", "07:00")
"""Quiet hours that most people would choose."""


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section that can be chosen; `id` stands for its title in a button."""

    id: int
    title: str
    is_chosen: bool


@dataclass(frozen=True, slots=True)
class Times:
    """When a chat receives, the bot's own hour and zone filled in where it chose none."""

    hour: str
    zone: str
    pace_minutes: int
    quiet: tuple[str, str] | None


def format_settings(preferences: Preferences, times: Times, words: Words, *, in_place: bool = False) -> Reply:
    """Return the panel as things are now."""
    layouts = _layouts(words)
    lines = (
        _line(words("Layout"), layouts[preferences.layout], words),
        _line(words("Images"), words("shown") if preferences.images else words("as links"), words),
        _line(words("Notification"), words("silent") if preferences.silent else words("with sound"), words),
        _line(words("Sections"), words(", ").join(preferences.sections) or words("all"), words),
        _line(words("Time"), f"{times.hour} ({times.zone})", words),
        _line(words("Language"), LANGUAGES[words.language], words),
    )
    images = Set(Setting.IMAGES, "off" if preferences.images else "on")
    sound = Set(Setting.SOUND, "on" if preferences.silent else "off")
    buttons: Buttons = (
        tuple(
            _choice(name, layout is preferences.layout, Set(Setting.LAYOUT, layout)) for layout, name in layouts.items()
        ),
        (
            button(words("Images as links") if preferences.images else words("Show images"), images),
            button(words("Notify with sound") if preferences.silent else words("Notify silently"), sound),
        ),
        (button(words("Choose sections"), TurnToSections()), button(words("Choose times"), TurnToTimes())),
        tuple(_choice(name, code == words.language, Set(Setting.LANGUAGE, code)) for code, name in LANGUAGES.items()),
    )
    return Reply(_page(words("What this chat receives"), List(lines)), buttons, replace=in_place)


def format_sections(choices: Sequence[SectionChoice], words: Words) -> Reply:
    """Return the choice of sections; a press switches one on or off."""
    how = paragraph(words("Press a section to receive it, or to leave it out."))
    rows = tuple((_choice(one.title, one.is_chosen, SwitchSection(one.id)),) for one in choices)
    return Reply(_page(words("Sections this chat receives"), how), (*rows, _back(words)), replace=True)


def format_times(times: Times, words: Words, *, in_place: bool = True) -> Reply:
    """Return the choice of hour, zone, pace and quiet hours."""
    quiet = _span(times.quiet) if times.quiet else words("none")
    lines = (
        _line(words("Hour"), times.hour, words),
        _line(words("Time zone"), times.zone, words),
        _line(words("Pace"), _pace(times.pace_minutes, words), words),
        _line(words("Quiet hours"), quiet, words),
    )
    other = paragraph(
        words(
            "Anything else can be written: {examples}",
            examples="/settings hour 20:30, /settings zone Asia/Seoul, /settings quiet 23:00-06:30",
        )
    )
    paces = (_choice(_pace(pace, words), pace == times.pace_minutes, Set(Setting.PACE, str(pace))) for pace in PACES)
    buttons: Buttons = (
        tuple(_choice(hour, hour == times.hour, Set(Setting.HOUR, hour)) for hour in HOURS),
        *in_rows((_choice(_city(zone), zone == times.zone, Set(Setting.ZONE, zone)) for zone in ZONES), 3),
        *in_rows(paces, 1),
        (
            _choice(words("No quiet hours"), times.quiet is None, Set(Setting.QUIET, "none")),
            _choice(_span(NIGHT), times.quiet == NIGHT, Set(Setting.QUIET, "-".join(NIGHT))),
        ),
        _back(words),
    )
    return Reply(_page(words("When this chat receives"), List(lines), other), buttons, replace=in_place)


def _layouts(words: Words) -> dict[Layout, str]:
    return {
        Layout.COMPACT: words("Compact"),
        Layout.FULL: words("One entry a message"),
        Layout.HEADLINES: words("Headlines"),
    }


def _pace(minutes: int, words: Words) -> str:
    if not minutes:
        return words("All sections at once")
    if minutes % 60:
        return words.plural("A section every minute", "A section every {n} minutes", minutes)
    return words.plural("A section every hour", "A section every {n} hours", minutes // 60)


def _span(times: tuple[str, str]) -> str:
    return "–".join(times)


def _city(zone: str) -> str:
    return zone.rpartition("/")[2].replace("_", " ")


def _page(title: str, *blocks: Block) -> Document:
    return Document((Heading((Span(title),), level=2), *blocks))


def _line(name: str, value: str, words: Words) -> tuple[Paragraph]:
    return (paragraph(words("{name}: ", name=name), bold(value)),)


def _choice(text: str, is_chosen: bool, action: Action) -> Button:
    return button(label((CHOSEN if is_chosen else LEFT_OUT) + text), action)


def _back(words: Words) -> tuple[Button]:
    return (button(words("Back"), TurnToSettings()),)
