"""Slack addresses: ``slack:C0123ABCD``, ``slack:T0123/C0123ABCD``, with ``/1700000000.000100`` behind for a thread."""

from __future__ import annotations

import re
from urllib.parse import urlencode

from bot.model.chat import Address, AddressError, ChatKind

PLATFORM_NAME = "slack"

_ADDRESS = re.compile(
    r"(?:(?P<workspace>[TE][A-Z0-9]+)/)?(?P<chat>[CDG][A-Z0-9]+)(?:/(?P<thread>[0-9]+\.[0-9]{6}))?", re.ASCII
)
_LINK = re.compile(r"https://\S+/archives/[A-Z0-9]+/p(?P<seconds>[0-9]{10})(?P<rest>[0-9]{6})(?:\?\S*)?", re.ASCII)
_MOMENT = re.compile(r"(?P<seconds>[0-9]{10})\.(?P<rest>[0-9]{6})", re.ASCII)
_PERSON = re.compile(r"(?:[TE][A-Z0-9]+/)?[UW][A-Z0-9]+", re.ASCII)


def parse_address(text: str) -> Address:
    """Read the part of an address behind ``slack:``. Raises AddressError."""
    if found := _ADDRESS.fullmatch(text.strip()):
        return chat_address(found["chat"], workspace=found["workspace"] or "", thread=found["thread"] or "")
    if _PERSON.fullmatch(text.strip()):
        raise AddressError(f"slack:{text} is a person: their direct messages with the bot have an address slack:D…")
    raise AddressError(
        f"slack:{text} is no Slack conversation: write slack:C0123ABCD, with the id from the end of the "
        "channel's details (names change, ids do not)"
    )


def read_message(text: str) -> str:
    """Read ``https://lab.slack.com/archives/C0123ABCD/p1700000000000100``, or its ``1700000000.000100``.

    Raises AddressError.
    """
    if found := _LINK.fullmatch(text.strip()) or _MOMENT.fullmatch(text.strip()):
        return f"{found['seconds']}.{found['rest']}"
    raise AddressError(f"{text!r} is no message on Slack: copy its link in the app")


def chat_address(chat: str, *, workspace: str = "", thread: str = "") -> Address:
    """Make the address of a conversation; `workspace` stays empty where the bot serves one alone."""
    return Address(PLATFORM_NAME, chat, thread=thread, workspace=workspace)


def user_address(user: str, *, workspace: str = "") -> str:
    """Return the address of a person, as `BOT_ADMINS` writes it."""
    return f"{PLATFORM_NAME}:{workspace}/{user}" if workspace else f"{PLATFORM_NAME}:{user}"


def user_id(address: str) -> str:
    """Return Slack's own id of a person."""
    return address.rpartition(":")[2].rpartition("/")[2]


def chat_kind(chat: str) -> ChatKind:
    """Tell what a conversation's id says about it: D is a direct message; in all others every member may speak."""
    return ChatKind.PRIVATE if chat.startswith("D") else ChatKind.GROUP


def conversation_link(workspace: str, chat: str) -> str:
    """Return what opens a conversation, below its workspace's address; "" where that is not known."""
    return f"{workspace.rstrip('/')}/archives/{chat}" if workspace else ""


def message_link(workspace: str, chat: Address, message_id: str) -> str:
    """Return a message's permalink below its workspace's address (``https://lab.slack.com/``).

    It is what chat.getPermalink answers: https://docs.slack.dev/reference/methods/chat.getPermalink
    """
    if not workspace:
        return ""
    link = f"{conversation_link(workspace, chat.chat)}/p{message_id.replace('.', '')}"
    return f"{link}?{urlencode({'thread_ts': chat.thread, 'cid': chat.chat})}" if chat.thread else link
