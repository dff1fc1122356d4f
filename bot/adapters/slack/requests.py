"""What Slack sends, as the house's values: slash commands, messages, comings and goings.

Pure functions over the bodies Slack documents (https://docs.slack.dev/reference/events,
https://docs.slack.dev/interactivity/implementing-slash-commands). Pressed buttons are read in `presses`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from functools import partial
from types import MappingProxyType
from typing import Any

from bot.adapters.slack import reasons
from bot.adapters.slack.addresses import chat_address, chat_kind, user_address
from bot.adapters.slack.words import SEARCH, Menu, plain_text, read_slash, read_spoken, without_mention
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, Membership, MembershipChange

Body = Mapping[str, Any]

SEARCH_SHORTCUT = "search_message"
"""How Slack names the shortcut that looks for a message's words."""

QUERY_LENGTH = 200
"""Characters of a message that are looked for: what comes later in it is seldom what it is about."""

GROUP_MESSAGE = "mpdm-"
"""How Slack's names of group messages begin; the names of those in them follow."""

# The one who left is told so by `channel_left` and `group_left`; a bot is never told by `member_left_channel`.
_REMOVALS: Mapping[str, str] = MappingProxyType(
    {
        "channel_left": reasons.PUT_OUT,
        "group_left": reasons.PUT_OUT,
        "channel_archive": reasons.ARCHIVED,
        "group_archive": reasons.ARCHIVED,
        "channel_deleted": reasons.DELETED,
        "group_deleted": reasons.DELETED,
    }
)
# After these the bot may be able to speak in a channel again, or no longer: that has to be looked up.
_TURNS: Mapping[str, str] = MappingProxyType(
    {
        "channel_unarchive": reasons.ARCHIVED,
        "group_unarchive": reasons.ARCHIVED,
        "channel_shared": reasons.UNSHARED,
        "channel_unshared": reasons.UNSHARED,
    }
)

MEMBERSHIP_EVENTS = (
    "member_joined_channel",
    "channel_rename",
    "group_rename",
    "channel_id_changed",
    *_REMOVALS,
    *_TURNS,
)
"""The events that tell what happened to the bot, or to a conversation it is in.

Slack tells nobody but the channel itself, in a message, that a public channel has become private, or the other way
round (https://docs.slack.dev/reference/events/message/channel_convert_to_private), and being told of that would mean
being told of every message. It keeps its id and its members: where the bot is in it, all goes on.
"""


REMOVAL_EVENTS = ("app_uninstalled", "tokens_revoked")
"""The events that tell that a whole workspace has removed the app. Either may come first."""

ACCESS_EVENTS = ("team_access_granted", "team_access_revoked")
"""The events that tell that one workspace of an organisation has the app now, or no longer."""


class Surface(StrEnum):
    """Where something was pressed: below a message (or nothing was), in a modal, in the Home tab."""

    MESSAGE = "message"
    MODAL = "modal"
    HOME = "home"


@dataclass(frozen=True, slots=True)
class Question:
    """A command and the ways in which it may be answered.

    `thread` is where a public answer goes. `response_url` speaks to the asker alone, and can replace the message whose
    button was pressed; it is as good as a token for half an hour, so it is kept out of every repr. `trigger` opens one
    modal, within three seconds. `view` is the modal that was pressed in, `leaf` the page of it that is turned to.
    `room` is what Slack calls the conversation.
    """

    command: Command
    asker: str
    thread: str = ""
    pressed: str = ""
    private: bool = False
    surface: Surface = Surface.MESSAGE
    leaf: int | None = None
    room: str = ""
    response_url: str = field(default="", repr=False)
    trigger: str = field(default="", repr=False)
    view: Body = field(default_factory=dict, repr=False)


def read_slash_command(body: Body, menu: Menu, *, workspace: str = "") -> Question:
    """Read a slash command. Its answer is for the asker alone, wherever it was typed."""
    name, argument = read_slash(body["command"], body.get("text") or "", menu)
    channel = body["channel_id"]
    command = Command(
        name,
        argument,
        chat_address(channel, workspace=workspace),
        kind_of(channel, body.get("channel_name", "")),
        User(user_address(body["user_id"], workspace=workspace), name=body.get("user_name", "")),
        chat_title=title_of(body.get("channel_name", "")),
        key=body.get("trigger_id", ""),
    )
    return Question(
        command,
        body["user_id"],
        private=True,
        room=body.get("channel_name", ""),
        response_url=body.get("response_url", ""),
        trigger=body.get("trigger_id", ""),
    )


