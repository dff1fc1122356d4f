"""What a reader typed, as a command: pure functions over text."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.model.command import CommandInfo

ROOT = "digest"
"""The slash command that leads to all the others: ``/digest search nerf``."""

FIND = "find"
"""The slash command for searching: Slack keeps ``/search`` for itself."""

SEARCH = "search"
HELP = "help"

Menu = Mapping[str, CommandInfo]
"""The commands by name."""

_REFERENCE = re.compile(r"<([^<>|\s][^<>|]*)(?:\|([^<>]*))?>")


def read_slash(command: str, text: str, menu: Menu) -> tuple[str, str]:
    """Read a slash command as a command's name and argument."""
    name, text = command.removeprefix("/").lower(), text.strip()
    if name == ROOT:
        return _read_root(text, menu)
    return (SEARCH, text) if name == FIND else (name, text)


def read_spoken(text: str, menu: Menu) -> tuple[str, str]:
    """Read words said to the bot: a command, with its slash or without; else words to look for (the name is empty).

    Without a slash, the name of a command that takes no argument is one only where it stands alone: "slam" is the
    topic, "slam in dynamic scenes" is a question.
    """
    text = text.strip()
    first, rest = _split(text)
    if not text:
        return HELP, ""
    if first.startswith("/") and len(first) > 1:
        return read_slash(first, rest, menu)
    info = menu.get(first.lower())
    if info is not None and (info.hint or not rest):
        return info.name, rest
    return "", text


def without_mention(text: str, user: str) -> str:
    """Return the text of a message without the mention of one user."""
    return " ".join(re.sub(rf"<@{re.escape(user)}(?:\|[^<>]*)?>", " ", text).split())


def plain_text(text: str) -> str:
    """Return a message's text as it was typed: references as what they show, the three escapes undone."""
    shown = _REFERENCE.sub(_show, text)
    return shown.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")


def _read_root(text: str, menu: Menu) -> tuple[str, str]:
    first, rest = _split(text)
    if not first:
        return HELP, ""
    name = first.removeprefix("/").lower()
    return (name, rest) if name in menu else ("", text)


def _split(text: str) -> tuple[str, str]:
    first, *rest = text.split(maxsplit=1) or [""]
    return first, rest[0] if rest else ""


def _show(reference: re.Match[str]) -> str:
    target, label = reference[1], reference[2]
    if target.startswith("#"):
        return f"#{label or target[1:]}"
    if target.startswith(("@", "!")):
        return label or target
    return label or target.removeprefix("mailto:")
