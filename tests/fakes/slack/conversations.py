"""conversations.* and users.*: what stands where, and who is there."""

from __future__ import annotations

from base64 import b64decode, b64encode

from tests.fakes.slack.core import Arguments, SlackCore
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.world import JSON, Channel, Kind, Message

PAGE = 100
_TYPES = {"public_channel": Kind.PUBLIC, "private_channel": Kind.PRIVATE, "im": Kind.DIRECT, "mpim": Kind.GROUP_MESSAGE}
PAGE_LIMIT = 999  # https://docs.slack.dev/reference/methods/conversations.history


def _known(core: SlackCore, arguments: Arguments, right: str) -> Channel:
    channel = core.visible_channel(arguments)
    core.require(arguments, f"{channel.kind}:{right}")
    return channel


def _told(message: Message, arguments: Arguments) -> JSON:
    if not message.metadata:
        return message.json
    whole = arguments.flag("include_all_metadata")
    return message.json | {"metadata": message.metadata if whole else {"event_type": message.metadata["event_type"]}}


def _within(message: Message, arguments: Arguments) -> bool:
    oldest, latest = float(arguments.text("oldest", "0")), float(arguments.text("latest") or "inf")
    ts = float(message.ts)
    return oldest <= ts <= latest if arguments.flag("inclusive") else oldest < ts < latest


def _page(messages: list[Message], arguments: Arguments) -> JSON:
    limit = max(1, min(arguments.number("limit", PAGE), PAGE_LIMIT))
    cursor = arguments.text("cursor")
    start = int(b64decode(cursor).decode().removeprefix("next:")) if cursor else 0
    page = messages[start : start + limit]
    more = len(messages) > start + limit
    answer: JSON = {"messages": [_told(message, arguments) for message in page], "has_more": more}
    if more:
        answer["response_metadata"] = {"next_cursor": b64encode(f"next:{start + limit}".encode()).decode()}
    return answer


def _member_only(arguments: Arguments, channel: Channel) -> None:
    if arguments.team.bot.id not in channel.members:
        raise SlackError("not_in_channel")


def history(core: SlackCore, arguments: Arguments) -> JSON:
    channel = _known(core, arguments, "history")
    _member_only(arguments, channel)
    top = [message for message in channel.messages.values() if message.json.get("thread_ts", message.ts) == message.ts]
    found = [message for message in top if _within(message, arguments)]
    return _page(found[::-1], arguments) | {"pin_count": 0}


def replies(core: SlackCore, arguments: Arguments) -> JSON:
    channel = _known(core, arguments, "history")
    _member_only(arguments, channel)
    ts = arguments.required("ts")
    parent = channel.messages.get(channel.messages[ts].json.get("thread_ts", ts)) if ts in channel.messages else None
    if parent is None:
        raise SlackError("thread_not_found")
    thread = parent.ts
    answers = [message for message in channel.messages.values() if message.json.get("thread_ts") == thread]
    return _page([parent, *(answer for answer in answers if _within(answer, arguments))], arguments)


def info(core: SlackCore, arguments: Arguments) -> JSON:
    return {"channel": _known(core, arguments, "read").json(arguments.team.bot.id)}


def members(core: SlackCore, arguments: Arguments) -> JSON:
    return {"members": sorted(_known(core, arguments, "read").members), "response_metadata": {"next_cursor": ""}}


def open_direct(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "im:write")
    user = arguments.team.users.get(arguments.required("users"))
    if user is None:
        raise SlackError("user_not_found")
    return {"channel": {"id": arguments.team.direct(user, core.world.numbers).id}}


def join(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "channels:join")
    channel = core.visible_channel(arguments)
    if channel.kind is not Kind.PUBLIC:
        raise SlackError("method_not_supported_for_channel_type")
    channel.members.add(arguments.team.bot.id)
    return {"channel": channel.json(arguments.team.bot.id)}


def leave(core: SlackCore, arguments: Arguments) -> JSON:
    channel = core.visible_channel(arguments)
    channel.members.discard(arguments.team.bot.id)
    return {}


def _visible(arguments: Arguments) -> list[Channel]:
    team = arguments.team
    return [
        channel
        for channel in team.channels.values()
        if channel.kind is not Kind.PRIVATE or team.bot.id in channel.members
    ]


def listing(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "channels:read")
    shown = [channel.json(arguments.team.bot.id) for channel in _visible(arguments) if channel.kind is not Kind.DIRECT]
    return {"channels": shown, "response_metadata": {"next_cursor": ""}}


def own_conversations(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "channels:read")
    bot = arguments.team.bot.id
    kinds = {_TYPES.get(name) for name in arguments.text("types", "public_channel").split(",")}
    if Kind.PRIVATE in kinds:
        core.require(arguments, "groups:read")
    whose = arguments.text("user", bot)
    shown = [
        channel.json(bot)
        for channel in _visible(arguments)
        if whose in channel.members
        and channel.kind in kinds
        and not (channel.archived and arguments.flag("exclude_archived"))
    ]
    return {"channels": shown, "response_metadata": {"next_cursor": ""}}


def user_info(core: SlackCore, arguments: Arguments) -> JSON:
    core.require(arguments, "users:read")
    user = arguments.team.users.get(arguments.required("user"))
    if user is None:
        raise SlackError("user_not_found")
    return {"user": user.json(with_locale=arguments.flag("include_locale"))}


METHODS = {
    "conversations.history": history,
    "conversations.replies": replies,
    "conversations.info": info,
    "conversations.members": members,
    "conversations.open": open_direct,
    "conversations.join": join,
    "conversations.leave": leave,
    "conversations.list": listing,
    "users.conversations": own_conversations,
    "users.info": user_info,
}
