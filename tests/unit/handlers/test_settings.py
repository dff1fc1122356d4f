"""What a chat receives, set by pressing or in words."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.formatters.panel_actions import PanelPage
from bot.handlers.threads import find_section, route
from bot.model.chat import Address, ChatKind, Layout, Preferences
from bot.model.command import DATA_LIMIT, Reply
from bot.model.digest import Issue, Section
from bot.model.search import Topic
from tests.unit.handlers.conftest import PRIVATE, READER, THREADED, Talk, actions, text
from tests.unit.handlers.samples import entry

PAGES = [f"panel {page}" for page in PanelPage]
LEADING = {"panel sections 0", "panel topics 0", "panel watches 0", "panel times 0"}


async def preferences(talk: Talk) -> Preferences:
    chat = await talk.chat_now()
    return chat.preferences if chat else Preferences()


def labels(reply: Reply) -> list[str]:
    return [button.label for row in reply.buttons for button in row]


def chosen(reply: Reply) -> list[str]:
    return [label.removeprefix("✓ ") for label in labels(reply) if label.startswith("✓")]


def turned(action: str) -> str:
    """Return what a switch asks for after it was pressed."""
    return action.removesuffix("on") + "off" if action.endswith("on") else action.removesuffix("off") + "on"


async def store(talk: Talk, *titles: str, number: int = 13) -> None:
    """Store an issue with sections of these titles."""
    sections = tuple(Section(title, (entry(f"In {title}"),)) for title in titles)
    issue = Issue(number, f"第 {number} 期", sections=sections)
    await talk.context.issues.save(issue, content_hash=f"{titles}", now=talk.context.clock.now(), publish_at=None)


async def test_sound_is_offered_where_there_is_any(talk: Talk) -> None:
    """Where every message comes without one, or always with one, there is nothing to choose."""
    telegram = replace(talk, chat=Address("telegram", "1"))
    assert "Notification: with sound" in text(reply := await telegram.say("/settings"))
    assert chosen(reply) == ["Compact", "Images", "Sound", "English"]
    assert "Notification" not in text(await talk.say("/settings"))


async def test_the_panel_shows_what_is_set(talk: Talk) -> None:
    """At first everything, as the bot does by default; and that nothing comes before somebody subscribes."""
    reply = await talk.say("/settings")
    assert not reply.replace
    assert "New issues: not subscribed" in text(reply)
    assert "Layout: Compact" in text(reply)
    assert "Sections: all" in text(reply)
    assert chosen(reply) == ["Compact", "Images", "English"]
    assert {action for action in actions(reply) if action.startswith("panel")} == LEADING
    assert actions(reply)[-1] == "subscribe"
    await talk.say("/subscribe")
    reply = await talk.say("/settings")
    assert "New issues: subscribed" in text(reply)
    assert "subscribe" not in actions(reply)


@pytest.mark.parametrize("page", PAGES)
async def test_a_page_is_small_leads_back_and_fits_its_buttons(talk: Talk, page: str) -> None:
    """At most eight rows, each line within what a button carries; from every page one gets back to the first."""
    await store(talk, *(f"A section with the long title number {n}" for n in range(20)))
    await talk.say("/subscribe")
    await talk.context.chats.set_preferences(talk.chat, Preferences(watches=tuple(f"word{n}" for n in range(20))))
    reply = await talk.press(page)
    assert reply.replace
    assert len(reply.buttons) <= 8
    assert all(len(row) <= 3 for row in reply.buttons)
    assert all(0 < len(action.encode()) <= DATA_LIMIT for action in actions(reply))
    for _ in range(2):
        back = [button.action for row in reply.buttons for button in row if button.label == "‹ Back"]
        reply = await talk.press(back[0]) if back else reply
    assert set(actions(reply)) >= LEADING


async def test_an_old_button_of_a_page_that_is_shorter_now_shows_its_beginning(talk: Talk) -> None:
    """Sections may have gone since."""
    assert len(actions(await talk.press("panel sections 60"))) == 4
    assert "out of date" in (await talk.press("panel nowhere")).toast


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
    talk = replace(talk, chat=Address("telegram", "1"))
    assert action in actions(await talk.say("/settings"))
    reply = await talk.press(action)
    assert reply.replace
    assert await preferences(talk) == expected
    assert text(reply) == text(await talk.say("/settings"))


async def test_images_go_off_and_on(talk: Talk) -> None:
    """One button, both ways."""
    reply = await talk.press("set images off")
    assert "○ Images" in labels(reply)
    assert "set images on" in actions(reply)
    await talk.press("set images on")
    assert (await preferences(talk)).images


async def test_the_panel_speaks_the_language_just_chosen(talk: Talk) -> None:
    """Who chose it can read it."""
    assert "排版：紧凑" in text(await talk.press("set language zh"))


async def test_sections_are_switched_one_by_one(talk: Talk) -> None:
    """All are received until one is left out; with all of them back, everything is received again, new ones too."""
    reply = await talk.press("panel sections")
    assert chosen(reply) == ["意见性分享", "成果推荐及讨论", "All sections"]
    first, second, everything, back = actions(reply)
    assert back == "panel main 0"
    reply = await talk.press(first)
    assert reply.replace
    assert chosen(reply) == ["成果推荐及讨论"]
    assert (await preferences(talk)).sections == ("成果推荐及讨论",)
    assert "Sections: 成果推荐及讨论" in text(await talk.press("panel"))
    await talk.press(turned(first))
    assert (await preferences(talk)).sections == ()
    await talk.press(first)
    await talk.press(second)
    assert (await preferences(talk)).sections == ()
    await talk.press(second)
    assert chosen(await talk.press(everything)) == ["意见性分享", "成果推荐及讨论", "All sections"]


async def test_sections_of_the_last_few_issues_can_be_chosen(talk: Talk) -> None:
    """Not every issue has all of them; what was chosen of earlier ones stays to be switched."""
    await store(talk, "招聘")
    await talk.say("/settings")
    await talk.context.chats.set_preferences(talk.chat, Preferences(sections=("旧栏目", "招聘")))
    reply = await talk.press("panel sections")
    assert [label[2:] for label in labels(reply)][:4] == ["招聘", "意见性分享", "成果推荐及讨论", "旧栏目"]
    assert chosen(reply) == ["招聘", "旧栏目"]
    await talk.press(actions(reply)[3])
    assert (await preferences(talk)).sections == ("招聘",)


async def test_many_sections_are_paged_and_the_page_stays_open(talk: Talk) -> None:
    """Whatever is pressed on it."""
    await store(talk, *(f"Section {n}" for n in range(20)))
    first = await talk.press("panel sections")
    (turn,) = (action for action in actions(first) if action.startswith("panel sections"))
    second = await talk.press(turn)
    assert not set(labels(first)[:6]) & set(labels(second)[:6])
    after = await talk.press(actions(second)[0])
    assert [label[2:] for label in labels(after)[:6]] == [label[2:] for label in labels(second)[:6]]
    assert labels(after)[0].startswith("○ ")


async def test_topics_are_chosen_to_receive_them_alone(talk: Talk) -> None:
    """None chosen means everything; a topic that is no more can be given up."""
    reply = await talk.press("panel topics")
    assert labels(reply) == ["○ SLAM", "○ Radiance fields", "✓ Everything", "‹ Back"]
    slam, nerf, everything, _ = actions(reply)
    assert chosen(await talk.press(slam)) == ["SLAM"]
    assert chosen(await talk.press(nerf)) == ["SLAM", "Radiance fields"]
    assert (await preferences(talk)).topics == ("slam", "nerf")
    assert "Topics: SLAM, Radiance fields" in text(await talk.press("panel"))
    assert chosen(await talk.press(slam)) == ["SLAM", "Radiance fields"]  # it comes twice, without effect
    assert chosen(await talk.press(turned(slam))) == ["Radiance fields"]
    assert chosen(await talk.press(everything)) == ["Everything"]
    await talk.context.chats.set_preferences(talk.chat, Preferences(topics=("gone",)))
    await talk.press(actions(await talk.press("panel topics"))[2])
    assert (await preferences(talk)).topics == ()
    assert "out of date" in (await talk.press("pick gone 0")).toast


async def test_many_topics_are_paged(talk: Talk) -> None:
    """Twelve a page, two in a row."""
    topics = tuple(Topic(f"t{n}", (("en", f"Topic {n}"),), ()) for n in range(30))
    many = replace(talk, context=replace(talk.context, topics=lambda: topics))
    page = await many.press("panel topics 12")
    assert labels(page)[0] == "○ Topic 12"
    assert len(page.buttons) == 8


@pytest.mark.parametrize(
    ("page", "action", "expected"),
    [
        ("hour", "set hour 20:00", Preferences(post_at="20:00")),
        ("zone", "set zone Asia/Shanghai", Preferences(zone="Asia/Shanghai")),
        ("pace", "set pace 30", Preferences(pace_minutes=30)),
        ("pace", "set hours 09:00,13:00,18:00", Preferences(hours=("09:00", "13:00", "18:00"))),
        ("quiet", "set quiet 22:00-07:00", Preferences(quiet_from="22:00", quiet_until="07:00")),
    ],
)
async def test_times_are_set_on_their_own_pages(talk: Talk, page: str, action: str, expected: Preferences) -> None:
    """The page stays open, and shows what is chosen now."""
    before = await talk.press(f"panel {page}")
    assert action in actions(before)
    after = await talk.press(action)
    assert after.replace
    assert await preferences(talk) == expected
    assert actions(after) == actions(before)
    assert len(chosen(after)) == len(chosen(before)) == 1
    assert chosen(after) != chosen(before)


@pytest.mark.parametrize(
    ("line", "page", "shown"),
    [
        ("hour 5:45", "hour", "5:45 AM"),
        ("zone Europe/Zurich", "zone", "Zurich (UTC+1)"),
        ("pace 45", "pace", "A section every 45 minutes"),
        ("hours 8:30 20:30", "pace", "One each at 8:30 AM, 8:30 PM"),
        ("quiet 23:30 - 06:30", "quiet", "11:30 PM–6:30 AM"),
    ],
)
async def test_any_time_can_be_written_and_stands_among_the_buttons(
    talk: Talk, line: str, page: str, shown: str
) -> None:
    """The buttons are for what most people choose, and for what this chat has chosen."""
    reply = await talk.say(f"/settings {line}")
    assert not reply.replace
    assert shown in text(reply).replace("\u202f", " ")
    assert [label.replace("\u202f", " ") for label in chosen(await talk.press(f"panel {page}"))] == [shown]


async def test_the_times_page_says_all_of_it(talk: Talk) -> None:
    """With the bot's own where the chat chose nothing."""
    said = text(await talk.press("panel times")).replace("\u202f", " ")
    assert "Hour: 9:00 AM" in said
    assert "Time zone: UTC" in said
    assert "Pace: All sections at once" in said
    assert "Quiet hours: none" in said


