"""An issue to leaf through in a chat: its contents, the titles of a section, the list of all issues."""

from __future__ import annotations

from collections.abc import Sequence

from bot.formatters.actions import OpenEntry, OpenIssue, OpenIssues, OpenSection, TurnToContents, button
from bot.formatters.anchors import resolve_anchors
from bot.formatters.buttons import number_rows, turning_rows
from bot.formatters.issue import (
    choose_sections,
    count_entries,
    format_header,
    format_headline,
    name_issue,
    section_buttons,
)
from bot.formatters.text import BREAK, join, line, note
from bot.locales import Words
from bot.model.command import Reply
from bot.model.digest import Issue
from bot.model.richtext import Block, Document, Heading, List, Paragraph, Span, bold, paragraph
from bot.storage.issues import IssueSummary

PAGE = 10
"""Lines on a page."""


def format_contents(issue: Issue, words: Words, *, in_place: bool = False) -> Reply:
    """Return an issue's header with a button for each section."""
    chosen = choose_sections(issue)
    buttons = section_buttons(issue, chosen, offset=0)
    page = words("Issue {number}", number=issue.number or 0)
    return Reply(resolve_anchors(format_header(issue, chosen, words), {}), buttons, replace=in_place, page=page)


def format_section(issue: Issue, index: int, words: Words, *, offset: int = 0, in_place: bool = False) -> Reply:
    """Return a page of a section's titles, with buttons that open the entries."""
    section, number = issue.sections[index], issue.number or 0
    page = section.entries[offset : offset + PAGE]
    title = words("Issue {number}", number=number)
    blocks: tuple[Block, ...] = (
        Heading((Span(section.title),), level=2),
        *line(((Span(title),), (Span(count_entries(len(section.entries), words)),))),
        List(tuple(format_headline(entry, words) for entry in page), ordered=True, start=offset + 1),
    )
    buttons = (
        *number_rows((offset + at, OpenEntry(entry.id)) for at, entry in enumerate(page, start=1)),
        *turning_rows(
            words, lambda to: OpenSection(number, index, to), offset=offset, size=PAGE, total=len(section.entries)
        ),
        (button(words("Contents"), TurnToContents(number)),),
    )
    return Reply(Document(blocks), buttons, replace=in_place, page=title)


def format_issues(summaries: Sequence[IssueSummary], words: Words, *, offset: int = 0, in_place: bool = False) -> Reply:
    """Return a page of the list of issues, newest first, with buttons that open them."""
    if not summaries:
        return Reply(Document((note(words("There is no issue yet.")),)))
    page = summaries[offset : offset + PAGE]
    blocks: tuple[Block, ...] = (
        paragraph(bold(words.plural("{n} issue", "{n} issues", len(summaries)))),
        *(_issue_lines(summary, words) for summary in page),
    )
    buttons = (
        *number_rows((summary.number, OpenIssue(summary.number)) for summary in page),
        *turning_rows(words, OpenIssues, offset=offset, size=PAGE, total=len(summaries)),
    )
    return Reply(Document(blocks), buttons, replace=in_place, page=words("Issues"))


def _issue_lines(summary: IssueSummary, words: Words) -> Paragraph:
    title = (bold(name_issue(summary.number, summary.title, words)),)
    dates = words.dates(summary.starts_on, summary.ends_on)
    facts = join(((Span(dates),) if dates else (), (Span(count_entries(summary.entries, words)),)))
    return Paragraph(join((title, facts), BREAK))
