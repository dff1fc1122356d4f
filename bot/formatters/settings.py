"""A chat's settings as a panel of buttons: what it receives, and how."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.formatters.actions import Action, Set, Setting, SwitchSection, TurnToSections, TurnToSettings, button
from bot.formatters.buttons import label
from bot.locales import LANGUAGES, Words
from bot.model.chat import Layout, Preferences
from bot.model.command import Button, Buttons, Reply
from bot.model.richtext import Document, Heading, List, Paragraph, Span, bold, paragraph

CHOSEN, LEFT_OUT = "● ", "○ "


@dataclass(frozen=True, slots=True)
class SectionChoice:
    """A section that can be chosen; `id` stands for its title in a button."""

    id: int
    title: str
    is_chosen: bool


def format_settings(preferences: Preferences, words: Words, *, in_place: bool = False) -> Reply:
    """Return the panel; each button shows the new state when it was pressed."""
    names = layout_names(words)
    sections = words(", ").join(preferences.sections) or words("all")
    lines = (
        _line(words("Layout"), names[preferences.layout], words),
        _line(words("Images"), words("shown") if preferences.images else words("as links"), words),
        _line(words("Sections"), sections, words),
        _line(words("Language"), LANGUAGES[words.language], words),
    )
    document = Document((Heading((Span(words("What this chat receives")),), level=2), List(lines)))
    images = words("Images as links") if preferences.images else words("Show images")
    buttons: Buttons = (
        tuple(
            _choice(name, layout is preferences.layout, Set(Setting.LAYOUT, layout)) for layout, name in names.items()
        ),
        (
            button(images, Set(Setting.IMAGES, "off" if preferences.images else "on")),
            button(words("Choose sections"), TurnToSections()),
        ),
        tuple(_choice(name, code == words.language, Set(Setting.LANGUAGE, code)) for code, name in LANGUAGES.items()),
    )
    return Reply(document, buttons, replace=in_place)


def format_sections(choices: Sequence[SectionChoice], words: Words) -> Reply:
    """Return the choice of sections; a press switches one on or off."""
    document = Document(
        (
            Heading((Span(words("Sections this chat receives")),), level=2),
            paragraph(words("Press a section to receive it, or to leave it out.")),
        )
    )
    rows = tuple((_choice(one.title, one.is_chosen, SwitchSection(one.id)),) for one in choices)
    return Reply(document, (*rows, (button(words("Back"), TurnToSettings()),)), replace=True)


def layout_names(words: Words) -> dict[Layout, str]:
    """Return the names of the layouts, the usual one first."""
    return {
        Layout.COMPACT: words("Compact"),
        Layout.FULL: words("One entry a message"),
        Layout.HEADLINES: words("Headlines"),
    }


def _line(name: str, value: str, words: Words) -> tuple[Paragraph]:
    return (paragraph(words("{name}: ", name=name), bold(value)),)


def _choice(text: str, is_chosen: bool, action: Action) -> Button:
    return button(label((CHOSEN if is_chosen else LEFT_OUT) + text), action)
