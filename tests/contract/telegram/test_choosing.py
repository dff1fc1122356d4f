"""Channels and groups that people choose for the bot, and what it may do there."""

from __future__ import annotations

import pytest

from bot.model.chat import ChatKind, Place
from bot.model.command import Command, Membership, MembershipChange, Offer, Purpose, Reply
from tests.contract.telegram.house import House, address, document
from tests.fakes.telegram import Chat, TelegramFake

OFFER = Offer(Purpose.SUBSCRIBE, channel="A channel", group="A group")


def listen(house: House) -> tuple[list[Command], list[Membership]]:
    """Offer chats to whoever says something, and hear what comes of it."""
    heard: list[Command] = []
    told: list[Membership] = []

    async def respond(command: Command) -> Reply:
        heard.append(command)
        return Reply(document("which?"), offer=OFFER) if command.name == "subscribe" else Reply(document("well"))

    async def follow(membership: Membership) -> None:
        told.append(membership)

    house.respond, house.follow = respond, follow
    return heard, told


async def test_a_chosen_channel_is_a_command_about_it(house: House, private: Chat, fake: TelegramFake):
    """Telegram takes the bot there as a poster, tells so, and tells which one was chosen."""
    ada = fake.world.users[42]
    news = fake.channel("News", bot="left", members=(ada,))
    heard, told = listen(house)
    async with house.receiving():
        fake.say(private, ada, "/subscribe")
        await house.until(lambda: private.letters)
        fake.share(private, "A channel", news)
        await house.until(lambda: len(heard) == 2 and told)
    assert (heard[1].name, heard[1].argument) == ("subscribe", str(news.id))
    assert (heard[1].chat, heard[1].kind, heard[1].user.address) == (address(private), ChatKind.PRIVATE, "telegram:42")
    assert (told[0].chat, told[0].change, told[0].is_open) == (address(news), MembershipChange.ADDED, True)


async def test_a_chosen_group_takes_the_bot_in(house: House, private: Chat, fake: TelegramFake):
    """As a member: posting takes no more there. The letters have their room again."""
    ada = fake.world.users[42]
    lab = fake.supergroup("Lab", bot="left", members=(ada,))
    heard, told = listen(house)
    async with house.receiving():
        fake.say(private, ada, "/subscribe")
        await house.until(lambda: private.letters)
        fake.share(private, "A group", lab)
        await house.until(lambda: len(heard) == 2 and told)
        await house.until(lambda: private.letters)  # asked again by the same command
    assert lab.bot == "member"
    assert heard[1].argument == str(lab.id)


async def test_clients_offer_what_suits_alone(house: House, private: Chat, fake: TelegramFake):
    """No channel in which one only reads, and no group for a channel."""
    ada = fake.world.users[42]
    listen(house)
    async with house.receiving():
        fake.say(private, ada, "/subscribe")
        await house.until(lambda: private.letters)
        for label, chat in (
            ("A channel", fake.channel("News", members=((ada, "member"),))),
            ("A channel", fake.supergroup("Lab", members=(ada,))),
        ):
            with pytest.raises(LookupError):
                fake.share(private, label, chat)


@pytest.mark.parametrize(
    "name", ["@vision_news", "https://t.me/vision_news", "t.me/vision_news/7", "ID", "telegram:ID"]
)
async def test_a_channel_is_found_by_what_people_write(house: House, fake: TelegramFake, name: str):
    """Its name, its number, or a link to it."""
    news = fake.channel("News", username="vision_news")
    async with house.sending() as adapter:
        found = await adapter.look_up(name.replace("ID", str(news.id)))
    assert found == Place(address(news), ChatKind.CHANNEL, "News", is_open=True)


async def test_a_link_into_a_private_channel_names_it(house: House, fake: TelegramFake):
    """Its number stands in it."""
    news = fake.channel("News")
    async with house.sending() as adapter:
        found = await adapter.look_up(f"https://t.me/c/{-1_000_000_000_000 - news.id}/12")
        assert found is not None
        assert found.address == address(news)
        for lost in ("@nobody_here", "https://t.me/c/999/1", "please", "", "@", "https://e.org/x"):
            assert await adapter.look_up(lost) is None


async def test_where_the_bot_may_write(house: House, fake: TelegramFake, private: Chat):
    """In a channel as a poster, in a group as one who may speak."""
    mute = fake.channel("Mute")
    mute.may_post = False
    hushed = fake.supergroup("Hushed")
    hushed.may_write = False
    expected = [
        (fake.channel("News"), True),
        (mute, False),
        (fake.channel("Strange", bot="left", username="strange_news"), False),
        (fake.supergroup("Lab"), True),
        (hushed, False),
        (fake.supergroup("Served", bot="administrator"), True),
    ]
    async with house.sending() as adapter:
        for chat, is_open in expected:
            found = await adapter.look_up(str(chat.id))
            assert found is not None
            assert found.is_open is is_open, chat.title
        person = await adapter.look_up(str(private.id))
    assert person is not None
    assert person.kind is ChatKind.PRIVATE


async def test_a_poster_is_told_from_who_only_sits_there(house: House, fake: TelegramFake):
    """An administrator of a channel without that right becomes one later, and is one no more."""
    ada = fake.user("Ada")
    news = fake.channel("News", bot="left", members=(ada,))
    _, told = listen(house)
    async with house.receiving():
        fake.add_bot(news, by=ada, may_post=False)
        fake.let_post(news, by=ada)
        fake.let_post(news, by=ada, may_post=False)
        await house.until(lambda: len(told) == 3)
    assert [(one.change, one.is_open) for one in told] == [
        (MembershipChange.ADDED, False),
        (MembershipChange.PROMOTED, True),
        (MembershipChange.DEMOTED, False),
    ]
