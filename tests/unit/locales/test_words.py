"""Messages, counts and dates, as each language writes them."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.locales import match_language, open_words
from bot.model.richtext import Span, bold

EN, ZH = open_words("en"), open_words("zh")


def test_a_message_is_said_in_each_language() -> None:
    """The English message is the key to every language's words."""
    assert EN("Issue {number}", number=12) == "Issue 12"
    assert ZH("The latest issue") == "阅读最新一期"


def test_a_value_is_set_apart_where_it_meets_another_script() -> None:
    """Between a Chinese character and a letter or figure there is a space, between two Chinese ones none."""
    assert ZH("Issue {number}", number=12) == "第 12 期"
    assert ZH("There is no topic “{value}”.", value="nerf") == "没有“nerf”这个话题。"
    assert ZH("From now on I speak {language} here.", language="中文") == "好的，今后我在这里说中文。"
    assert ZH("From now on I speak {language} here.", language="English") == "好的，今后我在这里说 English。"


def test_a_value_is_never_taken_for_a_placeholder() -> None:
    """Whatever somebody typed stands in a message as it was typed."""
    assert EN("There is no topic “{value}”.", value="{value} {0} %s") == "There is no topic “{value} {0} %s”."


def test_a_styled_run_keeps_its_style_inside_a_translated_sentence() -> None:
    """The language decides where a run stands, not how it looks."""
    when = bold("09:00")
    assert EN.parts("New issues come here at {time} ({zone}).", time=when, zone="UTC") == (
        "New issues come here at ",
        when,
        " (",
        "UTC",
        ").",
    )
    assert ZH.parts("New issues come here at {time} ({zone}).", time=when, zone="UTC")[:3] == (
        "新一期会在",
        " ",
        when,
    )


@pytest.mark.parametrize(
    ("n", "english", "chinese"),
    [(0, "0 entries", "0 条内容"), (1, "1 entry", "1 条内容"), (1234, "1,234 entries", "1,234 条内容")],
)
def test_a_number_takes_the_form_of_its_language(n: int, english: str, chinese: str) -> None:
    """English has a plural, Chinese has none; both group their figures."""
    assert EN.plural("{n} entry", "{n} entries", n) == english
    assert ZH.plural("{n} entry", "{n} entries", n) == chinese


def test_days_are_written_as_the_language_writes_them() -> None:
    """A span of days names month and year once."""
    start, end = date(2022, 1, 10), date(2022, 1, 23)
    assert EN.date(start) == "Jan 10, 2022"
    assert ZH.date(start) == "2022 年 1 月 10 日"
    assert EN.dates(start, end).replace("\u2009", " ") == "Jan 10 – 23, 2022"
    assert ZH.dates(start, end) == "2022 年 1 月 10 日至 23 日"


@pytest.mark.parametrize(
    ("start", "end"), [(date(2022, 1, 10), None), (None, date(2022, 1, 10)), (date(2022, 1, 10),) * 2]
)
def test_one_known_day_is_written_alone(start: date | None, end: date | None) -> None:
    """Half a span is a day."""
    assert EN.dates(start, end) == "Jan 10, 2022"


def test_no_known_day_is_nothing() -> None:
    """An issue without dates says nothing about them."""
    assert EN.dates(None, None) == ""


def test_a_time_of_day_is_written_as_the_language_writes_it() -> None:
    """Twelve hours in English, twenty-four in Chinese."""
    assert EN.time(time(21, 30)).replace("\u202f", " ") == "9:30 PM"
    assert ZH.time(time(21, 30)) == "21:30"


@pytest.mark.parametrize(
    ("code", "language"),
    [("zh-hans", "zh"), ("zh_TW", "zh"), ("EN-gb", "en"), (" en ", "en"), ("de", ""), ("", ""), ("zhuang", "")],
)
def test_a_platforms_code_names_a_language(code: str, language: str) -> None:
    """Regions and scripts are left aside; a language that is not spoken is none."""
    assert match_language(code) == language


def test_a_language_that_is_not_spoken_is_answered_in_english() -> None:
    """There are always words."""
    assert open_words("tlh").language == "en"


def test_words_of_a_language_are_read_once() -> None:
    """Opening words costs nothing the second time."""
    assert open_words("zh-cn") is open_words("zh")


def test_a_run_needs_a_text_only() -> None:
    """An empty run leaves no trace."""
    assert EN.parts("Issue {number}", number=Span("")) == ("Issue ",)
