"""What lies open between Slack and the app: modals, triggers, addresses for answers, uploads, codes."""

from __future__ import annotations

from dataclasses import dataclass, field

from tests.fakes.slack.world import JSON, Channel, Message, User, Workspace


@dataclass(slots=True, eq=False)
class View:
    """A modal or a Home tab that stands open."""

    id: str
    user: User
    json: JSON
    root: str
    parent: str = ""
    revision: int = 1

    def shown(self, workspace: Workspace) -> JSON:
        """Return what Slack tells of a view."""
        defaults: JSON = {
            "private_metadata": "",
            "callback_id": "",
            "state": {"values": {}},
            "close": None,
            "submit": None,
        }
        return (
            defaults
            | self.json
            | {
                "id": self.id,
                "team_id": workspace.id,
                "hash": f"{self.revision}.{self.id}",
                "root_view_id": self.root,
                "previous_view_id": self.parent or None,
                "app_id": "A0DIGEST001",
                "bot_id": workspace.bot_id,
                "app_installed_team_id": workspace.id,
            }
        )


@dataclass(slots=True, eq=False)
class Trigger:
    """What lets an app open one modal, for a moment."""

    id: str
    user: User
    at: float
    spent: bool = False


@dataclass(slots=True, eq=False)
class ResponseUrl:
    """Where an app answers a command or a press, a few times within half an hour."""

    id: str
    channel: Channel
    user: User
    at: float
    message: Message | None = None
    uses: int = 0


@dataclass(slots=True, eq=False)
class Upload:
    """A file on its way into Slack."""

    id: str
    name: str
    length: int
    content: bytes | None = None
    title: str = ""


@dataclass(slots=True)
class Grant:
    """An authorization code, and whom it installs for."""

    workspace: Workspace
    user: User | None = None
    spent: bool = False
    rotating: bool = False
    scopes: frozenset[str] | None = None
    redirect_uri: str = ""


@dataclass(slots=True)
class Secrets:
    """What the app is known by."""

    app_id: str = "A0DIGEST001"
    app_token: str = "xapp-1-A0DIGEST001-fake-app-token"
    client_id: str = "1111.2222"
    client_secret: str = "fake-client-secret"
    signing_secret: str = "fake-signing-secret"


@dataclass(slots=True)
class Desk:
    """What lies open between Slack and the app."""

    views: dict[str, View] = field(default_factory=dict)
    homes: dict[str, View] = field(default_factory=dict)
    triggers: dict[str, Trigger] = field(default_factory=dict)
    response_urls: dict[str, ResponseUrl] = field(default_factory=dict)
    uploads: dict[str, Upload] = field(default_factory=dict)
    grants: dict[str, Grant] = field(default_factory=dict)
    visitor: Grant | None = None
    tickets: set[str] = field(default_factory=set)
