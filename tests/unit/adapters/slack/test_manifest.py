"""The app's manifest against what the code handles."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

import bot.adapters.slack
from bot import handlers
from bot.adapters.slack.manifest import (
    EVENTS,
    EVENTS_PATH,
    REDIRECT_PATH,
    SCOPES,
    Installable,
    make_manifest,
    render_manifest,
)
from bot.adapters.slack.requests import SEARCH_SHORTCUT
from bot.adapters.slack.words import read_slash
from bot.model.command import CommandInfo

MENU = [
    CommandInfo("help", "How to use it"),
    CommandInfo("search", "Search every issue", "<words>"),
    CommandInfo("subscribe", "Receive every issue", "[filters]"),
    CommandInfo("status", "How it is doing"),
    *(CommandInfo(f"topic{number}", f"Topic {number}") for number in range(60)),
    CommandInfo("x" * 40, "A topic with a long name"),
]

# Which scope lets a bot be told of an event, and call a method: https://docs.slack.dev/reference/scopes
EVENT_SCOPES = {
    "app_mention": {"app_mentions:read"},
    "app_home_opened": set[str](),
    "message.im": {"im:history"},
    "member_joined_channel": {"channels:read", "groups:read"},
    "channel_id_changed": {"channels:read", "groups:read"},
    "channel_shared": {"channels:read", "groups:read"},
    "channel_unshared": {"channels:read", "groups:read"},
}
METHOD_SCOPES = {
    "apps_connections_open": set[str](),  # the app token's own
    "auth_test": set[str](),
    "chat_postEphemeral": {"chat:write"},
    "chat_postMessage": {"chat:write", "chat:write.public"},
    "chat_update": {"chat:write"},
    "conversations_history": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "conversations_info": {"channels:read", "groups:read", "mpim:read"},
    "conversations_join": {"channels:join"},
    "conversations_open": {"im:write"},
    "conversations_replies": {"channels:history", "groups:history", "im:history", "mpim:history"},
    "files_upload_v2": {"files:write"},
    "users_conversations": {"channels:read", "groups:read"},
    "users_info": {"users:read"},
    "views_open": set[str](),
    "views_publish": set[str](),
    "views_push": set[str](),
    "views_update": set[str](),
}


def slash_commands(manifest: dict[str, Any]) -> list[str]:
    return [command["command"] for command in manifest["features"]["slash_commands"]]


def test_commands_lead_where_they_say() -> None:
    """The manifest's own slash commands are the ones the code reads: one for everything, one for searching."""
    assert slash_commands(make_manifest(MENU)) == ["/digest", "/find"]
    menu = {info.name: info for info in MENU}
    assert read_slash("/digest", "subscribe", menu) == ("subscribe", "")
    assert read_slash("/find", "nerf", menu) == ("search", "nerf")


def test_topics_get_commands_as_asked() -> None:
    """Commands asked for get a slash command of their own, once, with their words."""
    manifest = make_manifest(MENU, direct=["topic1", "subscribe", "topic1", "nobody"])
    assert slash_commands(manifest)[2:] == ["/topic1", "/subscribe"]
    assert manifest["features"]["slash_commands"][3] == {
        "command": "/subscribe",
        "description": "Receive every issue",
        "usage_hint": "[filters]",
        "should_escape": False,
    }


def test_what_slack_would_refuse_is_left_away() -> None:
    """Slack's own commands, too long names and a fifty-first command would have the whole manifest refused."""
    names = slash_commands(make_manifest(MENU, direct=[info.name for info in MENU]))
    assert len(names) == len(set(names)) == 50
    assert not {"/search", "/status", f"/{'x' * 40}"} & set(names)


