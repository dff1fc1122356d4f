"""Looking for a message whose answer was lost.

Telegram shows bots no history. But the ids of a chat's messages run in sequence, and an edit that changes nothing is
refused with "message is not modified". So each id behind the last message that was known when the call was made is
edited to what is looked for: where that is refused so, the message stands there.

An edit of any other message of ours would overwrite it. So ids that are known to be something else are left out
(`sightings`), and what was overwritten all the same, an answer nobody could note, is taken for the part where this is
not found, or else deleted: it stands in the chat once, either way. In a channel where the bot may edit what others
post, messages that are not known are looked at otherwise: a short silent message answers each, brings its content
along, and is deleted at once. The same tells the newest id, where nothing else does: in a group whose talk the bot is
not shown, some minutes after it last saw a message there.
"""

from __future__ import annotations

import logging
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum
from itertools import count, islice, takewhile
from typing import Final

from telegram import Bot, ChatMemberAdministrator, Message
from telegram.constants import ChatType
from telegram.error import BadRequest, TelegramError

from bot.adapters.interface import Services
from bot.adapters.telegram.addresses import chat_id, thread_id
from bot.adapters.telegram.errors import (
    is_captionless,
    is_gone,
    is_not_modified,
    is_out_of_reach,
    outcome_of,
    reason_of,
)
from bot.adapters.telegram.payloads import ALBUM, TEXT, caption_of
from bot.adapters.telegram.sending import Sender
from bot.adapters.telegram.sightings import Known, Sightings
from bot.adapters.telegram.traffic import Traffic
from bot.model.chat import Address
from bot.model.delivery import (
    Absent,
    Finding,
    Found,
    Halt,
    Later,
    Payload,
    Postponed,
    Sighting,
    Trace,
    Uncertain,
    Undecided,
)
from bot.storage.engine import StorageError

log = logging.getLogger(__name__)

SETTLE_SECONDS: Final = 2.0
"""How long a message whose answer was lost is given to appear, before its absence says anything."""
FRESH: Final = timedelta(minutes=2)
"""So short before the call was made, the last known message was the chat's newest but for a few."""
CLOCKS: Final = timedelta(seconds=1)
"""How far the clocks of two processes may be apart."""
REACH: Final = 100
"""Unknown messages that are looked at; a process that died may have left as many that it could not note."""
NEAR: Final = 20
"""Of these, how many behind the newest known one, where this very process made the call and missed nothing."""

TRIES: Final = 3
"""How often a probe is made whose answer is lost or that is to wait: it changes nothing more."""
LONGEST_WAIT: Final = timedelta(seconds=5)

_PROBE = "…\u2060…"  # as nobody would write it, so that one that was left behind is known


class _Look(Enum):
    """What stands under an id."""

    IT = "the part"
    OVERWRITTEN = "something of ours, which is the part now"
    OTHER = "something else, or nothing"


@dataclass(slots=True)
class _Search:
    """A search under way.

    `may_edit` tells that nobody else's message can be edited here, `first` that no search before it may have
    overwritten anything.
    """

    chat: Address
    payload: Payload
    may_edit: bool
    first: bool
    found: list[int] = field(default_factory=list)
    overwritten: list[int] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Range:
    """Ids to look at; `whole` tells that the message stands under one of them or nowhere."""

    ids: Sequence[int]
    whole: bool


class _StoppedError(Exception):
    """There is no time left to look."""


