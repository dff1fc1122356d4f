"""Issues and entries, opened and leafed through."""

from __future__ import annotations

import pytest

from tests.unit.handlers.conftest import Talk, actions, text


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
    entry = await talk.press(actions(section)[0])
    assert not entry.replace
    assert text(entry).startswith("DROID-SLAM")
    assert "Issue 12 · 成果推荐及讨论" in text(entry)


async def test_an_entry_leads_to_what_is_like_it_and_to_its_issue(talk: Talk) -> None:
    """No entry is a dead end."""
    section = await talk.press("section 12 1 0")
    entry = await talk.press(actions(section)[0])
    related, issue = actions(entry)
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
    ("payload", "begins"), [("issue_11", "第 11 期"), ("topic_slam", "SLAM"), ("entry_1", "How to write a rebuttal")]
)
async def test_a_link_into_the_bot_opens_the_thing_itself(talk: Talk, payload: str, begins: str) -> None:
    """A deep link spares its reader the greeting."""
    assert text(await talk.say(f"/start {payload}")).startswith(begins)


@pytest.mark.parametrize("payload", ["", "hello", "issue_", "_", "x_1"])
async def test_any_other_start_is_a_greeting(talk: Talk, payload: str) -> None:
    """A damaged link is a beginning all the same."""
    reply = await talk.say(f"/start {payload}".strip())
    assert text(reply).startswith("Hello!")
    assert actions(reply) == ["latest", "topics", "subscribe"]


async def test_a_message_to_a_group_is_folded_sooner(talk: Talk) -> None:
    """In a chat of many, the post itself is led to by the title alone."""
    (entry,) = actions(await talk.press("section 11 0 0"))[:1]
    assert "Original post" in text(await talk.press(entry))
    assert "Original post" not in text(await talk.in_group().press(entry))