def test_events_are_those_the_code_reads() -> None:
    """Every event that is handled is subscribed to, and no other."""
    source = Path(bot.adapters.slack.__file__).with_name("receiving.py").read_text(encoding="utf-8")
    by_name = set(re.findall(r'app\.event\("(\w+)"\)', source))
    assert by_name == {"app_home_opened", "app_mention", "message"}
    assert make_manifest(MENU)["settings"]["event_subscriptions"]["bot_events"] == list(EVENTS)
    assert {event.partition(".")[0] for event in EVENTS} >= by_name


def test_shortcuts_are_those_the_code_answers() -> None:
    """The one shortcut is the one that is listened for; Slack takes 24 characters of a name."""
    shortcuts = make_manifest(MENU)["features"]["shortcuts"]
    assert [shortcut["callback_id"] for shortcut in shortcuts] == [SEARCH_SHORTCUT]
    assert all(len(shortcut["name"]) <= 24 for shortcut in shortcuts)


def test_scopes_are_those_the_code_needs() -> None:
    """Every event and every method called has its scopes, and no scope is asked for in vain."""
    room = Path(bot.adapters.slack.__file__).parent
    sources = "\n".join(path.read_text(encoding="utf-8") for path in sorted(room.glob("*.py")))
    called = set(re.findall(r"client\.((?:apps|auth|chat|conversations|files|users|views)_\w+)\(", sources))
    assert called == set(METHOD_SCOPES)
    needed = {"commands"}.union(*METHOD_SCOPES.values())
    for event in EVENTS:
        kind = event.partition("_")[0]
        needed |= EVENT_SCOPES.get(event, {f"{'channels' if kind == 'channel' else 'groups'}:read"})
    assert set(SCOPES) == needed
    assert make_manifest(MENU)["oauth_config"]["scopes"]["bot"] == list(SCOPES)


def test_socket_mode_needs_no_address() -> None:
    """In Socket Mode nothing on the web is named."""
    manifest = make_manifest(MENU)
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert "http" not in render_manifest(manifest)


def test_http_names_one_address_everywhere() -> None:
    """Over HTTP every kind of request comes to the same address."""
    manifest = make_manifest(MENU, public_url="https://digest.example.org/")
    address = f"https://digest.example.org{EVENTS_PATH}"
    assert manifest["settings"]["socket_mode_enabled"] is False
    assert {command["url"] for command in manifest["features"]["slash_commands"]} == {address}
    assert manifest["settings"]["event_subscriptions"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["request_url"] == address
    assert manifest["settings"]["interactivity"]["message_menu_options_url"] == address


def test_workspaces_come_back_to_the_bot() -> None:
    """An app that others install names the page they are sent back to; its tokens end only where that is asked for."""
    manifest = make_manifest(MENU, install_url="https://digest.example.org/")
    assert manifest["oauth_config"]["redirect_urls"] == [f"https://digest.example.org{REDIRECT_PATH}"]
    assert manifest["settings"]["socket_mode_enabled"] is True
    assert manifest["settings"]["token_rotation_enabled"] is False
    more = make_manifest(MENU, install_url="https://digest.example.org", installable=set(Installable))
    assert more["settings"]["token_rotation_enabled"] is more["settings"]["org_deploy_enabled"] is True
    assert "redirect_urls" not in make_manifest(MENU)["oauth_config"]


def test_file_in_the_repository_is_up_to_date() -> None:
    """The manifest one pastes into Slack is the code's own: `bot slack-manifest > docs/slack-manifest.yaml`."""
    file = Path(__file__).resolve().parents[4] / "docs" / "slack-manifest.yaml"
    assert file.read_text(encoding="utf-8") == render_manifest(make_manifest(handlers.menu("en")))


@pytest.mark.parametrize("public_url", ["", "https://digest.example.org"])
def test_yaml_reads_back(public_url: str) -> None:
    """The YAML is the manifest, in the order it was made in."""
    manifest = make_manifest(MENU, direct=["topic1"], public_url=public_url)
    text = render_manifest(manifest)
    assert yaml.safe_load(text) == manifest
    assert text.startswith("_metadata:")
