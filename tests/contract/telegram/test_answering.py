"""Answers, buttons, and what happens to the bot in a chat."""

from __future__ import annotations

import logging

import pytest

from bot.adapters.telegram import PLATFORM
from bot.model.chat import ChatKind
from bot.model.command import (
    Button,
    Command,
    Detour,
    Membership,
    MembershipChange,
    Reply,
)
from bot.model.delivery import (
    Post,
)
from bot.model.richtext import Image, link, paragraph
from bot.storage.updates import Updates
from tests.contract.telegram.house import House, SwiftClock, address, document, echo
from tests.fakes.faults import Refuse, TooMany
from tests.fakes.telegram import Chat, TelegramFake, errors
from tests.fakes.telegram.world import Kind


async def pages(command: Command) -> Reply | None:
    match command.name, command.argument:
        case "search", _:
            return Reply(document("page 1"), ((Button("Next", action="page 2"), Button("Old", action="old")),))
        case "page", number:
            return Reply(document(f"page {number}"), ((Button("Back", action="page 1"),),), replace=True)
        case "old", _:
            return Reply(toast="This is too old " * 20)
        case _:
            return None


async def test_a_button_turns_its_message_into_the_answer(house: House, private: Chat):
    """And comes to rest, whatever the answer is; a notice is cut to what Telegram shows."""
    house.respond = pages
    async with house.receiving():
        house.fake.say(private, house.fake.world.users[42], "/search nerf")
        await house.until(lambda: house.fake.transcript.from_bot)
        old = house.fake.press(house.fake.transcript[-1], "Old")
        await house.until(lambda: old.answer is not None)
        turned = house.fake.press(house.fake.transcript[-1], "Next")
        await house.until(lambda: turned.answer is not None and house.fake.transcript.edited.texts == ["page 2"])
        house.fake.press(house.fake.transcript[-1], "Back")
        await house.until(lambda: house.fake.transcript.edited.texts == ["page 2", "page 1"])
    assert old.answer is not None
    assert old.answer["text"].startswith("This is too old")
    assert len(old.answer["text"]) == 200
    assert house.fake.transcript.standing().from_bot.texts == ["page 1"]


async def test_a_button_changes_the_buttons_alone(house: House, private: Chat):
    """Of an answer in several messages, or with a picture: what it says stays as it was."""

    async def respond(command: Command) -> Reply:
        shown = document(*("x" * 3000 for _ in range(3)))
        kept = command.name == "save"
        buttons = ((Button("★ Saved" if kept else "☆ Save", action="save 1"),),)
        return Reply(shown, buttons, replace=kept, buttons_only=kept, toast="Saved" if kept else "")

    house.respond = respond
    async with house.receiving():
        house.fake.say(private, house.fake.world.users[42], "/entry 1")
        await house.until(lambda: len(house.fake.transcript.from_bot) == 3)
        last = house.fake.transcript[-1]
        for label in ("☆ Save", "★ Saved"):  # the second time nothing changes, and that is no trouble
            calls = len(house.fake.calls)
            house.fake.press(last, house.fake.transcript.standing().from_bot[-1].button(label))
            await house.until(
                lambda calls=calls: any(call.method == "editMessageReplyMarkup" for call in house.fake.calls[calls:])
            )
    standing = house.fake.transcript.standing().from_bot
    assert standing.texts == ["x" * 3000] * 3
    assert standing[-1].key == last.key
    assert [button.label for row in standing[-1].buttons for button in row] == ["★ Saved"]


async def test_what_is_for_one_alone_is_had_in_private(house: House, lab: Chat, private: Chat):
    """A group sees the way there; in private the answer is given as it is."""

    async def respond(_: Command) -> Reply:
        detour = Detour("saved", document("That is between you and me."), "Open in private")
        return Reply(document("what you saved"), private=True, detour=detour)

    house.respond = respond
    ada = house.fake.world.users[42]
    async with house.receiving():
        house.fake.say(lab, ada, "/saved")
        await house.until(lambda: house.fake.transcript.of(lab.id).from_bot)
        house.fake.say(private, ada, "/saved")
        await house.until(lambda: house.fake.transcript.of(private.id).from_bot)
    [told] = house.fake.transcript.of(lab.id).from_bot
    assert told.text == "That is between you and me."
    [[button]] = told.buttons
    assert button.url == f"https://t.me/{house.fake.world.bot.username}?start=saved"
    assert house.fake.transcript.of(private.id).from_bot.texts == ["what you saved"]


async def test_what_is_opened_from_a_channel_opens_in_private(house: House, fake: TelegramFake):
    """A press in a channel leads its presser to the bot; nothing is said to everybody."""
    channel = fake.channel("Digest")
    house.respond = echo
    async with house.receiving() as adapter:
        rows = ((Button("1", action="entry 34"), Button("2", action="panel")),)
        [composed] = PLATFORM.compose(Post(0, (document("hello"),), rows))
        await adapter.send(address(channel), composed, "r")
        pressed = fake.press(fake.transcript[-1], "1", by=fake.user("Ada"))
        await house.until(lambda: pressed.answer)
        assert pressed.answer is not None
        assert pressed.answer["url"].endswith("?start=entry_34")
        fake.press(fake.transcript[-1], "2", by=fake.user("Ben"))
        await house.until(lambda: len(fake.transcript) > 1)
    assert fake.transcript[-1].text.startswith("you asked panel")
    assert len(fake.transcript.sent) == 2