async def test_everything_else_can_be_written_too(talk: Talk) -> None:
    """And what cannot be understood is told by example."""
    assert "Layout: Headlines" in text(await talk.say("/settings layout headlines"))
    await talk.say("/settings topics slam, nerf")
    assert (await preferences(talk)).topics == ("slam", "nerf")
    await talk.say("/settings topics all")
    assert (await preferences(talk)).topics == ()
    for wrong in ("hour noon", "please", "topics slam,nothing", "watched perhaps"):
        assert "/settings hour 20:30" in text(await talk.say(f"/settings {wrong}"))


async def test_where_sections_answer_their_header_that_can_be_chosen(talk: Talk) -> None:
    """And nowhere else is there such a button."""
    assert not any(action.startswith("set place") for action in actions(await talk.say("/settings")))
    threaded = replace(talk, chat=THREADED)
    reply = await threaded.say("/settings")
    assert "Sections come: in the thread of their issue" in text(reply)
    reply = await threaded.press("set place channel")
    assert "Sections come: in the channel" in text(reply)
    assert not (await preferences(threaded)).threaded


# A forum, whose topics sections can be sent to.

FORUM = Address("web", "forum")


def in_topic(talk: Talk, thread: str) -> Talk:
    talk.administrators.add(READER.address)
    return replace(talk, chat=replace(FORUM, thread=thread), kind=ChatKind.GROUP)


