"""Sending, editing and deleting messages."""

from __future__ import annotations

from typing import Any

from tests.fakes.telegram import errors
from tests.fakes.telegram.arguments import Arguments
from tests.fakes.telegram.core import Result, TelegramCore
from tests.fakes.telegram.entities import CAPTION_LIMIT, TEXT_LIMIT, Checked, check_text
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.keyboards import check_keyboard, check_letters
from tests.fakes.telegram.world import JSON, Chat, Kind, Message

DELETE_SECONDS = 48 * 3600  # https://core.telegram.org/bots/api#deletemessage


def read_text(core: TelegramCore, arguments: Arguments, *, field: str = "text", caption: bool = False) -> JSON:
    """Read a text or a caption with its entities into a message's fields."""
    entities = "caption_entities" if caption else "entities"
    return checked_text(
        core,
        arguments.text(field),
        arguments.json(entities, "entities") or [],
        arguments.text("parse_mode"),
        caption=caption,
    )


def checked_text(core: TelegramCore, text: str, entities: list[JSON], parse_mode: str, *, caption: bool) -> JSON:
    """Check a text or a caption; an empty caption is none."""
    if not text:
        if caption:
            return {}
        raise ApiError(errors.TEXT_EMPTY)
    if parse_mode:
        # Explicit entities are all that this server reads; the real one says the same of a mode it does not know.
        raise ApiError("unsupported parse_mode")
    if not core.limits:
        checked = Checked(text, entities, [])
    else:
        checked = check_text(text, entities, limit=CAPTION_LIMIT if caption else TEXT_LIMIT)
    if not checked.text:
        if caption:
            return {}
        raise ApiError(errors.TEXT_BLANK)
    fields: JSON = {("caption" if caption else "text"): checked.text}
    if checked.entities:
        fields["caption_entities" if caption else "entities"] = checked.entities
    if checked.violations:
        fields["violations"] = checked.violations
    return fields


def read_markup(arguments: Arguments) -> JSON:
    """Read an inline keyboard into a message's fields."""
    given = arguments.json("reply_markup", "reply keyboard markup")
    if arguments.method.startswith("edit") and isinstance(given, dict) and "inline_keyboard" not in given:
        raise ApiError("inline keyboard expected")
    markup, violations = check_keyboard(given)
    return ({"reply_markup": markup} if markup else {}) | ({"markup_violations": violations} if violations else {})


def settle(core: TelegramCore, arguments: Arguments, chat: Chat, body: JSON) -> JSON:
    """Report the rules a checked message did not keep, and return it without them."""
    broken = [*body.pop("violations", []), *body.pop("markup_violations", [])]
    core.report(arguments.method, chat, broken)
    return body


def destination(core: TelegramCore, arguments: Arguments, kind: str) -> tuple[Chat, int | None, JSON]:
    """Find where a message goes: the chat, the topic, and the fields of the message it answers."""
    chat = core.writable_chat(arguments)
    chat.check_rights(kind)
    topic = chat.topic(arguments.integer("message_thread_id") or None)
    thread = arguments.integer("message_thread_id") if topic is not None else None
    return chat, thread, _reply(chat, arguments)


def _reply(chat: Chat, arguments: Arguments) -> JSON:
    parameters: Any = arguments.json("reply_parameters", "reply parameters") or {}
    if not parameters.get("message_id"):
        return {}
    answered = chat.messages.get(int(parameters["message_id"]))
    if answered is not None:
        return {"reply_to_message": {key: value for key, value in answered.json.items() if key != "reply_to_message"}}
    if parameters.get("allow_sending_without_reply"):
        return {}
    raise ApiError(errors.REPLY_NOT_FOUND)


def send_message(core: TelegramCore, arguments: Arguments) -> Result:
    chat, thread, reply = destination(core, arguments, "text")
    body = read_text(core, arguments) | read_markup(arguments) | _preview(arguments) | reply
    given = arguments.json("reply_markup", "reply keyboard markup")
    letters = check_letters(given, private=chat.kind is Kind.PRIVATE)
    core.take_turn(arguments.method, chat)
    message = core.place(chat, core.world.bot, settle(core, arguments, chat, body), thread=thread)
    if letters or (isinstance(given, dict) and given.get("remove_keyboard")):
        chat.letters = letters
    return message.json


