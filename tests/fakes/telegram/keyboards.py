"""Inline keyboards: checked as Telegram does, and read as a person sees them."""

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