async def test_a_section_goes_to_the_forum_topic_in_which_that_is_said(talk: Talk) -> None:
    """The settings are those of the topic that is subscribed, wherever in the forum they are changed."""
    await in_topic(talk, "").say("/subscribe")
    reply = await in_topic(talk, "77").say("/settings thread 意见 here")
    assert "意见性分享 goes to forum topic 77" in text(reply)
    whole = await talk.context.chats.get(FORUM)
    assert whole is not None
    assert whole.preferences.threads == (("意见性分享", "77"),)
    assert "panel threads 0" in actions(await in_topic(talk, "").say("/settings"))
    await in_topic(talk, "78").say("/settings thread 意见性分享 HERE")
    (drop,) = (action for action in actions(await in_topic(talk, "").press("panel threads")) if "drop" in action)
    assert "goes to" not in text(await in_topic(talk, "").press(drop))
    whole = await talk.context.chats.get(FORUM)
    assert whole is not None
    assert whole.preferences.threads == ()


async def test_a_section_can_come_back_by_words(talk: Talk) -> None:
    """Said in any topic."""
    await in_topic(talk, "5").say("/subscribe")
    await in_topic(talk, "77").say("/settings thread 意见 here")
    await in_topic(talk, "5").say("/settings thread 意见 off")
    chat = await in_topic(talk, "5").chat_now()
    assert chat is not None
    assert chat.preferences.threads == ()


