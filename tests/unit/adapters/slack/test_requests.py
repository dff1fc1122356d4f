"""What Slack sends, as commands and memberships."""

from __future__ import annotations

from typing import Any

import pytest

from bot.adapters.slack.requests import (
    MEMBERSHIP_EVENTS,
    Question,
    read_direct_message,
    read_membership,
    read_mention,
    read_slash_command,
)
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, CommandInfo, Membership, MembershipChange

MENU = {name: CommandInfo(name, name) for name in ("help", "latest")} | {
    "search": CommandInfo("search", "Search", "<words>")
}
BOT = "U0BOT"
CHANNEL = Address("slack", "C01")
DIRECT = Address("slack", "D01")
ADA = User("slack:U01")
RESPONSE_URL = "https://hooks.slack.com/commands/T01/1/secret"


def slash(**more: str) -> dict[str, Any]:
    return {
        "command": "/digest",
        "text": "search nerf",
        "channel_id": "C01",
        "channel_name": "vision",
        "user_id": "U01",
        "user_name": "ada",
        "trigger_id": "1.2.abc",
        "response_url": RESPONSE_URL,
        **more,
    }


def event(**fields: Any) -> dict[str, Any]:
    return {"event_id": "Ev01", "event": {"user": "U01", "channel": "C01", "ts": "2.000001", **fields}}


def direct(**fields: Any) -> dict[str, Any]:
    return event(**{"type": "message", "channel": "D01", "channel_type": "im", "text": "nerf", **fields})


def test_slash_command_is_answered_to_the_asker() -> None:
    """A slash command names its channel and asker, and is answered to them alone."""
    command = Command(
        "search", "nerf", CHANNEL, ChatKind.GROUP, User("slack:U01", "ada"), chat_title="vision", key="1.2.abc"
    )
    assert read_slash_command(slash(), MENU) == Question(
        command, "U01", private=True, room="vision", response_url=RESPONSE_URL, trigger="1.2.abc"
    )


@pytest.mark.parametrize(
    ("channel", "name", "kind", "title"),
    [
        ("D01", "directmessage", ChatKind.PRIVATE, ""),
        ("C01", "privategroup", ChatKind.GROUP, ""),
        ("G01", "mpdm-ada--ben-1", ChatKind.GROUP, "ada, ben"),
        ("C01", "vision", ChatKind.GROUP, "vision"),
    ],
)
def test_kinds_of_conversations(channel: str, name: str, kind: ChatKind, title: str) -> None:
    """Slack's stand-ins for names it does not tell are no titles."""
    command = read_slash_command(slash(channel_id=channel, channel_name=name), MENU).command
    assert (command.kind, command.chat_title) == (kind, title)


@pytest.mark.parametrize(("parent", "thread"), [({}, "2.000001"), ({"thread_ts": "1.000001"}, "1.000001")])
def test_mention_is_answered_in_a_thread(parent: dict[str, str], thread: str) -> None:
    """A mention is answered in its thread, or opens one; what is asked for concerns the channel, not the thread."""
    question = read_mention(event(type="app_mention", text=f"<@{BOT}> nerf &amp; slam", **parent), BOT, MENU)
    assert question == Question(
        Command("", "nerf & slam", CHANNEL, ChatKind.GROUP, ADA, key="Ev01"), "U01", thread=thread
    )


@pytest.mark.parametrize(
    "fields",
    [{"edited": {"ts": "3.0"}}, {"bot_id": "B02", "user": "U02"}, {"user": None}],
    ids=["edit", "bot", "nobody"],
)
def test_mentions_by_nobody_are_not_answered(fields: dict[str, Any]) -> None:
    """Two bots that mention each other would never end."""
    assert read_mention(event(**{"type": "app_mention", "text": f"<@{BOT}>", **fields}), BOT, MENU) is None


def test_direct_message_is_a_question() -> None:
    """Plain words in direct messages are looked for, and answered there for good."""
    command = Command("", "nerf", DIRECT, ChatKind.PRIVATE, ADA, key="Ev01")
    assert read_direct_message(direct(), BOT, MENU) == Question(command, "U01")


