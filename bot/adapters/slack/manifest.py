"""The app's manifest: what Slack has to know of the app, made from what the code handles.

https://docs.slack.dev/reference/app-manifest
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from enum import StrEnum
from types import MappingProxyType
from typing import Any

import yaml

from bot.adapters.slack.requests import ACCESS_EVENTS, MEMBERSHIP_EVENTS, REMOVAL_EVENTS, SEARCH_SHORTCUT
from bot.adapters.slack.words import FIND, ROOT, SEARCH
from bot.model.command import CommandInfo

EVENTS_PATH = "/slack/events"
"""Where the site takes Slack's requests, of every kind."""

INSTALL_PATH = "/slack/install"
"""Where a workspace begins to install the app."""

REDIRECT_PATH = "/slack/oauth_redirect"
"""Where Slack sends whoever said yes, or no."""

EVENTS: tuple[str, ...] = (
    "app_home_opened",
    "app_mention",
    "message.im",
    *MEMBERSHIP_EVENTS,
    *REMOVAL_EVENTS,
    *ACCESS_EVENTS,
)
"""What the app is told of."""

SCOPES: Mapping[str, str] = MappingProxyType(
    {
        "app_mentions:read": "be mentioned",
        "channels:history": "look for a message whose confirmation was lost",
        "channels:join": "join a public channel that subscribes",
        "channels:read": "know public channels, and hear of their changes",
        "chat:write": "post",
        "chat:write.public": "post in public channels before it has joined",
        "commands": "slash commands",
        "files:write": "upload pictures and exports",
        "groups:history": "look for a message in a private channel",
        "groups:read": "know private channels it was invited to, and hear of their changes",
        "im:history": "read what is said to it",
        "im:write": "send an export to whoever asked for it",
        "mpim:history": "look for a message in a group conversation",
        "mpim:read": "know the group conversations it is in",
        "users:read": "tell guests from members",
    }
)
"""What the bot may do, and why it has to."""

# https://github.com/slackapi/manifest-schema/blob/main/schemas/manifest.schema.2.0.0.json
_MOST_COMMANDS = 50
_COMMAND_LENGTH = 32
# Slack keeps these for itself, and refuses a manifest that claims one:
# https://slack.com/help/articles/201259356-Slash-commands-in-Slack
_RESERVED = frozenset(
    {
        *("active", "apps", "archive", "away", "call", "collapse", "dm", "dnd", "expand", "feed", "feedback", "invite"),
        *("join", "keys", "kick", "leave", "me", "msg", "mute", "open", "prefs", "remind", "remove", "rename"),
        *("search", "shortcuts", "shrug", "star", "status", "topic", "who"),
    }
)


class Installable(StrEnum):
    """What an app does that other workspaces can install."""

    RENEWED = "renewed"  # its tokens end after twelve hours, and are renewed
    ORGANISATIONS = "organisations"  # an organisation may install it for all of its workspaces


def make_manifest(
    menu: Sequence[CommandInfo],
    *,
    direct: Iterable[str] = (),
    public_url: str = "",
    install_url: str = "",
    installable: Collection[Installable] = (),
    name: str = "Digest",
    description: str = "A research digest, delivered and searchable",
) -> dict[str, Any]:
    """Make the manifest of an app in Socket Mode, or, with `public_url`, of one that Slack calls over HTTP.

    `direct` names the commands, topics for one, that get a slash command of their own; all of `menu` is behind the
    first. With `install_url`, the address of the bot's site, other workspaces can install it there.
    """
    redirect = {"redirect_urls": [f"{install_url.rstrip('/')}{REDIRECT_PATH}"]} if install_url else {}
    address = f"{public_url.rstrip('/')}{EVENTS_PATH}" if public_url else ""
    over_http = {"request_url": address} if address else {}
    lookups = {"message_menu_options_url": address} if address else {}
    return {
        "_metadata": {"major_version": 2, "minor_version": 1},
        "display_information": {"name": name, "description": description},
        "features": {
            "bot_user": {"display_name": name.lower(), "always_online": True},
            "app_home": {
                "home_tab_enabled": True,
                "messages_tab_enabled": True,
                "messages_tab_read_only_enabled": False,
            },
            "shortcuts": [
                {
                    "name": "Search digest for this",
                    "type": "message",
                    "callback_id": SEARCH_SHORTCUT,
                    "description": "What the digest has about this message",
                }
            ],
            "slash_commands": [
                {**command, "should_escape": False, **({"url": address} if address else {})}
                for command in _slash_commands(menu, direct)
            ],
        },
        "oauth_config": {**redirect, "scopes": {"bot": list(SCOPES)}},
        "settings": {
            "event_subscriptions": {**over_http, "bot_events": list(EVENTS)},
            "interactivity": {"is_enabled": True, **over_http, **lookups},
            "org_deploy_enabled": Installable.ORGANISATIONS in installable,
            "socket_mode_enabled": not address,
            "token_rotation_enabled": Installable.RENEWED in installable,
        },
    }


def render_manifest(manifest: Mapping[str, Any]) -> str:
    """Write a manifest as YAML, ready to be pasted into Slack."""
    return yaml.safe_dump(dict(manifest), sort_keys=False, allow_unicode=True, width=100)


def _slash_commands(menu: Sequence[CommandInfo], direct: Iterable[str]) -> list[dict[str, str]]:
    known = {info.name: info for info in menu}
    commands = [
        {
            "command": f"/{ROOT}",
            "description": "The digest: latest, issue, search, topics, subscribe and more",
            "usage_hint": "help | latest | search <words>",
        }
    ]
    if SEARCH in known:
        commands.append(_slash_command(FIND, known[SEARCH]))
    wanted = [known[name] for name in dict.fromkeys(direct) if name in known]
    commands += [
        _slash_command(info.name, info)
        for info in wanted
        if info.name not in _RESERVED | {ROOT, FIND} and len(info.name) < _COMMAND_LENGTH
    ]
    return commands[:_MOST_COMMANDS]


def _slash_command(name: str, info: CommandInfo) -> dict[str, str]:
    return {
        "command": f"/{name}",
        "description": info.summary or name,
        **({"usage_hint": info.hint} if info.hint else {}),
    }
