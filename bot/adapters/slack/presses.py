"""What is pressed, typed and chosen in messages, modals and the Home tab, as questions. Pure.

https://docs.slack.dev/reference/interaction-payloads/block_actions-payload
"""

from __future__ import annotations

from bot.adapters.slack.addresses import chat_address, chat_kind, user_address
from bot.adapters.slack.buttons import ACT
from bot.adapters.slack.places import Place, chat_of_block, read_place
from bot.adapters.slack.requests import Body, Question, Surface, kind_of, title_of
from bot.adapters.slack.words import SEARCH
from bot.model.chat import ChatKind, User
from bot.model.command import Command, Origin

ASK, LEAF = "ask", "leaf"
"""How the ids of other elements begin: of a field for words to look for, and of a button to a page of a long view."""


def read_press(body: Body, *, workspace: str = "") -> Question | None:
    """Read what was pressed; None for a button that only opened an address, or that is none of ours."""
    action = body["actions"][0]
    begins, _, rest = action.get("action_id", "").partition(":")
    line = (action.get("value") or "").strip()
    if begins not in {ACT, ASK, LEAF} or not line:
        return None
    leaf = int(rest) if begins == LEAF and rest.isdecimal() else None
    name, argument = (SEARCH, line) if begins == ASK else _split(line)
    place = _place_of(body, workspace)
    if place is None:
        return None
    command = _command(body, place, name, argument)
    if "view" in body:
        return _in_view(body, command, place, leaf)
    container = body.get("container") or {}
    return Question(
        command,
        body["user"]["id"],
        thread=place.thread,
        pressed=container.get("message_ts") or "",
        private=bool(container.get("is_ephemeral")),
        room=(body.get("channel") or {}).get("name", ""),
        response_url=body.get("response_url", ""),
        trigger=body.get("trigger_id", ""),
    )


def read_form(body: Body, *, workspace: str = "") -> Question | None:
    """Read a form that is sent off, or in which something is looked up, as its name asked in its conversation."""
    place = read_place(body["view"].get("private_metadata") or "", workspace=workspace)
    name = (body["view"].get("callback_id") or "").partition(":")[2]
    return None if place is None else _in_view(body, _command(body, place, name, ""), place, None)


def _in_view(body: Body, command: Command, place: Place, leaf: int | None) -> Question:
    view = body["view"]
    surface = Surface.HOME if view.get("type") == "home" else Surface.MODAL
    return Question(
        command,
        body["user"]["id"],
        thread=place.thread,
        private=command.kind is not ChatKind.PRIVATE,
        surface=surface,
        leaf=leaf,
        trigger=body.get("trigger_id", ""),
        view=view,
    )


def _place_of(body: Body, workspace: str) -> Place | None:
    """Return the conversation a press speaks for: the one it was made in, or the one its view carries."""
    if "view" in body:
        own = read_place(body["view"].get("private_metadata") or "", workspace=workspace)
        other = chat_of_block(body["actions"][0].get("block_id") or "")
        if own is None or other in {"", own.chat.chat}:
            return own
        return Place(chat_address(other, workspace=workspace), chat_kind(other))
    channel = body.get("channel") or {}
    if not channel.get("id"):
        return None
    container, name = body.get("container") or {}, channel.get("name", "")
    thread = container.get("thread_ts") or (body.get("message") or {}).get("thread_ts") or ""
    return Place(chat_address(channel["id"], workspace=workspace), kind_of(channel["id"], name), title_of(name), thread)


def _command(body: Body, place: Place, name: str, argument: str) -> Command:
    user = body["user"]
    called = user.get("username") or user.get("name") or ""
    return Command(
        name.lower(),
        argument.strip(),
        place.chat,
        place.kind,
        User(user_address(user["id"], workspace=place.chat.workspace), name=called),
        origin=Origin.BUTTON,
        chat_title=place.title,
        key=body.get("trigger_id", ""),
    )


def _split(line: str) -> tuple[str, str]:
    name, _, argument = line.partition(" ")
    return name, argument
