"""The conversation that a modal or a Home tab speaks for. A view stands in none itself: it carries this with it."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace

from bot.adapters.slack import limits
from bot.adapters.slack.addresses import chat_address
from bot.model.chat import Address, ChatKind


@dataclass(frozen=True, slots=True)
class Place:
    """A conversation, the thread one was in, and the command line (`asked`) whose answer the view shows."""

    chat: Address
    kind: ChatKind
    title: str = ""
    thread: str = ""
    asked: str = ""

    def write(self) -> str:
        """Return it as a view's private_metadata. A command line too long for that is left away."""
        fields = {
            "chat": self.chat.chat,
            "kind": self.kind.value,
            "title": self.title,
            "thread": self.thread,
            "asked": self.asked,
        }
        written = json.dumps({name: value for name, value in fields.items() if value}, ensure_ascii=False)
        return written if len(written) <= limits.PRIVATE_METADATA else replace(self, asked="").write()


_AT = "at:"


def at_chat(chat: str, place: str) -> str:
    """Return the id of a block whose buttons speak for another conversation than its view does."""
    return f"{_AT}{chat}:{place}"


def chat_of_block(block_id: str) -> str:
    """Return the conversation that a block's buttons speak for, "" for the view's own."""
    return block_id.removeprefix(_AT).partition(":")[0] if block_id.startswith(_AT) else ""


def read_place(text: str, *, workspace: str = "") -> Place | None:
    """Read the private_metadata of a view in a workspace; None for what the bot did not write."""
    try:
        fields = json.loads(text)
        chat = chat_address(fields["chat"], workspace=workspace)
        kind = ChatKind(fields["kind"])
    except (ValueError, TypeError, LookupError):
        return None
    return Place(chat, kind, fields.get("title", ""), fields.get("thread", ""), fields.get("asked", ""))
