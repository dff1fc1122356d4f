"""views.*: modals, which need a fresh trigger, and Home tabs, which need none."""

from __future__ import annotations

import json

from tests.fakes.slack.core import Arguments, SlackCore
from tests.fakes.slack.desk import Trigger, View
from tests.fakes.slack.errors import SlackError
from tests.fakes.slack.world import JSON
from tests.fakes.transcript import Action

TRIGGER_SECONDS = 3.0  # https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses
VIEW_BYTES = 250_000
STACK = 3  # https://docs.slack.dev/surfaces/modals
TITLE = 24
PRIVATE_METADATA = 3000
CALLBACK_ID = 255
_COMMON = {"type", "blocks", "private_metadata", "callback_id", "external_id"}
_FIELDS = {
    "modal": _COMMON | {"title", "submit", "close", "clear_on_close", "notify_on_close", "submit_disabled"},
    "home": _COMMON,
}


def read_view(core: SlackCore, content: object, surface: str) -> JSON:
    """Check a view. Raises SlackError."""
    if not isinstance(content, dict):
        raise SlackError.invalid("invalid_arguments", ["missing required field: view"])
    if len(json.dumps(content, ensure_ascii=False).encode()) > VIEW_BYTES:
        raise SlackError("view_too_large")
    problems = _problems(content, surface)
    if problems and core.limits:
        raise SlackError.invalid("invalid_arguments", problems)
    blocks = content.get("blocks", [])
    core.check_content(blocks, surface=surface, code="invalid_arguments")
    return content | {"blocks": core.named(blocks)}


def _problems(content: JSON, surface: str) -> list[str]:
    problems = []
    if content.get("type") != surface:
        problems.append(f"unsupported type: {content.get('type')} [json-pointer:/view/type]")
    for name, required in (("title", surface == "modal"), ("submit", False), ("close", False)):
        text = content.get(name)
        if text is None:
            problems += [f"missing required field: {name} [json-pointer:/view]"] if required else []
        elif text.get("type") != "plain_text":
            problems.append(f"unsupported type: {text.get('type')} [json-pointer:/view/{name}/type]")
        elif not 1 <= len(text.get("text", "")) <= TITLE:
            problems.append(f"must be less than {TITLE + 1} characters [json-pointer:/view/{name}/text]")
    for name in sorted(set(content) - _FIELDS[surface]):
        problems.append(f"invalid additional property: {name} [json-pointer:/view]")
    inputs = [block for block in content.get("blocks", []) if isinstance(block, dict) and block.get("type") == "input"]
    if surface == "modal" and inputs and "submit" not in content:
        problems.append("missing required field: submit [json-pointer:/view]")
    for name, limit in (("private_metadata", PRIVATE_METADATA), ("callback_id", CALLBACK_ID)):
        if len(content.get(name, "")) > limit:
            problems.append(f"must be less than {limit + 1} characters [json-pointer:/view/{name}]")
    return problems


def _spend(core: SlackCore, arguments: Arguments) -> Trigger:
    trigger = core.desk.triggers.get(arguments.required("trigger_id"))
    if trigger is None:
        raise SlackError("invalid_trigger_id")
    if trigger.spent:
        raise SlackError("exchanged_trigger_id")
    if core.now() - trigger.at > TRIGGER_SECONDS:
        raise SlackError("expired_trigger_id")
    trigger.spent = True
    return trigger


def _told(arguments: Arguments, view: View) -> JSON:
    return {"view": view.shown(arguments.team)}


def open_view(core: SlackCore, arguments: Arguments) -> JSON:
    content = read_view(core, arguments.json("view"), "modal")
    trigger = _spend(core, arguments)
    view = View(f"V0VIEW{core.number():05}", trigger.user, content, "")
    view.root = view.id
    core.desk.views[view.id] = view
    core.note_view(Action.SENT, view)
    return _told(arguments, view)


def push(core: SlackCore, arguments: Arguments) -> JSON:
    content = read_view(core, arguments.json("view"), "modal")
    trigger = _spend(core, arguments)
    return _told(arguments, push_view(core, trigger.user.id, content))


def push_view(core: SlackCore, user_id: str, content: JSON) -> View:
    """Lay a modal on top of a user's others."""
    stack = [view for view in core.desk.views.values() if view.user.id == user_id]
    if not stack:
        raise SlackError("not_found")
    if len(stack) >= STACK:
        raise SlackError("push_limit_reached")
    view = View(f"V0VIEW{core.number():05}", stack[-1].user, content, stack[0].id, stack[-1].id)
    core.desk.views[view.id] = view
    core.note_view(Action.SENT, view)
    return view


def update(core: SlackCore, arguments: Arguments) -> JSON:
    content = read_view(core, arguments.json("view"), "modal")
    wanted, external = arguments.text("view_id"), arguments.text("external_id")
    view = core.desk.views.get(wanted) or next(
        (view for view in core.desk.views.values() if external and view.json.get("external_id") == external), None
    )
    if view is None:
        raise SlackError("not_found")
    if arguments.text("hash") and arguments.text("hash") != view.shown(arguments.team)["hash"]:
        raise SlackError("hash_conflict")
    replace(core, view, content)
    return _told(arguments, view)


def replace(core: SlackCore, view: View, content: JSON) -> None:
    """Show another content in an open view."""
    view.json = content
    view.revision += 1
    core.note_view(Action.EDITED, view)


def publish(core: SlackCore, arguments: Arguments) -> JSON:
    content = read_view(core, arguments.json("view"), "home")
    user = arguments.team.users.get(arguments.required("user_id"))
    if user is None:
        raise SlackError("user_not_found")
    home = core.desk.homes.get(user.id)
    if home is None:
        home = core.desk.homes[user.id] = View(f"V0HOME{core.number():05}", user, content, "")
        home.root = home.id
        core.note_view(Action.SENT, home)
    else:
        replace(core, home, content)
    return _told(arguments, home)


METHODS = {"views.open": open_view, "views.push": push, "views.update": update, "views.publish": publish}
