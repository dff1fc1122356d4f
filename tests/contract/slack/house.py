"""The house as the Slack adapter sees it: answers on request, a note of everything asked, time that does not pass."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.adapters.interface import Adapter, Services
from bot.adapters.slack import PLATFORM
from bot.model.chat import Address
from bot.model.command import Audience, Command, CommandInfo, Introduction, Membership, MembershipChange, Reply
from bot.model.delivery import Payload, Post
from bot.model.form import Answers, FormOption, Mistakes
from bot.model.home import HomePart
from bot.model.richtext import Block, Document, paragraph
from bot.settings import Settings
from bot.storage.engine import Database
from bot.storage.installations import InstallationRows
from bot.storage.updates import Updates
from bot.storage.workspaces import WorkspaceStore
from tests.fakes.services import lend
from tests.fakes.slack import Channel, SlackFake, User, View
from tests.fakes.transcript import Record, Transcript

WITHIN = 10.0

MENU = (
    CommandInfo("help", "How to use it"),
    CommandInfo("latest", "The latest issue"),
    CommandInfo("search", "Search every issue", "<words>"),
    CommandInfo("subscribe", "Receive every issue", "[filters]", audience=Audience.MANAGERS),
    CommandInfo("slam", "SLAM"),
)


class PatientClock:
    """Real time, except that nobody waits: who sleeps gives the others a moment, and the time is noted."""

    def __init__(self, wake: Callable[[], None]) -> None:
        self.slept: list[float] = []
        self._skipped = timedelta()
        self._wake = wake

    def now(self) -> datetime:
        return datetime.now(UTC) + self._skipped

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self._skipped += timedelta(seconds=seconds)
        self._wake()
        await asyncio.sleep(0.02)


@dataclass
class House:
    """What an adapter is lent; what was handled is kept in the database, as in life."""

    database: Database
    reply: Callable[[Command], Reply | None] = lambda command: Reply(
        Document((paragraph(f"{command.name}|{command.argument}"),))
    )
    welcome: Callable[[Membership], Reply | None] = lambda _: None
    commands: list[Command] = field(default_factory=list)
    memberships: list[Membership] = field(default_factory=list)
    turns: list[Address] = field(default_factory=list)
    files: dict[tuple[str, str], str] = field(default_factory=dict)
    workspaces: list[Membership] = field(default_factory=list)
    renamed: list[tuple[str, str]] = field(default_factory=list)
    hold: asyncio.Event | None = None
    changing: set[str] = field(default_factory=set)
    home: Callable[[Command, Sequence[Address]], Sequence[HomePart]] = lambda *_: ()
    filled_in: Callable[[Command, Answers], Reply | Mistakes | None] = lambda *_: None
    suggested: Callable[[Command, str, str], Sequence[FormOption]] = lambda *_: ()
    clock: PatientClock = field(init=False)
    _stirred: asyncio.Event = field(default_factory=asyncio.Event)

    def __post_init__(self) -> None:
        self.clock = PatientClock(self._stirred.set)

    async def until(self, condition: Callable[[], Any], *, within: float = 10.0) -> None:
        """Wait until something holds that asking, following or sleeping brings about."""
        async with asyncio.timeout(within):
            while not condition():
                self._stirred.clear()
                await self._stirred.wait()

    def services(self) -> Services:
        return lend(
            respond=self._respond,
            follow=self._follow,
            changes=lambda command: command.name in self.changing,
            turn=self._turn,
            fill_in=self._fill_in,
            suggest=self._suggest,
            show_home=self._show_home,
            menu=lambda _: MENU,
            introduce=lambda _: Introduction("", ""),
            recall_file=self._recall,
            remember_file=self._remember,
            updates=Updates(self.database),
            workspaces=WorkspaceStore(self.database),
            installations=InstallationRows(self.database),
            clock=self.clock,
        )

    async def _respond(self, command: Command) -> Reply | None:
        self.commands.append(command)
        self._stirred.set()
        if self.hold is not None:
            await self.hold.wait()
        return self.reply(command)

    async def _fill_in(self, command: Command, given: Answers) -> Reply | Mistakes | None:
        if self.hold is not None:
            await self.hold.wait()
        return self.filled_in(command, given)

    async def _suggest(self, command: Command, field: str, text: str) -> Sequence[FormOption]:
        return self.suggested(command, field, text)

    async def _show_home(self, command: Command, places: Sequence[Address]) -> Sequence[HomePart]:
        return self.home(command, places)

    async def _follow(self, membership: Membership) -> Reply | None:
        if membership.change is MembershipChange.WORKSPACE_RENAMED:
            self.renamed.append(
                (membership.chat.workspace, membership.moved_to.workspace if membership.moved_to else "")
            )
            return None
        whole = membership.change in {MembershipChange.WORKSPACE_LEFT, MembershipChange.WORKSPACE_ENTERED}
        (self.workspaces if whole else self.memberships).append(membership)
        self._stirred.set()
        return self.welcome(membership)

    async def _turn(self, chat: Address) -> None:
        self.turns.append(chat)

    async def _recall(self, platform: str, name: str) -> str | None:
        return self.files.get((platform, name))

    async def _remember(self, platform: str, name: str, file: str) -> None:
        self.files[platform, name] = file


def say(*lines: str, **more: Any) -> Reply:
    """Make a reply of paragraphs."""
    return Reply(Document(tuple(paragraph(line) for line in lines)), **more)


def at(channel: Channel, thread: str = "") -> Address:
    """Return a channel's address."""
    return Address("slack", channel.id, thread=thread)


def payload(*blocks: Block) -> Payload:
    """Compose a message of some blocks."""
    return PLATFORM.compose(Post(None, (Document(blocks or (paragraph("hello"),)),)))[0]


async def answers(fake: SlackFake, channel: Channel, count: int = 1) -> list[Record]:
    """Wait for the bot's answers in a channel."""

    def said(transcript: Transcript) -> list[Record]:
        records = list(transcript.of(channel.id).from_bot)
        return records if len(records) >= count else []

    return await fake.wait_for(said, within=WITHIN)


async def shown(slack: SlackFake, user: User, text: str) -> View:
    """Wait until the modal on top of somebody's screen says something."""

    def says(_: object) -> View | None:
        view = slack.view_of(user)
        texts = [record.text for record in slack.screens.of(view.id)] if view else []
        return view if texts and text in texts[-1] else None

    found = await slack.wait_for(says, within=WITHIN)
    assert found is not None
    return found


def settings(fake: SlackFake, **changes: Any) -> Settings:
    """Return the settings that lead to a fake."""
    values = {
        "SLACK_BOT_TOKEN": fake.team.token,
        "SLACK_APP_TOKEN": fake.secrets.app_token,
        "SLACK_API_URL": fake.api_url,
        **changes,
    }
    return Settings(_env_file=None, **{name: value for name, value in values.items() if value is not None})


@asynccontextmanager
async def sending(fake: SlackFake, house: House, **changes: Any) -> AsyncIterator[Adapter]:
    """Open an adapter that sends alone."""
    adapter = PLATFORM.open(settings(fake, **changes), house.services())
    try:
        await adapter.connect()
        yield adapter
    finally:
        await adapter.close()


@asynccontextmanager
async def receiving(fake: SlackFake, house: House, **changes: Any) -> AsyncIterator[Adapter]:
    """Open an adapter with an open line."""
    async with sending(fake, house, **changes) as adapter:
        await adapter.receive()
        await fake.wait_for(lambda _: fake.connections, within=WITHIN)
        yield adapter
