"""One workspace, and what works for the bot there."""

from __future__ import annotations

from dataclasses import dataclass

from aiohttp import ClientSession
from slack_sdk.web.async_client import AsyncWebClient

from bot.adapters.interface import Services
from bot.adapters.slack.addresses import user_address
from bot.adapters.slack.answering import Answering
from bot.adapters.slack.channels import Channels
from bot.adapters.slack.governing import Governance
from bot.adapters.slack.home import Homes
from bot.adapters.slack.identity import Identity
from bot.adapters.slack.people import People
from bot.adapters.slack.uploads import Uploads
from bot.model.chat import User
from bot.settings import Settings
from bot.storage.installations import Place


@dataclass(frozen=True, slots=True)
class Workspace:
    """A workspace, and what works for the bot there.

    `name` is what addresses call it; `place` is where it installed the app itself, None for that of `SLACK_BOT_TOKEN`.
    """

    name: str
    identity: Identity
    client: AsyncWebClient
    uploads: Uploads
    channels: Channels
    people: People
    governance: Governance
    homes: Homes
    answering: Answering
    place: Place | None = None

    @property
    def is_organisation(self) -> bool:
        """Whether it is a whole organisation, which has the app in some of its workspaces."""
        return self.place is not None and self.place[1] is None

    async def bot_name(self) -> str:
        """Return the name to mention, or invite, the bot by."""
        return self.identity.name or (await self.people.introduce(User(user_address(self.identity.user)))).name


def furnish(
    name: str,
    client: AsyncWebClient,
    identity: Identity,
    *,
    session: ClientSession,
    services: Services,
    settings: Settings,
    place: Place | None,
) -> Workspace:
    """Put together what works in a workspace, all of it over one client."""
    uploads = Uploads(client, services, workspace=identity.team)
    people = People(client, services.clock)
    channels = Channels(client, services.clock, people=people)
    governance = Governance(services.workspaces, settings, people, workspace=name, team=identity.team)
    return Workspace(
        name,
        identity,
        client,
        uploads,
        channels,
        people,
        governance,
        Homes(client, services, channels=channels, people=people, governance=governance, workspace=name),
        Answering(client, session, services, uploads=uploads),
        place,
    )
