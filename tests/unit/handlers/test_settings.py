"""What a chat receives, set by pressing."""

from __future__ import annotations

import pytest

from bot.model.chat import Layout, Preferences
from tests.unit.handlers.conftest import READER, Talk, actions, text


async def preferences(talk: Talk) -> Preferences:
    chat = await talk.chat_now()
    return chat.preferences if chat else Preferences()


def chosen(reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row if button.label.startswith("●")]


async def test_the_panel_shows_what_is_set(talk: Talk) -> None:
    """At first everything, as the bot does by default."""
    reply = await talk.say("/settings")
    assert not reply.replace
    assert "Layout: Compact" in text(reply)
    assert "Sections: all" in text(reply)
    assert chosen(reply) == ["● Compact", "● English"]


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("set layout full", Preferences(layout=Layout.FULL)),
        ("set layout headlines", Preferences(layout=Layout.HEADLINES)),
        ("set images off", Preferences(images=False)),
        ("set sound off", Preferences(silent=True)),
        ("set language zh", Preferences(language="zh")),
    ],
)
async def test_a_press_sets_and_shows_it_in_place(talk: Talk, action: str, expected: Preferences) -> None:
    """The panel that was pressed becomes the panel as it is now."""
    assert action in actions(await talk.say("/settings"))
    reply = await talk.press(action)
    assert reply.replace
    assert await preferences(talk) == expected
    assert text(reply) == text(await talk.say("/settings"))


async def test_images_go_off_and_on(talk: Talk) -> None:
    """One button, both ways."""
    await talk.press("set images off")
    assert "set images on" in actions(await talk.say("/settings"))
    await talk.press("set images on")
    assert (await preferences(talk)).images


async def test_the_panel_speaks_the_language_just_chosen(talk: Talk) -> None:
    """Who chose it can read it."""
    assert "排版：紧凑" in text(await talk.press("set language zh"))


async def test_sections_are_switched_one_by_one(talk: Talk) -> None:
    """All are received until one is left out; with all of them back, everything is received again, new ones too."""
    reply = await talk.press("sections")
    assert chosen(reply) == ["● 意见性分享", "● 成果推荐及讨论"]
    first, second, back = actions(reply)
    assert back == "panel"
    reply = await talk.press(first)
    assert reply.replace
    assert chosen(reply) == ["● 成果推荐及讨论"]
    assert (await preferences(talk)).sections == ("成果推荐及讨论",)
    assert "成果推荐及讨论" in text(await talk.press("panel"))
    await talk.press(first)
    assert (await preferences(talk)).sections == ()
    await talk.press(first)
    await talk.press(second)
    assert (await preferences(talk)).sections == ()


async def test_a_section_of_an_earlier_issue_stays_chosen(talk: Talk) -> None:
    """A section that is not in the latest issue can be left out, or received when it returns."""
    await talk.say("/settings")
    await talk.context.chats.set_preferences(talk.chat, Preferences(sections=("招聘", "意见性分享")))
    reply = await talk.press("sections")
    assert chosen(reply) == ["● 意见性分享", "● 招聘"]
    await talk.press(actions(reply)[0])
    assert (await preferences(talk)).sections == ("招聘",)


@pytest.mark.parametrize(
    ("action", "expected"),
    [
        ("set hour 20:00", Preferences(post_at="20:00")),
        ("set zone Asia/Shanghai", Preferences(zone="Asia/Shanghai")),
        ("set pace 30", Preferences(pace_minutes=30)),
        ("set quiet 22:00-07:00", Preferences(quiet_from="22:00", quiet_until="07:00")),
    ],
)
async def test_times_are_set_on_their_own_page(talk: Talk, action: str, expected: Preferences) -> None:
    """Hour, zone, pace and quiet hours; the page stays open for the next choice."""
    before = await talk.press("times")
    assert action in actions(before)
    after = await talk.press(action)
    assert after.replace
    assert await preferences(talk) == expected
    assert text(after) == text(await talk.press("times")) != text(before)
    assert len(chosen(after)) <= 4


async def test_any_time_can_be_written(talk: Talk) -> None:
    """The buttons are for what most people choose."""
    reply = await talk.say("/settings hour 5:45")
    assert not reply.replace
    assert "Hour: 05:45" in text(reply)
    assert "Layout: Headlines" in text(await talk.say("/settings layout headlines"))
    assert "/settings hour 20:30" in text(await talk.say("/settings hour noon"))
    assert "/settings hour 20:30" in text(await talk.say("/settings please"))


async def test_in_a_group_only_administrators_press_the_panel(talk: Talk) -> None:
    """Everybody may see what is set."""
    group = talk.in_group()
    reply = await group.say("/settings")
    switch = actions(await group.press("sections"))[0]
    for action in ("set images off", switch):
        assert "administrators" in (await group.press(action)).toast
    assert await preferences(group) == Preferences()
    talk.administrators.add(READER.address)
    assert (await group.press("set images off")).document
    assert "set images off" in actions(reply)


@pytest.mark.parametrize(
    "action", ["set layout huge", "set images", "set language tlh", "set colour red", "switch 999", "switch x", "set"]
)
async def test_what_cannot_be_set_is_answered_with_a_notice(talk: Talk, action: str) -> None:
    """And nothing changes."""
    assert (await talk.press(action)).toast
    assert await preferences(talk) == Preferences()


async def test_before_the_first_issue_there_are_no_sections_to_choose(empty: Talk) -> None:
    """The way back is always there."""
    assert actions(await empty.press("sections")) == ["panel"]
