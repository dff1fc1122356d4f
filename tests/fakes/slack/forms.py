"""What a person filled in: a view's or a message's elements, written as Slack tells them to the app."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

JSON = dict[str, Any]
Answer = str | Sequence[str]

_SINGLE = {
    "users_select": "selected_user",
    "conversations_select": "selected_conversation",
    "channels_select": "selected_channel",
    "datepicker": "selected_date",
    "timepicker": "selected_time",
}
_MANY = {
    "multi_users_select": "selected_users",
    "multi_conversations_select": "selected_conversations",
    "multi_channels_select": "selected_channels",
}
_INITIAL = {
    "selected_option": "initial_option",
    "selected_options": "initial_options",
    "selected_user": "initial_user",
    "selected_users": "initial_users",
    "selected_conversation": "initial_conversation",
    "selected_conversations": "initial_conversations",
    "selected_channel": "initial_channel",
    "selected_channels": "initial_channels",
    "selected_date": "initial_date",
    "selected_time": "initial_time",
    "value": "initial_value",
}


def elements_of(blocks: Sequence[JSON]) -> Iterator[tuple[JSON, JSON]]:
    """Yield every interactive element with the block it stands in."""
    for block in blocks:
        match block.get("type"):
            case "actions":
                for element in block["elements"]:
                    yield element, block
            case "section" if "accessory" in block:
                yield block["accessory"], block
            case "input":
                yield block["element"], block


def answer(element: JSON, value: Answer | None) -> JSON:
    """Write one element's state; None leaves it as the view came."""
    kind = element["type"]
    if kind in _SINGLE:
        field = _SINGLE[kind]
    elif kind in _MANY:
        field = _MANY[kind]
    elif kind in {"multi_static_select", "multi_external_select", "checkboxes"}:
        field = "selected_options"
    elif kind in {"static_select", "external_select", "radio_buttons", "overflow"}:
        field = "selected_option"
    else:
        field = "value"
    if value is None:
        nothing: Any = [] if field.endswith("s") else None
        return {"type": kind, field: element.get(_INITIAL[field], nothing)}
    if kind == "external_select":  # whatever the app suggested
        return {"type": kind, field: {"text": {"type": "plain_text", "text": str(value)}, "value": str(value)}}
    if field == "selected_option":
        return {"type": kind, field: _option(element, str(value))}
    if field == "selected_options":
        return {"type": kind, field: [_option(element, each) for each in value]}
    return {"type": kind, field: value}


def _option(element: JSON, value: str) -> JSON:
    groups = element.get("option_groups", [])
    options = [*element.get("options", []), *(option for group in groups for option in group["options"])]
    for option in options:
        if option["value"] == value:
            return dict(option)
    raise LookupError(f"no option {value!r}, only {[option['value'] for option in options]}")


def state(blocks: Sequence[JSON], answers: Mapping[str, Answer]) -> JSON:
    """Write the state of all elements; `answers` go by action id. Raises LookupError for one that is not there."""
    values: JSON = {}
    left = dict(answers)
    for element, block in elements_of(blocks):
        if element["type"] == "button":
            continue
        action_id = element.get("action_id", "")
        values.setdefault(block.get("block_id", ""), {})[action_id] = answer(element, left.pop(action_id, None))
    if left:
        raise LookupError(f"no elements named {sorted(left)}")
    return {"values": values}
