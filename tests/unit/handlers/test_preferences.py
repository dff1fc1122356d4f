"""What a chat may set, from a button's words or a person's."""

from __future__ import annotations

from datetime import time
from zoneinfo import available_timezones

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.delivery.timing import Hours
from bot.formatters.panel_actions import Set, Setting
from bot.handlers.preferences import change, read_time, read_times
from bot.handlers.zones import read_zone
from bot.locales import LANGUAGES, open_words
from bot.model.chat import Layout, Preferences, Timing
from bot.settings import Settings

SETTINGS = Settings(_env_file=None)


@pytest.mark.parametrize(
    ("setting", "value", "expected"),
    [
        (Setting.LAYOUT, "Full", Preferences(layout=Layout.FULL)),
        (Setting.IMAGES, "off", Preferences(images=False)),
        (Setting.SOUND, "off", Preferences(silent=True)),
        (Setting.LANGUAGE, "zh-CN", Preferences(language="zh")),
        (Setting.HOUR, "7:05", Preferences(post_at="07:05")),
        (Setting.HOUR, "own", Preferences()),
        (Setting.ZONE, "asia/shanghai", Preferences(zone="Asia/Shanghai")),
        (Setting.ZONE, "own", Preferences()),
        (Setting.ZONE, "los angeles", Preferences(zone="America/Los_Angeles")),
        (Setting.ZONE, "北京", Preferences(zone="Asia/Shanghai")),
        (Setting.ZONE, "UTC+8", Preferences(zone="Etc/GMT-8")),
        (Setting.PACE, "120", Preferences(pace_minutes=120)),
        (Setting.HOURS, "18:00, 9:00 13:00", Preferences(hours=("09:00", "13:00", "18:00"))),
        (Setting.WATCHED, "on", Preferences(watched_only=True)),
        (Setting.PLACE, "channel", Preferences(threaded=False)),
        (Setting.QUIET, "22:00 - 07:00", Preferences(quiet_from="22:00", quiet_until="07:00")),
        (Setting.QUIET, "22:00-7:00", Preferences(quiet_from="22:00", quiet_until="07:00")),
        (Setting.QUIET, "22:00–07:00", Preferences(quiet_from="22:00", quiet_until="07:00")),
        (Setting.QUIET, "none", Preferences()),
    ],
)
def test_a_value_is_read_as_it_was_meant(setting: Setting, value: str, expected: Preferences) -> None:
    """Case and small differences of writing do not matter."""
    assert change(Preferences(), Set(setting, value)) == expected


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        (Setting.LAYOUT, "huge"),
        (Setting.IMAGES, "maybe"),
        (Setting.SOUND, ""),
        (Setting.LANGUAGE, "tlh"),
        (Setting.HOUR, "25:00"),
        (Setting.HOUR, "9"),
        (Setting.ZONE, "../etc/passwd"),
        (Setting.ZONE, "Mars/Olympus"),
        (Setting.ZONE, "UTC+15"),
        (Setting.HOURS, "09:00 noon"),
        (Setting.HOURS, ""),
        (Setting.HOURS, " ".join(f"{hour}:00" for hour in range(13))),
        (Setting.PLACE, "moon"),
        (Setting.SECTIONS, "some"),
        (Setting.PACE, "-5"),
        (Setting.PACE, "99999"),
        (Setting.PACE, "٣"),
        (Setting.QUIET, "22:00"),
        (Setting.QUIET, "22:00-22:00"),
        (Setting.QUIET, "22:00-25:00"),
    ],
)
def test_what_says_nothing_changes_nothing(setting: Setting, value: str) -> None:
    """A wrong value is refused as a whole."""
    assert change(Preferences(), Set(setting, value)) is None


def test_a_pace_and_hours_of_its_own_exclude_each_other() -> None:
    """The last word counts."""
    paced = Preferences(pace_minutes=30)
    at_hours = change(paced, Set(Setting.HOURS, "09:00"))
    assert at_hours == Preferences(hours=("09:00",))
    assert change(at_hours, Set(Setting.PACE, "0")) == Preferences()


def test_every_zone_is_read_by_its_name_and_named_in_each_language() -> None:
    """In any case of its letters; what a city's name stands for is never another zone."""
    for zone in available_timezones():
        assert read_zone(zone.lower().replace("_", " ")) == zone
        assert all(open_words(language).zone(zone) for language in LANGUAGES)


@pytest.mark.parametrize(
    ("written", "zone"),
    [
        ("Tokyo", "Asia/Tokyo"),
        ("東京", None),
        ("东京", "Asia/Tokyo"),
        ("new  york", "America/New_York"),
        ("utc", "UTC"),
        ("+08:00", "Etc/GMT-8"),
        ("GMT-3", "Etc/GMT+3"),
        ("UTC−7", "Etc/GMT+7"),
        ("UTC+0", "UTC"),
        ("UTC-13", None),
        ("+5:30", None),
        ("Springfield", None),
        ("", None),
    ],
)
def test_a_zone_is_read_as_people_write_it(written: str, zone: str | None) -> None:
    """By city or offset; half hours have names alone."""
    assert read_zone(written) == zone


@pytest.mark.parametrize(
    ("zone", "english", "chinese"),
    [
        ("America/Los_Angeles", "Los Angeles", "洛杉矶"),
        ("Asia/Shanghai", "Shanghai", "上海"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires", "布宜诺斯艾利斯"),
        ("Asia/Kolkata", "Kolkata", "加尔各答"),
        ("Etc/GMT-8", "UTC+8", "UTC+8"),
        ("UTC", "UTC", "UTC"),
    ],
)
def test_a_zone_is_named_by_its_city(zone: str, english: str, chinese: str) -> None:
    """In the language of whoever reads it."""
    assert (open_words("en").zone(zone), open_words("zh").zone(zone)) == (english, chinese)


@settings(deadline=None)  # the first zone that is read has all of them looked up
@given(st.sampled_from(Setting), st.text(max_size=20))
def test_whatever_is_set_can_be_delivered_by(setting: Setting, value: str) -> None:
    """Nothing a person writes makes preferences that the delivery cannot read."""
    after = change(Preferences(), Set(setting, value))
    if after is not None:
        Hours.of(Timing.of(after), SETTINGS.timezone)


@given(st.times())
def test_a_time_is_kept_as_it_is_written(moment: time) -> None:
    """Hours and minutes, with their zeros."""
    assert read_time(f"{moment:%H:%M}") == f"{moment:%H:%M}"


def test_what_a_chat_left_open_is_the_bots_own() -> None:
    """A chat that chose nothing receives when the bot posts."""
    times = read_times(Preferences(quiet_from="22:00"), SETTINGS)
    assert (times.hour, times.zone, times.quiet) == ("09:00", "UTC", None)
    own = read_times(Preferences(post_at="20:30", zone="Asia/Tokyo", quiet_from="1:00", quiet_until="2:00"), SETTINGS)
    assert (own.hour, own.zone, own.quiet) == ("20:30", "Asia/Tokyo", ("1:00", "2:00"))
