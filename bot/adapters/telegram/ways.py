"""How updates come in: asked for by polling, or brought to the site. Pure.

Telegram calls https addresses on a few ports, from outside: https://core.telegram.org/bots/webhooks. A Bot API server
of one's own may call any address.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import Final
from urllib.parse import urlsplit

from bot.adapters.interface import AdapterError
from bot.adapters.telegram.webhook import PATH
from bot.settings import Settings

PORTS: Final = (443, 80, 88, 8443)  # https://core.telegram.org/bots/api#setwebhook
PUBLIC_API: Final = "api.telegram.org"


def webhook_url(settings: Settings) -> str:
    """Return where Telegram is to bring updates, "" where they are asked for.

    Raises AdapterError where they are to be brought and Telegram could not come.
    """
    match settings.telegram_updates:
        case "polling":
            return ""
        case "webhook":
            if not settings.public_url:
                raise AdapterError("TELEGRAM_UPDATES=webhook needs BOT_PUBLIC_URL, the address Telegram is to come to")
            if obstacle := obstacle_to(settings):
                raise AdapterError(f"TELEGRAM_UPDATES=webhook does not work with this BOT_PUBLIC_URL: {obstacle}")
        case _ if not settings.public_url or obstacle_to(settings):
            return ""
    return settings.public_url.rstrip("/") + PATH


def obstacle_to(settings: Settings) -> str:
    """Say why Telegram could not come to BOT_PUBLIC_URL, "" where it could."""
    if urlsplit(settings.telegram_api_url).hostname != PUBLIC_API:
        return ""
    address = urlsplit(settings.public_url)
    try:
        port = address.port or (443 if address.scheme == "https" else 80)
    except ValueError:
        return "its port is no number from 1 to 65535"
    if address.scheme != "https":
        return "Telegram comes to https addresses alone"
    if port not in PORTS:
        return f"Telegram comes to the ports {', '.join(map(str, PORTS))} alone, not to {port}"
    if not _is_outside(address.hostname or ""):
        return f"Telegram comes from outside, where nobody knows {address.hostname}"
    return ""


def _is_outside(host: str) -> bool:
    try:
        return ip_address(host).is_global
    except ValueError:
        return "." in host and not host.endswith((".localhost", ".local", ".internal", ".lan"))
