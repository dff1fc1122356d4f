"""A person's front page: the latest issue, what their chats receive, what they keep."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.adapters.slack import reasons
from bot.formatters.home import CHATS
from bot.formatters.reasons import format_reason
from bot.handlers import changes, show_home
from bot.locales import open_words
from bot.model.chat import Address, ChatKind
from bot.model.command import Command
from bot.model.home import HomePart
from bot.renderers.plain import render_plain
from tests.unit.handlers.conftest import GROUP, PRIVATE, READER, Talk


async def home(talk: Talk, *places: Address) -> tuple[HomePart, ...]:
    return await show_home(Command("home", "", PRIVATE, ChatKind.PRIVATE, READER), places, talk.context)


def said(parts: tuple[HomePart, ...]) -> str:
    return "\n".join(render_plain(part.document) for part in parts)


def actions(part: HomePart) -> list[str]:
    return [button.action for row in part.buttons for button in row]


async def test_a_bot_without_issues_says_so(empty: Talk) -> None:
    """Before the first issue there is a page, too, and how to subscribe."""
    parts = await home(empty)
    assert "There is no issue yet." in said(parts)
    assert "not subscribed" in said(parts)
    assert actions(parts[1]) == ["subscribe", "settings"]


async def test_the_latest_issue_leads_into_its_sections(talk: Talk) -> None:
    """Every section of it can be opened, then all issues, topics, and something at random."""
    latest = (await home(talk))[0]
    latest_issue = await talk.context.issues.latest_issue()
    assert latest_issue is not None
    assert f"{latest_issue.number}" in render_plain(latest.document)
    opened = actions(latest)
    assert [line for line in opened if line.startswith("section")]
    assert opened[-3:] == ["issues", "topics", "random"]
    assert latest.chat is None


REASONS = (
    *reasons.all_like(reasons.ARCHIVED),
    *reasons.all_like(reasons.NOT_INSIDE)[1:],
    reasons.DELETED,
    reasons.PUT_OUT,
    reasons.UNSHARED,
    "token_revoked",
    "the bot was removed",
    "the app was removed from the workspace",
)


@pytest.mark.parametrize("reason", REASONS)
def test_reasons_are_told_in_every_language(reason: str) -> None:
    """Whatever keeps Slack's chats waiting has words in both; what nobody foresaw is told as it is."""
    assert format_reason(reason, open_words("zh")) != reason
    assert format_reason("some new trouble", open_words("zh")) == "some new trouble"


async def test_subscriptions_of_ones_chats_are_listed(talk: Talk) -> None:
    """Of the chats one is in, those that receive are named, or wait and why; of others nothing is told."""
    ended, strange = Address("web", "ended"), Address("web", "strange")
    for place in (GROUP, ended, strange):
        there = replace(talk, chat=place, kind=ChatKind.GROUP, administrators=talk.administrators)
        talk.administrators.add(READER.address)
        await there.say("/subscribe")
    await replace(talk, chat=ended, kind=ChatKind.GROUP).say("/unsubscribe")
    await talk.closing.suspend_chat(GROUP, "the channel was archived", now=talk.context.clock.now())
    parts = await home(talk, GROUP, ended, Address("web", "never met"))
    assert "#Lab\n\nwaits: the channel was archived" in said(parts)
    assert [part.chat for part in parts if part.chat] == [PRIVATE, GROUP]
    assert actions(next(part for part in parts if part.chat == GROUP)) == ["settings", "unsubscribe"]


async def test_many_chats_are_counted(talk: Talk) -> None:
    """A page has room for a few; the others are counted, not forgotten."""
    talk.administrators.add(READER.address)
    places = [Address("web", f"c{number:03}") for number in range(CHATS + 2)]
    for place in places:
        await replace(talk, chat=place, kind=ChatKind.GROUP).say("/subscribe")
    parts = await home(talk, *places)
    assert len([part for part in parts if part.chat]) == 1 + CHATS
    assert "and 2 more channels" in said(parts)


async def test_what_one_keeps_is_there(talk: Talk) -> None:
    """Saved entries can be opened from the page."""
    latest = await talk.context.issues.latest_issue()
    assert latest is not None
    entry = next(entry for section in latest.sections for entry in section.entries)
    assert "saved nothing yet" in said(await home(talk))
    await talk.press(f"save {entry.id} on")
    shelf = (await home(talk))[-1]
    assert f"entry {entry.id}" in actions(shelf)


def test_what_changes_is_known_before_it_is_done() -> None:
    """Subscriptions, settings and shelves are changed by commands known as such; reading changes nothing."""

    def changing(name: str) -> bool:
        return changes(Command(name, "", PRIVATE, ChatKind.PRIVATE, READER))

    assert all(
        map(changing, ["subscribe", "unsubscribe", "settings", "set", "switch", "lang", "save", "drop", "release"])
    )
    assert not any(
        map(changing, ["", "search", "latest", "entry", "page", "saved", "help", "slam", "post", "stats", "nonsense"])
    )
