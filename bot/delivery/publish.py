"""Publishing: an issue becomes a plan for every chat that is to receive it.

Formatting and splitting happen once for each platform and variant that some chat takes, whatever the number of chats.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

from bot.delivery.locating import locate
from bot.delivery.selecting import Index, Selector, narrow
from bot.delivery.timing import Hours
from bot.formatters.anchors import resolve_post
from bot.formatters.issue import format_issue
from bot.locales import open_words
from bot.model.chat import Timing, Variant
from bot.model.delivery import Payload, Post
from bot.model.digest import Issue
from bot.model.selection import Selection
from bot.storage.publishing import Audience, Planned, PlannedPart, PublicationStore, Target

Compose = Callable[[str, Post], list[Payload]]
"""Turns a post into the payloads of a platform (by its name)."""

TextOf = Callable[[str, Payload], str]
"""Returns the words of a platform's payload."""

POSTS_REMEMBERED = 512
"""Composed posts kept while an issue is planned."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Plans issues. `language` and `zone` are used where a chat has chosen none."""

    store: PublicationStore
    index: Index
    compose: Compose
    language: str
    zone: ZoneInfo
    text_of: TextOf = lambda _platform, payload: str(payload.get("text", ""))

    async def publish(
        self,
        issue: Issue,
        *,
        target: Target,
        now: datetime,
        sections: frozenset[int] | None = None,
        at_once: bool = False,
    ) -> Planned:
        """Plan an issue for the chats of a target that have no plan of it yet; planning it twice adds nothing.

        `sections` limits the plan to those sections (by index) and the header. Each chat's first part is due at the
        hour it wishes, or `at_once`.
        """
        number = _number(issue)

        def due(timing: Timing) -> datetime:
            return now if at_once else Hours.of(timing, self.zone).first(now)

        planned = Planned()
        async for audience, edition in self.editions(issue, target):
            planned += await self.store.plan(
                number, audience, edition, target=target, now=now, due=due, sections=sections
            )
        return planned + await self.store.complete(number, target=target, now=now, due=due, sections=sections)

    async def editions(self, issue: Issue, target: Target) -> AsyncIterator[tuple[Audience, list[PlannedPart]]]:
        """Yield the editions that chats of a target have yet to be given, each with who takes it.

        Chats whose standing queries come to the same in this issue take the same edition.
        """
        selector = Selector(self.index, _number(issue))
        groups: dict[tuple[str, Variant], list[Audience]] = {}
        for audience in await self.store.audiences(_number(issue), target):
            narrowed = narrow(audience.variant, await selector.select(audience.variant))
            groups.setdefault((audience.platform, narrowed), []).append(audience)
        # Editions differ in few of their posts mostly: what they have in common is composed once.
        compose = lru_cache(POSTS_REMEMBERED)(self.compose)
        for (platform, variant), members in groups.items():
            keys = tuple(key for member in members for key in member.keys)
            audience = Audience(platform, variant, keys, sum(member.count for member in members))
            selection = await selector.select(variant)
            yield audience, list(self._parts(issue, platform, variant, selection=selection, compose=compose))

    async def make_edition(self, issue: Issue, platform: str, variant: Variant) -> list[PlannedPart]:
        """Return the parts of an issue as one platform and variant takes it."""
        selection = await Selector(self.index, _number(issue)).select(variant)
        return list(self._parts(issue, platform, variant, selection=selection, compose=self.compose))

    def _parts(
        self, issue: Issue, platform: str, variant: Variant, *, selection: Selection, compose: Compose
    ) -> Iterator[PlannedPart]:
        titles = {entry.id: entry.title for entry in issue.entries}
        for post in self._format(issue, variant, selection):
            title = "" if post.section is None else issue.sections[post.section].title
            payloads = compose(platform, resolve_post(post, {}))
            texts = [self.text_of(platform, payload) for payload in payloads] if len(payloads) > 1 else [""]
            begun = locate([titles[entry] for entry in post.entries], texts)
            for at, payload in enumerate(payloads):
                entries = (entry for entry, place in zip(post.entries, begun, strict=True) if place == at)
                is_header = post.section is None and at == 0
                yield PlannedPart(post.section, payload, title, tuple(entries), post if is_header else None)

    async def make_header(self, issue: Issue, variant: Variant) -> Post:
        """Return the header of an issue as a variant takes it, with anchors for what stands in other messages."""
        selection = await Selector(self.index, _number(issue)).select(variant)
        return self._format(issue, variant, selection)[0]

    def _format(self, issue: Issue, variant: Variant, selection: Selection) -> list[Post]:
        posts = format_issue(
            issue,
            layout=variant.layout,
            words=open_words(variant.language or self.language),
            images=variant.images,
            sections=variant.sections,
            selection=selection,
        )
        return [replace(post, silent=post.silent or variant.silent) for post in posts]


def _number(issue: Issue) -> int:
    if issue.number is None:
        raise ValueError("an issue is published by its number, which it gets when it is stored")
    return issue.number


def section_indices(issue: Issue, numbers: Sequence[int]) -> frozenset[int] | None:
    """Return the indices of sections given by number, from 1; None where none is named. Raises ValueError."""
    if not numbers:
        return None
    for number in numbers:
        if not 1 <= number <= len(issue.sections):
            raise ValueError(f"issue {issue.number} has {len(issue.sections)} sections: there is no section {number}")
    return frozenset(number - 1 for number in numbers)