def read_mention(body: Body, bot: str, menu: Menu, *, workspace: str = "") -> Question | None:
    """Read a mention of the bot in a channel. It is answered in the thread it stands in, or in one of its own."""
    event = body["event"]
    if not event.get("user") or event.get("bot_id") or "edited" in event:
        return None
    text = plain_text(without_mention(event.get("text") or "", bot))
    return _spoken(body, text, menu, thread=event.get("thread_ts") or event["ts"], workspace=workspace)


def read_direct_message(body: Body, bot: str, menu: Menu, *, workspace: str = "") -> Question | None:
    """Read a direct message; None for what nobody said to the bot (edits, deletions, its own words)."""
    event = body["event"]
    said = event.get("subtype") in {None, "file_share", "thread_broadcast"}
    if not said or event.get("channel_type") != "im" or not event.get("user") or event.get("bot_id"):
        return None
    text = plain_text(without_mention(event.get("text") or "", bot))
    return _spoken(body, text, menu, thread=event.get("thread_ts") or "", workspace=workspace)


def read_shortcut(body: Body, *, workspace: str = "") -> Question | None:
    """Read "search for this", chosen on a message: its words are looked for, and the asker alone sees what is found."""
    channel, user = body.get("channel") or {}, body["user"]
    text = " ".join(plain_text((body.get("message") or {}).get("text") or "").split())
    if not text or not channel.get("id"):
        return None
    command = Command(
        SEARCH,
        text[:QUERY_LENGTH],
        chat_address(channel["id"], workspace=workspace),
        kind_of(channel["id"], channel.get("name", "")),
        User(user_address(user["id"], workspace=workspace), name=user.get("username") or user.get("name") or ""),
        chat_title=title_of(channel.get("name", "")),
        key=body.get("trigger_id", ""),
    )
    return Question(command, user["id"], private=True, response_url=body.get("response_url", ""))


def read_membership(body: Body, bot: str, *, workspace: str = "") -> Membership | None:
    """Read what happened to the bot in a conversation, or to the conversation; None for what happened to others."""
    at = partial(chat_address, workspace=workspace)
    match body["event"]:
        case {"type": "member_joined_channel", "channel": str(channel), "user": str(user), **more} if user == bot:
            inviter = more.get("inviter")
            host = User(user_address(inviter, workspace=workspace)) if isinstance(inviter, str) else None
            return _membership(at(channel), MembershipChange.ADDED, user=host)
        case {"type": "channel_rename" | "group_rename", "channel": {"id": str(channel), "name": str(name)}}:
            return _membership(at(channel), MembershipChange.RENAMED, title=name)
        case {"type": "channel_id_changed", "old_channel_id": str(old), "new_channel_id": str(new)}:
            return _membership(at(old), MembershipChange.MIGRATED, moved_to=at(new))
        case {"type": str(kind), "channel": str(channel)} if kind in _REMOVALS:
            return _membership(at(channel), MembershipChange.REMOVED, reason=_REMOVALS[kind])
        case {"type": str(kind), "channel": str(channel)} if kind in _TURNS:
            return _membership(at(channel), MembershipChange.RESTORED, reason=_TURNS[kind])
        case _:
            return None


def read_removal(body: Body) -> bool:
    """Tell whether the bot's own token has been revoked: where that of a person is, nothing changes."""
    event = body["event"]
    return event.get("type") == "app_uninstalled" or bool((event.get("tokens") or {}).get("bot"))


def _spoken(body: Body, text: str, menu: Menu, *, thread: str, workspace: str) -> Question:
    event = body["event"]
    name, argument = read_spoken(text, menu)
    command = Command(
        name,
        argument,
        chat_address(event["channel"], workspace=workspace),
        chat_kind(event["channel"]),
        User(user_address(event["user"], workspace=workspace)),
        key=body.get("event_id", ""),
    )
    return Question(command, event["user"], thread=thread)


def kind_of(channel: str, name: str) -> ChatKind:
    """Tell what kind of conversation this is, by its id and the name Slack tells of it."""
    return ChatKind.PRIVATE if name == "directmessage" else chat_kind(channel)


def title_of(name: str) -> str:
    """Return a conversation's name, "" for the words Slack says where it does not tell it."""
    if name.startswith(GROUP_MESSAGE):  # mpdm-ada--ben-1
        return ", ".join(name.removeprefix(GROUP_MESSAGE).rpartition("-")[0].split("--"))
    return "" if name in {"directmessage", "privategroup"} else name


def _membership(
    chat: Address,
    change: MembershipChange,
    *,
    user: User | None = None,
    title: str = "",
    moved_to: Address | None = None,
    reason: str = "",
) -> Membership:
    return Membership(chat, chat_kind(chat.chat), change, user=user, chat_title=title, moved_to=moved_to, reason=reason)
