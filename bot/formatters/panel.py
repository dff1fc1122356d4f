"""The joinery of a chat's settings: rows that show what is chosen, lines that say it, the way back."""

from __future__ import annotations

from bot.formatters.actions import Action, button
from bot.formatters.buttons import label
from bot.formatters.panel_actions import PanelPage, TurnPanel
from bot.locales import Words
from bot.model.command import Button
from bot.model.richtext import Block, Document, Heading, Paragraph, Span, bold, paragraph

ON, OFF = "✓ ", "○ "


def choice(text: str, action: Action, *, is_chosen: bool) -> Button:
    """Make a button for one of several things, of which one is chosen."""
    return button(label(ON + text if is_chosen else text), action)


def switch(text: str, action: Action, *, is_on: bool) -> Button:
    """Make a button for a thing that is on or off by itself."""
    return button(label((ON if is_on else OFF) + text), action)


def leading(text: str, page: PanelPage) -> Button:
    """Make a button that leads to a page."""
    return button(f"{text} ›", TurnPanel(page))


def back(words: Words, page: PanelPage = PanelPage.MAIN) -> Button:
    """Make the button that leads back."""
    return button(words("‹ Back"), TurnPanel(page))


def panel_page(title: str, *blocks: Block) -> Document:
    """Return a page with its title."""
    return Document((Heading((Span(title),), level=2), *blocks))


def said(name: str, value: str, words: Words) -> tuple[Paragraph]:
    """Return a line that says how something is set, as an item of a list."""
    return (paragraph(words("{name}: ", name=name), bold(value)),)