@pytest.mark.parametrize(
    ("line", "answer"),
    [
        ("thread 招聘 here", "Which section is “招聘”? There are 意见性分享, 成果推荐及讨论."),
        ("thread 分享 there", "/settings thread SECTION here"),
        ("thread here", "/settings thread SECTION here"),
        ("thread", "/settings thread SECTION here"),
    ],
)
async def test_what_names_no_section_or_place_is_told(talk: Talk, line: str, answer: str) -> None:
    """By what there is, or by example."""
    assert answer in text(await in_topic(talk, "77").say(f"/settings {line}"))


async def test_outside_of_a_topic_there_is_no_here(talk: Talk) -> None:
    """The general topic is where everything else goes."""
    assert "In the forum topic" in text(await in_topic(talk, "").say("/settings thread 意见 here"))


def test_a_section_is_found_by_any_part_that_no_other_has() -> None:
    """Its very title first, though another one has it as a part."""
    titles = ("Papers", "Papers with code", "Jobs")
    assert find_section("papers", titles) == "Papers"
    assert find_section("with CODE", titles) == "Papers with code"
    assert find_section("p", titles) is None
    assert find_section("talks", titles) is None


def test_a_section_goes_to_one_place_alone() -> None:
    """The last one that was said, however its title was written."""
    once = route(Preferences(), "Jobs", "7")
    twice = route(once, "JOBS", "8")
    assert twice.threads == (("JOBS", "8"),)
    assert route(twice, "jobs", "").threads == ()


# Who may.


@pytest.mark.parametrize(
    "action",
    [
        "panel",
        "panel sections",
        "panel times",
        "set images off",
        "set zone UTC",
        "switch 1 0",
        "pick slam 0",
        "dropwatch 1 0",
        "dropthread 1",
        "watch slam",
        "unwatch slam",
        "settings hour 20:30",
        "settings thread 意见 here",
    ],
)
async def test_in_a_group_only_administrators_press_the_panel(talk: Talk, action: str) -> None:
    """Others are told so, alone, and nothing changes, the page on everybody's screen included."""
    group = talk.in_group()
    await talk.press("panel sections")  # a title has its id now
    reply = await group.press(action)
    assert "administrators" in reply.toast
    assert not reply.document
    assert await preferences(group) == Preferences()


