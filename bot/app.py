"""The composition root: the only module that names concrete classes and ties them together.

`open_house` gives the stores and what needs no network: enough for most commands. `House.connect` adds platforms for
sending. `bot.service` adds the schedule and the site.
"""

from __future__ import annotations

import logging
import secrets
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path

from bot import handlers
from bot.adapters import PLATFORMS, Adapter, Services, parse_address, platform
from bot.adapters.interface import Directory, Governed
from bot.clock import Clock, SystemClock
from bot.delivery.amend import Amender
from bot.delivery.duty import Rank, Roster
from bot.delivery.limits import adjust_limits
from bot.delivery.linking import Linker
from bot.delivery.pacing import Pacer
from bot.delivery.placing import place
from bot.delivery.publish import Publisher
from bot.delivery.release import Go, Hold, HoldReason, Try, Verdict, judge_canary, judge_schedule
from bot.delivery.route import Route
from bot.delivery.timing import next_time
from bot.delivery.whole import Delivery
from bot.delivery.worker import Worker
from bot.formatters.administration import (
    format_canary,
    format_late,
    format_removed,
    format_shut,
    format_suspended,
)
from bot.handlers.context import Context
from bot.handlers.language import choose_words
from bot.handlers.limiter import Limiter, Patience, Silence
from bot.ingest import Ingest
from bot.locales import Words, open_words
from bot.model.cards import Cards, Inquiry
from bot.model.chat import Address, ChatKind, Managers, Place, User
from bot.model.command import Command, Membership, MembershipChange, Origin, Reply
from bot.model.delivery import Payload, Post, Scope, Sent, Stop
from bot.model.digest import Issue
from bot.model.form import Answers, FormOption, Mistakes
from bot.model.home import HomePart
from bot.model.search import Topic
from bot.processes import is_running, name_process
from bot.search.glossary import Glossary, load_glossary, make_glossary
from bot.search.topics import load_topics
from bot.settings import Settings
from bot.storage.amending import AmendingStore
from bot.storage.chats import ChatStore
from bot.storage.claiming import Claim
from bot.storage.closing import ClosingStore
from bot.storage.duties import DutyStore
from bot.storage.engine import Database, StorageError
from bot.storage.files import Files
from bot.storage.installations import InstallationRows
from bot.storage.issues import IssueStore
from bot.storage.linking import LinkingStore
from bot.storage.migrate import ensure_newest
from bot.storage.outbox import Outbox
from bot.storage.publishing import Planned, PublicationStore, Target
from bot.storage.questions import Questions
from bot.storage.reports import ReportStore
from bot.storage.requests import TopicRequests
from bot.storage.rooms import RoomStore
from bot.storage.search import SearchIndex
from bot.storage.settling import SettlingStore
from bot.storage.shelf import ShelfStore
from bot.storage.sightings import SightingStore
from bot.storage.summaries import SummaryStore
from bot.storage.updates import Updates
from bot.storage.whereabouts import Whereabouts
from bot.storage.workspaces import WorkspaceStore

log = logging.getLogger(__name__)

UPDATES_KEPT = timedelta(days=2)
"""How long an update is remembered; no platform repeats one for longer."""


EVERYBODY = Target()


def compose(name: str, post: Post) -> list[Payload]:
    """Turn a post into a platform's payloads."""
    return platform(name).compose(post)


