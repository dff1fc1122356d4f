"""Pictures, animations and files: by address, by upload, or by the id of one that Telegram has already."""

from __future__ import annotations

import hashlib
from typing import Any
from urllib.parse import urlsplit

from tests.fakes.images import drawn, look_at
from tests.fakes.telegram import errors
from tests.fakes.telegram.arguments import Arguments, Upload
from tests.fakes.telegram.core import File, Result, TelegramCore
from tests.fakes.telegram.errors import ApiError
from tests.fakes.telegram.messages import checked_text, destination, read_markup, read_text, settle
from tests.fakes.telegram.world import JSON, Message

PHOTO_BYTES = 10 * 1024 * 1024  # https://core.telegram.org/bots/api#sending-files
FILE_BYTES = 50 * 1024 * 1024
PHOTO_SIDES = 10_000  # https://core.telegram.org/bots/api#sendphoto: width and height together
PHOTO_RATIO = 20
ALBUM = range(2, 11)  # https://core.telegram.org/bots/api#sendmediagroup

_INNER = {errors.FETCH_FAILED: "WEBPAGE_CURL_FAILED", errors.WRONG_CONTENT: "WEBPAGE_MEDIA_EMPTY"}


def find_file(core: TelegramCore, arguments: Arguments, kind: str, value: Any) -> File:
    """Find what a call sends. Raises ApiError."""
    upload = arguments.files.get(kind)
    text = value if isinstance(value, str) else ""
    if text.startswith("attach://"):
        upload = arguments.files.get(text.removeprefix("attach://"))
        text = ""
    if upload is not None:
        return _keep(core, kind, upload)
    if not text:
        raise ApiError(f"there is no {kind} in the request")
    if "://" in text:
        return _fetch(core, kind, text)
    file = core.files.get(text)
    if file is None or file.kind != kind:
        raise ApiError(errors.WRONG_FILE)
    return file


def _fetch(core: TelegramCore, kind: str, url: str) -> File:
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ApiError(errors.WRONG_URL)
    if url in core.broken_urls:
        raise ApiError(core.broken_urls[url])
    return _store(core, File(_file_id(kind, url.encode()), kind, 100_000, url, 1280, 720, url))


def _keep(core: TelegramCore, kind: str, upload: Upload) -> File:
    picture = look_at(upload.content)
    if not upload.content:
        raise ApiError("file must be non-empty")
    if len(upload.content) > (PHOTO_BYTES if kind == "photo" else FILE_BYTES):
        raise ApiError("Request Entity Too Large" if kind != "photo" else "file is too big")
    if kind == "photo":
        if picture is None:
            raise ApiError(errors.IMAGE_FAILED)
        sides = max(picture.width, 1), max(picture.height, 1)
        if sum(sides) > PHOTO_SIDES or max(sides) / min(sides) > PHOTO_RATIO:
            raise ApiError(errors.PHOTO_DIMENSIONS)
    source = drawn(upload.content)
    width, height = (picture.width, picture.height) if picture else (0, 0)
    file_id = _file_id(kind, upload.content)
    return _store(core, File(file_id, kind, len(upload.content), upload.name, width, height, source))


def _file_id(kind: str, content: bytes) -> str:
    return f"{kind[:2].upper()}gACAgI{hashlib.sha256(content).hexdigest()[:40]}"


def _store(core: TelegramCore, file: File) -> File:
    return core.files.setdefault(file.id, file)


def _shown(file: File) -> JSON:
    """Write a file as the kind of message it makes."""
    known: JSON = {"file_id": file.id, "file_unique_id": file.id[-16:], "file_size": file.size}
    match file.kind:
        case "photo":
            return {"photo": [known | {"width": file.width, "height": file.height}]}
        case "animation" | "video":
            return {"animation": known | {"width": file.width, "height": file.height, "duration": 1}}
        case _:
            return {"document": known | {"file_name": file.name}}


def _send(core: TelegramCore, arguments: Arguments, kind: str) -> Result:
    chat, thread, reply = destination(core, arguments, kind)
    body = read_text(core, arguments, field="caption", caption=True) | read_markup(arguments) | reply
    file = find_file(core, arguments, kind, arguments.values.get(kind))
    if arguments.flag("show_caption_above_media"):
        body["show_caption_above_media"] = True
    core.take_turn(arguments.method, chat)
    body = _shown(file) | settle(core, arguments, chat, body)
    return core.place(chat, core.world.bot, body, kind=kind, thread=thread, source=file.source).json


def send_photo(core: TelegramCore, arguments: Arguments) -> Result:
    return _send(core, arguments, "photo")


def send_animation(core: TelegramCore, arguments: Arguments) -> Result:
    return _send(core, arguments, "animation")


def send_video(core: TelegramCore, arguments: Arguments) -> Result:
    """Send a video. None here has a sound, and so each becomes an animation, as Telegram has it."""
    return _send(core, arguments, "video")


def send_document(core: TelegramCore, arguments: Arguments) -> Result:
    return _send(core, arguments, "document")


def send_media_group(core: TelegramCore, arguments: Arguments) -> Result:
    chat, thread, reply = destination(core, arguments, "photo")
    items = arguments.json("media", "media")
    if not isinstance(items, list):
        raise ApiError("expected an Array of InputMedia")
    if not items:
        raise ApiError("there are no messages to send")
    if len(items) >= ALBUM.stop:
        raise ApiError(errors.ALBUM_TOO_LARGE)
    if len(items) < ALBUM.start:
        core.violated(arguments.method, chat.id, "an album of one")
    if arguments.text("reply_markup"):
        core.violated(arguments.method, chat.id, "buttons below an album")
    kinds = {item.get("type") for item in items}
    if (not kinds <= {"photo", "video"} and len(kinds) > 1) or "animation" in kinds:
        raise ApiError(errors.ALBUM_MIXED)
    if "video" in kinds:
        # One without sound is an animation: https://github.com/tdlib/telegram-bot-api/issues/301
        position = next(position for position, item in enumerate(items, 1) if item["type"] == "video")
        inner = "Wrong file identifier/HTTP URL specified"
        raise ApiError(f'failed to send message #{position} with the error message "{inner}"')
    files = [_item(core, arguments, position, item) for position, item in enumerate(items, 1)]
    captions = [_caption(core, item) for item in items]
    core.take_turn(arguments.method, chat, cost=len(items))
    group = f"{int(core.now() * 1000)}{chat.id}"
    messages: list[Message] = []
    for file, caption in zip(files, captions, strict=True):
        body = _shown(file) | settle(core, arguments, chat, caption) | reply | {"media_group_id": group}
        messages.append(core.place(chat, core.world.bot, body, kind=file.kind, thread=thread, source=file.source))
    return [message.json for message in messages]


def _item(core: TelegramCore, arguments: Arguments, position: int, item: JSON) -> File:
    try:
        return find_file(core, arguments, item["type"], item.get("media"))
    except ApiError as error:
        inner = _INNER.get(error.description, error.description.removeprefix("Bad Request: "))
        raise ApiError(f'failed to send message #{position} with the error message "{inner}"') from error


def _caption(core: TelegramCore, item: JSON) -> JSON:
    entities = item.get("caption_entities") or []
    return checked_text(core, item.get("caption") or "", entities, item.get("parse_mode") or "", caption=True)


METHODS = {
    "sendPhoto": send_photo,
    "sendAnimation": send_animation,
    "sendVideo": send_video,
    "sendDocument": send_document,
    "sendMediaGroup": send_media_group,
}
