"""Questions typed behind the bot's name, through the real library: cards within bounds, in time, or nothing."""

from __future__ import annotations

import logging
from datetime import timedelta

import pytest

from bot.adapters.telegram.inline import USEFUL_FOR
from bot.model.cards import Card, Cards, Inquiry
from bot.model.command import Button, Reply, Where
from bot.model.richtext import Image, bold, paragraph
from bot.storage.updates import Updates
from tests.contract.telegram.house import House, document, echo
from tests.fakes.clock import HandClock
from tests.fakes.faults import Html
from tests.fakes.telegram import Chat, TelegramFake


def card(number: int, *blocks: object) -> Card:
    said = document(*(blocks or (paragraph("entry ", bold(str(number))),)))
    buttons = ((Button("Open", f"entry {number}", where=Where.PRIVATE),),)
    return Card(f"entry-{number}", f"Entry {number}", "Issue 3", Reply(said, buttons), "https://e.org/a.png")


async def test_cards_are_shown_and_the_chosen_one_is_said(house: House, lab: Chat):
    """With its title, its picture, and a button that leads to the bot, since no other would work there."""
    asked: list[Inquiry] = []

    async def deal(inquiry: Inquiry) -> Cards:
        asked.append(inquiry)
        return Cards((card(1), card(2)), next_offset="10")

    house.deal = deal
    ada = house.fake.world.users[42]
    async with house.receiving():
        query = house.fake.ask_inline(ada, "nerf", offset="5")
        await house.until(lambda: query.answer)
    assert [(one.query, one.offset, one.user.address, str(one.chat)) for one in asked] == [
        ("nerf", "5", "telegram:42", "telegram:42")
    ]
    assert query.answer is not None
    first = query.answer["results"][0]
    assert (first["title"], first["description"], first["thumbnail_url"]) == (
        "Entry 1",
        "Issue 3",
        "https://e.org/a.png",
    )
    assert query.answer["next_offset"] == "10"
    assert query.answer["is_personal"]
    said = house.fake.choose(query, "entry-2", lab)
    assert said.json["text"] == "entry 2"
    assert said.json["entities"][0]["type"] == "bold"
    [[button]] = house.fake.transcript[-1].buttons
    assert button.url == f"https://t.me/{house.fake.world.bot.username}?start=entry_2"


async def test_a_long_entry_and_pictures_of_this_machine_fit(house: House):
    """One message is said, whatever is left over; what Telegram could not fetch is left out."""

    async def deal(_: Inquiry) -> Cards:
        return Cards(
            (card(1, Image("file:///a.png"), Image("https://e.org/b.png"), *("word " * 500 for _ in range(9))),)
        )

    house.deal = deal
    async with house.receiving():
        query = house.fake.ask_inline(house.fake.user(), "nerf")
        await house.until(lambda: query.answer)
    assert query.answer is not None
    [result] = query.answer["results"]
    content = result["input_message_content"]
    assert 1000 < len(content["message_text"]) <= 4096
    assert content["link_preview_options"]["url"] == "https://e.org/b.png"


async def test_where_nothing_is_found_the_way_to_the_bot_is_shown(house: House):
    """An empty list would leave people at a loss."""

    async def deal(_: Inquiry) -> Cards:
        return Cards(hint="Nothing found. How to ask")

    house.deal = deal
    async with house.receiving():
        query = house.fake.ask_inline(house.fake.user(), "x" * 500)
        await house.until(lambda: query.answer)
    assert query.answer is not None
    assert query.answer["results"] == []
    assert query.answer["button"] == {"text": "Nothing found. How to ask", "start_parameter": "help"}


@pytest.mark.parametrize("late", [True, False])
async def test_a_late_answer_is_not_given(
    fake: TelegramFake, updates: Updates, caplog: pytest.LogCaptureFixture, late: bool
):
    """Telegram would refuse it; nothing is said in the log."""
    caplog.set_level(logging.INFO)
    clock = HandClock()

    async def deal(_: Inquiry) -> Cards:
        clock.advance((USEFUL_FOR + timedelta(seconds=1 if late else -1)).total_seconds())
        return Cards((card(1),))

    house = House(fake, clock, updates, deal=deal)
    ada = fake.user()
    private = fake.private(ada)
    house.respond = echo
    async with house.receiving():
        query = fake.ask_inline(ada, "nerf")
        fake.say(private, ada, "/help")
        await house.until(lambda: fake.transcript.from_bot)
        if not late:
            await house.until(lambda: query.answer)
    assert bool(query.answer) is not late
    assert [record for record in caplog.records if record.levelno >= logging.WARNING] == []


async def test_what_was_typed_before_is_not_answered(house: House):
    """Whoever types on waits for the last of it alone; others are not affected."""
    ada, bob = house.fake.user("Ada"), house.fake.user("Bob")
    queries = {}

    async def deal(inquiry: Inquiry) -> Cards:
        if inquiry.query == "n":  # while it is looked for, more is typed
            queries["nerf"] = house.fake.ask_inline(ada, "nerf")
            await house.until(lambda: queries["nerf"].answer)
        return Cards((card(1),))

    house.deal = deal
    async with house.receiving():
        queries["n"] = house.fake.ask_inline(ada, "n")
        queries["bob"] = house.fake.ask_inline(bob, "slam")
        await house.until(lambda: "nerf" in queries and queries["nerf"].answer and queries["bob"].answer)
    assert queries["n"].answer is None


async def test_a_refused_answer_is_one_line(house: House, private: Chat, caplog: pytest.LogCaptureFixture):
    """And nobody else is kept waiting; without cards nothing is said at all."""

    async def deal(inquiry: Inquiry) -> Cards | None:
        return Cards((card(1),)) if inquiry.query else None

    house.deal = deal
    house.fake.fail(with_=Html(502), method="answerInlineQuery")
    async with house.receiving():
        house.fake.ask_inline(house.fake.user(), "")
        house.fake.ask_inline(house.fake.user(), "nerf")
        await house.until(lambda: house.fake.counters["answerInlineQuery"])
        query = house.fake.ask_inline(house.fake.user(), "nerf")
        await house.until(lambda: query.answer)
    assert house.fake.counters["answerInlineQuery"] == 2
    assert caplog.text.count("a typed question was not answered") == 1
