"""Who is answered, in which language, and what a stranger's word brings."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import apologise, menu
from bot.model.chat import ChatKind, User
from bot.model.command import Command, Origin
from tests.unit.handlers.conftest import GROUP, PRIVATE, READER, Talk, text
from tests.unit.handlers.samples import ISSUES


async def test_plain_words_to_the_bot_are_a_search(talk: Talk) -> None:
    """In private, nobody has to know a command."""
    assert "rebuttal" in text(await talk.say("rebuttal"))


async def test_plain_words_in_a_group_are_not_for_the_bot(talk: Talk) -> None:
    """People talk to each other, unless they mention the bot."""
    group = talk.in_group()
    assert await group.hear("rebuttal", addressed=False) is None
    assert "rebuttal" in text(await group.say("rebuttal"))


async def test_a_topic_is_a_command(talk: Talk) -> None:
    """Every topic of the file, in a group too, without being addressed."""
    reply = await talk.in_group().hear("/slam", addressed=False)
    assert reply is not None
    assert "DROID-SLAM" in text(reply)


async def test_a_groups_unknown_command_is_for_somebody_else(talk: Talk) -> None:
    """Other bots have commands, too."""
    assert await talk.in_group().hear("/weather", addressed=False) is None


async def test_a_topic_goes_by_its_other_names_too(talk: Talk) -> None:
    """What entries call it is a command, spelt as a command can be."""
    assert text(await talk.say("/radiance_field")) == text(await talk.say("/nerf"))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("serch", "/search"), ("subscibe", "/subscribe"), ("slan", "/slam"), ("radience_fields", "/nerf")],
)
async def test_a_mistyped_command_is_answered_with_the_nearest(talk: Talk, typed: str, meant: str) -> None:
    """Commands and topics alike; a group's, if the bot was addressed."""
    assert f"Did you mean {meant}?" in text(await talk.say(f"/{typed}"))
    assert f"Did you mean {meant}?" in text(await talk.in_group().say(f"/{typed}"))


async def test_what_only_those_who_run_the_bot_can_do_is_told_to_nobody_else(talk: Talk) -> None:
    """Neither as a help line nor as what a slip may have meant."""
    talk.context = replace(talk.context, is_admin=lambda user: user.address == "web:boss")
    boss = replace(talk, user=User("web:boss"))
    assert "/post" in text(await boss.say("/help"))
    assert "/post" not in text(await talk.say("/help"))
    assert "Did you mean /post?" in text(await boss.say("/pots"))
    assert "/post?" not in text(await talk.say("/pots"))


async def test_a_command_like_no_other_leads_to_help(talk: Talk) -> None:
    """There is always a way on."""
    assert "/help" in text(await talk.say("/qqqqqqqq"))


async def test_the_language_is_the_chats_else_the_persons_else_the_bots(talk: Talk) -> None:
    """What a chat chose wins; in private a person's own language is taken first."""
    chinese = replace(talk, user=User(READER.address, language="zh-hans"))
    assert "第 99 期" in text(await chinese.say("/issue 99"))
    assert "no issue 99" in text(await chinese.in_group().say("/issue 99"))
    await chinese.say("/lang en")
    assert "no issue 99" in text(await chinese.say("/issue 99"))


async def test_an_apology_asks_nothing_of_what_failed(talk: Talk) -> None:
    """It is said in words, or to who pressed a button alone."""
    command = Command("search", "x", PRIVATE, ChatKind.PRIVATE, User("web:a", language="zh"))
    assert "请稍后再试" in text(apologise(command, talk.context))
    assert "请稍后再试" in apologise(replace(command, origin=Origin.BUTTON), talk.context).toast


@pytest.mark.parametrize("language", ["en", "zh"])
async def test_the_menu_describes_every_command_and_topic(talk: Talk, language: str) -> None:
    """A platform's menu is complete, in each language, within its limits."""
    infos = menu(language, talk.context.topics())
    names = [info.name for info in infos]
    assert {"latest", "search", "topics", "issue", "help", "subscribe", "lang", "slam", "nerf"} <= set(names)
    assert len(set(names)) == len(names)
    assert not {"entry", "page", "contents", "section", "related", "topic", "start"} & set(names)
    assert all(0 < len(info.summary) <= 256 for info in infos)


@pytest.mark.parametrize("info", menu("en"), ids=lambda info: info.name)
async def test_every_command_of_the_menu_is_answered(talk: Talk, info) -> None:
    """Nothing in the menu is a promise; without an argument as well as with one, and before the first issue too."""
    for argument in ("", "12", "nerf", "x" * 5000, "\x00\ud83d '\";--"):
        assert (await talk.hear(f"/{info.name} {argument}".strip())) is not None


@pytest.mark.parametrize("info", menu("en"), ids=lambda info: info.name)
async def test_every_command_is_answered_before_the_first_issue(empty: Talk, info) -> None:
    """A new bot has something to say."""
    reply = await empty.hear(f"/{info.name}")
    assert reply is not None
    assert reply.document


@pytest.mark.parametrize(
    "action",
    [
        "entry 999",
        "related 999",
        "page 99 0 best",
        "topic gone",
        "contents 99",
        "section 12 9 0",
        "section 12 1 99",
        "entry x",
    ],
)
async def test_an_old_button_is_answered_with_a_notice(talk: Talk, action: str) -> None:
    """What is gone is told to who pressed, never met with silence."""
    reply = await talk.press(action)
    assert reply.toast
    assert not reply.document
    assert len(reply.toast) <= 200


async def test_chats_of_the_samples_are_apart(talk: Talk) -> None:
    """A language set in a group is not the language of a person's own chat."""
    talk.administrators.add(READER.address)
    await talk.in_group().say("/lang zh")
    assert "no issue 99" in text(await talk.say("/issue 99"))
    assert "第 99 期" in text(await talk.in_group().say("/issue 99"))
    assert GROUP != PRIVATE
    assert len(ISSUES) == 2
