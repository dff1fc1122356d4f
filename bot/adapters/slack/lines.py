"""Lines of small print: who and where, and where a text leads; of the latter, buttons, too.

A context line takes no rich text. So its words are plain text, and a link in it, which plain text cannot be, is the one
thing the bot writes in Slack's own markup: an address and a label in brackets, each of which is refused here where it
could be read as anything else. A line that cannot be had like that is a line of rich text.
https://docs.slack.dev/reference/block-kit/blocks/context-block
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.adapters.slack import limits
from bot.adapters.slack.runs import JSON, is_linkable, rich_text, runs_of, section
from bot.model.command import Button
from bot.model.richtext import LinkLine, Span, Spans

MOST_BUTTONS = 5
"""More links than these are a line: a wall of buttons hides what it is for."""

_BETWEEN = " ·,，、"
_SEPARATOR = " · "
_MARKUP = re.compile(r"[*_~`|\n]|:[\w+-]+:")
_ADDRESS = re.compile(r"https?://[^\s<>|]+")


def small_print(spans: Spans) -> list[JSON]:
    """Return a line as a context block, or as rich text where that cannot say it; nothing for an empty one."""
    said = [span for span in spans if span.text.strip(_BETWEEN)]
    elements = [element for span in said if (element := _element(span))]
    if not said:
        return []
    if len(elements) == len(said) <= limits.CONTEXT:
        return [{"type": "context", "elements": elements}]
    return [rich_text([section(runs_of(spans))])]


def link_buttons(line: LinkLine) -> tuple[list[Button], Spans]:
    """Return a line's links as buttons, and what of it is said all the same: all of it, where the links are many."""
    groups = [(group, _buttons(group)) for group in _groups(line.spans)]
    buttons = [button for _, found in groups for button in found]
    if len(buttons) > MOST_BUTTONS:
        return [], line.spans
    return buttons, tuple(span for group, found in groups if not found for span in group)


def _element(span: Span) -> JSON | None:
    """Return a span as an element of a context block, None where it cannot be one."""
    text = span.text.strip(_BETWEEN)
    if not _leads(span):
        return {"type": "plain_text", "text": text, "emoji": False} if len(text) <= limits.ELEMENT_TEXT else None
    linked = f"<{_escape(span.href or '')}|{_escape(text)}>"
    if _MARKUP.search(text) or not _ADDRESS.fullmatch(span.href or "") or len(linked) > limits.ELEMENT_TEXT:
        return None
    return {"type": "mrkdwn", "text": linked, "verbatim": True}


def _leads(span: Span) -> bool:
    return span.href is not None and is_linkable(span.href)


def _groups(spans: Spans) -> Iterator[list[Span]]:
    """Cut a line where a dot stands between its parts."""
    group: list[Span] = []
    for span in spans:
        if span.href is None and span.text == _SEPARATOR:
            yield group
            group = []
        else:
            group.append(span)
    yield group


def _buttons(group: list[Span]) -> list[Button]:
    """Return the links of a group, each with what stands before all of them ("Code: "); none where more is said."""
    kind = group[0].text if group and not _leads(group[0]) else ""
    rest = group[1:] if kind else group
    if any(bool(span.text.strip(_BETWEEN)) is not _leads(span) for span in rest):
        return []
    buttons = [Button(f"{kind}{span.text}", url=span.href or "") for span in rest if _leads(span)]
    return buttons if all(len(button.label) <= limits.BUTTON_LABEL for button in buttons) else []


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
