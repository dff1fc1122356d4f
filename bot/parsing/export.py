"""An issue as JSON, in the shape that `bot parse --json` and `bot show --json` promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from bot.model.digest import Comment, Entry, Issue, Section
from bot.parsing.plain import plain_text


def to_json(issue: Issue, *, asides: Sequence[str] = ()) -> dict[str, Any]:
    """Return an issue as JSON. `asides` are the words of the source that only label or arrange, as far as known."""
    told: dict[str, Any] = {
        "number": issue.number,
        "title": issue.title,
        "starts_on": _date(issue.starts_on),
        "ends_on": _date(issue.ends_on),
        "sections": [_section(section) for section in issue.sections],
    }
    if issue.preface:
        told["preface"] = plain_text(issue.preface.blocks)
    if asides:
        told["asides"] = list(asides)
    return told


def _date(day: date | None) -> str | None:
    return day.isoformat() if day else None


def _section(section: Section) -> dict[str, Any]:
    return {"title": section.title, "entries": [_entry(entry) for entry in section.entries]}


def _entry(entry: Entry) -> dict[str, Any]:
    return {
        "title": entry.title,
        "group": entry.group,
        "authors": [{"name": author.name, "url": author.url} for author in entry.authors],
        "source_url": entry.source_url,
        "links": [{"url": link.url, "kind": link.kind.value, "label": link.label} for link in entry.links],
        "images": [{"url": image.url, "alt": image.alt} for image in entry.images],
        "comments": [_comment(comment) for comment in entry.comments],
        "remark": plain_text(entry.remark.blocks) or None,
        "hashtags": list(entry.hashtags),
        "text": plain_text(entry.body.blocks),
    }


def _comment(comment: Comment) -> dict[str, Any]:
    return {"speaker": comment.speaker, "depth": comment.depth, "text": plain_text(comment.body.blocks)}