async def test_in_a_group_everybody_may_see_what_is_set(talk: Talk) -> None:
    """Without buttons that would do nothing for them."""
    group = talk.in_group()
    reply = await group.say("/settings")
    assert "What “Lab” receives" in text(reply)
    assert "administrators" in text(reply)
    assert reply.buttons == ()
    assert reply.private
    talk.administrators.add(READER.address)
    assert "set images off" in actions(await group.say("/settings"))
    assert (await group.press("set images off")).document


@pytest.mark.parametrize(
    "action",
    [
        "set layout huge",
        "set images",
        "set language tlh",
        "set colour red",
        "set watched maybe",
        "switch 999 0",
        "switch x",
        "pick nothing",
        "dropwatch 999 0",
        "dropthread 999",
        "set",
    ],
)
async def test_what_cannot_be_set_is_answered_with_a_notice(talk: Talk, action: str) -> None:
    """And nothing changes."""
    assert (await talk.press(action)).toast
    assert await preferences(talk) == Preferences()


async def test_before_the_first_issue_there_are_no_sections_to_choose(empty: Talk) -> None:
    """The way back is always there."""
    assert actions(await empty.press("panel sections"))[-1] == "panel main 0"


# A channel, set from the private chat.


@pytest.fixture
async def channel(talk: Talk) -> Talk:
    """A channel that somebody administers."""
    talk.administrators.add(READER.address)
    there = replace(talk, chat=Address("web", "channel"), kind=ChatKind.CHANNEL)
    await there.say("/subscribe")
    return there


async def test_a_channels_settings_lead_to_the_private_chat(talk: Talk, channel: Talk) -> None:
    """Its readers are not shown them; there every button goes on about the channel."""
    there = await channel.say("/settings")
    assert there.private
    assert there.detour is not None
    here = await talk.say(f"/start {there.detour.start}")
    assert "What “Lab” receives" in text(here)
    chat = await channel.chat_now()
    assert chat is not None
    assert all(action.startswith(f"about {chat.id} ") for action in actions(here))
    reply = await talk.press(f"about {chat.id} set layout full")
    assert reply.replace
    assert "Layout: Full" in text(reply)
    assert (await preferences(channel)).layout is Layout.FULL
    assert await preferences(talk) == Preferences()


async def test_every_page_of_a_channel_can_be_reached(talk: Talk, channel: Talk) -> None:
    """With lines that fit their buttons; a choice of the channel's language leaves this chat's alone."""
    chat = await channel.chat_now()
    assert chat is not None
    for page in PAGES:
        reply = await talk.press(f"about {chat.id} {page}")
        assert all(action.startswith("about ") and len(action.encode()) <= DATA_LIMIT for action in actions(reply))
    assert "What “Lab” receives" in text(await talk.press(f"about {chat.id} set language zh"))
    assert (await preferences(channel)).language == "zh"


async def test_who_does_not_administer_a_channel_does_not_get_at_it(talk: Talk, channel: Talk) -> None:
    """Nor does anybody get at another's private chat, whatever its id."""
    chat = await channel.chat_now()
    await talk.say("/settings")
    mine = await talk.context.chats.get(PRIVATE)
    assert chat is not None
    assert mine is not None
    talk.administrators.clear()
    assert "administrators" in (await talk.press(f"about {chat.id} set layout full")).toast
    assert "administrators" in text(await talk.say(f"/start settings_{chat.id}"))
    talk.administrators.add(READER.address)
    assert "administrators" in (await talk.press(f"about {mine.id} set layout full")).toast
    for damaged in ("about", "about x panel", f"about {chat.id} post 12", "about 999 panel", "about ９ panel"):
        assert (await talk.press(damaged)).toast
    assert (await preferences(channel)).layout is Layout.COMPACT
