"""Block Kit, checked as Slack does before a message or a view may stand.

Limits: https://docs.slack.dev/reference/block-kit/blocks and the pages below it. Problems are worded as Slack words
them, with a JSON pointer to where they are.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

JSON = dict[str, Any]

MESSAGE_BLOCKS = 50
VIEW_BLOCKS = 100
TOTAL_CHARACTERS = 13_200  # not documented: https://github.com/slackapi/bolt-js/issues/2509
MARKDOWN_CHARACTERS = 12_000
ID = 255
URL = 3000
SECTION_TEXT = 3000
SECTION_FIELDS = 10
FIELD_TEXT = 2000
HEADER_TEXT = 150
ALT_TEXT = 2000
CONTEXT_ELEMENTS = 10
ACTIONS_ELEMENTS = 25
BUTTON_TEXT = 75
BUTTON_VALUE = 2000
OPTION_TEXT = 75
OPTION_VALUE = 150
OPTIONS = 100
FEW_OPTIONS = 10
OVERFLOW_OPTIONS = 5
PLACEHOLDER = 150
LABEL = 2000
LIST_INDENT = 8
REFUSED_PICTURES = (".webp", ".svg", ".avif", ".bmp", ".tiff")

_SELECTS = frozenset(
    f"{many}{kind}_select"
    for many in ("", "multi_")
    for kind in ("static", "external", "users", "conversations", "channels")
)
_INPUTS = frozenset({"plain_text_input", "email_text_input", "url_text_input", "number_input"})
_PICKERS = frozenset({"datepicker", "timepicker", "datetimepicker"})
_STYLED_LEAVES = frozenset({"text", "link", "emoji", "user", "channel", "usergroup", "broadcast", "date"})
_STYLES = frozenset({"bold", "italic", "strike", "code", "underline", "highlight", "client_highlight", "unlink"})


@dataclass(slots=True)
class Checker:
    """Walks blocks and collects what is wrong with them."""

    surface: str
    broken_images: frozenset[str] = frozenset()
    problems: list[str] = field(default_factory=list)
    characters: int = 0
    _block_ids: set[str] = field(default_factory=set)

    # --- the walk

    def blocks(self, blocks: Any, pointer: str = "/blocks") -> None:
        limit = MESSAGE_BLOCKS if self.surface == "message" else VIEW_BLOCKS
        if not isinstance(blocks, list):
            self._wrong("must be an array", pointer)
            return
        if len(blocks) > limit:
            self._wrong(f"no more than {limit} items allowed", pointer)
        for index, block in enumerate(blocks):
            self._block(block, f"{pointer}/{index}")

    def _block(self, block: Any, pointer: str) -> None:
        if not isinstance(block, dict):
            self._wrong("must be an object", pointer)
            return
        check = _BLOCKS.get(block.get("type", ""))
        if check is None:
            self._wrong(f"unsupported type: {block.get('type')}", f"{pointer}/type")
            return
        self._block_id(block, pointer)
        check(self, block, pointer)

    def _block_id(self, block: JSON, pointer: str) -> None:
        block_id = block.get("block_id")
        if block_id is None:
            return
        self._length(block_id, ID, f"{pointer}/block_id")
        if block_id in self._block_ids:
            self._wrong(f"`block_id` {block_id} already exists", f"{pointer}/block_id")
        self._block_ids.add(block_id)

    # --- blocks

    def section(self, block: JSON, pointer: str) -> None:
        self._only(block, {"text", "fields", "accessory", "expand"}, pointer)
        if "text" not in block and "fields" not in block:
            self._wrong("missing required field: text or fields", pointer)
        if "text" in block:
            self._text(block["text"], SECTION_TEXT, f"{pointer}/text")
        for index, item in enumerate(self._items(block, "fields", SECTION_FIELDS, pointer)):
            self._text(item, FIELD_TEXT, f"{pointer}/fields/{index}")
        if "accessory" in block:
            self._element(block["accessory"], f"{pointer}/accessory", _ACCESSORIES, set())

    def header(self, block: JSON, pointer: str) -> None:
        self._only(block, {"text", "level"}, pointer)
        self._text(block.get("text"), HEADER_TEXT, f"{pointer}/text", plain=True)

    def divider(self, block: JSON, pointer: str) -> None:
        self._only(block, set(), pointer)

    def image(self, block: JSON, pointer: str) -> None:
        self._only(block, {"image_url", "slack_file", "alt_text", "title"}, pointer)
        self._picture(block, pointer)
        if "title" in block:
            self._text(block["title"], ALT_TEXT, f"{pointer}/title", plain=True)

    def actions(self, block: JSON, pointer: str) -> None:
        self._only(block, {"elements"}, pointer)
        taken: set[str] = set()
        for index, element in enumerate(self._items(block, "elements", ACTIONS_ELEMENTS, pointer, least=1)):
            self._element(element, f"{pointer}/elements/{index}", _ACTIONS, taken)

    def context(self, block: JSON, pointer: str) -> None:
        self._only(block, {"elements"}, pointer)
        for index, element in enumerate(self._items(block, "elements", CONTEXT_ELEMENTS, pointer, least=1)):
            where = f"{pointer}/elements/{index}"
            if isinstance(element, dict) and element.get("type") == "image":
                self._picture(element, where)
            else:
                self._text(element, SECTION_TEXT, where)

    def input(self, block: JSON, pointer: str) -> None:
        self._only(block, {"label", "element", "hint", "optional", "dispatch_action"}, pointer)
        self._text(block.get("label"), LABEL, f"{pointer}/label", plain=True)
        if "hint" in block:
            self._text(block["hint"], LABEL, f"{pointer}/hint", plain=True)
        self._element(block.get("element"), f"{pointer}/element", _INPUT_ELEMENTS, set())

    def markdown(self, block: JSON, pointer: str) -> None:
        self._only(block, {"text"}, pointer)
        self._length(block.get("text"), MARKDOWN_CHARACTERS, f"{pointer}/text")
        self._count(block.get("text"))

    def rich_text(self, block: JSON, pointer: str) -> None:
        self._only(block, {"elements"}, pointer)
        for index, element in enumerate(self._items(block, "elements", None, pointer, least=1)):
            self._rich(element, f"{pointer}/elements/{index}")

    # --- rich text

    def _rich(self, element: Any, pointer: str) -> None:
        kind = element.get("type") if isinstance(element, dict) else None
        match kind:
            case "rich_text_section":
                self._only(element, {"elements"}, pointer)
                self._leaves(element, pointer, _STYLED_LEAVES | {"color"})
            case "rich_text_quote":
                self._only(element, {"elements", "border"}, pointer)
                self._leaves(element, pointer, _STYLED_LEAVES | {"color"})
            case "rich_text_preformatted":
                self._only(element, {"elements", "border", "language"}, pointer)
                self._leaves(element, pointer, frozenset({"text", "link"}))
            case "rich_text_list":
                self._list(element, pointer)
            case _:
                self._wrong(f"unsupported type: {kind}", f"{pointer}/type")

    def _list(self, element: JSON, pointer: str) -> None:
        self._only(element, {"elements", "style", "indent", "offset", "border"}, pointer)
        if element.get("style") not in {"bullet", "ordered"}:
            self._wrong("must be one of bullet, ordered", f"{pointer}/style")
        if not 0 <= element.get("indent", 0) <= LIST_INDENT:
            self._wrong(f"must be between 0 and {LIST_INDENT}", f"{pointer}/indent")
        if element.get("offset", 0) < 0:
            self._wrong("must be at least 0", f"{pointer}/offset")
        for index, item in enumerate(self._items(element, "elements", None, pointer, least=1)):
            where = f"{pointer}/elements/{index}"
            if not isinstance(item, dict) or item.get("type") != "rich_text_section":
                self._wrong("a list holds rich_text_section only", where)
            else:
                self._rich(item, where)

    def _leaves(self, element: JSON, pointer: str, allowed: frozenset[str]) -> None:
        for index, leaf in enumerate(self._items(element, "elements", None, pointer)):
            where = f"{pointer}/elements/{index}"
            kind = leaf.get("type") if isinstance(leaf, dict) else None
            if kind not in allowed:
                self._wrong(f"unsupported type: {kind}", f"{where}/type")
                continue
            for name in sorted(set(leaf.get("style") or {}) - _STYLES):
                self._wrong(f"invalid additional property: {name}", f"{where}/style")
            self._count(leaf.get("text"), leaf.get("url"))
            match kind:
                case "text":
                    self._length(leaf.get("text"), None, f"{where}/text")
                case "link":
                    self._address(leaf.get("url"), f"{where}/url")
                    if "text" in leaf:
                        self._length(leaf["text"], None, f"{where}/text", least=0)
                case "emoji":
                    self._length(leaf.get("name"), None, f"{where}/name")
                case "date":
                    self._length(leaf.get("format"), None, f"{where}/format")

    # --- elements

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

    # --- the smallest parts

    def _text(self, text: Any, limit: int, pointer: str, *, plain: bool = False) -> None:
        if not isinstance(text, dict):
            self._wrong("missing required field: text" if text is None else "must be an object", pointer)
            return
        kinds = {"plain_text"} if plain else {"plain_text", "mrkdwn"}
        if text.get("type") not in kinds:
            self._wrong(f"unsupported type: {text.get('type')}", f"{pointer}/type")
        allowed = {"text", "emoji"} if text.get("type") == "plain_text" else {"text", "verbatim"}
        self._only(text, allowed, pointer)
        self._length(text.get("text"), limit, f"{pointer}/text")
        self._count(text.get("text"))

    def _count(self, *shown: Any) -> None:
        self.characters += sum(len(text) for text in shown if isinstance(text, str))

    def _length(self, value: Any, limit: int | None, pointer: str, *, least: int = 1) -> None:
        if not isinstance(value, str):
            self._wrong("missing required field" if value is None else "must be a string", pointer)
            return
        if len(value) < least:
            self._wrong(f"must be more than {least - 1} characters", pointer)
        if limit is not None and len(value) > limit:
            self._wrong(f"must be less than {limit + 1} characters", pointer)

    def _address(self, url: Any, pointer: str) -> None:
        self._length(url, URL, pointer)
        if isinstance(url, str) and not url.startswith(("http://", "https://", "mailto:", "slack://", "tel:")):
            self._wrong("is not a valid URL", pointer)

    def _items(self, holder: JSON, name: str, limit: int | None, pointer: str, least: int = 0) -> Iterator[Any]:
        items = holder.get(name, [])
        if not isinstance(items, list):
            self._wrong("must be an array", f"{pointer}/{name}")
            return iter(())
        if len(items) < least:
            self._wrong(f"no fewer than {least} items allowed", f"{pointer}/{name}")
        if limit is not None and len(items) > limit:
            self._wrong(f"no more than {limit} items allowed", f"{pointer}/{name}")
        return iter(items)

    def _only(self, holder: JSON, known: set[str], pointer: str) -> None:
        for name in sorted(set(holder) - known - {"type", "block_id"}):
            self._wrong(f"invalid additional property: {name}", pointer)

    def _wrong(self, problem: str, pointer: str) -> None:
        self.problems.append(f"{problem} [json-pointer:{pointer}]")


_BLOCKS: dict[str, Callable[[Checker, JSON, str], None]] = {
    "section": Checker.section,
    "header": Checker.header,
    "divider": Checker.divider,
    "image": Checker.image,
    "actions": Checker.actions,
    "context": Checker.context,
    "input": Checker.input,
    "markdown": Checker.markdown,
    "rich_text": Checker.rich_text,
}
_CHOICES = {
    "static_select": OPTIONS,
    "multi_static_select": OPTIONS,
    "overflow": OVERFLOW_OPTIONS,
    "checkboxes": FEW_OPTIONS,
    "radio_buttons": FEW_OPTIONS,
}
_CHOOSERS = _SELECTS | frozenset(_CHOICES)
_ACTIONS = _CHOOSERS | _PICKERS | {"button"}
_ACCESSORIES = _ACTIONS | {"image"}
_INPUT_ELEMENTS = (_CHOOSERS - {"overflow"}) | _PICKERS | _INPUTS


def check_blocks(
    blocks: Sequence[Any], *, surface: str = "message", broken_images: frozenset[str] = frozenset()
) -> tuple[list[str], int]:
    """Return what is wrong with blocks, and how many characters they hold."""
    checker = Checker(surface, broken_images)
    checker.blocks(blocks)
    return checker.problems, checker.characters
