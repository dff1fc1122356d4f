"""What there is to count: for those who run the bot."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from bot.formatters.actions import button
from bot.formatters.admin_actions import OpenDeliveries
from bot.formatters.issue import count_entries
from bot.formatters.posting import lead_admins
from bot.formatters.text import join
from bot.locales import Words
from bot.model.chat import ChatKind, SubscriptionStatus
from bot.model.command import Buttons, Reply
from bot.model.delivery import PartStatus
from bot.model.richtext import Document, Heading, List, Paragraph, Span, bold, paragraph
from bot.storage.summaries import ChatCount, DeliveryPage, Statistics


def format_statistics(counted: Statistics, latest: tuple[int, DeliveryPage] | None, words: Words) -> Reply:
    """Return what is counted; `latest` is the newest issue that was posted, and how it stands."""
    lines = (*_platforms(counted, words), *_readers(counted, words), *_digest(counted, latest, words))
    rows: Buttons = ()
    if latest is not None:
        name = words("Deliveries of issue {number}", number=latest[0])
        rows = ((button(name, OpenDeliveries(latest[0])),),)
    document = Document((Heading((Span(words("Statistics")),), level=2), List(tuple((one,) for one in lines))))
    return Reply(document, rows, private=True, detour=lead_admins("stats", words))


def _platforms(counted: Statistics, words: Words) -> Iterator[Paragraph]:
    if not counted.chats:
        yield paragraph(words("Nobody has subscribed yet."))
    for platform, group in groupby(counted.chats, key=lambda one: one.platform):
        facts = ((Span(fact),) for fact in _facts(tuple(group), words))
        yield paragraph(bold(words("{name}: ", name=platform.title())), *join(facts))


def _facts(chats: Sequence[ChatCount], words: Words) -> Iterator[str]:
    """Yield how many chats of a platform receive, of which kinds, and how many no longer do."""
    active = [one for one in chats if one.status is SubscriptionStatus.ACTIVE]
    receive = words.plural("{n} chat receives", "{n} chats receive", sum(one.count for one in active))
    kinds = words(", ").join(_kind(one, words) for one in active)
    yield words("{fact} ({detail})", fact=receive, detail=kinds) if kinds else receive
    suspended, ended = (
        sum(one.count for one in chats if one.status is status)
        for status in (SubscriptionStatus.SUSPENDED, SubscriptionStatus.ENDED)
    )
    if suspended:
        yield words("suspended: {n}", n=words.number(suspended))
    if ended:
        yield words("ended: {n}", n=words.number(ended))


def _kind(one: ChatCount, words: Words) -> str:
    match one.kind:
        case ChatKind.PRIVATE:
            return words("private: {n}", n=words.number(one.count))
        case ChatKind.GROUP:
            return words("groups: {n}", n=words.number(one.count))
        case ChatKind.CHANNEL:
            return words("channels: {n}", n=words.number(one.count))


def _readers(counted: Statistics, words: Words) -> Iterator[Paragraph]:
    if counted.watching:
        yield paragraph(
            words.plural("{n} chat watches for something", "{n} chats watch for something", counted.watching)
        )
    if counted.saved:
        people = words.plural("{n} person", "{n} people", counted.savers)
        kept = count_entries(counted.saved, words)
        yield paragraph(words("Saved: {entries}, by {people}", entries=kept, people=people))
    if counted.asked:
        topics = words(", ").join(f"/{topic} {words.number(times)}" for topic, times in counted.asked)
        yield paragraph(words("Most asked for: {topics}", topics=topics))


def _digest(counted: Statistics, latest: tuple[int, DeliveryPage] | None, words: Words) -> Iterator[Paragraph]:
    issues = words.plural("{n} issue", "{n} issues", counted.issues)
    yield paragraph(words("Digest: {issues}, {entries}", issues=issues, entries=count_entries(counted.entries, words)))
    if latest is not None:
        number, page = latest
        whole = words(
            "{n} of {total}", n=words.number(page.states.get(PartStatus.SENT, 0)), total=words.number(page.total)
        )
        yield paragraph(words("Issue {number}: {count} chats have all of it", number=number, count=whole))
