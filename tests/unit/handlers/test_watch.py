"""What a chat watches for: added, tried on the latest issue, listed, taken back."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.handlers.watch import LONGEST, MOST, find_watch, unwatch, watch
from bot.model.chat import ChatKind, Preferences
from bot.model.command import DATA_LIMIT
from bot.search.parser import parse
from tests.unit.handlers.conftest import READER, Talk, actions, text


async def watches(talk: Talk) -> tuple[str, ...]:
    chat = await talk.chat_now()
    return chat.preferences.watches if chat else ()


async def test_what_is_watched_for_is_tried_on_the_latest_issue(talk: Talk) -> None:
    """The count is what it would have brought: entries with all of the words, of that issue alone."""
    assert "Watching for radiance field.\n\n12 entries of issue 12 match." in text(
        await talk.say("/watch radiance   field")
    )
    assert "1 entry of issue 12 matches." in text(await talk.say("/watch slam has:paper"))
    assert "Nothing in issue 12 matches." in text(await talk.say("/watch rebuttal"))
    assert await watches(talk) == ("radiance field", "slam has:paper", "rebuttal")


async def test_a_chat_that_receives_nothing_is_told(talk: Talk) -> None:
    """Nothing can be marked in what does not come."""
    assert "/subscribe" in text(await talk.say("/watch slam"))
    await talk.say("/subscribe")
    assert "/subscribe" not in text(await talk.say("/watch nerf"))


async def test_before_the_first_issue_there_is_nothing_to_try(empty: Talk) -> None:
    """It is watched for all the same."""
    assert text(await empty.say("/watch slam")).startswith("Watching for slam.")
    assert "slam" in text(await empty.say("/watch"))


async def test_the_same_is_watched_for_once(talk: Talk) -> None:
    """However it is spelled."""
    await talk.say("/watch  Gaussian “splatting”")
    await talk.say('/watch gaussian "splatting"')
    assert len(await watches(talk)) == 1


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("autor:crane", "There is no field “autor”."),
        ("issue:soon slam", "“soon” is no issue"),
        ("!!!", "nothing to"),
        ("x" * (LONGEST + 1), f"Please say it in {LONGEST} characters."),
    ],
)
async def test_what_would_never_match_is_told_now(talk: Talk, line: str, answer: str) -> None:
    """A mistake that nobody sees would be watched for in vain."""
    assert answer in text(await talk.say(f"/watch {line}"))
    assert await watches(talk) == ()


async def test_there_is_an_end(talk: Talk) -> None:
    """What is there already can be said again."""
    for n in range(MOST):
        await talk.say(f"/watch word{n}")
    assert f"{MOST} things" in text(await talk.say("/watch one more"))
    assert "Watching for word0." in text(await talk.say("/watch word0"))
    assert len(await watches(talk)) == MOST


async def test_the_list_takes_back_by_button(talk: Talk) -> None:
    """In place, on the page that is open; a second press is an old button."""
    for n in range(7):
        await talk.say(f"/watch word{n}")
    reply = await talk.say("/watch")
    assert not reply.replace
    assert len(reply.buttons) <= 8
    assert all(len(action.encode()) <= DATA_LIMIT for action in actions(reply))
    (turn,) = (action for action in actions(reply) if action.startswith("panel watches"))
    page = await talk.press(turn)
    assert actions(page)[0].startswith("dropwatch")
    after = await talk.press(actions(page)[0])
    assert (after.replace, after.toast) == (True, "Removed")
    assert await watches(talk) == ("word0", "word1", "word2", "word3", "word4", "word6")
    assert "out of date" in (await talk.press(actions(page)[0])).toast


async def test_a_watch_is_taken_back_in_words(talk: Talk) -> None:
    """Without words, there is the list."""
    await talk.say("/watch author:davison has:code")
    assert "author:davison" in text(await talk.say("/unwatch"))
    assert "does not watch for “slam”" in text(await talk.say("/unwatch slam"))
    await talk.say("/unwatch Author:Davison  has:code")
    assert await watches(talk) == ()


async def test_a_private_chat_may_want_nothing_else(talk: Talk) -> None:
    """As long as there is something; a group receives with marks."""
    await talk.say("/watch slam")
    (only,) = (action for action in actions(await talk.say("/watch")) if action.startswith("set watched"))
    await talk.press(only)
    chat = await talk.chat_now()
    assert chat is not None
    assert chat.preferences.watched_only
    assert "Only what matches: slam" in text(await talk.say("/settings"))
    await talk.say("/unwatch slam")
    chat = await talk.chat_now()
    assert chat is not None
    assert not chat.preferences.watched_only


async def test_a_group_does_not_narrow_itself_by_one_press(talk: Talk) -> None:
    """There is no such button, and no such line."""
    talk.administrators.add(READER.address)
    group = talk.in_group()
    await group.say("/watch slam")
    assert not any(action.startswith("set watched") for action in actions(await group.say("/watch")))
    assert (await group.press("set watched on")).toast
    chat = await group.chat_now()
    assert chat is not None
    assert not chat.preferences.watched_only


async def test_a_channel_is_not_told_what_it_watches_for(talk: Talk) -> None:
    """Its administrator is, in private."""
    talk.administrators.add(READER.address)
    channel = replace(talk.in_group(), kind=ChatKind.CHANNEL)
    for line in ("/watch slam", "/watch"):
        reply = await channel.say(line)
        assert reply.private
        assert reply.detour is not None


@given(st.lists(st.text(max_size=30).filter(lambda text: parse(text).clauses), max_size=30))
def test_watching_any_text_keeps_each_once_and_comes_back(queries: list[str]) -> None:
    """Whatever is added can be found, and taken back; nothing is there twice, nor too much."""
    preferences = Preferences()
    for query in queries:
        preferences = watch(preferences, query)
        assert len(preferences.watches) <= MOST
    for query in preferences.watches:
        assert find_watch(query, preferences.watches) == query
        preferences = unwatch(preferences, query)
    assert preferences == Preferences()
