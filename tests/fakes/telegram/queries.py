"""Answers to pressed buttons and inline queries: both wait only so long."""

from __future__ import annotations

import re

from tests.fakes.telegram import errors
from tests.fakes.telegram.arguments import Arguments
from tests.fakes.telegram.core import Query, Result, TelegramCore
from tests.fakes.telegram.entities import TEXT_LIMIT, check_url
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.keyboards import check_keyboard
from tests.fakes.telegram.messages import checked_text
from tests.fakes.telegram.world import JSON

CALLBACK_SECONDS = 15.0  # not documented: a press unanswered for longer answers "query is too old"
INLINE_SECONDS = 10.0
NOTICE_LIMIT = 200  # https://core.telegram.org/bots/api#answercallbackquery
RESULT_LIMIT = 50  # https://core.telegram.org/bots/api#answerinlinequery
OFFSET_BYTES = 64
START = re.compile(r"[A-Za-z0-9_-]{1,64}")


def _open(core: TelegramCore, query: Query | None, seconds: float) -> Query:
    if query is None or core.now() - query.asked_at > seconds:
        raise ApiError(errors.QUERY_TOO_OLD)
    return query


def answer_callback_query(core: TelegramCore, arguments: Arguments) -> Result:
    query = _open(core, core.queries.get(arguments.text("callback_query_id")), CALLBACK_SECONDS)
    text = arguments.text("text")
    if len(text) > NOTICE_LIMIT:
        raise ApiError("MESSAGE_TOO_LONG")
    query.answer = {"text": text, "show_alert": arguments.flag("show_alert"), "url": arguments.text("url")}
    return True


def answer_inline_query(core: TelegramCore, arguments: Arguments) -> Result:
    query = _open(core, core.inline_queries.get(arguments.text("inline_query_id")), INLINE_SECONDS)
    results = arguments.json("results", "inline query results") or []
    if len(results) > RESULT_LIMIT:
        raise ApiError("too many inline query results specified")
    ids = [str(result.get("id", "")) for result in results]
    if any(not 1 <= len(result_id.encode()) <= 64 for result_id in ids):
        raise ApiError("RESULT_ID_INVALID")
    if len(set(ids)) != len(ids):
        raise ApiError("RESULT_ID_DUPLICATE")
    offset = arguments.text("next_offset")
    if len(offset.encode()) > OFFSET_BYTES:
        raise ApiError("NEXT_OFFSET_INVALID")
    for result in results:
        _check_result(core, result)
    button = arguments.json("button", "inline query results button")
    if button is not None and not START.fullmatch(button.get("start_parameter", "")):
        raise ApiError("START_PARAM_INVALID")
    query.answer = {
        "results": results,
        "next_offset": offset,
        "cache_time": arguments.number("cache_time", 300),
        "is_personal": arguments.flag("is_personal"),
        "button": button,
    }
    return True


def _check_result(core: TelegramCore, result: JSON) -> None:
    if result.get("type") == "article" and not result.get("title"):
        raise ApiError("can't parse inline query result: Can't find field \"title\"")
    if result.get("thumbnail_url"):
        check_url(result["thumbnail_url"])
    _, rules = check_keyboard(result.get("reply_markup"))
    content = result.get("input_message_content") or {}
    if "message_text" in content:
        text = content["message_text"]
        rules += checked_text(core, text, content.get("entities") or [], "", caption=False).get("violations", [])
        if len(text) > TEXT_LIMIT:
            raise ApiError(errors.MESSAGE_TOO_LONG)
    for rule in rules:
        core.violated("answerInlineQuery", None, rule)


METHODS = {"answerCallbackQuery": answer_callback_query, "answerInlineQuery": answer_inline_query}
