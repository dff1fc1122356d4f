"""Publishing: an issue becomes a plan for every chat that is to receive it.

Formatting and splitting happen once for each platform and variant that some chat takes, whatever the number of chats.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.delivery.timing import Hours
from bot.formatters.issue import format_issue
from bot.locales import open_words
from bot.model.chat import Timing, Variant
from bot.model.delivery import Payload, Post
from bot.model.digest import Issue
from bot.storage.publishing import Planned, PlannedPart, PublicationStore, Target

Compose = Callable[[str, Post], list[Payload]]
"""Turns a post into the payloads of a platform (by its name)."""


@dataclass(frozen=True, slots=True)
class Publisher:
    """Plans issues. `language` and `zone` are used where a chat has chosen none."""

    store: PublicationStore
    compose: Compose
    language: str
    zone: ZoneInfo

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
        if issue.number is None:
            raise ValueError("an issue is published by its number, which it gets when it is stored")

        def due(timing: Timing) -> datetime:
            return now if at_once else Hours.of(timing, self.zone).first(now)

        planned = Planned()
        for audience in await self.store.audiences(issue.number, target):
            edition = self.make_edition(issue, audience.platform, audience.variant)
            planned += await self.store.plan(
                issue.number, audience, edition, target=target, now=now, due=due, sections=sections
            )
        return planned + await self.store.complete(issue.number, target=target, now=now, due=due, sections=sections)

    def make_edition(self, issue: Issue, platform: str, variant: Variant) -> list[PlannedPart]:
        """Return the parts of an issue as one platform and variant takes it."""
        posts = format_issue(
            issue,
            layout=variant.layout,
            words=open_words(variant.language or self.language),
            images=variant.images,
            sections=variant.sections,
        )
        return [
            PlannedPart(post.section, payload)
            for post in posts
            for payload in self.compose(platform, replace(post, silent=variant.silent))
        ]


def section_indices(issue: Issue, numbers: Sequence[int]) -> frozenset[int] | None:
    """Return the indices of sections given by number, from 1; None where none is named. Raises ValueError."""
    if not numbers:
        return None
    for number in numbers:
        if not 1 <= number <= len(issue.sections):
            raise ValueError(f"issue {issue.number} has {len(issue.sections)} sections: there is no section {number}")
    return frozenset(number - 1 for number in numbers)
