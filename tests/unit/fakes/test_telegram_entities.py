"""Texts and entities: what Telegram lets stand, and what it quietly takes away."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram import Bot, MessageEntity

from tests.fakes.telegram import TelegramFake
from tests.fakes.telegram.entities import CAPTION_LIMIT, STYLES, TEXT_LIMIT, check_text, cut, find_entities, utf16
from tests.fakes.telegram.errors import ApiError

TEXTS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cs"]) | st.sampled_from("ab \n🦊中/#@"), min_size=1, max_size=60
)


def entity(kind: str, offset: int, length: int, **fields: str) -> dict[str, object]:
    return {"type": kind, "offset": offset, "length": length, **fields}


@st.composite
def marked_texts(draw: st.DrawFn) -> tuple[str, list[dict[str, object]]]:
    text = draw(TEXTS)
    entities = []
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(text)))
        end = draw(st.integers(start, len(text)))
        kind = draw(st.sampled_from(["bold", "italic", "code", "pre", "blockquote", "text_link"]))
        offset = utf16(text[:start])
        entities.append(entity(kind, offset, utf16(text[:end]) - offset, url="https://example.org"))
    return text, entities


@given(marked_texts())
def test_whatever_stands_is_well_formed(marked: tuple[str, list[dict[str, object]]]) -> None:
    """Entities on character borders are always taken, and what stands covers whole characters within the text."""
    text, entities = marked
    checked = check_text(text, entities, limit=TEXT_LIMIT)
    length = utf16(checked.text)
    for each in checked.entities:
        assert 0 <= each["offset"] < each["offset"] + each["length"] <= length
        assert "�" not in cut(checked.text.replace("�", "?"), each)


@given(marked_texts())
def test_checking_twice_changes_nothing(marked: tuple[str, list[dict[str, object]]]) -> None:
    """What stands can be sent again just as it stands: "not modified" depends on it."""
    once = check_text(*marked, limit=TEXT_LIMIT)
    own = [each for each in once.entities if each["type"] not in {"hashtag", "mention", "url", "bot_command"}]
    twice = check_text(once.text, own, limit=TEXT_LIMIT)
    assert (twice.text, twice.entities, twice.violations) == (once.text, once.entities, [])


@pytest.mark.parametrize(
    ("text", "bad", "refusal"),
    [
        ("🦊", entity("bold", 1, 1), "entity begins in a middle of a UTF-16 symbol at byte offset 1"),
        ("🦊", entity("bold", 0, 1), "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol"),
        ("ab", entity("bold", 3, 1), "entity begins after the end of the text at UTF-16 offset 3"),
        ("ab", entity("bold", 1, 2), "ends after the end of the text at UTF-16 offset 3"),
        ("ab", entity("bold", -1, 2), "receive an entity with incorrect offset -1"),
        ("ab", entity("bold", 0, -2), "receive an entity with incorrect length -2"),
        ("ab", entity("text_link", 0, 2, url="nowhere"), "entity URL 'nowhere' is invalid: Wrong HTTP URL"),
        ("ab", entity("text_link", 0, 2, url="javascript:x"), "entity URL 'javascript:x' is invalid"),
    ],
)
def test_bad_ranges_and_addresses_are_refused(text: str, bad: dict[str, object], refusal: str) -> None:
    """An entity covers whole characters inside the text, and a link goes somewhere."""
    with pytest.raises(ApiError) as caught:
        check_text(text, [bad], limit=TEXT_LIMIT)
    assert refusal in caught.value.description


@pytest.mark.parametrize(
    ("outer", "inner", "rule"),
    [
        ("code", "bold", "bold inside code"),
        ("pre", "italic", "italic inside pre"),
        ("bold", "code", "code inside bold"),
        ("text_link", "text_link", "text_link inside text_link"),
        ("text_link", "blockquote", "blockquote inside text_link"),
        ("blockquote", "expandable_blockquote", "expandable_blockquote inside blockquote"),
        ("bold", "italic", ""),
        ("bold", "text_link", ""),
        ("text_link", "bold", ""),
        ("blockquote", "code", ""),
        ("expandable_blockquote", "text_link", ""),
    ],
)
def test_nesting_that_telegram_undoes_is_undone_and_noted(outer: str, inner: str, rule: str) -> None:
    """Code holds nothing and stands in quotes alone, links and quotes do not nest; styles nest freely."""
    link = {"url": "https://example.org"}
    checked = check_text("one two three", [entity(outer, 0, 13, **link), entity(inner, 4, 3, **link)], limit=TEXT_LIMIT)
    assert checked.violations == ([rule] if rule else [])
    assert [each["type"] for each in checked.entities] == ([outer] if rule else [outer, inner])


def test_styles_may_cross_and_others_may_not() -> None:
    """Bold and italic overlap as they like; a link may not cross the end of a quote."""
    crossing = [entity("bold", 0, 4), entity("italic", 2, 4)]
    assert check_text("one two three", crossing, limit=TEXT_LIMIT).violations == []
    crossing = [entity("blockquote", 0, 4), entity("text_link", 2, 4, url="https://example.org")]
    assert check_text("one two three", crossing, limit=TEXT_LIMIT).violations


def test_a_hundred_entities_stand_and_styles_go_first() -> None:
    """Above a hundred the rest is dropped without a word, styles before links; it is noted here."""
    text = "ab " * 120
    styles = [entity("bold", 3 * number, 1) for number in range(60)]
    links = [entity("text_link", 3 * number, 2, url="https://a.io") for number in range(60, 120)]
    checked = check_text(text, styles + links, limit=TEXT_LIMIT)
    assert sum(each["type"] in STYLES for each in checked.entities) == 40
    assert sum(each["type"] == "text_link" for each in checked.entities) == 60
    assert checked.violations == ["20 entities above 100 were dropped"]


def test_long_addresses_are_too_long_together() -> None:
    """The entities' own size is limited, whatever the text's length."""
    links = [entity("text_link", number, 1, url=f"https://example.org/{'x' * 180}") for number in range(50)]
    with pytest.raises(ApiError, match="ENTITIES_TOO_LONG"):
        check_text("x" * 50, links, limit=TEXT_LIMIT)
    assert len(check_text("x" * 50, links[:40], limit=TEXT_LIMIT).entities) == 40


def test_captions_are_shorter() -> None:
    """A caption is 1024 characters at most."""
    with pytest.raises(ApiError, match="message caption is too long"):
        check_text("x" * 1025, [], limit=CAPTION_LIMIT)


def test_ends_are_trimmed_and_entities_follow() -> None:
    """Blanks around a text fall away, but not those that an entity begins with."""
    checked = check_text("\n  one two \n ", [entity("bold", 3, 3), entity("italic", 7, 6)], limit=TEXT_LIMIT)
    assert checked.text == "one two"
    assert [(each["offset"], each["length"]) for each in checked.entities] == [(0, 3), (4, 3)]
    assert check_text("  one", [entity("bold", 1, 2)], limit=TEXT_LIMIT).text == " one"


def test_telegram_finds_entities_by_itself() -> None:
    """Commands, mentions, hashtags and addresses are found, in UTF-16, outside of code and links."""
    text = "🦊 /search@digest_bot nerf #slam @digest_bot https://arxiv.org/abs/1. a/b"
    found = {each["type"]: cut(text, each) for each in find_entities(text)}
    assert found == {
        "bot_command": "/search@digest_bot",
        "hashtag": "#slam",
        "mention": "@digest_bot",
        "url": "https://arxiv.org/abs/1",
    }
    assert find_entities("/start", [entity("code", 0, 6)]) == []


async def test_dropped_entities_are_noted_with_their_call(telegram: TelegramFake, bot: Bot) -> None:
    """A rule broken without a refusal is among the violations, with the method and the chat."""
    chat = telegram.private(telegram.user())
    await bot.send_message(chat.id, "one", entities=[MessageEntity("code", 0, 3), MessageEntity("bold", 0, 2)])
    [violation] = telegram.violations
    assert (violation.method, violation.chat, violation.rule) == ("sendMessage", chat.id, "bold inside code")


async def test_without_limits_anything_goes(telegram: TelegramFake) -> None:
    """For measuring speed the checks can be left away."""
    async with TelegramFake(rates=False, limits=False) as fake, Bot(fake.token, base_url=f"{fake.url}/bot") as bot:
        chat = fake.private(fake.user())
        await bot.send_message(chat.id, "x" * 5000)
        assert not fake.violations
