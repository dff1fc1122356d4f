"""The stage on Slack, as a test sets it: workspaces, people, channels, what the app is subscribed to."""

from __future__ import annotations

from collections.abc import Iterable

from bot.clock import Clock
from tests.fakes.loop import scripted
from tests.fakes.slack.deliveries import Deliveries
from tests.fakes.slack.desk import Grant
from tests.fakes.slack.installs import rotate
from tests.fakes.slack.world import DEFAULT_SCOPES, Channel, Kind, User, Workspace

SUBSCRIPTIONS = frozenset(
    {
        "app_home_opened",
        "app_mention",
        "app_uninstalled",
        "channel_archive",
        "channel_left",
        "channel_unarchive",
        "group_left",
        "link_shared",
        "member_joined_channel",
        "message.im",
        "tokens_revoked",
    }
)


class Stage(Deliveries):
    """Makes what a test needs before anybody acts."""

    def __init__(self, *, clock: Clock | None = None, rates: bool = True, limits: bool = True) -> None:
        super().__init__(clock=clock, rates=rates, limits=limits)
        self.subscriptions: frozenset[str] = SUBSCRIPTIONS
        self.unfurl_domains: frozenset[str] = frozenset()

    @scripted
    def workspace(
        self,
        name: str,
        *,
        scopes: Iterable[str] = DEFAULT_SCOPES,
        installed: bool = True,
        organisation: str = "",
        whole_organisation: bool = False,
    ) -> Workspace:
        """Make one more workspace, with the app or without. The first, `team`, is there from the start, with it."""
        workspace = self.world.add_workspace(name, scopes=frozenset(scopes))
        workspace.token_state = "" if installed else "account_inactive"
        workspace.organisation, workspace.whole_organisation = organisation, whole_organisation
        first = self.world.sharing(workspace)[0]  # an organisation has the same bot everywhere
        workspace.bot, workspace.bot_id, workspace.token = first.bot, first.bot_id, first.token
        workspace.users = {first.bot.id: first.bot}
        return workspace

    @scripted
    def user(
        self,
        name: str = "Ada",
        *,
        team: Workspace | None = None,
        language: str = "en-US",
        zone: str = "Europe/Zurich",
        is_admin: bool = False,
        is_guest: bool = False,
    ) -> User:
        """Make a person."""
        team = team or self.team
        user = User(f"U0USER{self.number():05}", name, team.id, language, zone, is_admin, is_guest)
        team.users[user.id] = user
        return user

    @scripted
    def channel(
        self,
        name: str = "digest",
        *,
        id: str = "",  # noqa: A002  # the API's own word
        team: Workspace | None = None,
        private: bool = False,
        members: Iterable[User] = (),
        bot: bool = True,
    ) -> Channel:
        """Make a channel. Without the `bot`, the app is no member of it."""
        team = team or self.team
        kind = Kind.PRIVATE if private else Kind.PUBLIC
        channel = Channel(id or f"C0CHAN{self.number():05}", name, kind, team.id)
        channel.members = {user.id for user in members} | ({team.bot.id} if bot else set())
        team.channels[channel.id] = channel
        return channel

    @scripted
    def direct(self, user: User) -> Channel:
        """Open the direct conversation between somebody and the app."""
        return self.world.workspaces[user.team].direct(user, self.world.numbers)

    @scripted
    def between(self, one: User, other: User) -> Channel:
        """Open the direct conversation between two people, which is none of the app's."""
        channel = Channel(f"D0BETWEEN{self.number():03}", "directmessage", Kind.DIRECT, one.team)
        channel.members = {one.id, other.id}
        self.world.workspaces[one.team].channels[channel.id] = channel
        return channel

    @scripted
    def group_message(self, *people: User, bot: bool = True) -> Channel:
        """Open a conversation of several people. The app is in it from the beginning or never."""
        names = "--".join(user.name.lower() for user in people)
        channel = Channel(f"C0GROUP{self.number():04}", f"mpdm-{names}-1", Kind.GROUP_MESSAGE, people[0].team)
        team = self.world.workspaces[channel.team]
        channel.members = {user.id for user in people} | ({team.bot.id} if bot else set())
        team.channels[channel.id] = channel
        return channel

    @scripted
    def break_image(self, url: str) -> None:
        """Let Slack fail to fetch a picture."""
        self.broken_images.add(url)

    @scripted
    def grant(self, code: str, workspace: Workspace, *, by: User | None = None, rotating: bool = False) -> None:
        """Let an authorization code install the app."""
        if rotating:
            rotate(self, workspace)
        self.desk.grants[code] = Grant(workspace, by)
