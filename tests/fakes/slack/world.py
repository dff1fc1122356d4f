"""Slack's people and places: workspaces, users, channels and the messages that stand in them. No protocol here."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

JSON = dict[str, Any]

DEFAULT_SCOPES = frozenset(
    {
        "app_mentions:read",
        "channels:history",
        "channels:read",
        "chat:write",
        "chat:write.public",
        "commands",
        "files:write",
        "groups:history",
        "groups:read",
        "im:history",
        "im:read",
        "im:write",
        "links:read",
        "links:write",
        "users:read",
    }
)


class Kind(StrEnum):
    """What a conversation is. The values begin the names of the scopes that go with it."""

    PUBLIC = "channels"
    PRIVATE = "groups"
    DIRECT = "im"
    GROUP_MESSAGE = "mpim"


@dataclass(slots=True, eq=False)
class User:
    """A person in a workspace, or the bot."""

    id: str
    name: str
    team: str
    language: str = "en-US"
    zone: str = "Europe/Zurich"
    is_admin: bool = False
    is_guest: bool = False
    is_bot: bool = False

    def json(self, *, with_locale: bool = False) -> JSON:
        shown: JSON = {
            "id": self.id,
            "team_id": self.team,
            "name": self.name.lower(),
            "real_name": self.name,
            "tz": self.zone,
            "tz_offset": 0,
            "deleted": False,
            "is_admin": self.is_admin,
            "is_owner": False,
            "is_restricted": self.is_guest,
            "is_bot": self.is_bot,
            "profile": {"real_name": self.name, "display_name": self.name, "team": self.team},
        }
        return shown | ({"locale": self.language} if with_locale else {})


@dataclass(slots=True, eq=False)
class Message:
    """A message as it stands; `json` is what Slack shows of it, without its metadata. An `audience` alone sees it."""

    ts: str
    channel: Channel
    by_bot: bool
    author: str
    json: JSON
    metadata: JSON | None = None
    audience: str = ""


@dataclass(slots=True, eq=False)
class Channel:
    """A conversation. A direct one has its `user`."""

    id: str
    name: str
    kind: Kind
    team: str
    members: set[str] = field(default_factory=set)
    archived: bool = False
    read_only: bool = False
    user: User | None = None
    shared_with: set[str] = field(default_factory=set)
    messages: dict[str, Message] = field(default_factory=dict)

    def json(self, bot: str) -> JSON:
        if self.kind is Kind.DIRECT and self.user is not None:
            return {"id": self.id, "is_im": True, "user": self.user.id, "is_archived": self.archived}
        return {
            "id": self.id,
            "name": self.name,
            "name_normalized": self.name,
            "is_channel": self.kind is Kind.PUBLIC,
            "is_group": False,
            "is_im": False,
            "is_mpim": self.kind is Kind.GROUP_MESSAGE,
            "is_private": self.kind in {Kind.PRIVATE, Kind.GROUP_MESSAGE},
            "is_archived": self.archived,
            "is_member": bot in self.members,
            "is_ext_shared": bool(self.shared_with),
            "context_team_id": self.team,
        }


@dataclass(slots=True, eq=False)
class Workspace:
    """A workspace where the app is installed. `token_state` is the error its token answers with, if any.

    One of an `organisation` has its id; with `whole_organisation` that, and not the workspace, has installed the app:
    all such have one token, and one that is `shut_out` has removed the app for itself.
    """

    id: str
    name: str
    bot: User
    bot_id: str
    token: str
    scopes: frozenset[str] = DEFAULT_SCOPES
    refresh_token: str = ""
    expires_at: float | None = None
    token_state: str = ""
    organisation: str = ""
    whole_organisation: bool = False
    shut_out: bool = False
    users: dict[str, User] = field(default_factory=dict)
    channels: dict[str, Channel] = field(default_factory=dict)

    def direct(self, user: User, ids: Iterator[int]) -> Channel:
        """Find or open the direct conversation with somebody."""
        for channel in self.channels.values():
            if channel.user is user:
                return channel
        channel = Channel(f"D0DIRECT{next(ids):03}", user.name, Kind.DIRECT, self.id, user=user)
        channel.members = {user.id, self.bot.id}
        self.channels[channel.id] = channel
        return channel

    def find(self, address: str) -> Channel | None:
        """Find a conversation by its id or its name."""
        if address in self.channels:
            return self.channels[address]
        named = (channel for channel in self.channels.values() if f"#{channel.name}" == f"#{address.lstrip('#')}")
        return next(named, None)


class World:
    """Every workspace, and the numbers they are counted by."""

    def __init__(self) -> None:
        self.workspaces: dict[str, Workspace] = {}
        self.numbers = count(1)
        self._last_ts = 0.0

    def add_workspace(self, name: str, *, scopes: frozenset[str] = DEFAULT_SCOPES) -> Workspace:
        number = next(self.numbers)
        team = f"T0TEAM{number:05}"
        bot = User(f"U0BOT{number:06}", "Digest", team, is_bot=True)
        token = f"xoxb-{number}-fake-token-of-a-test-workspace"
        workspace = Workspace(team, name, bot, f"B0BOT{number:06}", token, scopes)
        workspace.users[bot.id] = bot
        self.workspaces[team] = workspace
        return workspace

    def sharing(self, team: Workspace) -> list[Workspace]:
        """Return the workspaces that one installation serves: one, or those of an organisation."""
        if not team.whole_organisation:
            return [team]
        everywhere = self.workspaces.values()
        return [one for one in everywhere if one.whole_organisation and one.organisation == team.organisation]

    def timestamp(self, now: float) -> str:
        """Return a message's name: the time, and never the same one twice."""
        self._last_ts = max(self._last_ts + 0.000001, now)
        return f"{self._last_ts:.6f}"
