"""Issues and entries, opened and leafed through."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.model.digest import Comment, Issue, Section
from bot.model.richtext import Document, Quote, paragraph
from tests.unit.handlers.conftest import THREADED, Talk, actions, text
from tests.unit.handlers.samples import entry


async def test_the_latest_issue_opens_with_its_contents(talk: Talk) -> None:
    """Its sections are one press away."""
    reply = await talk.say("/latest")
    assert text(reply).startswith("第 12 期")
    assert actions(reply) == ["section 12 1 0"]


@pytest.mark.parametrize("written", ["12", "#12", " 12 ", "No. 12", "第 12 期", "第１２期", "issue 12"])
async def test_an_issue_is_asked_for_as_people_write_it(talk: Talk, written: str) -> None:
    """A number is a number however it is dressed."""
    assert text(await talk.say(f"/issue {written}")).startswith("第 12 期")


async def test_an_unknown_number_names_the_latest(talk: Talk) -> None:
    """A wrong number is met with the right one."""
    reply = await talk.say("/issue 99")
    assert text(reply) == "There is no issue 99; the latest is 12."
    assert reply.private


@pytest.mark.parametrize("written", ["", "soon", "12 13", "-", "9" * 30])
async def test_what_is_no_number_is_told_how(talk: Talk, written: str) -> None:
    """An example says more than a rule."""
    assert "/issue 12" in text(await talk.say(f"/issue {written}".strip()))


async def test_an_issue_is_leafed_through_in_one_message(talk: Talk) -> None:
    """Contents, titles, next page, back: each press turns the message that was pressed."""
    contents = await talk.say("/issue 12")
    section = await talk.press(actions(contents)[0])
    assert section.replace
    assert "1. DROID-SLAM" in text(section)
    assert "section 12 1 10" in actions(section)
    page = await talk.press("section 12 1 10")
    assert page.replace
    assert "13. NeRF number 12" in text(page)
    back = await talk.press("contents 12")
    assert back.replace
    assert text(back) == text(contents)


async def test_an_entry_opens_as_a_message_of_its_own(talk: Talk) -> None:
    """What was pressed stays for the next choice."""
    section = await talk.press("section 12 1 0")
    opened = await talk.press(actions(section)[0])
    assert not opened.replace
    assert text(opened).startswith("DROID-SLAM")
    assert "Issue 12 · 成果推荐及讨论" in text(opened)


async def test_an_entry_leads_to_what_is_like_it_and_to_its_issue(talk: Talk) -> None:
    """No entry is a dead end."""
    section = await talk.press("section 12 1 0")
    opened = await talk.press(actions(section)[0])
    (related,) = (action for action in actions(opened) if action.startswith("related"))
    (issue,) = (action for action in actions(opened) if action.startswith("issue"))
    assert "iMAP" in text(await talk.press(related))
    assert text(await talk.press(issue)).startswith("第 12 期")


async def test_a_random_entry_offers_another(talk: Talk) -> None:
    """One more is one press away."""
    reply = await talk.say("/random")
    assert actions(reply)[-1] == "random"
    assert (await talk.press("random")).document


async def test_the_issues_are_listed(talk: Talk) -> None:
    """The newest first; an offset turns the page in place."""
    reply = await talk.say("/issues")
    assert actions(reply) == ["issue 12", "issue 11"]
    assert (await talk.press("issues 0")).replace
    assert actions(await talk.press("issues 50")) == ["issue 12", "issue 11"]


@pytest.mark.parametrize(
    ("payload", "begins"),
    [
        ("issue_11", "第 11 期"),
        ("topic_slam", "SLAM"),
        ("entry_1", "How to write a rebuttal"),
        ("section_11_0", "意见性分享"),
        ("related_2", "More like “iMAP”"),
        ("latest", "第 12 期"),
        ("saved", "You have saved nothing yet"),
        ("search_radiance_field", "12 entries for “radiance field”"),
        ("search_99", "Nothing found for “99”"),
    ],
)
async def test_a_link_into_the_bot_opens_the_thing_itself(talk: Talk, payload: str, begins: str) -> None:
    """A deep link spares its reader the greeting."""
    assert text(await talk.say(f"/start {payload}")).startswith(begins)


async def test_a_link_goes_on_with_a_question(talk: Talk) -> None:
    """Words that fit no link are named by the id that their buttons have."""
    question = await talk.context.questions.remember('"radiance field" -slam', now=talk.context.clock.now())
    assert text(await talk.say(f"/start search_{question}")).startswith('12 entries for “"radiance field" -slam”')


async def test_a_section_is_walked_through_entry_by_entry(talk: Talk) -> None:
    """From the first to the last, in place, there and back; from wherever the first was opened."""
    opened = await talk.press(actions(await talk.press("section 12 1 0"))[0])
    seen = [text(opened).partition(" (")[0]]
    while turns := [b.action for row in opened.buttons for b in row if b.label == "Next →"]:
        opened = await talk.press(turns[0])
        assert opened.replace
        seen.append(text(opened).partition(" (")[0])
    assert seen == ["DROID-SLAM", *(f"NeRF number {n}" for n in range(1, 13))]
    back = [b.action for row in opened.buttons for b in row if b.label == "← Previous"]
    assert text(await talk.press(back[0])).startswith("NeRF number 11")


async def test_a_long_discussion_is_a_button_away(talk: Talk) -> None:
    """What is short stands below its entry."""
    comments = tuple(Comment(f"Reader {n}", 0, Document((paragraph("word " * 40),))) for n in range(9))
    talked = (replace(entry("Much said", "Short."), comments=comments), replace(entry("Little"), comments=comments[:1]))
    issue = Issue(13, "第 13 期", sections=(Section("讨论", talked),))
    await talk.context.issues.save(issue, content_hash="x", now=talk.context.clock.now(), publish_at=None)
    much, little = actions(await talk.press("section 13 0 0"))[:2]
    reply = await talk.press(much)
    assert "Reader" not in text(reply)
    (button,) = (b for row in reply.buttons for b in row if b.label == "Discussion (9)")
    said = await talk.press(button.action)
    assert all(f"Reader {n}" in text(said) for n in range(9))
    assert "Reader 0" in text(await talk.press(little))


@pytest.mark.parametrize("payload", ["", "hello", "issue_", "_", "x_1"])
async def test_any_other_start_is_a_greeting(talk: Talk, payload: str) -> None:
    """A damaged link is a beginning all the same."""
    reply = await talk.say(f"/start {payload}".strip())
    assert text(reply).startswith("Hello!")
    assert actions(reply) == ["latest", "topics", "subscribe"]
    await talk.say("/subscribe")
    assert actions(await talk.say("/start")) == ["latest", "topics", "settings"]


async def test_a_message_to_a_group_is_folded_sooner(talk: Talk) -> None:
    """In a chat of many, a text of a screen opens on demand; alone with the bot it stands open."""
    long = Issue(13, "第 13 期", sections=(Section("意见性分享", (entry("Long", "word " * 200),)),))
    await talk.context.issues.save(long, content_hash="13", now=talk.context.clock.now(), publish_at=None)
    (opening,) = actions(await talk.press("section 13 0 0"))[:1]

    async def folded(asker: Talk) -> bool:
        return any(isinstance(block, Quote) for block in (await asker.press(opening)).document.blocks)

    assert not await folded(talk)
    assert await folded(talk.in_group())


async def test_an_entry_leads_to_where_it_was_delivered(talk: Talk) -> None:
    """In the chat that received it; elsewhere there is no such message to lead to."""
    section = await talk.press("section 12 1 0")
    number = int(actions(section)[0].removeprefix("entry "))
    for chat, expected in ((talk.chat, []), (THREADED, [f"https://t.me/c/1/{number}"])):
        opened = await replace(talk, chat=chat).press(f"entry {number}")
        urls = [button.url for row in opened.buttons for button in row]
        assert [url for url in urls if "t.me" in url] == expected