@dataclass
class House:
    """The stores and the services on one database."""

    settings: Settings
    database: Database
    clock: Clock
    index: SearchIndex
    topics: tuple[Topic, ...]
    glossary: Glossary
    adapters: dict[str, Adapter] = field(default_factory=dict)
    connected: dict[str, Adapter] = field(default_factory=dict)
    routes: dict[str, Route] = field(default_factory=dict)
    """The platforms that can be sent to; the worker looks here before each claim."""

    def __post_init__(self) -> None:
        self.issues = IssueStore(self.database, indexer=self.index.index_issues)
        self.chats = ChatStore(self.database)
        leaving = [name for name in PLATFORMS if platform(name).leaves_messages]
        self.closing = ClosingStore(self.database, leaving=leaving)
        self.publications = PublicationStore(self.database)
        self.reports = ReportStore(self.database)
        self.rooms = RoomStore(self.database)
        self.sightings = SightingStore(self.database)
        self.workspaces = WorkspaceStore(self.database)
        self.installations = InstallationRows(self.database)
        self.settling = SettlingStore(self.database)
        self._owner = name_process()
        self.updates = Updates(self.database, owner=self._owner, is_running=is_running)
        self.whereabouts = Whereabouts(self.database)
        self.publisher = Publisher(
            self.publications,
            self.index,
            compose,
            self.settings.language,
            self.settings.timezone,
            text_of=lambda name, payload: platform(name).text_of(payload),
        )
        limits = {name: platform(name).limits for name in PLATFORMS}
        self.pacer = Pacer(self.clock, adjust_limits(limits, self.settings.limits))
        self.context = Context(
            issues=self.issues,
            chats=self.chats,
            questions=Questions(self.database),
            index=self.index,
            shelf=ShelfStore(self.database),
            summaries=SummaryStore(self.database),
            settling=self.settling,
            requests=TopicRequests(self.database),
            topics=lambda: self.topics,
            settings=self.settings,
            clock=self.clock,
            publish=self.publish_now,
            audience=self.audience,
            is_tried=self._is_tried,
            missed=self.publications.missed,
            catch_up=self.catch_up,
            able=lambda chat: platform(chat.platform).abilities,
            standing=self.link_to_entry,
            administers=self._administers,
            managers=self._managers,
            look_up=self._look_up,
            is_admin=lambda user: self.is_admin(user.address),
            has_threads=lambda address: platform(address.platform).has_threads(address),
        )
        self.limiter = Limiter(self.clock, is_exempt=self.is_admin)
        self._files = Files(self.database)

    async def refresh_topics(self) -> bool:
        """Read topics and glossary again, and index anew what their change concerns; tells whether they changed."""
        topics, glossary = read_topics(self.settings), read_glossary(self.settings)
        if (topics, glossary) == (self.topics, self.glossary):
            return False
        self.topics, self.glossary = topics, glossary
        self.index.adopt(topics, glossary)
        await self.index.ensure_current()
        return True

    def make_ingest(self) -> Ingest:
        """Return what reads the sources."""
        return Ingest(
            self.database,
            self.issues,
            settings=self.settings,
            clock=self.clock,
            publish_at=lambda now: next_time(now, [self.settings.post_at], self.settings.timezone),
            together=self.index.together,
        )

    def make_roster(self, rank: Rank) -> Roster:
        """Return this process's part in who sends where."""
        return Roster(
            DutyStore(self.database),
            worker=self._owner,
            rank=rank,
            clock=self.clock,
            lease=self.settings.lease,
            taken_over=self.pacer.forget,
        )

    def make_delivery(
        self,
        rank: Rank = Rank.POSTING,
        *,
        issue_id: int | None = None,
        report: Callable[[], Awaitable[None]] | None = None,
    ) -> Delivery:
        """Return a worker over the connected platforms, with the step behind it: headers that lead to their sections.

        `rank` says for whom it makes way where another process sends on the same platforms.
        """
        roster = self.make_roster(rank)
        worker = Worker(
            Outbox(self.database, owner=self._owner, lease=self.settings.lease, place=_place),
            self.closing,
            routes=self.routes,
            pacer=self.pacer,
            roster=roster,
            clock=self.clock,
            lease=self.settings.lease,
            zone=self.settings.timezone,
            issue_id=issue_id,
            report=report,
            tell_shut=self._tell_shut,
            tell_suspended=self._tell_suspended,
        )
        linker = Linker(
            LinkingStore(self.database),
            self.publisher,
            issues=self.issues.get_issue,
            editors=self.connected,
            compose=compose,
            degrade=lambda name: platform(name).degrade,
            pacer=self.pacer,
            roster=roster,
            clock=self.clock,
            lease=self.settings.lease,
            issue_id=issue_id,
        )
        return Delivery(worker, linker, roster)

    def make_amender(self, roster: Roster) -> Amender:
        """Return what edits delivered messages, over the connected platforms."""
        return Amender(
            AmendingStore(self.database),
            self.publisher,
            editors=self.adapters,
            degrade=lambda name: platform(name).degrade,
            pacer=self.pacer,
            roster=roster,
            clock=self.clock,
        )

    def open_adapter(self, name: str) -> Adapter:
        """Make a platform's adapter; nothing is connected yet."""
        services = Services(
            respond=self.respond,
            follow=self.follow,
            deal=self.deal,
            changes=handlers.changes,
            turn=self.pacer.answer,
            glance=self.pacer.glance,
            touched=self.pacer.touched,
            words=self.words,
            fill_in=self.fill_in,
            suggest=self.suggest,
            show_home=self.show_home,
            menu=lambda language: handlers.menu(language, self.topics),
            introduce=handlers.introduce,
            recall_file=self._files.recall,
            remember_file=self._files.remember,
            updates=self.updates,
            sightings=self.sightings,
            rooms=self.rooms,
            workspaces=self.workspaces,
            installations=self.installations,
            clock=self.clock,
        )
        self.adapters[name] = platform(name).open(self.settings, services)
        return self.adapters[name]

    async def connect(self, name: str) -> None:
        """Connect a platform for sending. Raises AdapterError where it cannot be used."""
        adapter = self.adapters.get(name) or self.open_adapter(name)
        await adapter.connect()
        still = platform(name)
        self.routes[name] = Route(adapter, still.degrade, still.limits, still.weight, still.has_links)
        self.connected[name] = adapter

    async def close(self) -> None:
        """Close every platform, then the database."""
        for name, adapter in self.adapters.items():
            self.routes.pop(name, None)
            self.connected.pop(name, None)
            await adapter.close()
        await self.database.close()

    async def respond(self, command: Command) -> Reply | None:
        """Answer a command, once however often its update comes; a fault becomes a plain apology."""
        key = f"{command.chat.platform} {command.key}" if command.key else ""
        try:
            async with self.updates.once(key, now=self.clock.now()) as is_new:
                if not is_new:
                    return None
                self.pacer.learn(command.chat, command.kind)
                match self.limiter.judge(command) if handlers.concerns(command, self.context) else None:
                    case None:
                        return await handlers.dispatch(command, self.context)
                    case Patience(seconds=seconds):
                        return await handlers.ask_patience(command, seconds, self.context)
                    case Silence():
                        return None
        except StorageError as error:
            log.error("no answer to %s in %s: %s", command.name, command.chat, error)  # noqa: TRY400 - one line says it
        except Exception:  # the one place where a fault of ours must not leave a reader without an answer
            log.exception("no answer to %s in %s", command.name, command.chat)
        return handlers.apologise(command, self.context)

    async def fill_in(self, command: Command, answers: Answers) -> Reply | Mistakes | None:
        """Take a form back, filled in: None where all is well, what is wrong by field, or a refusal."""
        try:
            return await handlers.fill_in(command, answers, self.context)
        except StorageError as error:
            log.error("a form is not taken back in %s: %s", command.chat, error)  # noqa: TRY400 - one line says it
        except Exception:  # as in `respond`
            log.exception("a form is not taken back in %s", command.chat)
        return handlers.apologise(replace(command, origin=Origin.TEXT), self.context)

    async def suggest(self, command: Command, field: str, text: str) -> Sequence[FormOption]:
        """Return what can be chosen of a form's field, for what somebody has typed; nothing where that fails."""
        try:
            return await handlers.suggest(command, field, text, self.context)
        except StorageError as error:
            log.error("nothing is suggested in %s: %s", command.chat, error)  # noqa: TRY400 - one line says it
            return ()

    async def show_home(self, command: Command, places: Sequence[Address]) -> tuple[HomePart, ...]:
        """Return the front page of whoever gives a command in their private chat; nothing where it cannot be made."""
        try:
            return await handlers.show_home(command, places, self.context)
        except StorageError as error:
            log.error("no front page for %s: %s", command.user.address, error)  # noqa: TRY400 - one line says it
            return ()

    async def deal(self, inquiry: Inquiry) -> Cards | None:
        """Find what one can choose from while writing; who types very much waits for an answer."""
        if not self.limiter.may_type(inquiry.user.address):
            return None
        try:
            return await handlers.find_cards(inquiry, self.context)
        except StorageError as error:
            log.error("no cards for what somebody typed: %s", error)  # noqa: TRY400 - one line says it all
        except Exception:  # as for a command
            log.exception("no cards for what somebody typed")
        return None

    async def words(self, command: Command) -> Words:
        """Return the words in the language that whoever gave a command is spoken to."""
        try:
            chat = await self.chats.get(command.chat)
        except StorageError:  # said in any case
            chat = None
        return choose_words(chat, command.kind, command.user, self.settings)

    async def follow(self, membership: Membership) -> Reply | None:
        """Take note of what happened to the bot in a chat."""
        try:
            if membership.change is MembershipChange.WORKSPACE_ENTERED:
                async for address, reply in handlers.welcome_back(membership, self.context, self.closing):
                    await self._say(address, reply)
                return None
            self.pacer.learn(membership.chat, membership.kind)
            return await handlers.follow(membership, self.context, self.closing)
        except StorageError as error:
            log.error("%s in %s was not noted: %s", membership.change, membership.chat, error)  # noqa: TRY400 - as above
            return None

    async def publish_due(self) -> int:
        """Publish the issues whose scheduled time has come; returns how many parts were planned."""
        planned = 0
        for number, publish_at in await self.issues.due(self.clock.now()):
            issue = await self.issues.get_issue(number)
            if issue is None:
                continue
            match judge_schedule(self.clock.now(), publish_at=publish_at, late_after=self.settings.late_after):
                case Hold() as held:
                    await self.hold(number, held)
                case _:
                    planned += (await self.release(issue)).parts
        return planned

    async def release(self, issue: Issue, *, target: Target = EVERYBODY, at_once: bool = False) -> Planned:
        """Publish an issue, by way of the canary chat if there is one; called again, it goes on from there."""
        number, now = issue.number or 0, self.clock.now()
        verdict = await self.judge(number)
        match verdict:
            case Hold():
                await self.hold(number, verdict)
                return Planned()
            case Try():
                canary = await self._canary()
                return await self.publisher.publish(issue, target=canary, now=now, at_once=True)
        planned = await self.publisher.publish(issue, target=target, now=now, at_once=at_once)
        await self.issues.mark_published(number, now=now)
        log.info("issue %d is published to %d chats", number, planned.publications)
        return planned

    async def judge(self, number: int) -> Verdict:
        """Tell whether an issue may go to everybody, as far as the canary chat has shown."""
        if not self.settings.canary:
            return Go()
        reports = await self.reports.deliveries(issue=number, chat=self.canonical(parse_address(self.settings.canary)))
        return judge_canary(next(iter(reports), None))

    async def publish_now(self, issue: Issue) -> int:
        """Publish an issue to everybody, as a person asked for; returns to how many chats it goes."""
        planned = await self.publisher.publish(issue, target=EVERYBODY, now=self.clock.now(), at_once=True)
        await self.issues.mark_published(issue.number or 0, now=self.clock.now())
        return planned.publications

    async def audience(self, number: int) -> Mapping[str, int]:
        """Return how many chats would get an issue if it were published now, by platform."""
        counts: Counter[str] = Counter()
        for audience in await self.publications.audiences(number, EVERYBODY):
            counts[audience.platform] += audience.count
        return counts

    async def _is_tried(self, number: int) -> bool:
        return isinstance(await self.judge(number), Go)

    async def catch_up(self, chat: Address) -> tuple[int, ...]:
        """Send a chat the published issues that did not reach it; returns their numbers."""
        missed = await self.publications.missed(chat)
        await self.publications.resend_missed(chat, now=self.clock.now())
        target = await self.publications.target([chat])
        for number in missed:
            if issue := await self.issues.get_issue(number):
                await self.publisher.publish(issue, target=target, now=self.clock.now(), at_once=True)
        return missed

    async def link_to_entry(self, chat: Address, entry_id: int) -> str:
        """Return the address of the message in a chat that holds an entry, "" where none has one."""
        adapter = self.connected.get(chat.platform)
        if adapter is None or not platform(chat.platform).has_links(chat):
            return ""
        found = await self.whereabouts.find(chat, entry_id)
        return await adapter.link_to(found.place, found.message_id) if found else ""

    async def hold(self, number: int, held: Hold) -> None:
        """Have an issue wait for a person, and tell the administrators."""
        if not await self.issues.hold(number, f"{held.reason}: {held.detail}"):
            return  # they have been told
        log.info("issue %d is held (%s): `bot post --issue %d --release` sends it", number, held.detail, number)
        words = open_words(self.settings.language)
        match held.reason:
            case HoldReason.LATE:
                await self.tell_admins(format_late(number, words))
            case HoldReason.CANARY:
                await self.tell_admins(format_canary(number, held.detail, words))

    async def tell_admins(self, reply: Reply) -> None:
        """Say something to every administrator whose platform is connected, in their own chat with the bot."""
        for admin in self._admins():
            name, _, person = admin.partition(":")
            if name not in self.routes:
                continue
            workspace, _, chat = person.rpartition("/")
            await self._say(Address(name, chat, workspace=workspace), reply)

    async def _say(self, address: Address, reply: Reply) -> None:
        """Say something that nobody asked for and that is no part of an issue."""
        for payload in compose(address.platform, Post(None, (reply.document,), reply.buttons)):
            await self.pacer.answer(address)
            outcome = await self.adapters[address.platform].send(address, payload, secrets.token_hex(8))
            if not isinstance(outcome, Sent):
                log.warning("%s could not be told something: %s", address, outcome)

    async def _tell_shut(self, claim: Claim, reason: str) -> None:
        """Tell the administrators that a section's own thread is shut."""
        log.warning("%s is shut (%s): section %r goes to %s", claim.part.place, reason, claim.section, claim.part.chat)
        name, words = await self._name(claim.part.chat), open_words(self.settings.language)
        await self.tell_admins(format_shut(name, claim.section, reason, words))

    async def _tell_suspended(self, claim: Claim, scope: Scope, reason: str) -> None:
        """Tell the administrators that many people's chat is suspended; one person's is that person's affair."""
        address, words = claim.part.chat, open_words(self.settings.language)
        if scope is not Scope.CHAT:
            workspace = f"{address.platform}:{address.workspace}" if address.workspace else address.platform
            log.warning("all chats of %s are suspended (%s)", workspace, reason)
            await self.tell_admins(format_removed(workspace, reason, words))
        elif claim.kind is not ChatKind.PRIVATE:
            log.warning("%s is suspended (%s)", address, reason)
            await self.tell_admins(format_suspended(await self._name(address), reason, words))

    async def _name(self, address: Address) -> str:
        chat = await self.chats.get(address)
        return chat.title if chat and chat.title else str(address)

    async def _canary(self) -> Target:
        address = self.canonical(parse_address(self.settings.canary))
        await self.chats.meet(address, kind=await self.kind_of(address), title="", now=self.clock.now())
        return await self.publications.target([address])

    async def kind_of(self, address: Address) -> ChatKind:
        """Return what kind of chat an address is, as far as known."""
        known = await self.chats.get(address)
        return known.kind if known else platform(address.platform).kind_of(address)

    async def forget_old_updates(self) -> None:
        """Drop what is kept of updates that nobody repeats any more."""
        before = self.clock.now() - UPDATES_KEPT
        await self.updates.forget(before=before)
        await self.sightings.forget(before=before)
        await self.installations.forget_old_states(now=self.clock.now())

    def canonical(self, address: Address) -> Address:
        """Return the address under which a chat is kept, of which somebody wrote this one."""
        return replace(address, workspace=self.workspaces.plain(address.platform, address.workspace))

    def is_admin(self, user: str) -> bool:
        """Tell whether a person, by their address, is among those who run the bot."""
        return user in self._admins()

    def _admins(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(map(self._canonical_person, self.settings.admins)))

    def _canonical_person(self, written: str) -> str:
        name, _, rest = written.partition(":")
        workspace, _, person = rest.rpartition("/")
        workspace = self.workspaces.plain(name, workspace)
        return f"{name}:{workspace}/{person}" if workspace else f"{name}:{person}"

    async def _administers(self, chat: Address, user: User) -> bool:
        adapter = self.adapters.get(chat.platform)
        return self.is_admin(user.address) or (adapter is not None and await adapter.administers(chat, user))

    async def _managers(self, chat: Address) -> Managers | None:
        adapter = self.adapters.get(chat.platform)
        return await adapter.managers(chat) if isinstance(adapter, Governed) else None

    async def _look_up(self, here: Address, name: str) -> Place | None:
        adapter = self.adapters.get(here.platform)
        return await adapter.look_up(name) if isinstance(adapter, Directory) else None


