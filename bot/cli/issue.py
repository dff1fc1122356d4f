"""An issue as the command line prints it, as it stands in a file or in the database."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from bot.cli.output import print_line
from bot.locales import open_words
from bot.model.digest import Issue
from bot.model.search import Hit
from bot.renderers.plain import render_plain

Related = Mapping[int, tuple[Hit, ...]]
"""The entries most like each entry, by its identity."""


def print_issue(issue: Issue, related: Related | None = None) -> None:
    """Print an issue, whole; below each entry what is like it, where that is given."""
    number = "" if issue.number is None else f"#{issue.number} "
    print_line(f"{number}{issue.title}  {span_dates(issue.starts_on, issue.ends_on)}".rstrip())
    for section in issue.sections:
        print_line(f"\n== {section.title} ({len(section.entries)})")
        for entry in section.entries:
            authors = ", ".join(author.name for author in entry.authors)
            print_line(f"\n-- {entry.title}" + (f" ({authors})" if authors else ""))
            if text := render_plain(entry.body):
                print_line(text)
            for comment in entry.comments:
                indent = "  " * (comment.depth + 1)
                print_line(f"{indent}> {comment.speaker}: {render_plain(comment.body)}".replace("\n", f"\n{indent}  "))
            if entry.remark:
                print_line(f"  ! {render_plain(entry.remark)}")
            for link in entry.links:
                print_line(f"  {link.kind.value}: {link.url}")
            for image in entry.images:
                print_line(f"  image: {image.url}")
            if entry.source_url:
                print_line(f"  source: {entry.source_url}")
            for hit in (related or {}).get(entry.id, ()):
                print_line(f"  like it: #{hit.place.issue} {hit.entry.title}")


def span_dates(start: date | None, end: date | None) -> str:
    """Return the days an issue covers."""
    return open_words("en").dates(start, end)