class Finder:
    """Finds messages of ours by their content."""

    def __init__(self, bot: Bot, sender: Sender, services: Services, *, sightings: Sightings, traffic: Traffic) -> None:
        self._bot = bot
        self._sender = sender
        self._services = services
        self._sightings = sightings
        self._traffic = traffic
        self._receiving_since: datetime | None = None
        self._lost: dict[str, int] = {}
        self._channels: dict[str, bool] = {}

    def receive(self) -> None:
        """Note that from now on the bot is told of every message in its private chats and small groups."""
        self._receiving_since = self._services.clock.now()

    def lose(self, reference: str) -> None:
        """Note that this process made a call for a part, and that its answer was lost."""
        self._lost[reference] = 0

    async def find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:
        """Look for a lost part. Never raises."""
        await self._services.clock.sleep(SETTLE_SECONDS)
        try:
            return await self._find(chat, payload, trace)
        except TelegramError as error:
            return _unable(error)
        except StorageError as error:
            return Postponed(str(error))
        except _StoppedError:
            return Postponed("the bot is stopping")

    async def _find(self, chat: Address, payload: Payload, trace: Trace) -> Finding:
        sequence = await self._sightings.sequence(chat)
        known = _with_delivered(await self._sightings.known(sequence, before=trace.called_at - CLOCKS), trace)
        searches = self._lost.get(trace.reference)
        span = await self._span(
            chat, known, trace, here=searches is not None, shared=self._sightings.is_shared(sequence)
        )
        search = _Search(chat, payload, await self._may_edit(chat), first=searches == 0)
        if searches is not None:
            self._lost[trace.reference] = searches + 1
        for candidate in span.ids:
            await self._look(search, candidate)
            if search.first and search.found and not search.overwritten:
                break
        finding = await self._conclude(search, span)
        if not isinstance(finding, Undecided):
            self._lost.pop(trace.reference, None)
        return finding

    async def _span(self, chat: Address, known: Known, trace: Trace, *, here: bool, shared: bool) -> _Range:
        """Return where the message may stand: behind the last one that was there before, among what is not known."""
        floor = known.floor.message_id if known.floor else 0
        unknown = (key for key in count(floor + 1) if _may_be(known.behind.get(key), trace))
        if self._is_watched(known, trace, shared=shared):
            below = sum(_may_be(known.behind.get(key), trace) for key in range(floor + 1, known.top + 1))
            return _Range(list(islice(unknown, min(below + NEAR, REACH) if here else REACH)), whole=True)
        end, _ = await self._answer(chat, None)
        if len(ids := list(islice(takewhile(lambda key: key < end, unknown), REACH + 1))) <= REACH:
            return _Range(ids, whole=True)
        # Much may have come before the call, little since: the message is among the last.
        last = (key for key in range(end - 1, floor, -1) if _may_be(known.behind.get(key), trace))
        return _Range(sorted(islice(last, REACH)), whole=False)

    def _is_watched(self, known: Known, trace: Trace, *, shared: bool) -> bool:
        """Tell whether the last known message was about the newest when the call was made."""
        if shared and self._receiving_since is not None and self._receiving_since + FRESH <= trace.called_at:
            return True
        return known.floor is not None and known.floor.seen_at >= trace.called_at - FRESH

    async def _look(self, search: _Search, message_id: int) -> None:
        if not await self._services.glance(search.chat):
            raise _StoppedError
        async with self._traffic.probing(search.chat):
            look = await (self._probe if search.may_edit else self._read)(search, message_id)
        if look is not _Look.OTHER:
            self._services.touched(search.chat)
            (search.found if look is _Look.IT else search.overwritten).append(message_id)

    async def _probe(self, search: _Search, message_id: int) -> _Look:
        """Edit a message to what is looked for."""
        unanswered = False
        for attempt in range(1, TRIES + 1):
            try:
                await self._sender.rewrite(search.chat, message_id, search.payload)
            except TelegramError as error:
                if is_not_modified(error):
                    # Behind an edit whose answer was lost this says nothing of what stood there before.
                    return _Look.OVERWRITTEN if unanswered else _Look.IT
                if is_out_of_reach(error):
                    if is_captionless(error):
                        await self._tidy(search.chat, message_id)
                    return _Look.OTHER
                wait = _patience(error)
                if wait is None or attempt == TRIES:
                    raise
                unanswered = unanswered or isinstance(outcome_of(error), Uncertain)
                await self._services.clock.sleep(wait.total_seconds())
            else:
                break
        log.warning("telegram: message %d in %s was no part of a delivery, and is one now", message_id, search.chat)
        if search.payload["method"] == TEXT:
            return _Look.OVERWRITTEN
        # A caption alone does not make a picture the right one.
        await self._delete(search.chat, message_id)
        return _Look.OTHER

    async def _read(self, search: _Search, message_id: int) -> _Look:
        """Look at a message by answering it, where editing it could change what others wrote."""
        if not await self._may_be_ours(search.chat, message_id):
            return _Look.OTHER
        standing = await self._tidy(search.chat, message_id)
        return _Look.IT if standing is not None and _shows(standing, search.payload) else _Look.OTHER

    async def _tidy(self, chat: Address, message_id: int) -> Message | None:
        """Look at a message by answering it; what a search that was cut off has left behind is taken away."""
        _, standing = await self._answer(chat, message_id)
        if standing is not None and standing.text == _PROBE:
            await self._delete(chat, message_id)
        return standing

    async def _conclude(self, search: _Search, span: _Range) -> Finding:
        """Keep one of what was found, take the others back."""
        standing = [*search.found, *search.overwritten]
        if not standing:
            return Absent() if span.whole else Undecided(f"more than {REACH} messages may have come since")
        for message_id in standing[1:]:
            await self._delete(search.chat, message_id)
        # An album's ids follow each other.
        size = len(search.payload["media"]) if search.payload["method"] == ALBUM else 1
        return Found(tuple(str(standing[0] + index) for index in range(size)))

    async def _may_edit(self, chat: Address) -> bool:
        """Tell whether no message that others wrote can be edited here: so it is, but for channels with that right."""
        if chat.chat.isdigit():
            return True
        if chat.chat not in self._channels:
            self._channels[chat.chat] = (await self._bot.get_chat(chat_id(chat))).type == ChatType.CHANNEL
        if not self._channels[chat.chat]:
            return True
        member = await self._bot.get_chat_member(chat_id(chat), self._bot.id)
        return isinstance(member, ChatMemberAdministrator) and not member.can_edit_messages

    async def _answer(self, chat: Address, message_id: int | None) -> tuple[int, Message | None]:
        """Answer a message silently, and take that back; returns the answer's id, and the message with its content.

        Without a message it is but said, and tells the newest id.
        """
        await self._services.turn(chat)
        answering = {"message_id": message_id, "allow_sending_without_reply": True}
        probe = await self._bot.send_message(
            chat_id(chat),
            _PROBE,
            message_thread_id=thread_id(chat),
            disable_notification=True,
            api_kwargs={"reply_parameters": answering} if message_id is not None else None,
        )
        await self._services.turn(chat)
        if await self._delete(chat, probe.message_id):
            # Not before: one that is left behind must stay among those that are looked at.
            self._sightings.note(probe.chat, [probe.message_id], answer=True)
        return probe.message_id, probe.reply_to_message

    async def _delete(self, chat: Address, message_id: int) -> bool:
        """Delete a message of ours; false where it may still be there."""
        for attempt in range(1, TRIES + 1):
            try:
                await self._bot.delete_message(chat_id(chat), message_id)
            except TelegramError as error:
                wait = _patience(error)
                if wait is None or attempt == TRIES:
                    log.warning("telegram: message %d in %s was to be deleted: %s", message_id, chat, reason_of(error))
                    return is_gone(error)
                await self._services.clock.sleep(wait.total_seconds())
            else:
                break
        return True

    async def _may_be_ours(self, chat: Address, message_id: int) -> bool:
        """Tell whether a message is there and can be edited, in a way that can change nothing.

        No message of ours is a live location, so stopping one is refused, and how says whether there is a message.
        """
        for attempt in range(1, TRIES + 1):
            try:
                await self._bot.stop_message_live_location(chat_id(chat), message_id)
            except BadRequest as error:
                return not is_out_of_reach(error)
            except TelegramError as error:
                wait = _patience(error)
                if wait is None or attempt == TRIES:
                    raise
                await self._services.clock.sleep(wait.total_seconds())
        return True


