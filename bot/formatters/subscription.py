"""Subscribing and unsubscribing, confirmed; the choice of a language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import time
from enum import StrEnum

from bot.formatters.actions import CatchUp, ChooseChat, OpenIssue, SetLanguage, button, command_button
from bot.formatters.issue import name_issue
from bot.formatters.text import clip, note
from bot.locales import LANGUAGES, Words
from bot.model.command import Button, Offer, Purpose, Reply
from bot.model.digest import Issue
from bot.model.richtext import Document, bold, code, paragraph

TITLE_LIMIT = 100
"""Characters of an issue's title."""


class Subscribed(StrEnum):
    """What subscribing changed."""

    NEW = "new"
    AGAIN = "again"
    ALREADY = "already"


def format_subscribed(
    outcome: Subscribed,
    words: Words,
    *,
    post_at: time,
    zone: str,
    latest: Issue | None,
    chat: str = "",
    offers_others: bool = False,
) -> Reply:
    """Confirm a subscription, say when issues come, and offer the latest.

    `chat` is the title of the chat it is about where that is another one than this is read in. What else can be
    subscribed is offered where that is the case.
    """
    hour, city = bold(words.time(post_at)), words.zone(zone)
    if chat:
        when = words.parts("New issues come to {chat} at {time} ({zone}).", chat=bold(chat), time=hour, zone=city)
    else:
        when = words.parts("New issues come here at {time} ({zone}).", time=hour, zone=city)
    blocks = [paragraph(bold(_name_outcome(outcome, words, chat))), paragraph(*when)]
    buttons = [command_button(words("Settings"), "settings")]
    if latest is not None and latest.number is not None:
        name = clip(name_issue(latest.number, latest.title, words), TITLE_LIMIT)
        blocks.append(paragraph(*words.parts("The latest: {issue}", issue=bold(name))))
        buttons.insert(0, button(words("Read it now"), OpenIssue(latest.number)))
    others = ((choosing_button(Purpose.SUBSCRIBE, words),),) if offers_others else ()
    return Reply(Document(tuple(blocks)), (tuple(buttons), *others))


def choosing_button(purpose: Purpose, words: Words) -> Button:
    """Make the button behind which the asker is offered their channels and groups."""
    return button(words("A channel or group …"), ChooseChat(purpose))


def format_choosing(purpose: Purpose, words: Words) -> Reply:
    """Offer the asker their channels and groups."""
    example = f"/{purpose} @channel"
    said = words.parts(
        "Which channel or group? The buttons below the text field show those that you administer. You can write its "
        "name, too: {example}",
        example=code(example),  # @channel is nobody
    )
    offer = Offer(purpose, channel=words("📢 Choose a channel"), group=words("👥 Choose a group"))
    return Reply(Document((paragraph(*said),)), offer=offer)


def _name_outcome(outcome: Subscribed, words: Words, chat: str) -> str:
    match outcome:
        case Subscribed.NEW:
            return words("Subscribed.")
        case Subscribed.AGAIN if chat:
            return words("I can write in “{chat}” again. Everything is set as it was.", chat=chat)
        case Subscribed.AGAIN:
            return words("Welcome back. Everything is set as it was.")
        case Subscribed.ALREADY if chat:
            return words("“{chat}” is subscribed already.", chat=chat)
        case Subscribed.ALREADY:
            return words("This chat is subscribed already.")


def format_missed(missed: Sequence[int], words: Words, *, chat: str = "") -> Reply:
    """Offer a chat that came back what it missed; `chat` is its title where this is read in another one."""
    numbers = words(", ").join(str(number) for number in missed)
    if chat:
        said = words.plural(
            "Meanwhile it missed issue {numbers}.",
            "Meanwhile it missed issues {numbers}.",
            len(missed),
            numbers=numbers,
        )
    else:
        said = words.plural(
            "Meanwhile you missed issue {numbers}.",
            "Meanwhile you missed issues {numbers}.",
            len(missed),
            numbers=numbers,
        )
    label = words("Send what it missed") if chat else words("Send what I missed")
    blocks = (paragraph(bold(_name_outcome(Subscribed.AGAIN, words, chat))), paragraph(said))
    return Reply(Document(blocks), ((button(label, CatchUp()),),))


def format_catching_up(missed: Sequence[int], words: Words) -> Reply:
    """Confirm that the issues a chat missed are on their way."""
    if not missed:
        return Reply(Document((note(words("There is nothing you missed.")),)))
    return Reply(Document((paragraph(words("They are on their way.")),)))


def format_unsubscribed(words: Words, *, was_subscribed: bool, chat: str = "") -> Reply:
    """Confirm the end of a subscription; `chat` is the title of the chat where this is read in another one."""
    if chat and not was_subscribed:
        return Reply(Document((note(words("“{chat}” was not subscribed.", chat=chat)),)))
    if chat:
        said = words("Unsubscribed: “{chat}” receives no more issues. Its settings are kept.", chat=chat)
        return Reply(Document((paragraph(said),)), ((command_button(words("Subscribe again"), "subscribe"),),))
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
