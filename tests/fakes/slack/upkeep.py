"""What becomes of channels, as a test scripts it: who is invited and put out, what is archived, renamed, shared.

Slack tells the app of each but a conversion between public and private, which it tells the channel alone.
"""

from __future__ import annotations

from tests.fakes.loop import scripted
from tests.fakes.slack.people import People
from tests.fakes.slack.world import JSON, Channel, Kind, User, Workspace


class Upkeep(People):
    """The half of the fake that looks after channels."""

    @scripted
    def add_bot(self, channel: Channel, *, by: User) -> None:
        """Invite the app."""
        team = self.world.workspaces[channel.team]
        channel.members.add(team.bot.id)
        letter = "G" if channel.kind is Kind.PRIVATE else "C"
        event = {"type": "member_joined_channel", "user": team.bot.id, "channel": channel.id, "channel_type": letter}
        self._tell(team, "member_joined_channel", event | {"team": team.id, "inviter": by.id})

    @scripted
    def remove_bot(self, channel: Channel, *, by: User) -> None:
        """Throw the app out."""
        team = self.world.workspaces[channel.team]
        channel.members.discard(team.bot.id)
        kind = "group_left" if channel.kind is Kind.PRIVATE else "channel_left"
        self._tell(team, kind, {"type": kind, "channel": channel.id, "actor_id": by.id})

    @scripted
    def archive(self, channel: Channel, *, by: User) -> None:
        channel.archived = True
        self._happen(channel, "archive", {"user": by.id})

    @scripted
    def unarchive(self, channel: Channel, *, by: User) -> None:
        channel.archived = False
        self._happen(channel, "unarchive", {"user": by.id})

    @scripted
    def delete(self, channel: Channel) -> None:
        """Delete a channel for good."""
        self._happen(channel, "deleted", {})
        del self.world.workspaces[channel.team].channels[channel.id]

    @scripted
    def rename(self, channel: Channel, name: str) -> None:
        channel.name = name
        shown = {"id": channel.id, "name": name, "name_normalized": name, "created": int(self.now())}
        self._happen(channel, "rename", {"channel": shown})

    @scripted
    def convert(self, channel: Channel) -> None:
        """Make a public channel private, or the other way round: it keeps its id, its messages and its members."""
        channel.kind = Kind.PUBLIC if channel.kind is Kind.PRIVATE else Kind.PRIVATE

    @scripted
    def share(self, channel: Channel, other: Workspace) -> None:
        """Share a channel with another workspace. A private one with an id of an earlier time gets another."""
        team = self.world.workspaces[channel.team]
        if channel.id.startswith("G"):
            old, channel.id = channel.id, f"C{channel.id[1:]}"
            team.channels[channel.id] = team.channels.pop(old)
            changed = {"type": "channel_id_changed", "old_channel_id": old, "new_channel_id": channel.id}
            self._tell(team, "channel_id_changed", changed)
        channel.shared_with.add(other.id)
        event = {"type": "channel_shared", "channel": channel.id, "connected_team_id": other.id}
        self._tell(team, "channel_shared", event)

    @scripted
    def unshare(self, channel: Channel, other: Workspace) -> None:
        """End that. Where the app's own workspace is the one that is shut out, the channel is gone for it."""
        team = self.world.workspaces[channel.team]
        channel.shared_with.discard(other.id)
        if other is team:
            del team.channels[channel.id]
        event = {"type": "channel_unshared", "channel": channel.id, "previously_connected_team_id": other.id}
        self._tell(team, "channel_unshared", event | {"is_ext_shared": bool(channel.shared_with)})

    @scripted
    def uninstall(self, team: Workspace | None = None) -> None:
        """Remove the app from a workspace: its token is worth nothing any more."""
        team = team or self.team
        for one in self.world.sharing(team):
            one.token_state = "account_inactive"
        revoked = {"type": "tokens_revoked", "tokens": {"oauth": [], "bot": [team.bot.id]}}
        self._tell(team, "tokens_revoked", revoked)
        self._tell(team, "app_uninstalled", {"type": "app_uninstalled"})

    @scripted
    def shut_out(self, team: Workspace) -> None:
        """Remove the app from one workspace of an organisation."""
        team.shut_out = True
        self._tell(team, "team_access_revoked", {"type": "team_access_revoked", "team_ids": [team.id]})

    @scripted
    def let_in(self, team: Workspace) -> None:
        """Let it in again."""
        team.shut_out = False
        self._tell(team, "team_access_granted", {"type": "team_access_granted", "team_ids": [team.id]})

    def _happen(self, channel: Channel, what: str, event: JSON) -> None:
        """Tell the app of something under the name it has for the channel's kind; what is private, to members alone."""
        team = self.world.workspaces[channel.team]
        if channel.kind is Kind.PRIVATE and team.bot.id not in channel.members:
            return
        kind = f"{'group' if channel.kind is Kind.PRIVATE else 'channel'}_{what}"
        self._tell(team, kind, {"type": kind, "channel": channel.id} | event)
