"""Subscribing and unsubscribing, confirmed; the choice of a language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from enum import StrEnum

from bot.formatters.actions import CatchUp, OpenIssue, SetLanguage, button, command_button
from bot.formatters.issue import name_issue
from bot.formatters.text import clip, note
from bot.locales import LANGUAGES, Words
from bot.model.command import Reply
from bot.model.digest import Issue
from bot.model.richtext import Document, bold, paragraph

TITLE_LIMIT = 100
"""Characters of an issue's title."""


class Subscribed(StrEnum):
    """What subscribing changed."""

    NEW = "new"
    AGAIN = "again"
    ALREADY = "already"


def format_subscribed(outcome: Subscribed, words: Words, *, post_at: time, zone: str, latest: Issue | None) -> Reply:
    """Confirm a subscription, say when issues come, and offer the latest."""
    match outcome:
        case Subscribed.NEW:
            said = words("Subscribed.")
        case Subscribed.AGAIN:
            said = words("Welcome back. Everything is set as it was.")
        case Subscribed.ALREADY:
            said = words("This chat is subscribed already.")
    hour, city = bold(words.time(post_at)), words.zone(zone)
    when = words.parts("New issues come here at {time} ({zone}).", time=hour, zone=city)
    blocks = [paragraph(bold(said)), paragraph(*when)]
    settings = (command_button(words("Settings"), "settings"),)
    if latest is None or latest.number is None:
        return Reply(Document(tuple(blocks)), (settings,))
    name = clip(name_issue(latest.number, latest.title, words), TITLE_LIMIT)
    blocks.append(paragraph(*words.parts("The latest: {issue}", issue=bold(name))))
    return Reply(Document(tuple(blocks)), ((button(words("Read it now"), OpenIssue(latest.number)), *settings),))


def format_missed(missed: Sequence[int], words: Words) -> Reply:
    """Offer a chat that came back what it missed."""
    numbers = words(", ").join(str(number) for number in missed)
    said = words.plural(
        "Meanwhile you missed issue {numbers}.", "Meanwhile you missed issues {numbers}.", len(missed), numbers=numbers
    )
    blocks = (paragraph(bold(words("Welcome back. Everything is set as it was."))), paragraph(said))
    return Reply(Document(blocks), ((button(words("Send what I missed"), CatchUp()),),))


def format_catching_up(missed: Sequence[int], words: Words) -> Reply:
    """Confirm that the issues a chat missed are on their way."""
    if not missed:
        return Reply(Document((note(words("There is nothing you missed.")),)))
    return Reply(Document((paragraph(words("They are on their way.")),)))


def format_unsubscribed(words: Words, *, was_subscribed: bool) -> Reply:
    """Confirm the end of a subscription."""
    if not was_subscribed:
        return Reply(Document((note(words("This chat was not subscribed.")),)))
    said = words("Unsubscribed. The settings are kept: /subscribe brings everything back.")
    return Reply(Document((paragraph(said),)))


def format_languages(words: Words) -> Reply:
    """Offer the languages there are."""
    document = Document((paragraph(words("Which language shall I speak here?")),))
    return Reply(document, (tuple(button(name, SetLanguage(code)) for code, name in LANGUAGES.items()),))


def format_language_set(words: Words) -> Reply:
    """Confirm the choice of a language, in that language."""
    said = words("From now on I speak {language} here.", language=LANGUAGES[words.language])
    return Reply(Document((paragraph(said),)), replace=True)
