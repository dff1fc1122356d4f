"""Keyboards below messages and in place of the letters: checked as Telegram does, and read as a person sees them."""

from __future__ import annotations

import json
from typing import Any

from tests.fakes.telegram import errors
from tests.fakes.telegram.entities import check_url
from tests.fakes.telegram.errors import ApiError
from tests.fakes.transcript import Button

JSON = dict[str, Any]

DATA_BYTES = 64  # https://core.telegram.org/bots/api#inlinekeyboardbutton
COPY_TEXT = 256  # https://core.telegram.org/bots/api#copytextbutton
ROW_LIMIT = 8  # not documented: what clients show; constants of python-telegram-bot
BUTTON_LIMIT = 100
MARKUP_BYTES = 10_240  # not documented: "reply markup is too long" from about here on
STYLES = frozenset({"primary", "success", "danger"})
PLACEHOLDER = 64  # https://core.telegram.org/bots/api#replykeyboardmarkup
REQUEST_IDS = range(-(2**31), 2**31)
_DUTIES = (
    "url",
    "callback_data",
    "copy_text",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "web_app",
    "login_url",
    "pay",
)


def check_keyboard(markup: JSON | None) -> tuple[JSON | None, list[str]]:
    """Check a reply markup; return it as it will stand, with the rules not kept. Raises ApiError."""
    if markup is None:
        return None, []
    if not isinstance(markup, dict):
        raise ApiError("object expected as reply markup")
    if "inline_keyboard" not in markup:
        return None, []  # a keyboard of the other kind stands in the client, not below the message
    rows = markup["inline_keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError('field "inline_keyboard" must be an Array of Arrays')
    violations = []
    buttons = [button for row in rows for button in row]
    for button in buttons:
        _check_button(button)
    if any(not button["text"] for button in buttons):
        violations.append("a button without a text was dropped")
    if len(buttons) > BUTTON_LIMIT:
        violations.append(f"{len(buttons)} buttons, more than {BUTTON_LIMIT}")
    if any(len(row) > ROW_LIMIT for row in rows):
        violations.append(f"a row of more than {ROW_LIMIT} buttons")
    shown = [[button for button in row if button["text"]] for row in rows]
    shown = [row for row in shown if row]
    if len(json.dumps(shown, ensure_ascii=False).encode()) > MARKUP_BYTES:
        raise ApiError(errors.MARKUP_TOO_LONG)
    return ({"inline_keyboard": shown} if shown else None), violations


def check_letters(markup: JSON | None, *, private: bool) -> JSON | None:
    """Check a keyboard that stands in place of the letters; return it, None where it is none. Raises ApiError.

    What may stand on it and where is TDLib's `KeyboardButton::get_keyboard_button`.
    """
    if not isinstance(markup, dict) or "keyboard" not in markup:
        return None
    rows = markup["keyboard"]
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise ApiError('field "keyboard" must be an Array of Arrays')
    if len(markup.get("input_field_placeholder", "")) > PLACEHOLDER:
        raise ApiError("the input field placeholder is too long")
    wanted = [_check_key(button, private=private) for row in rows for button in row]
    ids = [request["request_id"] for request in wanted if request]
    if len(set(ids)) < len(ids):
        raise ApiError("BUTTON_ID_INVALID")
    return markup


def _check_key(button: Any, *, private: bool) -> JSON | None:
    """Check a button in place of letters; return which chats it asks for, if that is what it is for."""
    text = button if isinstance(button, str) else button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str):
        raise ApiError("can't parse keyboard button: KeyboardButton must be a String or an Object")
    if not text:
        raise ApiError("keyboard button text must be non-empty")
    request: JSON | None = button.get("request_chat") if isinstance(button, dict) else None
    if request is None:
        return None
    if not private:
        raise ApiError("chats can be requested in private chats only")
    if request.get("request_id") not in REQUEST_IDS or not isinstance(request.get("chat_is_channel"), bool):
        raise ApiError("can't parse keyboard button: wrong request_chat")
    persons, bots = (_granted(request.get(f"{whose}_administrator_rights")) for whose in ("user", "bot"))
    if not bots <= persons:
        raise ApiError("USER_RIGHTS_MISSING")
    return request


def _granted(rights: JSON | None) -> set[str]:
    return {name for name, is_granted in (rights or {}).items() if is_granted}


def _check_button(button: Any) -> None:
    if not isinstance(button, dict) or not isinstance(button.get("text"), str):
        raise ApiError("can't parse inline keyboard button: InlineKeyboardButton must be an Object")
    if not any(duty in button for duty in _DUTIES):
        raise ApiError("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")
    if "url" in button:
        try:
            check_url(button["url"])
        except ApiError as error:
            raise ApiError(f"inline keyboard button {error.description.removeprefix('Bad Request: ')}") from error
    elif "callback_data" in button and not 1 <= len(button["callback_data"].encode()) <= DATA_BYTES:
        raise ApiError(errors.BUTTON_DATA_INVALID)
    if "copy_text" in button and not 1 <= len(button["copy_text"].get("text", "")) <= COPY_TEXT:
        raise ApiError("BUTTON_COPY_TEXT_INVALID")
    if button.get("style") and button["style"] not in STYLES:
        raise ApiError("can't parse inline keyboard button: invalid button style specified")


def buttons_of(markup: JSON | None) -> tuple[tuple[Button, ...], ...]:
    """Return the buttons a person sees."""
    rows = (markup or {}).get("inline_keyboard", [])
    return tuple(
        tuple(
            Button(
                button["text"],
                data=button.get("callback_data") or button.get("copy_text", {}).get("text", ""),
                url=button.get("url", ""),
            )
            for button in row
        )
        for row in rows
    )
