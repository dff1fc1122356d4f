"""chat.*: posting, updating, deleting, and the answers behind a response_url."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from tests.fakes.slack.core import TEXT_LIMIT, UPDATE_BYTES, Arguments, SlackCore
from tests.fakes.slack.desk import ResponseUrl
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.world import JSON, Channel, Kind, Message

RESPONSE_USES = 5  # https://docs.slack.dev/interactivity/handling-user-interaction#message_responses
RESPONSE_SECONDS = 30 * 60
ATTACHMENTS = 100
MARKDOWN_TEXT = 12_000
_TS = re.compile(r"\d{1,10}\.\d{6}")


def _content(core: SlackCore, arguments: Arguments, method: str) -> JSON:
    """Read what a message says. Raises SlackError."""
    blocks = arguments.json("blocks", "invalid_blocks_format")
    attachments = arguments.json("attachments", "invalid_arguments")
    text = arguments.text("text")
    markdown = arguments.text("markdown_text")
    if markdown:
        if text or blocks:
            raise SlackError("markdown_text_conflict")
        if len(markdown) > MARKDOWN_TEXT:
            raise SlackError("msg_too_long")
        blocks = [{"type": "markdown", "text": markdown}]
    if not text and not blocks and not attachments:
        raise SlackError("no_text")
    if blocks is not None and not isinstance(blocks, list):
        raise SlackError("invalid_blocks_format")
    if attachments and len(attachments) > ATTACHMENTS:
        raise SlackError("too_many_attachments")
    core.check_content(blocks)
    if len(text) > TEXT_LIMIT:
        core.violated(method, None, f"a text of {len(text)} characters was cut at {TEXT_LIMIT}")
        text = text[:TEXT_LIMIT]
    body: JSON = {"text": text}
    if blocks:
        body["blocks"] = blocks
    if attachments:
        body["attachments"] = attachments
    return body


def _metadata(arguments: Arguments) -> JSON | None:
    metadata = arguments.json("metadata", "invalid_metadata_format")
    if metadata is None:
        return None
    if not isinstance(metadata, dict):
        raise SlackError("invalid_metadata_format")
    if not isinstance(metadata.get("event_type"), str) or not isinstance(metadata.get("event_payload"), dict):
        raise SlackError("invalid_metadata_schema")
    return metadata


def _check_posting(core: SlackCore, arguments: Arguments, channel: Channel) -> None:
    core.require(arguments, "chat:write")
    team = arguments.team
    if channel.archived:
        raise SlackError("is_archived")
    if channel.read_only:
        raise SlackError("restricted_action_read_only_channel")
    outside = channel.kind is Kind.PUBLIC and team.bot.id not in channel.members
    if outside and "chat:write.public" not in team.scopes:
        raise SlackError("not_in_channel")


def _thread(core: SlackCore, arguments: Arguments, channel: Channel) -> str:
    """Find the thread a message goes to.

    A parent that is gone does not stop a reply: Slack posts it into the channel itself, and says nothing
    (https://github.com/slack-go/slack/issues/1571). It is noted as a violation.
    """
    ts = arguments.text("thread_ts")
    if not ts:
        return ""
    if not _TS.fullmatch(ts):
        raise SlackError.invalid("invalid_thread_ts", [f"{ts} is not a valid thread_ts"])
    parent = channel.messages.get(ts)
    if parent is None:
        core.violated(arguments.method, channel.id, f"thread_ts {ts} names no message: posted into the channel")
        return ""
    return str(parent.json.get("thread_ts", ts))


def post_message(core: SlackCore, arguments: Arguments) -> JSON:
    channel = core.visible_channel(arguments)
    _check_posting(core, arguments, channel)
    thread = _thread(core, arguments, channel)
    body = _content(core, arguments, arguments.method)
    metadata = _metadata(arguments)
    core.take_channel_turn(arguments.method, channel)
    unfurls = {name: arguments.flag(name) for name in ("unfurl_links", "unfurl_media") if name in arguments.values}
    message = core.place(channel, arguments.team.bot, body | unfurls, thread=thread, metadata=metadata)
    return {"channel": channel.id, "ts": message.ts, "message": _told(message)}


def _told(message: Message) -> JSON:
    return message.json | ({"metadata": message.metadata} if message.metadata else {})


def post_ephemeral(core: SlackCore, arguments: Arguments) -> JSON:
    channel = core.visible_channel(arguments)
    _check_posting(core, arguments, channel)
    user = arguments.required("user")
    if user not in channel.members:
        raise SlackError("user_not_in_channel")
    if arguments.team.bot.id not in channel.members:
        raise SlackError("not_in_channel")
    body = _content(core, arguments, arguments.method)
    thread = _thread(core, arguments, channel)
    message = core.place(channel, arguments.team.bot, body, thread=thread, audience=user)
    return {"message_ts": message.ts}


def _own(core: SlackCore, arguments: Arguments, refusal: str) -> Message:
    core.require(arguments, "chat:write")
    channel = core.visible_channel(arguments)
    message = channel.messages.get(arguments.required("ts"))
    if message is None:
        raise SlackError("message_not_found")
    if not message.by_bot:
        raise SlackError(refusal)
    if channel.archived:
        raise SlackError("is_archived")
    return message


def update(core: SlackCore, arguments: Arguments) -> JSON:
    message = _own(core, arguments, "cant_update_message")
    body = _content(core, arguments, arguments.method)
    if len(body["text"].encode()) > UPDATE_BYTES:
        raise SlackError("msg_too_long")
    metadata = _metadata(arguments) or message.metadata
    body.setdefault("blocks", [])
    core.change(message, body | {"edited": {"user": arguments.team.bot.id, "ts": message.ts}}, metadata)
    return {"channel": message.channel.id, "ts": message.ts, "text": body["text"], "message": _told(message)}


def delete(core: SlackCore, arguments: Arguments) -> JSON:
    message = _own(core, arguments, "cant_delete_message")
    core.remove(message)
    return {"channel": message.channel.id, "ts": message.ts}


def get_permalink(core: SlackCore, arguments: Arguments) -> JSON:
    channel = core.visible_channel(arguments)
    ts = arguments.required("message_ts")
    if ts not in channel.messages:
        raise SlackError("message_not_found")
    link = f"https://{arguments.team.name.lower()}.slack.example/archives/{channel.id}/p{ts.replace('.', '')}"
    thread = channel.messages[ts].json.get("thread_ts", ts)
    if thread != ts:
        link += f"?thread_ts={thread}&cid={channel.id}"
    return {"channel": channel.id, "permalink": link}


def unfurl(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "links:write")
    channel = core.visible_channel(arguments)
    message = channel.messages.get(arguments.required("ts"))
    if message is None:
        raise SlackError("cannot_unfurl_message")
    unfurls: Mapping[str, Any] = arguments.json("unfurls") or {}
    for content in unfurls.values():
        core.check_content(content.get("blocks"))
    core.change(message, {"attachments": [{"from_url": url} | content for url, content in unfurls.items()]}, None)
    return {}


def respond(core: SlackCore, arguments: Arguments, place: ResponseUrl) -> None:
    """Carry out what an app posts to a response_url. Raises SlackError."""
    if core.now() - place.at > RESPONSE_SECONDS:
        raise SlackError("expired_url", status=404)
    if place.uses >= RESPONSE_USES:
        raise SlackError("used_url", status=404)
    place.uses += 1
    if arguments.flag("delete_original"):
        if place.message is not None:
            core.remove(place.message)
        return
    say_back(core, arguments, place)


def say_back(core: SlackCore, arguments: Arguments, place: ResponseUrl) -> None:
    """Show an answer to a command or a press: to the asker alone, to the channel, or in the message's place."""
    body = _content(core, arguments, arguments.method)
    if arguments.flag("replace_original") and place.message is not None:
        body.setdefault("blocks", [])
        core.change(place.message, body, place.message.metadata)
        return
    team = core.world.workspaces[place.channel.team]
    open_to_all = arguments.text("response_type") == "in_channel"
    audience = "" if open_to_all else place.user.id
    thread = arguments.text("thread_ts")
    core.place(place.channel, team.bot, body, thread=thread, audience=audience)


METHODS = {
    "chat.postMessage": post_message,
    "chat.postEphemeral": post_ephemeral,
    "chat.update": update,
    "chat.delete": delete,
    "chat.getPermalink": get_permalink,
    "chat.unfurl": unfurl,
}