def _preview(arguments: Arguments) -> JSON:
    options = arguments.json("link_preview_options", "link preview options")
    if options is None and arguments.flag("disable_web_page_preview"):
        options = {"is_disabled": True}
    return {"link_preview_options": options} if options else {}


def _editable(core: TelegramCore, arguments: Arguments) -> Message:
    if arguments.text("inline_message_id"):
        raise ApiError("MESSAGE_ID_INVALID")
    chat = core.writable_chat(arguments)
    message = chat.messages.get(arguments.number("message_id", 0))
    # What the privacy mode of bots hides from one is not there for it.
    if message is None or not (message.by_bot or core.hears(chat, message)):
        raise ApiError(errors.EDIT_NOT_FOUND)
    # A channel's posts are the channel's, whoever wrote them.
    is_own = message.by_bot or (chat.kind is Kind.CHANNEL and chat.may_edit_others)
    if not is_own or message.kind == "service":
        raise ApiError(errors.CANNOT_EDIT)
    return message


def _edit(
    core: TelegramCore, arguments: Arguments, message: Message, fields: JSON, replaced: tuple[str, ...]
) -> Result:
    fields = settle(core, arguments, message.chat, fields)
    kept = {key: value for key, value in message.json.items() if key not in replaced}
    if {key: message.json[key] for key in replaced if key in message.json} == fields:
        raise ApiError(errors.NOT_MODIFIED)
    core.take_turn(arguments.method, message.chat)
    core.change(message, kept | fields | {"edit_date": int(core.now())})
    return message.json


def edit_message_text(core: TelegramCore, arguments: Arguments) -> Result:
    message = _editable(core, arguments)
    fields = read_text(core, arguments) | read_markup(arguments) | _preview(arguments)
    if message.kind != "text":
        raise ApiError(errors.NO_TEXT_TO_EDIT)
    return _edit(core, arguments, message, fields, ("text", "entities", "reply_markup", "link_preview_options"))


def edit_message_caption(core: TelegramCore, arguments: Arguments) -> Result:
    message = _editable(core, arguments)
    fields = read_text(core, arguments, field="caption", caption=True) | read_markup(arguments)
    if message.kind == "text":
        raise ApiError(errors.NO_CAPTION_TO_EDIT)
    if arguments.flag("show_caption_above_media"):
        fields["show_caption_above_media"] = True
    replaced = ("caption", "caption_entities", "reply_markup", "show_caption_above_media")
    return _edit(core, arguments, message, fields, replaced)


def edit_message_reply_markup(core: TelegramCore, arguments: Arguments) -> Result:
    message = _editable(core, arguments)
    return _edit(core, arguments, message, read_markup(arguments), ("reply_markup",))


def stop_message_live_location(core: TelegramCore, arguments: Arguments) -> Result:
    _editable(core, arguments)
    raise ApiError(errors.NO_LOCATION_TO_EDIT)  # nothing here is a location


def _deletable(core: TelegramCore, chat: Chat, message_id: int) -> Message | None:
    message = chat.messages.get(message_id)
    if message is None:
        return None
    foreign = not message.by_bot and chat.kind is not Kind.PRIVATE and chat.bot != "administrator"
    if foreign or core.now() - message.at > DELETE_SECONDS:
        raise ApiError(errors.CANNOT_DELETE)
    return message


def delete_message(core: TelegramCore, arguments: Arguments) -> Result:
    chat = core.writable_chat(arguments)
    message = _deletable(core, chat, arguments.number("message_id", 0))
    if message is None:
        raise ApiError(errors.DELETE_NOT_FOUND)
    core.remove(message)
    return True


def delete_messages(core: TelegramCore, arguments: Arguments) -> Result:
    chat = core.writable_chat(arguments)
    ids = arguments.json("message_ids", "message_ids") or []
    for message in [_deletable(core, chat, int(message_id)) for message_id in ids]:
        if message is not None:
            core.remove(message)
    return True


METHODS = {
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageCaption": edit_message_caption,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "stopMessageLiveLocation": stop_message_live_location,
    "deleteMessage": delete_message,
    "deleteMessages": delete_messages,
}