def _with_delivered(known: Known, trace: Trace) -> Known:
    """Add what was delivered, which the database knows even where nobody could note it as seen."""
    taken = {int(key): Sighting(int(key), at) for key, at in trace.delivered.items()}
    earlier = [seen for seen in taken.values() if seen.seen_at <= trace.called_at]
    floor = max([*earlier, *([known.floor] if known.floor else ())], key=lambda seen: seen.message_id, default=None)
    behind = taken | dict(known.behind)
    return Known(floor, {key: behind[key] for key in behind if floor is None or key > floor.message_id})


def _may_be(sighting: Sighting | None, trace: Trace) -> bool:
    """Tell whether a message may be the lost part: one that nobody knows, or that was noted as the part itself."""
    return sighting is None or sighting.reference == trace.reference


def _unable(error: TelegramError) -> Finding:
    reason = reason_of(error)
    match outcome_of(error):
        case Later(after=after):
            return Postponed(reason, after)
        case Uncertain() | Halt():
            return Postponed(reason)
        case _:
            return Undecided(reason)


def _patience(error: TelegramError) -> timedelta | None:
    """Return how long to wait before a probe is made again; None where the search had better end."""
    match outcome_of(error):
        case Uncertain() | Later(after=None):
            return timedelta(seconds=SETTLE_SECONDS)
        case Later(after=timedelta() as after) if after <= LONGEST_WAIT:
            return after
        case _:
            return None


def _shows(message: Message, payload: Payload) -> bool:
    text, _ = caption_of(payload)
    carries_media = message.text is None
    is_same_kind = carries_media is not (payload["method"] == TEXT)
    return is_same_kind and _folded(message.text or message.caption) == _folded(text)


def _folded(text: str | None) -> str:
    return " ".join(unicodedata.normalize("NFC", text or "").split())
