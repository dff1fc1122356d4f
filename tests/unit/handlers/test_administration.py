"""What those who run the bot see and mend from a chat; and that nobody else does."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.app import House, open_house
from bot.handlers import menu
from bot.model.chat import Address, ChatKind, Preferences, User
from bot.model.command import DATA_LIMIT, Audience, Command, Origin, Reply
from bot.model.delivery import PartStatus
from bot.settings import Settings
from bot.storage.tables import chats, parts, publications
from tests.fakes.clock import HandClock
from tests.unit.handlers.conftest import actions, text
from tests.unit.handlers.samples import ISSUES, TOPICS

BOSS, READER = User("web:boss", "Boss"), User("web:reader", "Reader")
DESK = Address("web", "desk")
ROOMS = tuple(Address("web", f"room{n}") for n in range(10))


@dataclass
class Desk:
    """Somebody who speaks with the bot of a whole house."""

    house: House
    user: User = BOSS

    async def ask(self, line: str, origin: Origin = Origin.TEXT) -> Reply:
        name, _, argument = line.removeprefix("/").partition(" ")
        reply = await self.house.respond(Command(name, argument, DESK, ChatKind.PRIVATE, self.user, origin=origin))
        assert reply is not None
        return reply

    async def press(self, line: str) -> Reply:
        return await self.ask(line, Origin.BUTTON)

    async def mark(self, room: int, status: PartStatus, error: str = "", position: int = 1) -> int:
        """Have a part of issue 12 in a room stand as if it had gone so; returns its id."""
        [report] = await self.house.reports.deliveries(issue=12, chat=ROOMS[room])
        assert report.parts
        questions = {"status": status.value, "error": error, "searches": 3}
        async with self.house.database.write() as connection:
            theirs = await _publication(connection, room)
            changed = update(parts).where(parts.c.publication_id == theirs, parts.c.position == position)
            return int(await connection.scalar(changed.values(questions).returning(parts.c.id)) or 0)

    async def states(self, room: int) -> list[PartStatus]:
        [report] = await self.house.reports.deliveries(issue=12, chat=ROOMS[room])
        return [part.status for part in report.parts]


async def _publication(connection, room: int) -> int:
    statement = select(publications.c.id).join(chats, chats.c.id == publications.c.chat_id)
    return int(await connection.scalar(statement.where(chats.c.chat == ROOMS[room].chat)) or 0)


@pytest.fixture
async def desk(tmp_path: Path, database_file: Path) -> AsyncIterator[Desk]:
    """A house with ten subscribed rooms; issue 12 is not posted yet."""
    (tmp_path / "topics.toml").write_text(TOPICS, encoding="utf-8")
    settings = Settings(
        _env_file=None, DATABASE_URL=f"sqlite:///{database_file}", BOT_DIGESTS=str(tmp_path), BOT_ADMINS=BOSS.address
    )
    async with open_house(settings, clock=HandClock()) as house:
        now = house.clock.now()
        for issue in ISSUES:
            await house.issues.save(issue, content_hash=f"{issue.number}", now=now, publish_at=None)
        for room in ROOMS:
            await house.chats.subscribe(room, kind=ChatKind.PRIVATE, title=f"Room {room.chat[4:]}", now=now)
        await house.connect("web")
        yield Desk(house)


async def post(desk: Desk) -> None:
    await desk.press("release 12")
    await desk.house.make_delivery().worker.drain()


# Posting.


async def test_posting_is_looked_at_before_it_is_done(desk: Desk) -> None:
    """What it is, to whom it goes; one press sends it, and a second one has nothing to send."""
    shown = await desk.ask("/post 12")
    assert text(shown).startswith("第 12 期")
    assert "It goes to 10 chats now: Web: 10" in text(shown)
    assert [button.label for row in shown.buttons for button in row] == ["Post to 10 chats", "Read it"]
    assert (await desk.house.context.summaries.deliveries(12, limit=9)).total == 0
    posted = await desk.press(actions(shown)[0])
    assert posted.replace
    assert text(posted) == "Issue 12 is on its way to 10 chats."
    assert "every chat has it already" in text(await desk.press(actions(shown)[0]))
    again = await desk.ask("/post 12")
    assert "No chat is waiting for it." in text(again)
    assert "10 chats have it already." in text(again)
    assert actions(again) == ["issue 12", "deliveries 12"]


async def test_a_scheduled_issue_says_when_it_comes_and_can_be_held(desk: Desk) -> None:
    """And one that is held, why; posting it lets it go."""
    later = desk.house.clock.now() + timedelta(hours=5)
    coming = replace(ISSUES[0], number=13, title="第 13 期")
    await desk.house.issues.save(coming, content_hash="13", now=desk.house.clock.now(), publish_at=later)
    shown = await desk.ask("/post 13")
    assert "It goes out by itself on " in text(shown)
    assert "hold 13" in actions(shown)
    held = await desk.press("hold 13")
    assert "It is held: an administrator wished so" in text(held)
    assert await desk.house.issues.due(later) == ()
    assert "out of date" in (await desk.press("hold 12")).toast
    assert "10 chats" in text(await desk.press("release 13"))


async def test_an_issue_that_was_not_tried_in_the_canary_chat_says_so(desk: Desk) -> None:
    """Whoever posts it all the same knows what that means."""
    canary = desk.house.settings.model_copy(update={"canary": "web:room0"})
    desk.house.settings = canary
    assert "canary" in text(await desk.ask("/post 12"))


@pytest.mark.parametrize("line", ["/post", "/post soon", "/deliveries soon"])
async def test_a_number_is_asked_for(desk: Desk, line: str) -> None:
    """By example."""
    assert "/issue 12" in text(await desk.ask(line))


@pytest.mark.parametrize("line", ["/post 99", "/deliveries 99"])
async def test_an_unknown_issue_names_the_latest(desk: Desk, line: str) -> None:
    """As for readers."""
    assert text(await desk.ask(line)) == "There is no issue 99; the latest is 12."


# Deliveries.


async def test_deliveries_show_those_first_that_need_a_look(desk: Desk) -> None:
    """How many have it whole, what became of the others and why, page by page."""
    await post(desk)
    await desk.mark(7, PartStatus.FAILED, "bot was blocked")
    await desk.mark(3, PartStatus.UNCERTAIN, "no answer")
    shown = await desk.ask("/deliveries")
    assert "8 of 10 chats have all of it · failed: 1 · uncertain: 1" in text(shown)
    lines = text(shown).split("• ")[1:]
    assert lines[0].startswith("Room 7 (web:room7)\n")
    assert "failed\n  bot was blocked" in lines[0]
    assert lines[1].startswith("Room 3 (web:room3)\n")
    assert len(lines) == 8
    assert {"deliveries 12 8", "retry 12", "uncertain 12 0"} <= set(actions(shown))
    turned = await desk.press("deliveries 12 8")
    assert turned.replace
    assert text(turned).count("• ") == 2
    assert text(await desk.press("deliveries 12 80")).count("• ") == 8
    assert all(len(action.encode()) <= DATA_LIMIT for action in actions(shown))


async def test_an_issue_that_was_not_posted_says_so(desk: Desk) -> None:
    """And how to."""
    shown = await desk.ask("/deliveries 11")
    assert "It has not been posted yet." in text(shown)
    assert "post 11" in actions(shown)


async def test_what_failed_is_sent_again_where_a_chat_receives(desk: Desk) -> None:
    """What was left out, too; a suspended chat gets it when it comes back, and whoever has it all gets nothing."""
    await post(desk)
    await desk.mark(1, PartStatus.FAILED, "no rights")
    await desk.mark(2, PartStatus.SKIPPED, "refused")
    await desk.mark(4, PartStatus.FAILED, "blocked")
    await desk.house.closing.suspend_chat(ROOMS[4], "blocked", now=desk.house.clock.now())
    reply = await desk.press("retry 12")
    assert (reply.toast, reply.replace) == ("Sent again to 2 chats.", True)
    before = [len((await desk.house.rooms.history(room.chat, limit=99)).messages) for room in ROOMS]
    await desk.house.make_delivery().worker.drain()
    for room in (1, 2):
        assert set(await desk.states(room)) == {PartStatus.SENT}
    assert PartStatus.FAILED in await desk.states(4)
    after = [len((await desk.house.rooms.history(room.chat, limit=99)).messages) for room in ROOMS]
    assert after == before  # the web chat knows what stands in it: nothing is said twice
    assert "Nothing can be sent again" in (await desk.press("retry 12")).toast


async def test_what_is_uncertain_is_settled_one_by_one(desk: Desk) -> None:
    """Each is asked about; a word settles it, and what was settled meanwhile is left alone."""
    await post(desk)
    first = await desk.mark(3, PartStatus.UNCERTAIN, "no answer")
    second = await desk.mark(5, PartStatus.UNCERTAIN, "no answer", position=0)
    asked = await desk.press("uncertain 12")
    assert "Part 2 of issue 12 may or may not have arrived in web:room3." in text(asked)
    assert actions(asked) == [
        f"settle 12 {first} arrived",
        f"settle 12 {first} lost",
        "uncertain 12 1",
        "deliveries 12 0",
    ]
    assert "Part 1 of issue 12" in text(await desk.press("uncertain 12 1"))
    after = await desk.press(f"settle 12 {first} arrived")
    assert (after.replace, after.toast) == (True, "Noted")
    assert "web:room5" in text(after)
    assert set(await desk.states(3)) == {PartStatus.SENT}
    done = await desk.press(f"settle 12 {second} lost")
    assert text(done) == "Nothing of issue 12 is uncertain."
    assert (await desk.states(5))[0] is PartStatus.PENDING
    late = await desk.press(f"settle 12 {second} arrived")
    assert "out of date" in late.toast
    assert (await desk.states(5))[0] is PartStatus.PENDING


# Statistics.


async def test_statistics_count_what_there_is(desk: Desk) -> None:
    """Chats by platform, kind and status, what readers keep and ask for, the last issue."""
    await post(desk)
    await desk.mark(1, PartStatus.FAILED, "no rights")
    now = desk.house.clock.now()
    await desk.house.chats.subscribe(Address("telegram", "-1"), kind=ChatKind.GROUP, title="Lab", now=now)
    await desk.house.closing.suspend_chat(ROOMS[4], "blocked", now=now)
    await desk.house.chats.unsubscribe(ROOMS[5])
    await desk.house.chats.set_preferences(ROOMS[6], Preferences(watches=("slam",)))
    reader = replace(desk, user=READER)
    for line in ("/slam", "/slam", "/nerf", "topic slam", "topic slam 0", "save 2 on", "save 3 on"):
        await reader.press(line) if line[0] != "/" else await reader.ask(line)
    said = text(await desk.ask("/stats"))
    assert "Telegram: 1 chat receives (groups: 1)" in said
    assert "Web: 8 chats receive (private: 8) · suspended: 1 · ended: 1" in said
    assert "1 chat watches for something" in said
    assert "Saved: 2 entries, by 1 person" in said
    assert "Most asked for: /slam 3, /nerf 1" in said
    assert "Digest: 2 issues, 15 entries" in said
    assert "Issue 12: 9 of 10 chats have all of it" in said
    assert actions(await desk.ask("/stats")) == ["deliveries 12"]


async def test_a_new_bot_counts_nothing(empty) -> None:
    """And says so in words."""
    boss = replace(empty, context=replace(empty.context, is_admin=lambda user: user.address == "web:reader"))
    assert "Nobody has subscribed yet." in text(await boss.say("/stats"))
    assert text(await boss.say("/deliveries")) == "There is no issue yet."


# Who may.


@pytest.mark.parametrize(
    "line",
    ["post 12", "release 12", "hold 12", "stats", "deliveries 12", "retry 12", "uncertain 12", "settle 12 1 lost"],
)
async def test_nobody_else_sees_or_mends_anything(desk: Desk, line: str) -> None:
    """By words or by a button that was passed on."""
    reader = replace(desk, user=READER)
    assert "Only those who run this bot" in text(await reader.ask(f"/{line}"))
    refused = await reader.press(line)
    assert "Only those who run this bot" in refused.toast
    assert not refused.document
    assert (await desk.house.context.summaries.deliveries(12, limit=1)).total == 0


@pytest.mark.parametrize("line", ["release x", "release 99", "hold 99", "retry", "uncertain", "settle 12"])
async def test_a_damaged_button_is_answered_with_a_notice(desk: Desk, line: str) -> None:
    """Never with silence."""
    assert (await desk.press(line)).toast


@pytest.mark.parametrize("line", ["/stats", "/deliveries 12", "/post 12"])
async def test_answers_are_for_the_asker_alone(desk: Desk, line: str) -> None:
    """In a group, too: by a way to the private chat where the platform has no other."""
    reply = await desk.ask(line)
    assert reply.private
    assert reply.detour is not None
    assert text(await desk.ask(f"/start {reply.detour.start}")) == text(reply)


def test_the_commands_of_administrators_are_known_as_such() -> None:
    """Menus and help leave them out for everybody else."""
    ours = {info.name for info in menu("en") if info.audience is Audience.ADMINS}
    assert ours == {"post", "stats", "deliveries"}
