"""What every Web API method works on: workspaces, views, files, and how a message comes to stand."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.clock import Clock
from tests.fakes.images import drawn
from tests.fakes.rates import Meter, Pace
from tests.fakes.server import FakeServer
from tests.fakes.slack.blocks import TOTAL_CHARACTERS, check_blocks
from tests.fakes.slack.desk import Desk, Secrets, View
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.reading import buttons_of, words_of
from tests.fakes.slack.world import JSON, Channel, Kind, Message, User, Workspace, World
from tests.fakes.transcript import Action, Record, Transcript

# https://docs.slack.dev/apis/web-api/rate-limits: one a second and channel, short bursts allowed
PER_CHANNEL = Pace(3, 3.0)
TIERS = {1: Pace(1, 60.0), 2: Pace(20, 60.0), 3: Pace(50, 60.0), 4: Pace(100, 60.0)}
METHOD_TIERS: Mapping[str, int] = {
    "apps.connections.open": 1,
    "conversations.list": 2,
    "chat.update": 3,
    "chat.delete": 3,
    "conversations.history": 3,
    "conversations.replies": 3,
    "conversations.info": 3,
    "conversations.open": 3,
    "conversations.join": 3,
    "users.conversations": 3,
    "chat.postEphemeral": 4,
    "conversations.members": 4,
    "files.getUploadURLExternal": 4,
    "files.completeUploadExternal": 4,
    "users.info": 4,
    "views.open": 4,
    "views.push": 4,
    "views.update": 4,
    "views.publish": 4,
}
TEXT_LIMIT = 40_000  # longer texts are cut: https://docs.slack.dev/reference/methods/chat.postMessage
UPDATE_BYTES = 4_000


@dataclass(frozen=True, slots=True)
class Arguments:
    """What a method was called with, and for which workspace."""

    method: str
    values: Mapping[str, Any]
    workspace: Workspace | None
    token: str = ""

    def text(self, name: str, default: str = "") -> str:
        value = self.values.get(name)
        return default if value is None else str(value)

    def required(self, name: str) -> str:
        value = self.text(name)
        if not value:
            raise SlackError.invalid("invalid_arguments", [f"missing required field: {name}"])
        return value

    def flag(self, name: str) -> bool:
        return self.text(name).lower() in {"true", "1"}

    def number(self, name: str, default: int) -> int:
        try:
            return int(self.values.get(name) or default)
        except ValueError:
            raise SlackError("invalid_arguments") from None

    def json(self, name: str, code: str = "invalid_arguments") -> Any:
        """Return a nested argument, None where there is none."""
        value = self.values.get(name)
        if not isinstance(value, str):
            return value
        if not value:
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise SlackError(code) from None

    @property
    def team(self) -> Workspace:
        if self.workspace is None:
            raise SlackError("not_authed")
        return self.workspace


class SlackCore(FakeServer):
    """The state behind the Web API."""

    platform = "slack"

    def __init__(self, *, clock: Clock | None = None, rates: bool = True, limits: bool = True) -> None:
        super().__init__(clock=clock)
        self.rates = rates
        self.limits = limits
        self.secrets = Secrets()
        self.world = World()
        self.team = self.world.add_workspace("Lab")
        self.desk = Desk()
        self.broken_images: set[str] = set()
        self.screens = Transcript()
        """What happened to modals and Home tabs; a record's chat is the view, its audience whoever sees it."""
        self._channel_meter = Meter(PER_CHANNEL)
        self._tier_meters = {tier: Meter(pace) for tier, pace in TIERS.items()}

    @property
    def api_url(self) -> str:
        """The Web API's root, as `SLACK_API_URL` wants it."""
        return f"{self.url}/api/"

    def number(self) -> int:
        return next(self.world.numbers)

    def take_turn(self, arguments: Arguments) -> None:
        """Count a call against its method's tier. Raises SlackError with 429 for one too many."""
        tier = METHOD_TIERS.get(arguments.method)
        if tier is not None and arguments.method != "apps.connections.open":
            team = arguments.workspace.id if arguments.workspace else ""
            self._meter(self._tier_meters[tier], (arguments.method, team), arguments.method, None)

    def take_channel_turn(self, method: str, channel: Channel) -> None:
        """Count a message into a channel."""
        self._meter(self._channel_meter, channel.id, method, channel.id)

    def _meter(self, meter: Meter, key: Any, method: str, chat: str | None) -> None:
        if not self.rates:
            return
        wait = meter.wait(key, self.now())
        if wait > 0:
            self.violated(method, chat, f"too often: {wait:.2f} s early")
            raise SlackError.flood(max(1, math.ceil(wait)))
        meter.count(key, self.now())

    def require(self, arguments: Arguments, scope: str) -> None:
        """Raise the refusal of an app that was not granted a scope."""
        granted = arguments.team.scopes
        if scope not in granted:
            raise SlackError("missing_scope", needed=scope, provided=",".join(sorted(granted)))

    def check_content(self, blocks: Any, *, surface: str = "message", code: str = "invalid_blocks") -> None:
        """Check blocks. Raises SlackError."""
        if not self.limits or blocks is None:
            return
        problems, characters = check_blocks(
            blocks,
            surface=surface,
            broken_images=frozenset(self.broken_images),
            files=frozenset(upload.id for upload in self.desk.uploads.values() if upload.content is not None),
        )
        if problems:
            raise SlackError.invalid(code, problems)
        if surface == "message" and characters > TOTAL_CHARACTERS:
            raise SlackError("msg_blocks_too_long")

    def place(
        self,
        channel: Channel,
        author: User,
        body: JSON,
        *,
        thread: str = "",
        metadata: JSON | None = None,
        audience: str = "",
    ) -> Message:
        """Let a message stand in a channel; one with an audience is seen by that user alone, and kept nowhere."""
        by_bot = author.is_bot
        ts = self.world.timestamp(self.now())
        shown: JSON = {"type": "message", "user": author.id, "ts": ts, "team": channel.team} | body
        if by_bot:
            team = self.world.workspaces[channel.team]
            shown |= {"bot_id": team.bot_id, "app_id": self.secrets.app_id, "bot_profile": {"name": author.name}}
        if thread:
            shown["thread_ts"] = thread
        if "blocks" in shown:
            shown["blocks"] = self.named(shown["blocks"])
        message = Message(ts, channel, by_bot, author.name, shown, metadata, audience)
        if not audience:
            channel.messages[ts] = message
        self.note(Action.SENT, message)
        return message

    def named(self, blocks: list[JSON]) -> list[JSON]:
        """Give every block and every element the id that Slack would give it."""
        return [self._named_block(block) for block in blocks]

    def _named_block(self, block: JSON) -> JSON:
        named: JSON = {"block_id": f"b{self.number()}"} | block
        if named["type"] == "actions":
            named["elements"] = [self._acting(element) for element in named["elements"]]
        if named["type"] == "input":
            named["element"] = self._acting(named["element"])
        if "accessory" in named:
            named["accessory"] = self._acting(named["accessory"])
        return named

    def _acting(self, element: JSON) -> JSON:
        return element if element["type"] == "image" else {"action_id": f"a{self.number()}"} | element

    def change(self, message: Message, body: JSON, metadata: JSON | None) -> None:
        """Let a message stand with another content."""
        if "blocks" in body:
            body["blocks"] = self.named(body["blocks"])
        message.json = message.json | body
        message.metadata = metadata
        self.note(Action.EDITED, message)

    def remove(self, message: Message) -> None:
        """Let a message stand no more."""
        message.channel.messages.pop(message.ts, None)
        self.note(Action.DELETED, message)

    def note(self, action: Action, message: Message) -> None:
        """Write down what happened to a message."""
        content: JSON = dict(message.json) | ({"metadata": message.metadata} if message.metadata else {})
        if "blocks" in content:
            content["blocks"] = [self._with_source(block) for block in content["blocks"]]
        self.transcript.append(
            Record(
                number=len(self.transcript),
                at=self.now(),
                action=action,
                chat=message.channel.id,
                message_id=message.ts,
                author=message.author,
                by_bot=message.by_bot,
                text=words_of(content),
                content=content,
                thread=message.json.get("thread_ts"),
                buttons=buttons_of(content.get("blocks", [])),
                audience=message.audience,
            )
        )
        self.changed()

    def note_view(self, action: Action, view: View) -> None:
        """Write down what happened to a modal or a Home tab."""
        content = dict(view.json) | {"blocks": [self._with_source(block) for block in view.json.get("blocks", [])]}
        self.screens.append(
            Record(
                number=len(self.screens),
                at=self.now(),
                action=action,
                chat=view.id,
                message_id=view.id,
                author=view.user.name,
                by_bot=True,
                text=words_of(content),
                content=content,
                buttons=buttons_of(content["blocks"]),
                audience=view.user.id,
            )
        )
        self.changed()

    def _with_source(self, block: JSON) -> JSON:
        """Put an uploaded picture beside the block that shows it, for whoever draws it."""
        upload = self.desk.uploads.get(block.get("slack_file", {}).get("id", ""))
        return block if upload is None else block | {"source": drawn(upload.content or b"")}

    def visible_channel(self, arguments: Arguments, name: str = "channel") -> Channel:
        """Find a conversation the bot may know of. Raises SlackError."""
        team = arguments.team
        address = arguments.required(name)
        channel = team.find(address)
        if channel is None and address in team.users:
            channel = team.direct(team.users[address], self.world.numbers)
        # A conversation of others is hidden from the bot as if it were not there.
        if channel is None or (channel.kind is not Kind.PUBLIC and team.bot.id not in channel.members):
            raise SlackError("channel_not_found")
        return channel
