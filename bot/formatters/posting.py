"""Before an issue is posted by hand: what it is, to whom it would go, and the button that sends it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from bot.formatters.actions import OpenIssue, button
from bot.formatters.admin_actions import HoldIssue, OpenDeliveries, ReleaseIssue
from bot.formatters.issue import count_entries, name_issue
from bot.formatters.text import join, line, note
from bot.locales import Words
from bot.model.command import Button, Buttons, Detour, Reply
from bot.model.richtext import Block, Document, Heading, Span, bold, italic, paragraph
from bot.storage.issues import IssueSummary


@dataclass(frozen=True, slots=True)
class Prospect:
    """What is known of an issue before it is posted.

    `audience` counts the chats that would get it now, by platform; `had` those that have it. `comes_at` is its
    scheduled time in the bot's zone, None where none is to come. `is_tried` is false where a canary chat was to get it
    first, and has not yet.
    """

    summary: IssueSummary
    audience: Mapping[str, int]
    had: int = 0
    comes_at: datetime | None = None
    is_tried: bool = True

    @property
    def chats(self) -> int:
        """Return to how many chats it would go."""
        return sum(self.audience.values())


def format_prospect(prospect: Prospect, words: Words) -> Reply:
    """Show what posting an issue would do."""
    summary = prospect.summary
    dates = words.dates(summary.starts_on, summary.ends_on)
    facts = ((Span(dates),) if dates else (), (Span(count_entries(summary.entries, words)),))
    blocks: tuple[Block, ...] = (
        Heading((Span(name_issue(summary.number, summary.title, words)),), level=2),
        *line(facts),
        *_prospects(prospect, words),
    )
    detour = lead_admins(f"post_{summary.number}", words)
    return Reply(Document(blocks), _rows(prospect, words), private=True, detour=detour)


def lead_admins(start: str, words: Words) -> Detour:
    """Return the way to an answer that only those who run the bot are to see."""
    said = Document((paragraph(words("That is for those who run this bot.")),))
    return Detour(start, said, words("Open in private"))


def say_schedule(prospect: Prospect, words: Words) -> Iterator[Block]:
    """Say that an issue waits: for its time, or for a person."""
    if prospect.summary.held:
        yield paragraph(*words.parts("It is held: {reason}", reason=italic(_why_held(prospect.summary.held, words))))
    elif prospect.comes_at is not None:
        day, hour = words.date(prospect.comes_at.date()), words.time(prospect.comes_at.time())
        yield paragraph(words("It goes out by itself on {date} at {time}.", date=day, time=hour))


def _why_held(held: str, words: Words) -> str:
    """Say why an issue waits: what is kept of it is a kind and, behind a colon, what was seen."""
    kind, _, detail = held.partition(": ")
    match kind:
        case "by hand":
            return words("an administrator wished so")
        case "late":
            return words("its time was long past")
        case "canary":
            return words("it did not arrive whole in the canary chat ({detail})", detail=detail)
        case _:
            return held


def schedule_row(prospect: Prospect, words: Words) -> tuple[Button, ...]:
    """Return the button that has an issue wait, where it would go out by itself."""
    waits = prospect.comes_at is not None and not prospect.summary.held
    return (button(words("Hold it"), HoldIssue(prospect.summary.number)),) if waits else ()


def _prospects(prospect: Prospect, words: Words) -> Iterator[Block]:
    if prospect.chats:
        goes = words.plural("It goes to {n} chat now:", "It goes to {n} chats now:", prospect.chats)
        places = (
            (Span(words("{name}: ", name=name.title())), bold(words.number(n)))
            for name, n in sorted(prospect.audience.items())
        )
        yield paragraph(f"{goes} ", *join(places))
    else:
        yield paragraph(words("No chat is waiting for it."))
    if prospect.had:
        yield paragraph(words.plural("{n} chat has it already.", "{n} chats have it already.", prospect.had))
    yield from say_schedule(prospect, words)
    if prospect.chats and not prospect.is_tried:
        yield note(words("It has not been tried in the canary chat: this sends it to everybody at once."))


def _rows(prospect: Prospect, words: Words) -> Buttons:
    number = prospect.summary.number
    posting: Buttons = ()
    if prospect.chats:
        posted = words.plural("Post to {n} chat", "Post to {n} chats", prospect.chats)
        posting = ((button(posted, ReleaseIssue(number)),),)
    looking = [button(words("Read it"), OpenIssue(number))]
    if prospect.had:
        looking.append(button(words("Who got it"), OpenDeliveries(number)))
    return (*posting, tuple(looking), *filter(None, (schedule_row(prospect, words),)))
