"""Settings: read once, checked, and silent about secrets."""

from __future__ import annotations

from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.settings import LimitChange, Settings, SettingsError, load_settings


@pytest.fixture(autouse=True)
def _clean(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    for field in Settings.model_fields.values():
        monkeypatch.delenv(str(field.validation_alias.choices[0]), raising=False)  # type: ignore[union-attr]
    monkeypatch.chdir(tmp_path)


def test_nothing_needs_to_be_set() -> None:
    """Without any setting the bot is the local web chat on an SQLite file."""
    settings = load_settings()
    assert settings.database_url.get_secret_value() == "sqlite:///data/bot.db"
    assert settings.digests == ("digests/",)
    assert (settings.web_host, settings.web_port) == ("127.0.0.1", 8080)
    assert settings.telegram_bot_token is None


def test_a_dot_env_file_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A .env file sets what the environment does not; an empty value is no value."""
    (tmp_path / ".env").write_text("BOT_POST_AT=07:30\nBOT_TIMEZONE=Asia/Shanghai\nBOT_LANGUAGE=\n", encoding="utf-8")
    monkeypatch.setenv("BOT_TIMEZONE", "Europe/Zurich")
    settings = load_settings()
    assert settings.post_at == time(7, 30)
    assert str(settings.timezone) == "Europe/Zurich"
    assert settings.language == "en"


def test_lists_are_comma_separated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Sources and administrators are lists; spaces around commas do not count."""
    monkeypatch.setenv("BOT_DIGESTS", "digests/, github:lab/digest@main:issues")
    monkeypatch.setenv("BOT_ADMINS", "telegram:1,slack:T1/U1")
    settings = load_settings()
    assert settings.digests == ("digests/", "github:lab/digest@main:issues")
    assert settings.is_admin("slack:T1/U1")
    assert not settings.is_admin("telegram:2")


def test_limits_are_read_one_by_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """A limit is a number of messages in a time, of a platform or of a kind of its chats."""
    monkeypatch.setenv("BOT_LIMITS", "telegram.all=25/1s, slack.channel = 2/1.5")
    assert load_settings().limits == (LimitChange("telegram", "all", 25, 1.0), LimitChange("slack", "channel", 2, 1.5))


@pytest.mark.parametrize(
    ("name", "value", "says"),
    [
        ("BOT_TIMEZONE", "Mars/Olympus", "Asia/Shanghai"),
        ("BOT_POST_AT", "nine", "09:00"),
        ("BOT_WEB_PORT", "eighty", "integer"),
        ("BOT_WEB_PORT", "99999", "65535"),
        ("BOT_LANGUAGE", "fr", "'en' or 'zh'"),
        ("BOT_LATE_AFTER", "soon", "6h"),
        ("BOT_LIMITS", "telegram.group=many", "telegram.group=20/60s"),
        ("BOT_LIMITS", "telegram.group=20/0s", "telegram.group=20/60s"),
        ("TELEGRAM_API_URL", "example.org", "https://"),
    ],
)
def test_a_wrong_setting_is_told_in_one_line(monkeypatch: pytest.MonkeyPatch, name: str, value: str, says: str) -> None:
    """The line names the setting and says what it may be."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(name)
    assert says in str(caught.value)
    assert "\n" not in str(caught.value)


def test_durations_have_units(monkeypatch: pytest.MonkeyPatch) -> None:
    """30s, 90m, 6h and 2d are durations."""
    for text, duration in {"90m": timedelta(minutes=90), "2d": timedelta(days=2), "30s": timedelta(seconds=30)}.items():
        monkeypatch.setenv("BOT_LATE_AFTER", text)
        assert load_settings().late_after == duration


def test_secrets_show_nowhere(monkeypatch: pytest.MonkeyPatch) -> None:
    """No printed form of the settings holds a token or a password."""
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "123456:not-to-be-seen")
    monkeypatch.setenv("DATABASE_URL", "postgresql://bot:not-to-be-seen@db/bot")
    settings = load_settings()
    for shown in (repr(settings), str(settings), settings.model_dump_json(), f"{settings.telegram_bot_token}"):
        assert "not-to-be-seen" not in shown
    assert "123456:not-to-be-seen" in settings.secrets()
