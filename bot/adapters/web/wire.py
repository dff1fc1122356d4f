"""How messages look on their way to the page: JSON."""

from __future__ import annotations

from base64 import b64encode
from typing import Any

from bot.adapters.web.conversation import Answer
from bot.model.command import Attachment, Buttons, CommandInfo
from bot.model.room import RoomContent, RoomMessage, RoomPage
from bot.renderers.html import safe_href

Json = dict[str, Any]


def message_json(message: RoomMessage) -> Json:
    """Return a message of a room."""
    file = {"name": message.file, "url": f"/chat/{message.room}/files/{message.id}"} if message.file else None
    return {
        "id": message.id,
        "author": message.author,
        **_content_json(message.content),
        "file": file,
        "at": message.created_at.isoformat(),
        "edited": message.edited_at is not None,
    }


def page_json(page: RoomPage) -> Json:
    """Return a stretch of history."""
    messages = [message_json(message) for message in page.messages]
    return {"messages": messages, "revision": page.revision, "earlier": page.earlier}


def answer_json(answer: Answer) -> Json:
    """Return what the asker alone sees."""
    private = None
    if answer.private is not None:
        file = _inline_file(answer.attachment) if answer.attachment else None
        private = {**_content_json(answer.private), "file": file}
    return {"toast": answer.toast, "private": private, "replaces": answer.replaces}


def command_json(command: CommandInfo) -> Json:
    """Return a command for the menu."""
    return {"name": command.name, "summary": command.summary, "hint": command.hint}


def _content_json(content: RoomContent) -> Json:
    return {"html": content.html, "buttons": _buttons_json(content.buttons)}


def _buttons_json(buttons: Buttons) -> list[list[Json]]:
    return [
        [
            {"label": button.label, "action": button.action, "url": safe_href(button.url) or ""}
            for button in row
            if button.action or button.url
        ]
        for row in buttons
    ]


def _inline_file(attachment: Attachment) -> Json:
    # What stands in no room has no address: it is sent along.
    content = b64encode(attachment.content).decode("ascii")
    return {"name": attachment.name, "url": f"data:application/octet-stream;base64,{content}"}
