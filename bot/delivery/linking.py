"""The last step of a delivery: the header's contents lead to the messages of the sections.

The header is composed anew, with links, and edited in place; done twice it changes nothing. What goes wrong here is
tried a few times and then left: the delivery is whole without it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Protocol

from bot.clock import Clock
from bot.delivery.duty import Roster
from bot.delivery.pacing import Pacer
from bot.delivery.policy import HALT_RETRY, backoff, plainer
from bot.delivery.publish import Compose, Publisher
from bot.formatters.anchors import Addresses, entry_anchor, resolve_post, section_anchor
from bot.model.chat import Address
from bot.model.delivery import Degradation, Halt, Later, Outcome, Payload, Post, Sent, Uncertain
from bot.model.digest import Issue
from bot.storage.amending import same
from bot.storage.engine import StorageError
from bot.storage.linking import LinkingStore, Standing, Unlinked

log = logging.getLogger(__name__)

BATCH = 32
"""Headers linked at a time."""
TRIES = 8
"""How often a header is tried."""
EDITIONS_REMEMBERED = 64
IDLE_SECONDS = 2.0
LONGEST_DRAIN = timedelta(minutes=3)
"""How long whoever waits for the end of a delivery waits for its header; `bot run` does what is left."""


class Editor(Protocol):
    """What linking needs of a connected platform."""

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace the content of a delivered part. An unchanged one counts as sent."""
        ...

    async def link_to(self, chat: Address, message_id: str) -> str:
        """Return the address of a message, "" where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Header:
    """An edition's header: with anchors in it, and as it was delivered, without."""

    post: Post
    delivered: tuple[Payload, ...]


class NotYet(Later):
    """No call was made."""


async def find_addresses(chat: Address, parts: Iterable[Standing], editor: Editor) -> Addresses:
    """Return where each section and each entry begins in a chat."""
    addresses: dict[str, str] = {}
    for part in parts:
        if part.section is None:
            continue
        place = chat if part.thread is None else replace(chat, thread=part.thread)
        if address := await editor.link_to(place, part.message_ids[0]):
            for anchor in (section_anchor(part.section), *map(entry_anchor, part.entries)):
                addresses.setdefault(anchor, address)
    return addresses


def compose_linked(post: Post, addresses: Addresses, compose: Callable[[Post], list[Payload]]) -> list[Payload]:
    """Compose a header with its links; none at all where they would not fit its messages."""
    plain, linked = compose(resolve_post(post, {})), compose(resolve_post(post, addresses))
    return linked if len(linked) == len(plain) else plain


def pause_after(outcome: Outcome, tries: int) -> timedelta | None:
    """Return after how long a header is to be tried again, None where it is linked or will not be."""
    if tries >= TRIES:
        return None
    match outcome:
        case Later(after=after):
            return backoff(tries) if after is None else after
        case Uncertain():
            return backoff(tries)
        case Halt():
            return HALT_RETRY
        case _:
            return None


