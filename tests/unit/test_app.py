"""The house put together: publishing by way of the canary, holding what is late, following topics."""

from __future__ import annotations

import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.app import EVERYBODY, House, open_house
from bot.delivery.release import Hold, Try
from bot.model.chat import Address, ChatKind, User
from bot.model.command import Command, Membership, MembershipChange, Origin
from bot.model.delivery import PartStatus
from bot.model.digest import Issue
from bot.renderers.plain import render_plain
from bot.settings import load_settings

SAMPLE = Path(__file__).resolve().parents[2] / "digests"
LOBBY, CANARY = Address("web", "lobby"), Address("web", "canary")


@pytest.fixture
async def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, database_file: Path) -> AsyncIterator[House]:
    """A house with three issues, a subscribed lobby, and a canary room."""
    (tmp_path / "digests").mkdir()
    for name in ("010.md", "011.md", "012.md", "topics.toml"):
        shutil.copy(SAMPLE / name, tmp_path / "digests")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{database_file}")
    monkeypatch.setenv("BOT_CANARY", str(CANARY))
    monkeypatch.setenv("BOT_ADMINS", "web:ada")
    async with open_house(load_settings()) as house:
        await house.make_ingest().run()
        await house.chats.subscribe(LOBBY, kind=ChatKind.PRIVATE, title="", now=house.clock.now())
        await house.connect("web")
        yield house


async def read(house: House, room: Address) -> list[str]:
    return [message.content.text for message in (await house.rooms.history(room.chat, limit=99)).messages]


async def issue_12(house: House) -> Issue:
    issue = await house.issues.get_issue(12)
    assert issue is not None
    return issue


async def test_the_canary_goes_first(house: House) -> None:
    """Nobody else gets an issue before all of it arrived in the canary chat; then everybody does."""
    issue = await issue_12(house)
    assert (await house.release(issue, at_once=True)).publications == 1
    assert isinstance(await house.judge(12), Try)
    assert (await house.release(issue, at_once=True)).publications == 0
    await house.make_delivery().worker.drain()
    assert await read(house, CANARY)
    assert not await read(house, LOBBY)
    assert (await house.release(issue, at_once=True)).publications == 1
    await house.make_delivery().worker.drain()
    assert await read(house, LOBBY) == await read(house, CANARY)


async def test_a_late_issue_is_held_and_the_administrators_are_asked(house: House) -> None:
    """After a long downtime nothing goes out by itself; who runs the bot is told once, and can send it."""
    late = house.clock.now() - timedelta(days=2)
    moved = (SAMPLE / "012.md").read_text(encoding="utf-8")
    await house.issues.save(
        Issue(13, "A late one"), content_hash=str(len(moved)), now=house.clock.now(), publish_at=late
    )
    assert await house.publish_due() == 0
    assert await house.publish_due() == 0
    (told,) = await read(house, Address("web", "ada"))
    assert "13" in told
    (summary,) = [summary for summary in await house.issues.list_issues() if summary.number == 13]
    assert summary.held.startswith("late")
    assert await house.publish_now(Issue(13, "A late one")) == 1


async def test_an_administrator_posts_from_a_chat(house: House) -> None:
    """/post asks first; its button publishes for those who run the bot, and for nobody else."""
    for name, person, chats in (("post", "web:ada", 0), ("release", "web:bob", 0), ("release", "web:ada", 1)):
        reply = await house.respond(Command(name, "12", LOBBY, ChatKind.PRIVATE, User(person)))
        assert reply is not None
        assert len(await house.reports.deliveries(issue=12)) == chats
        if name == "post":
            assert reply.buttons[0][0].action == "release 12"


async def test_an_update_that_comes_twice_is_answered_once(house: House) -> None:
    """Platforms repeat updates; the second one has no effect."""
    command = Command("help", "", LOBBY, ChatKind.PRIVATE, User("web:bob"), key="41")
    assert await house.respond(command) is not None
    assert await house.respond(command) is None


async def test_who_asks_very_much_is_asked_for_patience_once(house: House) -> None:
    """Then there is silence; those who run the bot are heard, and what is for another bot counts for nobody."""
    group = Command("weather", "", Address("web", "lab"), ChatKind.GROUP, User("web:bob"), addressed=False)
    for _ in range(100):
        assert await house.respond(group) is None
    asked = replace(group, name="help")
    answers = [await house.respond(asked) for _ in range(40)]
    said = [answer for answer in answers if answer is not None]
    assert len(said) == 21
    assert "10 seconds" in render_plain(said[-1].document) or "9 seconds" in render_plain(said[-1].document)
    assert answers[21:] == [None] * 19
    posted = await house.respond(replace(asked, name="post", argument="12", user=User("web:ada")))
    assert posted is not None


async def test_a_broken_part_in_the_canary_chat_holds_the_rest(house: House) -> None:
    """When a part fails in the canary chat, everybody else is spared, until a person releases the issue."""
    issue = await issue_12(house)
    await house.release(issue, at_once=True)
    await house.closing.suspend_chat(CANARY, "the room is closed", now=house.clock.now())
    assert isinstance(await house.judge(12), Hold)
    assert (await house.release(issue, at_once=True)).publications == 0
    assert not await read(house, LOBBY)
    assert (await house.publisher.publish(issue, target=EVERYBODY, now=house.clock.now())).publications == 1


async def test_a_chat_that_comes_back_is_offered_what_it_missed(house: House) -> None:
    """After a suspension the chat hears which issues it missed, and one press brings them, each part once."""
    issue = await issue_12(house)
    await house.publish_now(issue)
    await house.closing.suspend_chat(LOBBY, "the room was closed", now=house.clock.now())
    await house.publish_now(replace(issue, number=11))
    back = Membership(LOBBY, ChatKind.PRIVATE, MembershipChange.ADDED, User("web:bob"))
    offer = await house.follow(back)
    assert offer is not None
    ((button,),) = offer.buttons
    await house.respond(Command(button.action, "", LOBBY, ChatKind.PRIVATE, User("web:bob"), origin=Origin.BUTTON))
    await house.make_delivery().worker.drain()
    reports = await house.reports.deliveries()
    assert {report.issue: report.status for report in reports} == {11: PartStatus.SENT, 12: PartStatus.SENT}
    assert len(await read(house, LOBBY)) == sum(len(report.parts) for report in reports)
    assert await house.publications.missed(LOBBY) == ()


async def test_a_workspace_without_a_name_is_meant_by_its_id_too(house: House, monkeypatch: pytest.MonkeyPatch) -> None:
    """Administrators, the canary chat and every other address mean the same in both spellings, once it was met."""
    monkeypatch.setenv("BOT_ADMINS", "slack:T1/U1, slack:U2, slack:T2/U3")
    monkeypatch.setenv("BOT_CANARY", "slack:T1/C1")
    house.settings = load_settings()
    assert not house.is_admin("slack:U1")
    await house.workspaces.meet("slack", "", team="T1", title="Lab")
    async with open_house(house.settings) as later:
        for one in (house, later):
            assert [one.is_admin(f"slack:{who}") for who in ("U1", "U2", "T2/U3", "U3")] == [True, True, True, False]
            assert one.canonical(Address("slack", "C1", workspace="T1")) == Address("slack", "C1")
            assert one.canonical(Address("slack", "C1", workspace="T2")) == Address("slack", "C1", workspace="T2")
    await house.release(await issue_12(house), at_once=True)
    (report,) = await house.reports.deliveries(issue=12)
    assert report.chat == Address("slack", "C1")
    assert isinstance(await house.judge(12), Try)