async def test_a_button_below_what_cannot_be_turned_is_answered_anew(house: House, private: Chat):
    """A photo's caption is no text, and a message may be gone."""
    house.respond = pages
    with_button = PLATFORM.compose(
        Post(0, (document("x", Image("https://e.org/a.gif")),), ((Button("Next", action="page 2"),),))
    )
    async with house.receiving() as adapter:
        await adapter.send(address(private), with_button[0], "r")
        house.fake.press(house.fake.transcript[-1], "Next")
        await house.until(lambda: house.fake.transcript.sent.texts == ["x", "page 2"])
        message = house.fake.transcript[-1]
        house.fake.press(message, "Back")
        house.fake.erase(message)
        await house.until(lambda: house.fake.transcript.sent.texts == ["x", "page 2", "page 1"])


async def test_a_button_nobody_answers_comes_to_rest(house: House, private: Chat):
    """A reader does not wait for nothing."""
    [message] = PLATFORM.compose(Post(0, (document("x"),), ((Button("?", action="unknown"),),)))
    async with house.receiving() as adapter:
        await adapter.send(address(private), message, "r")
        query = house.fake.press(house.fake.transcript[-1], "?")
        await house.until(lambda: query.answer is not None)


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (Refuse("Bad Request: failed to get HTTP URL content"), "see this"),
        (Refuse(errors.ENTITIES_TOO_LONG), "see this (https://e.org/1)\n🖼 (https://e.org/a.png)"),
    ],
)
async def test_a_refused_answer_is_given_plainer(house: House, private: Chat, fault: Refuse, told: str):
    """Without its picture, or as plain text: an answer in any case."""

    async def respond(_: Command) -> Reply:
        return Reply(document(paragraph("see ", link("this", "https://e.org/1")), Image("https://e.org/a.png")))

    house.respond = respond
    house.fake.fail(with_=fault, method="sendMessage")
    async with house.receiving():
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot)
    assert house.fake.transcript[-1].text.startswith(told)
    assert house.fake.transcript[-1].content["link_preview_options"] == {"is_disabled": True}


async def test_an_answer_waits_as_long_as_it_is_told(fake: TelegramFake, updates: Updates):
    """A throttled answer comes late rather than never."""
    clock = SwiftClock()
    house = House(fake, clock, updates, respond=echo)
    chat = fake.private(fake.user("Ada", id=42))
    fake.fail(with_=TooMany(7), method="sendMessage")
    async with house.receiving():
        fake.say(chat, fake.world.users[42], "/help")
        await house.until(lambda: fake.transcript.from_bot.texts == ["you asked help"])
    assert 7 in clock.slept


async def test_an_answer_that_cannot_be_given_is_one_line_in_the_log(
    house: House, private: Chat, caplog: pytest.LogCaptureFixture
):
    """And nothing else happens."""
    house.respond = echo
    house.fake.fail(with_=Refuse(errors.BLOCKED), method="sendMessage")
    async with house.receiving() as adapter:
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: any(call.status == 403 for call in house.fake.calls))
        house.fake.say(private, house.fake.world.users[42], "/help")
        await house.until(lambda: house.fake.transcript.from_bot)
        assert adapter.health() == ""
    lines = [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING]
    assert len(lines) == 1
    assert "blocked by the user" in lines[0]


async def test_memberships_are_followed(house: House):
    """Added, promoted, renamed, moved, removed: each is told, and greeted where the bot can speak."""
    told: list[Membership] = []

    async def follow(membership: Membership) -> Reply | None:
        told.append(membership)
        return Reply(document(str(membership.change)))

    house.follow = follow
    fake, user = house.fake, house.fake.user("Ada", id=42)
    group = fake.group("Lab", bot="left", members=(user,))
    async with house.receiving():
        fake.add_bot(group, by=user)
        fake.promote_bot(group, by=user)
        fake.demote_bot(group, by=user)
        fake.rename(group, "Vision lab", by=user)
        moved = fake.migrate(group, by=user)
        await house.until(lambda: len(told) == 5 and "migrated" in fake.transcript.of(moved.id).from_bot.texts)
        fake.remove_bot(moved, by=user)
        await house.until(lambda: len(told) == 6)
    assert [membership.change for membership in told] == [
        MembershipChange.ADDED,
        MembershipChange.PROMOTED,
        MembershipChange.DEMOTED,
        MembershipChange.RENAMED,
        MembershipChange.MIGRATED,
        MembershipChange.REMOVED,
    ]
    assert told[4].moved_to == address(moved)
    assert told[4].kind is ChatKind.GROUP
    assert moved.kind is Kind.SUPERGROUP
    assert "migrated" in fake.transcript.of(moved.id).from_bot.texts
    assert "removed" not in fake.transcript.from_bot.texts


async def test_a_user_who_blocks_and_comes_back(house: House, private: Chat):
    """Both are told."""
    told: list[tuple[MembershipChange, str]] = []

    async def follow(membership: Membership) -> Reply | None:
        told.append((membership.change, membership.reason))
        return None

    house.follow = follow
    async with house.receiving():
        house.fake.block(private)
        house.fake.unblock(private)
        await house.until(lambda: len(told) == 2)
    assert told == [(MembershipChange.REMOVED, "blocked by the user"), (MembershipChange.ADDED, "")]
