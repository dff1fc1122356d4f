"""Forms as modals, and what comes back of them. Pure.

https://docs.slack.dev/reference/block-kit/blocks/input-block
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.adapters.slack import limits
from bot.adapters.slack.buttons import cut
from bot.adapters.slack.messages import compose
from bot.adapters.slack.places import Place
from bot.adapters.slack.runs import JSON
from bot.adapters.slack.views import plain
from bot.locales import Words
from bot.model.delivery import Post
from bot.model.form import Answers, Field, FieldKind, Form, FormOption

FORM, FIELD = "form", "field"
"""How the names begin of a view that is a form, and of what is filled in there."""

_OPTIONAL = frozenset({FieldKind.MANY, FieldKind.SWITCHES, FieldKind.TEXT, FieldKind.LINES, FieldKind.LOOKED_UP})


def make_form(form: Form, title: str, place: Place, words: Words) -> JSON:
    """Return a form as a modal: every field a block of the field's own name."""
    lead = [block for payload in compose(Post(None, (form.lead,))) for block in payload["blocks"]]
    return {
        "type": "modal",
        "callback_id": f"{FORM}:{form.name}",
        "title": plain(cut(title, limits.VIEW_TITLE)),
        "submit": plain(words("Save settings")),
        "close": plain(words("Cancel")),
        "private_metadata": place.write(),
        "blocks": [*lead, *map(_input, form.fields)],
    }


def read_answers(view: Mapping[str, Any]) -> Answers:
    """Return what somebody changed in a form: what stands as the form came is left as it may be by now."""
    before = {block["block_id"]: _shown(block["element"]) for block in view["blocks"] if block["type"] == "input"}
    filled = {
        name: _filled(element)
        for name, elements in view["state"]["values"].items()
        for element in elements.values()
        if name in before
    }
    return {name: values for name, values in filled.items() if values != before[name]}


def make_options(options: Iterable[FormOption]) -> list[JSON]:
    """Return options as Slack shows them, as many as it takes."""
    fitting = (one for one in options if len(one.value) <= limits.OPTION_VALUE)
    return [_option(one) for one in fitting][: limits.OPTIONS]


def _input(field: Field) -> JSON:
    hint = {"hint": plain(field.hint)} if field.hint else {}
    return {
        "type": "input",
        "block_id": field.name,
        "label": plain(field.label),
        "element": {"action_id": f"{FIELD}:{field.name}", **_element(field)},
        "optional": field.kind in _OPTIONAL,
        **hint,
    }


def _element(field: Field) -> JSON:
    empty = {"placeholder": plain(field.empty)} if field.empty else {}
    options = make_options(_first(field))
    chosen = [one for one in options if one["value"] in field.chosen]
    one = {"initial_option": chosen[0]} if chosen else {}
    many = {"initial_options": chosen} if chosen else {}
    match field.kind:
        case FieldKind.ONE:
            return {"type": "static_select", "options": options, **one, **empty}
        case FieldKind.MANY:
            return {"type": "multi_static_select", "options": options, **many, **empty}
        case FieldKind.SWITCHES:
            return {"type": "checkboxes", "options": options[: limits.CHECKBOXES], **many}
        case FieldKind.LOOKED_UP:
            return {"type": "external_select", "min_query_length": 1, **one, **empty}
        case FieldKind.TIME:
            return {"type": "timepicker", **({"initial_time": field.chosen[0]} if field.chosen else {})}
        case FieldKind.TEXT | FieldKind.LINES:
            text = "\n".join(field.chosen)
            lines = {"multiline": True} if field.kind is FieldKind.LINES else {}
            return {"type": "plain_text_input", **lines, **({"initial_value": text} if text else {}), **empty}


def _first(field: Field) -> Sequence[FormOption]:
    """Return the options with those that are chosen first, should there be more than Slack shows."""
    return sorted(field.options, key=lambda one: one.value not in field.chosen) if _is_crowded(field) else field.options


def _is_crowded(field: Field) -> bool:
    return len(field.options) > limits.OPTIONS


def _option(option: FormOption) -> JSON:
    return {"text": plain(cut(option.label, limits.OPTION_TEXT) or "…"), "value": option.value}


def _shown(element: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what an element stood at when the view came."""
    if "initial_option" in element:
        return (element["initial_option"]["value"],)
    if "initial_options" in element:
        return tuple(sorted(one["value"] for one in element["initial_options"]))
    return _lines(element.get("initial_time") or element.get("initial_value") or "")


def _filled(element: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what stands in an element now."""
    if option := element.get("selected_option"):
        return (option["value"],)
    if "selected_options" in element:
        return tuple(sorted(one["value"] for one in element["selected_options"] or ()))
    return _lines(element.get("selected_time") or element.get("value") or "")


def _lines(text: str) -> tuple[str, ...]:
    return tuple(line.strip() for line in text.splitlines() if line.strip())
