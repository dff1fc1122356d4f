"""Block Kit's elements, checked: buttons, menus, pictures.

Limits: https://docs.slack.dev/reference/block-kit/block-elements.
"""

from __future__ import annotations

import re
from typing import Any

from tests.fakes.slack.findings import ID, JSON, Findings

ALT_TEXT = 2000
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
FEW_OPTIONS = 10
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150
REFUSED_PICTURES = (".webp", ".svg", ".avif", ".bmp", ".tiff")

_SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
_CHOICES = {
    "static_select": OPTIONS,
    "multi_static_select": OPTIONS,
    "overflow": OVERFLOW_OPTIONS,
    "checkboxes": FEW_OPTIONS,
    "radio_buttons": FEW_OPTIONS,
}
_FIELDS = {
    "plain_text_input": frozenset({"initial_value", "multiline", "min_length", "max_length", "dispatch_action_config"}),
    "timepicker": frozenset({"initial_time", "timezone"}),
    "external_select": frozenset({"initial_option", "min_query_length"}),
}
_TIME = re.compile(r"([01]\d|2[0-3]):[0-5]\d")
_CHOOSERS = _SELECTS | frozenset(_CHOICES)
ACTIONS = _CHOOSERS | _PICKERS | {"button"}
ACCESSORIES = ACTIONS | {"image"}
INPUT_ELEMENTS = (_CHOOSERS - {"overflow"}) | _PICKERS | _INPUTS


class Elements(Findings):
    """Checks elements."""

    __slots__ = ()

    def _element(self, element: Any, pointer: str, allowed: frozenset[str], taken: set[str]) -> None:
        kind = element.get("type") if isinstance(element, dict) else None
        if kind not in allowed:
            self._wrong(f"unsupported type: {kind}", f"{pointer}/type")
            return
        action_id = element.get("action_id")
        if action_id is not None:
            self._length(action_id, ID, f"{pointer}/action_id")
            if action_id in taken:
                self._wrong(f"`action_id` {action_id} already exists for another element", f"{pointer}/action_id")
            taken.add(action_id)
        if "placeholder" in element:
            self._text(element["placeholder"], PLACEHOLDER, f"{pointer}/placeholder", plain=True)
        if kind == "button":
            self._button(element, pointer)
        elif kind == "image":
            self._accessory_picture(element, pointer)
        elif kind in _FIELDS:
            self._field(element, pointer, _FIELDS[kind])
        elif kind in _CHOICES:
            self._choices(element, pointer, _CHOICES[kind])

    def _button(self, element: JSON, pointer: str) -> None:
        known = {"text", "action_id", "url", "value", "style", "confirm", "accessibility_label"}
        self._only(element, known, pointer)
        self._text(element.get("text"), BUTTON_TEXT, f"{pointer}/text", plain=True)
        if "url" in element:
            self._address(element["url"], f"{pointer}/url")
        if "value" in element:
            self._length(element["value"], BUTTON_VALUE, f"{pointer}/value", least=0)
        if element.get("style") not in {None, "primary", "danger"}:
            self._wrong("must be one of primary, danger", f"{pointer}/style")

    def _field(self, element: JSON, pointer: str, known: frozenset[str]) -> None:
        """Check what is typed into, or chosen from what the app suggests."""
        self._only(element, {"action_id", "placeholder", "focus_on_load", "confirm", *known}, pointer)
        if not _TIME.fullmatch(element.get("initial_time", "00:00")):
            self._wrong("is not a valid time", f"{pointer}/initial_time")
        if "initial_option" in element:
            self._option(element["initial_option"], f"{pointer}/initial_option")

    def _choices(self, element: JSON, pointer: str, limit: int) -> None:
        options = list(self._items(element, "options", limit, pointer))
        groups = element.get("option_groups", [])
        if not options and not groups:
            self._wrong("missing required field: options", pointer)
        values = [self._option(option, f"{pointer}/options/{index}") for index, option in enumerate(options)]
        for number, group in enumerate(groups):
            where = f"{pointer}/option_groups/{number}"
            self._text(group.get("label"), OPTION_TEXT, f"{where}/label", plain=True)
            for index, option in enumerate(self._items(group, "options", OPTIONS, where)):
                values.append(self._option(option, f"{where}/options/{index}"))
        chosen = element.get("initial_options") or [element[key] for key in ("initial_option",) if key in element]
        if any(option.get("value") not in values for option in chosen):
            self._wrong("initial option must be one of the options", pointer)

    def _option(self, option: Any, pointer: str) -> str | None:
        if not isinstance(option, dict):
            self._wrong("must be an object", pointer)
            return None
        self._text(option.get("text"), OPTION_TEXT, f"{pointer}/text")
        self._length(option.get("value", "" if "url" in option else None), OPTION_VALUE, f"{pointer}/value", least=0)
        if "description" in option:
            self._text(option["description"], OPTION_TEXT, f"{pointer}/description")
        return option.get("value")

    def _picture(self, element: JSON, pointer: str) -> None:
        """Check a picture that Slack fetches before it takes the message."""
        self._length(element.get("alt_text"), ALT_TEXT, f"{pointer}/alt_text", least=0)
        if "slack_file" in element:
            if self.files is not None and element["slack_file"].get("id") not in self.files:
                self._wrong("invalid slack file", f"{pointer}/slack_file")
            return
        url = element.get("image_url")
        self._address(url, f"{pointer}/image_url")
        path = str(url).partition("?")[0].lower()
        if url in self.broken_images or path.endswith(REFUSED_PICTURES):
            self._wrong("downloading image failed", f"{pointer}/image_url")

    def _accessory_picture(self, element: JSON, pointer: str) -> None:
        # A picture beside a section is fetched later: a dead one does not stop the message
        # (https://github.com/slackapi/java-slack-sdk/issues/1396).
        self._length(element.get("alt_text"), ALT_TEXT, f"{pointer}/alt_text", least=0)
        self._address(element.get("image_url"), f"{pointer}/image_url")
