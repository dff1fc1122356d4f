"""What Telegram shows before anybody has asked: menus by place and language, told only when they are news."""

from __future__ import annotations

from collections.abc import Sequence

from bot.model.command import CommandInfo
from bot.storage.updates import Updates
from tests.contract.telegram.house import House
from tests.fakes.clock import HandClock
from tests.fakes.faults import TooMany
from tests.fakes.telegram import Chat, TelegramFake

SCOPES = 5
"""Everybody, groups, private chats, administrators of groups, and the one who runs the bot."""


def set_calls(fake: TelegramFake) -> int:
    return fake.counters["setMyCommands"]


async def shown(house: House, languages: int = 2) -> None:
    await house.until(lambda: len(house.fake.profile.commands) == SCOPES * languages)


async def test_a_menu_holds_what_one_may_do_there(house: House, private: Chat):
    """Readers' commands for all; what changes a chat for those who may; all of it for those who run the bot."""
    async with house.receiving():
        await shown(house)
    menus = {
        (scope, chat, language): [command["command"] for command in commands]
        for (scope, chat, _, language), commands in house.fake.profile.commands.items()
    }
    wanted = {
        ("default", ""): ["help"],
        ("all_group_chats", ""): ["help"],
        ("all_private_chats", ""): ["help", "subscribe"],
        ("all_chat_administrators", ""): ["help", "subscribe"],
        ("chat", str(private.id)): ["help", "subscribe", "post"],
    }
    assert menus == {(*place, code): names for place, names in wanted.items() for code in ("", "zh")}
    assert house.fake.profile.commands["default", "", "", "zh"][0]["description"] == "help in zh"


async def test_telegram_is_told_only_what_is_news(house: House, private: Chat):
    """A second start sets nothing: the menus stand there already."""
    async with house.receiving():
        await house.until(lambda: ("short_description", "zh") in house.fake.profile.texts)
    told = set_calls(house.fake)
    assert told == SCOPES * 2
    async with house.receiving():
        await house.until(lambda: house.fake.counters["getMyShortDescription"] == 4)
    assert set_calls(house.fake) == told


async def test_a_topic_that_comes_later_comes_into_the_menus(fake: TelegramFake, updates: Updates):
    """They are looked at again while the bot runs; what failed, for a limit or an administrator unknown, comes too."""
    clock = HandClock()
    house = House(fake, clock, updates)
    fake.fail(with_=TooMany(7), method="setMyCommands")
    async with house.receiving():
        await clock.asleep()
        clock.advance(7)
        await house.until(lambda: ("short_description", "zh") in fake.profile.texts)
        await clock.asleep()
        before = set(fake.profile.commands)
        assert not any(scope == "chat" for scope, *_ in before)
        fake.private(fake.user("Ada", id=42))

        def more(language: str) -> Sequence[CommandInfo]:
            return [CommandInfo("help", f"help in {language}"), CommandInfo("slam", "SLAM")]

        house.menu = more
        clock.advance(600)
        await shown(house)
        await clock.asleep()
    assert all([one["command"] for one in menu] == ["help", "slam"] for menu in fake.profile.commands.values())


async def test_the_bot_says_what_it_is_for_unless_its_owner_did(house: House):
    """What was told to @BotFather stays."""
    house.fake.profile.texts["description", ""] = "Our lab's digest"
    async with house.receiving():
        await house.until(lambda: ("short_description", "zh") in house.fake.profile.texts)
    assert house.fake.profile.texts == {
        ("description", ""): "Our lab's digest",
        ("short_description", ""): "a line in en",
        ("description", "zh"): "all of it in zh",
        ("short_description", "zh"): "a line in zh",
    }
