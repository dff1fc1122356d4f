"""A Slack channel and its threads as the app shows them, from what stands in a transcript."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from markupsafe import Markup, escape

from tests.fakes.transcript import Action, ChatCard, Record, Transcript
from tests.fakes.transcripts.markup import element, join
from tests.fakes.transcripts.pictures import face, picture
from tests.fakes.transcripts.slack_text import mrkdwn, rich_text

JSON = dict[str, Any]
SEQUEL_SECONDS = 300
"""Messages of one author that come so soon after each other stand under one name."""

_MENTION = re.compile(r"<@(\w+)>")


def draw_channel(card: ChatCard, transcript: Transcript) -> Markup:
    """Draw a channel, with every thread of it beside it."""
    names = {record.content.get("user"): record.author for record in transcript}
    records = [replace(record, content=_with_names(record.content, names)) for record in transcript.standing(card.id)]
    edited = {record.key for record in transcript.of(card.id) if record.action is Action.EDITED}
    top = [record for record in records if record.thread in {None, record.message_id}]
    threads = {
        record.message_id: [reply for reply in records if reply.thread == record.message_id and reply is not record]
        for record in top
    }
    drawn: list[Markup] = []
    for day, of_day in groupby(top, key=lambda record: datetime.fromtimestamp(record.at, UTC).date()):
        drawn.append(element("div", element("span", f"{day:%A, %B} {day.day}"), class_="day"))
        drawn += _run(list(of_day), threads, edited)
    sign = {"channels": "# ", "groups": "🔒 ", "im": ""}[card.kind]
    pane = element("section", element("header", f"{sign}{card.title}"), join(drawn), class_="channel")
    panels = [_thread(card, record, threads[record.message_id], edited) for record in top if threads[record.message_id]]
    return element("main", pane, *panels)


def _with_names(value: Any, names: Mapping[Any, str]) -> Any:
    """Put people's names beside their ids, wherever a text mentions them."""
    match value:
        case str():
            return _MENTION.sub(lambda match: f"<@{match[1]}|@{names.get(match[1], match[1])}>", value)
        case {"type": "user", "user_id": user}:
            return {"type": "user", "user_id": names.get(user, user)}
        case Mapping():
            return {key: _with_names(inner, names) for key, inner in value.items()}
        case list():
            return [_with_names(inner, names) for inner in value]
        case _:
            return value


def _thread(card: ChatCard, parent: Record, replies: list[Record], edited: set[Any]) -> Markup:
    head = element("header", "Thread ", element("small", card.title))
    count = element("div", element("span", _counted(replies)), class_="replies-line")
    answers = _run(replies, {}, edited)
    first = _message(parent, [], edited=parent.key in edited)
    return element("section", head, first, count, *answers, class_="thread")


def _counted(replies: list[Record]) -> str:
    return f"{len(replies)} {'reply' if len(replies) == 1 else 'replies'}"


def _run(records: list[Record], threads: Mapping[Any, list[Record]], edited: set[Any]) -> list[Markup]:
    """Draw messages in a row: of some by one author, the first alone bears the name."""
    drawn = []
    for before, record in zip([None, *records], records, strict=False):
        follows = before is not None and _is_sequel(before, record)
        replies = threads.get(record.message_id, [])
        drawn.append(_message(record, replies, edited=record.key in edited, follows=follows))
    return drawn


def _is_sequel(before: Record, record: Record) -> bool:
    alike = (before.author, before.audience) == (record.author, record.audience)
    return alike and record.at - before.at < SEQUEL_SECONDS


def _message(record: Record, replies: list[Record], *, edited: bool, follows: bool = False) -> Markup:
    name = element("b", record.author)
    badge = element("span", "APP", class_="badge") if record.by_bot else ""
    time = element("time", f"{datetime.fromtimestamp(record.at, UTC):%-I:%M %p}")
    content: JSON = dict(record.content)
    blocks = content.get("blocks")
    body = (
        join([draw_block(block) for block in blocks])
        if blocks
        else element("div", mrkdwn(content["text"]), class_="words")
    )
    hint = element("div", "👁 Only visible to you", class_="hint") if record.audience else ""
    parts = [hint, "" if follows else element("div", name, badge, time, class_="byline"), body]
    if edited:
        parts.append(element("small", "(edited)", class_="edited"))
    parts += [_file(file) for file in content.get("files", [])]
    parts += [_attachment(attachment) for attachment in content.get("attachments", [])]
    if replies:
        parts.append(
            element("div", face(replies[-1].author, "face tiny"), element("a", _counted(replies)), class_="replies")
        )
    class_ = f"message{' ephemeral' if record.audience else ''}{' sequel' if follows else ''}"
    beside = element("span", class_="face none") if follows else face(record.author, "face")
    return element("article", beside, element("div", *parts, class_="body"), class_=class_)