def test_typed_command_is_a_command() -> None:
    """A command typed as text is one, too, and in a thread it is answered there."""
    question = read_direct_message(direct(text="/search nerf", thread_ts="1.000001"), BOT, MENU)
    assert question is not None
    assert (question.command.name, question.command.argument, question.thread) == ("search", "nerf", "1.000001")
    assert question.command.chat == DIRECT


@pytest.mark.parametrize(
    "fields",
    [
        {"subtype": "message_changed"},
        {"subtype": "message_deleted"},
        {"subtype": "bot_message", "bot_id": "B02"},
        {"bot_id": "B01"},
        {"channel_type": "channel"},
        {"user": None},
    ],
)
def test_what_nobody_said_to_the_bot(fields: dict[str, Any]) -> None:
    """Edits, deletions, other bots, and talk in channels are no questions."""
    assert read_direct_message(direct(**fields), BOT, MENU) is None


REMOVED = MembershipChange.REMOVED


@pytest.mark.parametrize(
    ("fields", "membership"),
    [
        (
            {"type": "member_joined_channel", "user": BOT, "inviter": "U01"},
            Membership(CHANNEL, ChatKind.GROUP, MembershipChange.ADDED, user=ADA),
        ),
        (
            {"type": "member_joined_channel", "user": BOT},
            Membership(CHANNEL, ChatKind.GROUP, MembershipChange.ADDED),
        ),
        (
            {"type": "channel_left"},
            Membership(CHANNEL, ChatKind.GROUP, REMOVED, reason="the bot was removed from the channel"),
        ),
        (
            {"type": "group_left", "channel": "G01"},
            Membership(Address("slack", "G01"), ChatKind.GROUP, REMOVED, reason="the bot was removed from the channel"),
        ),
        ({"type": "channel_archive"}, Membership(CHANNEL, ChatKind.GROUP, REMOVED, reason="the channel was archived")),
        ({"type": "channel_deleted"}, Membership(CHANNEL, ChatKind.GROUP, REMOVED, reason="the channel was deleted")),
        (
            {"type": "channel_unarchive"},
            Membership(CHANNEL, ChatKind.GROUP, MembershipChange.RESTORED, reason="the channel was archived"),
        ),
        (
            {"type": "channel_unshared", "previously_connected_team_id": "T02", "is_ext_shared": False},
            Membership(
                CHANNEL,
                ChatKind.GROUP,
                MembershipChange.RESTORED,
                reason="the channel is no longer shared with this workspace",
            ),
        ),
        (
            {"type": "channel_rename", "channel": {"id": "C01", "name": "vision-2"}},
            Membership(CHANNEL, ChatKind.GROUP, MembershipChange.RENAMED, chat_title="vision-2"),
        ),
        (
            {"type": "channel_id_changed", "old_channel_id": "G01", "new_channel_id": "C01"},
            Membership(Address("slack", "G01"), ChatKind.GROUP, MembershipChange.MIGRATED, moved_to=CHANNEL),
        ),
        ({"type": "member_joined_channel", "user": "U02"}, None),
        ({"type": "channel_rename", "channel": "C01"}, None),
    ],
)
def test_memberships(fields: dict[str, Any], membership: Membership | None) -> None:
    """What happens to the bot or its channel is read; what happens to others is nothing."""
    assert read_membership(event(**fields), BOT) == membership


def test_every_subscribed_event_is_read() -> None:
    """No event is asked for that nobody reads."""
    common = {"user": BOT, "old_channel_id": "G01", "new_channel_id": "C02"}
    for kind in MEMBERSHIP_EVENTS:
        channel = {"id": "C01", "name": "vision"} if kind.endswith("rename") else "C01"
        assert read_membership(event(**{"type": kind, "channel": channel, **common}), BOT) is not None


def test_response_url_is_kept_out_of_reprs() -> None:
    """Whoever has the address can speak as the bot: it is never shown."""
    assert "secret" not in repr(read_slash_command(slash(), MENU))
