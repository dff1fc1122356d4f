"""A person's front page: the latest issue, what their chats receive, what they keep."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from bot.formatters.actions import OpenIssues, OpenSection, button, command_button
from bot.formatters.buttons import in_rows, label
from bot.formatters.issue import choose_sections, format_header
from bot.formatters.reasons import format_reason
from bot.formatters.shelf import format_shelf
from bot.formatters.text import note
from bot.locales import Words
from bot.model.chat import Chat, SubscriptionStatus
from bot.model.command import Button
from bot.model.digest import Issue
from bot.model.home import HomePart
from bot.model.richtext import Byline, Document, Heading, Paragraph, Span, bold, paragraph
from bot.storage.shelf import ShelfPage

SECTIONS = 20
"""Sections of the latest issue that get a button."""

TEASERS = 1
"""Titles of each of them: what is below, the search for one, shall be seen without scrolling."""

CHATS = 15
"""Chats that are shown with their buttons; the others are counted."""


def format_home(
    latest: Issue | None, own: Chat, others: Sequence[Chat], shelf: ShelfPage, words: Words
) -> tuple[HomePart, ...]:
    """Return a front page: `own` is the private chat with its reader, `others` the chats they are in."""
    kept = format_shelf(shelf, words)
    return (
        _latest_part(latest, words),
        *_chat_parts(own, others, words),
        HomePart(kept.document, kept.buttons),
    )


def _latest_part(issue: Issue | None, words: Words) -> HomePart:
    if issue is None:
        return HomePart(Document((_title(words("The digest")), note(words("There is no issue yet.")))))
    chosen = choose_sections(issue)
    openers = (
        button(label(section.title, f" · {len(section.entries)}"), OpenSection(issue.number or 0, index))
        for index, section in chosen[:SECTIONS]
    )
    leading = (
        button(words("All issues"), OpenIssues()),
        command_button(words("Topics"), "topics"),
        command_button(words("Something at random"), "random"),
    )
    return HomePart(format_header(issue, chosen, words, teasers=TEASERS), (*in_rows(openers, SECTIONS), leading))


def _chat_parts(own: Chat, others: Sequence[Chat], words: Words) -> Iterator[HomePart]:
    yield HomePart(
        Document((_title(words("What comes to you")), *_chat_lines(words("Here, in private"), own, words))),
        ((_subscribing(own, words), command_button(words("Settings"), "settings")),),
        own.address,
    )
    for chat in others[:CHATS]:
        name = f"#{chat.title}" if chat.title else words("A channel of yours")
        buttons = ((command_button(words("Settings"), "settings"), _subscribing(chat, words)),)
        yield HomePart(Document(_chat_lines(name, chat, words)), buttons, chat.address)
    if len(others) > CHATS:
        more = words.plural("and {n} more channel", "and {n} more channels", len(others) - CHATS)
        yield HomePart(Document((note(more),)))
    if not others:
        said = words("None of your channels receives the digest: type /subscribe in one, and it does.")
        yield HomePart(Document((note(said),)))


def _title(text: str) -> Heading:
    return Heading((Span(text),), level=2)


def _chat_lines(name: str, chat: Chat, words: Words) -> tuple[Paragraph, Byline]:
    match chat.status:
        case SubscriptionStatus.ACTIVE:
            said = words("subscribed")
        case SubscriptionStatus.SUSPENDED:
            said = words("waits: {reason}", reason=format_reason(chat.reason, words))
        case _:
            said = words("not subscribed")
    return paragraph(bold(name)), Byline((Span(said),))


def _subscribing(chat: Chat, words: Words) -> Button:
    if chat.status in {SubscriptionStatus.ACTIVE, SubscriptionStatus.SUSPENDED}:
        return command_button(words("Unsubscribe"), "unsubscribe")
    return command_button(words("Subscribe"), "subscribe")
