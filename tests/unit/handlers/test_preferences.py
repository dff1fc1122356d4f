"""What a chat may set, from a button's words or a person's."""

from __future__ import annotations

from datetime import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.delivery.timing import Hours
from bot.formatters.actions import Set, Setting
from bot.handlers.preferences import change, read_time, read_times
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
        (Setting.PACE, "120", Preferences(pace_minutes=120)),
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
