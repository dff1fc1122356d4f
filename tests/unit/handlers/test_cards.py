"""Questions asked while writing: the cards that are found, page by page."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handlers import find_cards
from bot.handlers.cards import PAGE
from bot.model.cards import Cards, Inquiry
from bot.model.chat import Address, User
from bot.model.command import Where
from bot.model.digest import Comment, Issue, Section
from bot.model.richtext import Document, Image, paragraph
from bot.renderers.plain import render_plain
from tests.unit.handlers.conftest import Talk
from tests.unit.handlers.samples import entry

INQUIRY = Inquiry("", User("telegram:7"), Address("telegram", "7"))


async def cards(talk: Talk, query: str, offset: str = "", *, language: str = "") -> Cards:
    user = replace(INQUIRY.user, language=language)
    return await find_cards(replace(INQUIRY, query=query, offset=offset, user=user), talk.context)


async def test_words_find_entries(talk: Talk) -> None:
    """Each with its title, its place, and what was found of it; choosing one says it, and leads to the rest."""
    [first, *_] = (await cards(talk, "rebuttal")).cards
    assert "rebuttal" in (first.title + first.detail).casefold()
    assert "Issue" in first.detail
    assert first.title in render_plain(first.reply.document)
    [row] = first.reply.buttons
    assert {button.where for button in row} == {Where.PRIVATE}
    assert row[0].action.startswith("entry ")


async def test_without_words_the_latest_issue_is_shown(talk: Talk) -> None:
    """In its order."""
    latest = await talk.context.issues.latest_issue()
    assert latest is not None
    shown = await cards(talk, "  ")
    assert [card.title for card in shown.cards] == [one.title for one in latest.entries][:PAGE]


async def test_cards_come_page_by_page(empty: Talk) -> None:
    """None is left out, none comes twice, and the last page says so; an offset that is none begins anew."""
    entries = tuple(entry(f"Splatting number {number}", "gaussian") for number in range(25))
    issue = Issue(1, "One", sections=(Section("S", entries),))
    await empty.context.issues.save(issue, content_hash="1", now=empty.context.clock.now(), publish_at=None)
    for query in ("", "gaussian"):
        titles: list[str] = []
        offset = ""
        while True:
            page = await cards(empty, query, offset)
            titles += [card.title for card in page.cards]
            offset = page.next_offset
            if not offset:
                break
        assert sorted(titles) == sorted(one.title for one in entries)
    for wrong in ("x", "-1", "9" * 60, "１"):
        assert (await cards(empty, "gaussian", wrong)).cards is not None


async def test_a_picture_of_the_web_is_the_thumbnail(empty: Talk) -> None:
    """One of this machine, or without encryption, is none; and what was said about an entry is had from the bot."""
    pictures = [(), (Image("a.png"),), (Image("http://e.org/a.png"), Image("https://e.org/b.png"))]
    said = Comment("Bob", 0, Document((paragraph("I doubt it"),)))
    entries = tuple(
        replace(entry(f"E{number}", "x"), images=images, comments=(said,)) for number, images in enumerate(pictures)
    )
    issue = Issue(1, "One", sections=(Section("S", entries),), base="file:///digests/1.md")
    await empty.context.issues.save(issue, content_hash="1", now=empty.context.clock.now(), publish_at=None)
    found = (await cards(empty, "")).cards
    assert [card.picture for card in found] == ["", "", "https://e.org/b.png"]
    assert "I doubt it" not in render_plain(found[0].reply.document)
    assert "Discussion (1)" in found[0].reply.buttons[0][0].label


@pytest.mark.parametrize(("language", "hint"), [("en", "Nothing found"), ("zh-hans", "没有找到")])
async def test_where_nothing_is_found_it_is_said(talk: Talk, empty: Talk, language: str, hint: str) -> None:
    """In the asker's language."""
    assert hint in (await cards(talk, "qqqqqqqqqq", language=language)).hint
    assert (await cards(talk, "qqqqqqqqqq", "10")).hint == "", "a last page is no failure"


@pytest.mark.parametrize("query", ["x" * 256, "\ud83d", "\x00", "'\";--", "author:", "(" * 200])
async def test_any_text_is_safe(talk: Talk, query: str) -> None:
    """People type whatever they like."""
    assert await cards(talk, query) is not None


async def test_keys_are_what_a_platform_takes(talk: Talk) -> None:
    """Short, plain, each its own."""
    keys = [card.key for card in (await cards(talk, "")).cards]
    assert len(set(keys)) == len(keys)
    assert all(key.isascii() and 0 < len(key) <= 64 for key in keys)
