"""files.*: an upload in three steps, of which the last one makes the message."""

from __future__ import annotations

from typing import Any

from tests.fakes.images import drawn, look_at
from tests.fakes.slack.core import Arguments, SlackCore
from tests.fakes.slack.desk import Upload
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.world import JSON


def get_upload_url(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "files:write")
    name, length = arguments.required("filename"), arguments.number("length", 0)
    if length <= 0:
        raise SlackError("invalid_arguments")
    upload = Upload(f"F0FILE{core.number():05}", name, length)
    core.desk.uploads[upload.id] = upload
    return {"upload_url": f"{core.url}/upload/{upload.id}", "file_id": upload.id}


def receive(core: SlackCore, file_id: str, content: bytes) -> str:
    """Take a file's bytes. Raises SlackError."""
    upload = core.desk.uploads.get(file_id)
    if upload is None or len(content) != upload.length:
        raise SlackError("upload_failed", status=400)
    upload.content = content
    return f"OK - {len(content)}"


def _shared(upload: Upload) -> JSON:
    picture = look_at(upload.content or b"")
    shown: JSON = {"id": upload.id, "name": upload.name, "title": upload.title, "size": upload.length}
    shown["mimetype"] = f"image/{picture.kind}" if picture else "application/octet-stream"
    return shown | {"source": drawn(upload.content or b"")}


def complete_upload(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "files:write")
    wanted: list[dict[str, Any]] = arguments.json("files") or []
    uploads = [core.desk.uploads.get(item.get("id", "")) for item in wanted]
    files = [upload for upload in uploads if upload is not None and upload.content is not None]
    if not wanted or len(files) != len(wanted):
        raise SlackError("file_not_found")
    for upload, item in zip(files, wanted, strict=True):
        upload.title = item.get("title") or upload.name
    if arguments.text("channel_id"):
        channel = core.visible_channel(arguments, "channel_id")
        if arguments.team.bot.id not in channel.members:
            raise SlackError("not_in_channel")
        body = {
            "text": arguments.text("initial_comment"),
            "files": [_shared(upload) for upload in files],
            "upload": True,
        }
        core.place(channel, arguments.team.bot, body, thread=arguments.text("thread_ts"))
    return {"files": [{"id": upload.id, "title": upload.title} for upload in files]}


METHODS = {"files.getUploadURLExternal": get_upload_url, "files.completeUploadExternal": complete_upload}
