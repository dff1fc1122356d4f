"""What the bot says about itself: its menus of commands, its descriptions, its webhook."""

from __future__ import annotations

import asyncio
import re
from urllib.parse import urlsplit

from tests.fakes.telegram.arguments import Arguments
from tests.fakes.telegram.core import Result, TelegramCore
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.updates import BATCH

COMMANDS_LIMIT = 100  # https://core.telegram.org/bots/api#setmycommands
COMMAND = re.compile(r"[a-z0-9_]{1,32}")
DESCRIPTION_LIMIT = 256
SCOPES = frozenset(
    {
        "default",
        "all_private_chats",
        "all_group_chats",
        "all_chat_administrators",
        "chat",
        "chat_administrators",
        "chat_member",
    }
)
TEXT_LIMITS = {"name": 64, "description": 512, "short_description": 120}  # https://core.telegram.org/bots/api#setmyname
WEBHOOK_PORTS = frozenset({80, 88, 443, 8443})
SECRET = re.compile(r"[A-Za-z0-9_-]{1,256}")  # https://core.telegram.org/bots/api#setwebhook


def get_me(core: TelegramCore, _: Arguments) -> Result:
    return core.world.bot.json() | {
        "can_join_groups": True,
        "can_read_all_group_messages": not core.privacy,
        "supports_inline_queries": core.inline,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def _menu(core: TelegramCore, arguments: Arguments) -> tuple[str, str, str, str]:
    scope = arguments.json("scope", "BotCommandScope") or {"type": "default"}
    if scope.get("type") not in SCOPES:
        raise ApiError("can't parse BotCommandScope: Unsupported type specified")
    chat = str(scope.get("chat_id", ""))
    if scope["type"].startswith("chat"):
        core.world.find_chat(chat)
    return scope["type"], chat, str(scope.get("user_id", "")), arguments.text("language_code")


def set_my_commands(core: TelegramCore, arguments: Arguments) -> Result:
    commands = arguments.json("commands", "commands")
    if not isinstance(commands, list):
        raise ApiError("expected an Array of BotCommand")
    if len(commands) > COMMANDS_LIMIT:
        raise ApiError("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not COMMAND.fullmatch(command.get("command", "").removeprefix("/")):
            raise ApiError("BOT_COMMAND_INVALID")
        if not 1 <= len(command.get("description", "")) <= DESCRIPTION_LIMIT:
            raise ApiError("BOT_COMMAND_DESCRIPTION_INVALID")
    core.profile.commands[_menu(core, arguments)] = commands
    return True


def get_my_commands(core: TelegramCore, arguments: Arguments) -> Result:
    return core.profile.commands.get(_menu(core, arguments), [])


def delete_my_commands(core: TelegramCore, arguments: Arguments) -> Result:
    core.profile.commands.pop(_menu(core, arguments), None)
    return True


def _set_text(core: TelegramCore, arguments: Arguments, field: str) -> Result:
    text = arguments.text(field)
    if len(text) > TEXT_LIMITS[field]:
        raise ApiError(f"bot {field.replace('_', ' ')} is too long")
    core.profile.texts[field, arguments.text("language_code")] = text
    return True


def set_my_name(core: TelegramCore, arguments: Arguments) -> Result:
    return _set_text(core, arguments, "name")


def set_my_description(core: TelegramCore, arguments: Arguments) -> Result:
    return _set_text(core, arguments, "description")


def set_my_short_description(core: TelegramCore, arguments: Arguments) -> Result:
    return _set_text(core, arguments, "short_description")


def _get_text(core: TelegramCore, arguments: Arguments, field: str) -> Result:
    return {field: core.profile.texts.get((field, arguments.text("language_code")), "")}


def get_my_name(core: TelegramCore, arguments: Arguments) -> Result:
    return _get_text(core, arguments, "name")


def get_my_description(core: TelegramCore, arguments: Arguments) -> Result:
    return _get_text(core, arguments, "description")


def get_my_short_description(core: TelegramCore, arguments: Arguments) -> Result:
    return _get_text(core, arguments, "short_description")


def set_chat_menu_button(core: TelegramCore, arguments: Arguments) -> Result:
    core.profile.menu_button = arguments.json("menu_button", "menu button") or {"type": "default"}
    return True


def get_chat_menu_button(core: TelegramCore, _: Arguments) -> Result:
    return core.profile.menu_button


def set_webhook(core: TelegramCore, arguments: Arguments) -> Result:
    url = arguments.text("url")
    secret = arguments.text("secret_token")
    address = urlsplit(url)
    if url and not address.hostname:
        raise ApiError("bad webhook: invalid webhook URL specified")
    if url and not core.local_mode:  # a server of one's own calls any address
        if address.scheme != "https":
            raise ApiError("bad webhook: An HTTPS URL must be provided for webhook")
        if (address.port or 443) not in WEBHOOK_PORTS:
            raise ApiError("bad webhook: Webhook can be set up only on ports 80, 88, 443 or 8443")
    if not 1 <= arguments.number("max_connections", 40) <= 100:
        raise ApiError("bad webhook: max_connections must be between 1 and 100")
    if secret and not SECRET.fullmatch(secret):
        raise ApiError("secret token contains unallowed characters")
    updates = core.updates
    updates.allow(arguments.json("allowed_updates", "allowed_updates"))
    if arguments.flag("drop_pending_updates"):
        updates.pending.clear()
    if url:
        updates.abort_poll("Conflict: terminated by setWebhook request")
    updates.webhook = {
        "url": url,
        "secret": secret,
        "max_connections": arguments.number("max_connections", 40),
        "last_error": "",
        "last_error_at": 0,
    }
    updates.on_push()
    return True


def delete_webhook(core: TelegramCore, arguments: Arguments) -> Result:
    core.updates.webhook = {}
    if arguments.flag("drop_pending_updates"):
        core.updates.pending.clear()
    return True


def get_webhook_info(core: TelegramCore, _: Arguments) -> Result:
    webhook = core.updates.webhook
    info = {
        "url": webhook.get("url", ""),
        "has_custom_certificate": False,
        "pending_update_count": len(core.updates.pending),
    }
    if webhook.get("last_error"):
        info |= {"last_error_date": webhook["last_error_at"], "last_error_message": webhook["last_error"]}
    if core.updates.allowed:
        info["allowed_updates"] = sorted(core.updates.allowed)
    return info


async def get_updates(core: TelegramCore, arguments: Arguments) -> Result:
    core.updates.allow(arguments.json("allowed_updates", "allowed_updates"))
    limit = arguments.number("limit", BATCH)
    core.updates.polls += 1
    asyncio.get_running_loop().call_soon(core.changed)
    return await core.updates.fetch(
        offset=arguments.number("offset", 0),
        limit=max(1, min(limit, BATCH)),
        timeout=min(arguments.number("timeout", 0), 50),
    )


METHODS = {
    "getMe": get_me,
    "setMyCommands": set_my_commands,
    "getMyCommands": get_my_commands,
    "deleteMyCommands": delete_my_commands,
    "setMyName": set_my_name,
    "getMyName": get_my_name,
    "setMyDescription": set_my_description,
    "getMyDescription": get_my_description,
    "setMyShortDescription": set_my_short_description,
    "getMyShortDescription": get_my_short_description,
    "setChatMenuButton": set_chat_menu_button,
    "getChatMenuButton": get_chat_menu_button,
    "setWebhook": set_webhook,
    "deleteWebhook": delete_webhook,
    "getWebhookInfo": get_webhook_info,
    "getUpdates": get_updates,
}