@asynccontextmanager
async def open_house(settings: Settings, *, clock: Clock | None = None) -> AsyncIterator[House]:
    """Open the database, at its newest version, and what works on it. Raises StorageError."""
    database = Database(settings.database_url.get_secret_value())
    house = None
    try:
        await ensure_newest(database)
        topics, glossary = read_topics(settings), read_glossary(settings)
        index = SearchIndex(database, topics, glossary)
        house = House(settings, database, clock or SystemClock(), index, topics, glossary)
        await house.workspaces.recall_homes()
        yield house
    finally:
        await (database if house is None else house).close()


def _place(stop: Stop) -> str | None:
    return place(stop, has_threads=platform(stop.chat.platform).has_threads(stop.chat))


def read_topics(settings: Settings) -> tuple[Topic, ...]:
    """Return the topics of the first source folder that has a topics.toml, else of the digest beside the bot."""
    path = _find_file(settings, "topics.toml")
    return load_topics(path) if path else ()


def read_glossary(settings: Settings) -> Glossary:
    """Return the glossary, found as the topics are."""
    path = _find_file(settings, "glossary.toml")
    return load_glossary(path) if path else make_glossary({}, {})


def _find_file(settings: Settings, name: str) -> Path | None:
    folders = [Path(source) for source in settings.digests if not source.startswith("github:")]
    beside = Path(__file__).resolve().parents[1] / "digests"
    return next((folder / name for folder in (*folders, beside) if (folder / name).is_file()), None)