class Linker:
    """Links the headers that are due."""

    def __init__(
        self,
        store: LinkingStore,
        publisher: Publisher,
        *,
        issues: Callable[[int], Awaitable[Issue | None]],
        editors: Mapping[str, Editor],
        compose: Compose,
        degrade: Callable[[str], Callable[[Payload, Degradation], Payload | None]],
        pacer: Pacer,
        roster: Roster,
        clock: Clock,
        lease: timedelta,
        issue_id: int | None = None,
    ) -> None:
        """`editors` are the connected platforms by name; `issue_id` limits the work to one issue.

        Nothing is edited where `roster` says that another process is on duty.
        """
        self._store = store
        self._publisher = publisher
        self._issues = issues
        self._editors = editors
        self._compose = compose
        self._degrade = degrade
        self._pacer = pacer
        self._roster = roster
        self._clock = clock
        self._lease = lease
        self._issue_id = issue_id
        self._headers: dict[int, Header | None] = {}
        self._stopping = asyncio.Event()

    def stop(self) -> None:
        """Begin nothing more; `run` returns once the edits under way are made."""
        self._stopping.set()

    async def run(self) -> None:
        """Link what becomes due, until stopped."""
        while not self._stopping.is_set():
            if not await self._link_some():
                await self._rest(IDLE_SECONDS)

    async def drain(self) -> None:
        """Link what is due now or soon."""
        end = self._clock.now() + LONGEST_DRAIN
        while not self._stopping.is_set():
            await self._roster.attend(tuple(self._editors))
            if await self._link_some():
                continue
            due = await self._store.next_due(platforms=tuple(self._editors), issue_id=self._issue_id)
            if due is None or max(due, self._clock.now()) > end:
                return
            soon = max((due - self._clock.now()).total_seconds(), 0.01)
            await self._rest(soon if all(map(self._roster.holds, self._editors)) else IDLE_SECONDS)

    async def _link_some(self) -> int:
        """Link some headers that are due; returns how many."""
        platforms = tuple(filter(self._roster.holds, self._editors))
        if not platforms:
            return 0
        self._roster.began()
        try:
            due = await self._store.claim(
                platforms=platforms, now=self._clock.now(), lease=self._lease, limit=BATCH, issue_id=self._issue_id
            )
            await asyncio.gather(*map(self._link, due))
        except StorageError as error:
            log.warning("links of headers wait: %s", error)
            return 0
        finally:
            self._roster.ended()
        return len(due)

    async def _link(self, unlinked: Unlinked) -> None:
        self._pacer.learn(unlinked.chat, unlinked.kind)
        outcome = await self._try(unlinked)
        tries = unlinked.tries + (not isinstance(outcome, NotYet))
        if not isinstance(outcome, Sent | NotYet):
            log.info("header issue=%d chat=%s is not linked: %s", unlinked.issue, unlinked.chat, outcome)
        wait = pause_after(outcome, tries)
        again_at = None if wait is None else self._clock.now() + wait
        await self._store.settle(unlinked.publication_id, tries=tries, again_at=again_at)

    async def _try(self, unlinked: Unlinked) -> Outcome:
        chat, name = unlinked.chat, unlinked.chat.platform
        editor = self._editors[name]
        addresses = await find_addresses(chat, unlinked.parts, editor)
        header = await self._header(unlinked) if addresses else None
        if header is None:
            return Sent(())
        linked = compose_linked(header.post, addresses, lambda post: self._compose(name, post))
        for part in unlinked.parts:
            if part.section is not None or part.degradation is Degradation.PLAIN or part.position >= len(linked):
                continue
            if same(linked[part.position], header.delivered[part.position]):
                continue
            form = plainer(linked[part.position], part.degradation, self._degrade(name))
            outcome = await self._edit(chat, part, form or linked[part.position], editor)
            if not isinstance(outcome, Sent):
                return outcome
        return Sent(())

    async def _edit(self, chat: Address, part: Standing, payload: Payload, editor: Editor) -> Outcome:
        if wait := self._pacer.wait_to_edit(chat):
            return NotYet("the pace", wait)
        turn = await self._pacer.deliver(chat)
        if turn is None:
            return NotYet("the bot is stopping", timedelta(0))
        outcome = await editor.edit(chat, part.message_ids, payload)
        self._pacer.ended(turn)
        if isinstance(outcome, Later) and outcome.after is not None:
            self._pacer.complain(chat, outcome.scope)
        return outcome

    async def _header(self, unlinked: Unlinked) -> Header | None:
        """Return an edition's header; None where it cannot be made as it was: `bot amend` then makes text and links."""
        known = self._headers
        if unlinked.edition_id not in known:
            if len(known) >= EDITIONS_REMEMBERED:
                known.clear()
            known[unlinked.edition_id] = await self._make_header(unlinked)
        return known[unlinked.edition_id]

    async def _make_header(self, unlinked: Unlinked) -> Header | None:
        name = unlinked.chat.platform
        post, delivered = await self._store.header(unlinked.edition_id)
        if post is None:
            issue = await self._issues(unlinked.issue)
            if issue is None:
                return None
            post = await self._publisher.make_header(issue, unlinked.variant)
        plain = self._compose(name, resolve_post(post, {}))
        is_as_delivered = len(plain) == len(delivered) and all(map(same, plain, delivered))
        return Header(post, delivered) if is_as_delivered else None

    async def _rest(self, seconds: float) -> None:
        timer = asyncio.ensure_future(self._clock.sleep(seconds))
        stopped = asyncio.ensure_future(self._stopping.wait())
        try:
            await asyncio.wait({timer, stopped}, return_when=asyncio.FIRST_COMPLETED)
        finally:
            for task in (timer, stopped):
                task.cancel()
            await asyncio.gather(timer, stopped, return_exceptions=True)
