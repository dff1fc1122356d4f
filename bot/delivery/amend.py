"""Amending: after an issue was edited, the messages that already stand in chats are edited in place.

Frozen content stays frozen until a person asks for this. Interrupted, it can be run again: what is edited already
counts as done.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Protocol

from bot.clock import Clock
from bot.delivery.aligning import GONE, align
from bot.delivery.duty import Roster
from bot.delivery.linking import compose_linked, find_addresses
from bot.delivery.pacing import Pacer
from bot.delivery.policy import backoff, plainer
from bot.delivery.publish import Publisher
from bot.model.chat import Address
from bot.model.delivery import Degradation, Later, Outcome, Payload, Post, Refused, Sent
from bot.model.digest import Issue
from bot.storage.amending import AmendingStore, Delivered, SentPart, UsedEdition, same
from bot.storage.linking import Standing
from bot.storage.publishing import PlannedPart

ATTEMPTS = 6
"""How often an edit is tried while the platform asks to wait."""


class Editor(Protocol):
    """What amending needs of a connected platform."""

    async def edit(self, chat: Address, message_ids: Sequence[str], payload: Payload) -> Outcome:
        """Replace the content of a delivered part. An unchanged one counts as sent."""
        ...

    async def link_to(self, chat: Address, message_id: str) -> str:
        """Return the address of a message, "" where it has none."""
        ...


@dataclass(frozen=True, slots=True)
class Difference:
    """What changed between the edition that was delivered and the one the file gives now.

    `content` has the edited parts in the places of those that were delivered, what is new behind them. `changed` are
    positions whose content differs; `added` and `removed` count parts that only one of the two has.
    `header` is the header with anchors for its links, which a chat's own addresses take the place of.
    """

    edition: UsedEdition
    content: tuple[PlannedPart, ...]
    changed: tuple[int, ...]
    added: int
    removed: int
    header: Post | None = None


@dataclass(frozen=True, slots=True)
class Amended:
    """How amending one chat went: edits made, edits there were to make, and why one failed."""

    chat: Address
    edited: int
    wanted: int
    error: str = ""


def compare(edition: UsedEdition, edited: Sequence[PlannedPart]) -> Difference:
    """Compare an edition with the content that is to take its place."""
    content = align(edition.parts, edited)
    pairs = list(zip(edition.parts, content, strict=False))
    changed = tuple(i for i, (old, new) in enumerate(pairs) if not same(old.payload, new.payload))
    removed = sum(new.section == GONE != old.section for old, new in pairs)
    return Difference(edition, tuple(content), changed, len(content) - len(pairs), removed)


class Amender:
    """Edits what was delivered."""

    def __init__(
        self,
        store: AmendingStore,
        publisher: Publisher,
        *,
        editors: Mapping[str, Editor],
        degrade: Callable[[str], Callable[[Payload, Degradation], Payload | None]],
        pacer: Pacer,
        roster: Roster,
        clock: Clock,
    ) -> None:
        """`editors` are the connected platforms by name; `degrade` gives a platform's way to make payloads plainer.

        Every edit waits until `roster` is on duty on its platform.
        """
        self._store = store
        self._publisher = publisher
        self._editors = editors
        self._degrade = degrade
        self._pacer = pacer
        self._roster = roster
        self._clock = clock

    async def differences(self, issue: Issue) -> list[Difference]:
        """Return what changed since the issue was delivered, edition by edition; unchanged ones are left out."""
        found = []
        for edition in await self._store.editions(issue.number or 0):
            content = await self._publisher.make_edition(issue, edition.audience.platform, edition.audience.variant)
            difference = compare(edition, content)
            if difference.changed or difference.added or difference.removed:
                header = await self._publisher.make_header(issue, edition.audience.variant)
                found.append(replace(difference, header=header))
        return found

    async def deliveries(self, difference: Difference) -> AsyncIterator[Delivered]:
        """Yield the chats that were given the edition of a difference."""
        after = 0
        while batch := await self._store.delivered(difference.edition.id, after=after):
            for delivered in batch:
                yield delivered
            after = batch[-1].publication_id

    async def amend(self, issue: Issue, difference: Difference, *, resend: bool) -> AsyncIterator[Amended]:
        """Edit the messages of every chat that was given an edition; `resend` sends the parts that are new, too."""
        now = self._clock.now()
        edition_id = await self._store.store(issue.number or 0, difference.edition, difference.content, now=now)
        async for delivered in self.deliveries(difference):
            amended = await self._amend_chat(delivered, difference)
            if not amended.error:
                await self._store.move(delivered.publication_id, edition_id)
            yield amended
        if resend and difference.added:
            await self._store.add_missing(edition_id, now=now)

    async def _amend_chat(self, delivered: Delivered, difference: Difference) -> Amended:
        self._pacer.learn(delivered.chat, delivered.kind)
        wanted = [part for part in delivered.parts if part.position in difference.changed and part.message_ids]
        linked = await self._linked_header(delivered, difference)
        edited, refused = 0, ""
        for part in wanted:
            payload = linked.get(part.position, difference.content[part.position].payload)
            match await self._edit(delivered.chat, part, payload):
                case Sent():
                    edited += 1
                case Refused(reason=reason):  # one message that somebody deleted leaves the others as they are
                    refused = refused or f"part {part.position}: {reason}"
                case outcome:
                    reason = getattr(outcome, "reason", "the chat has moved")
                    return Amended(delivered.chat, edited, len(wanted), reason)
        return Amended(delivered.chat, edited, len(wanted), refused)

    async def _linked_header(self, delivered: Delivered, difference: Difference) -> dict[int, Payload]:
        """Return the header's parts with links to where the sections stand in this chat."""
        if difference.header is None:
            return {}
        name, content = delivered.chat.platform, difference.content
        standing = [
            Standing(
                part.position,
                content[part.position].section,
                part.message_ids,
                part.degradation,
                part.thread,
                content[part.position].entries,
            )
            for part in delivered.parts
            if part.message_ids and part.position < len(content)
        ]
        addresses = await find_addresses(delivered.chat, standing, self._editors[name])
        compose = partial(self._publisher.compose, name)
        return dict(enumerate(compose_linked(difference.header, addresses, compose)))

    async def _edit(self, chat: Address, part: SentPart, payload: Payload) -> Outcome:
        degrade = self._degrade(chat.platform)
        form = plainer(payload, part.degradation, degrade) or payload
        outcome: Outcome = Later("not tried")
        for attempt in range(1, ATTEMPTS + 1):
            await self._roster.wait_for(chat.platform)
            while wait := self._pacer.wait_to_edit(chat):
                await self._clock.sleep(wait.total_seconds())
            turn = await self._pacer.deliver(chat)
            outcome = await self._editors[chat.platform].edit(chat, part.message_ids, form)
            if turn is not None:
                self._pacer.ended(turn)
            match outcome:
                case Later(after=after):
                    await self._clock.sleep((after or backoff(attempt)).total_seconds())
                case Refused(keep=keep) if (simpler := degrade(payload, keep)) is not None and simpler != form:
                    form = simpler
                case _:
                    return outcome
        return outcome