def _file(file: JSON) -> Markup:
    name = element("small", file["title"])
    return element("div", name, picture(str(file["source"] or file["name"]), file["title"], "shot"), class_="file")


def _attachment(attachment: JSON) -> Markup:
    blocks = attachment.get("blocks") or []
    words = mrkdwn(str(attachment.get("text", attachment.get("from_url", ""))))
    return element("div", *([draw_block(block) for block in blocks] or [words]), class_="attachment")


def _text(text: JSON) -> Markup:
    return mrkdwn(text["text"]) if text["type"] == "mrkdwn" else escape(text["text"])


def draw_block(block: JSON) -> Markup:
    """Draw one block."""
    return _BLOCKS[block["type"]](block)


def _header(block: JSON) -> Markup:
    return element("h3", block["text"]["text"])


def _section(block: JSON) -> Markup:
    words = element("div", _text(block["text"]), class_="words") if "text" in block else ""
    fields = [element("div", _text(field), class_="words") for field in block.get("fields", [])]
    grid = element("div", *fields, class_="fields") if fields else ""
    beside = _element(block["accessory"]) if "accessory" in block else ""
    return element("div", element("div", words, grid), beside, class_="section")


def _context(block: JSON) -> Markup:
    parts = [
        picture(part["image_url"], "", "icon") if part["type"] == "image" else element("span", _text(part))
        for part in block["elements"]
    ]
    return element("div", *parts, class_="context")


def _image(block: JSON) -> Markup:
    title = block.get("title", {}).get("text")  # without a title nothing is told above a picture
    shown = picture(block.get("source") or block.get("image_url", ""), block["alt_text"], "shot")
    return element("div", element("small", title) if title else "", shown, class_="file")


def _actions(block: JSON) -> Markup:
    return element("div", *map(_element, block["elements"]), class_="actions")


def _input(block: JSON) -> Markup:
    optional = element("small", " (optional)") if block.get("optional") else ""
    hint = element("small", block["hint"]["text"], class_="below") if "hint" in block else ""
    field = block["element"]
    if block.get("dispatch_action"):
        hint = element("small", "Press Enter to submit", class_="below")
    return element("label", element("b", block["label"]["text"], optional), _element(field), hint)


def _element(part: JSON) -> Markup:
    match part["type"]:
        case "button":
            return element("span", part["text"]["text"], class_=f"button {part.get('style', '')}".strip())
        case "image":
            return picture(part["image_url"], part["alt_text"], "thumb")
        case "overflow":
            return element("span", "⋯", class_="button")
        case "checkboxes" | "radio_buttons":
            return element("div", *_options(part), class_="options")
        case "plain_text_input":
            return element("span", *_typed(part), class_="field")
        case "timepicker":
            return element("span", part.get("initial_time", "Select time"), " 🕘", class_="field short")
        case "multi_static_select":
            chips = [element("span", option["text"]["text"], " ×", class_="chip") for option in _chosen(part)]
            return element("span", *(chips or [_placeholder(part)]), class_="field")
        case _:
            shown = next((option["text"]["text"] for option in _chosen(part)), None)
            return element("span", shown or _placeholder(part), " ⌄", class_="button menu")


def _options(part: JSON) -> list[Markup]:
    signs = {"checkboxes": ("☐", "☑"), "radio_buttons": ("◯", "◉")}[part["type"]]
    chosen = [option["value"] for option in _chosen(part)]
    return [element("div", signs[option["value"] in chosen], " ", _text(option["text"])) for option in part["options"]]


def _chosen(part: JSON) -> list[JSON]:
    return part.get("initial_options") or [part[name] for name in ("initial_option",) if name in part]


def _typed(part: JSON) -> list[Markup]:
    return [escape(part["initial_value"])] if part.get("initial_value") else [_placeholder(part)]


def _placeholder(part: JSON) -> Markup:
    return element("span", part.get("placeholder", {}).get("text", "Choose an option"), class_="placeholder")


_BLOCKS: dict[str, Callable[[JSON], Markup]] = {
    "header": _header,
    "section": _section,
    "context": _context,
    "image": _image,
    "actions": _actions,
    "input": _input,
    "rich_text": rich_text,
    "divider": lambda _: element("div", class_="divider"),
    "markdown": lambda block: element("div", block["text"], class_="words"),
}
