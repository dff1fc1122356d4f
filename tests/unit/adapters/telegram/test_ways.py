"""How updates come in, by what is set."""

from __future__ import annotations

import pytest

from bot.adapters.interface import AdapterError
from bot.adapters.telegram.ways import obstacle_to, webhook_url
from bot.settings import Settings

OWN_SERVER = "http://127.0.0.1:8081"


def settings(public_url: str = "", updates: str = "auto", api: str = "https://api.telegram.org") -> Settings:
    return Settings(_env_file=None, BOT_PUBLIC_URL=public_url, TELEGRAM_UPDATES=updates, TELEGRAM_API_URL=api)


@pytest.mark.parametrize(
    ("public_url", "brought_to"),
    [
        ("", ""),
        ("https://digest.example.org", "https://digest.example.org/telegram/updates"),
        ("https://digest.example.org:8443/bot/", "https://digest.example.org:8443/bot/telegram/updates"),
        ("http://digest.example.org", ""),
        ("https://digest.example.org:9443", ""),
        ("https://localhost", ""),
        ("https://192.168.1.5", ""),
        ("https://digest.local", ""),
        ("https://8.8.8.8", "https://8.8.8.8/telegram/updates"),
    ],
)
def test_updates_are_brought_where_telegram_can_come_to(public_url: str, brought_to: str):
    """Else they are asked for, unless that is not wanted: then it is said why it cannot be."""
    assert webhook_url(settings(public_url)) == brought_to
    assert webhook_url(settings(public_url, "polling")) == ""
    if brought_to:
        assert webhook_url(settings(public_url, "webhook")) == brought_to
        assert obstacle_to(settings(public_url)) == ""
    else:
        with pytest.raises(AdapterError, match="BOT_PUBLIC_URL"):
            webhook_url(settings(public_url, "webhook"))


def test_the_ports_are_told():
    """Whoever chose another one reads which there are."""
    assert "443, 80, 88, 8443" in obstacle_to(settings("https://digest.example.org:9443"))
    assert "no number" in obstacle_to(settings("https://digest.example.org:99999"))


def test_a_server_of_ones_own_comes_anywhere():
    """It may stand beside the bot."""
    for url in ("http://127.0.0.1:8080", "https://digest.local:9443"):
        assert webhook_url(settings(url, api=OWN_SERVER)) == f"{url}/telegram/updates"
