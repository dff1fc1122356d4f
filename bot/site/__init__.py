"""The web site: one server for the local chat, the platforms' webhooks, local pictures, health and the pages.

It knows no platform: their routes are handed in. Nothing of it works without a guard in front (`guard`).
"""

from bot.site.application import Health, create_site
from bot.site.server import Server, SiteError

__all__ = ["Health", "Server", "SiteError", "create_site"]
