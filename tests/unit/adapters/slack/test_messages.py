"""Posts as messages, and messages made plainer."""

from __future__ import annotations

import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.adapters.slack import PLATFORM, limits
from bot.adapters.slack.messages import as_message, as_update, compose, degrade, local_pictures, with_files
from bot.adapters.slack.rendering import weigh
from bot.model.command import Button
from bot.model.delivery import Degradation, Post
from bot.model.richtext import Document, Heading, Image, Span, bold, link, paragraph
from tests.fakes.slack.blocks import check_blocks
from tests.unit.adapters.slack.documents import DOCUMENTS, UNHURRIED, words_of

PICTURE = "https://example.org/a.png"
LOCAL = "file:///digests/a%20b.png"


def post(*units: Document, buttons: tuple[tuple[Button, ...], ...] = ()) -> Post:
    return Post(None, units, buttons)


def entry(number: int, length: int = 400) -> Document:
    return Document((Heading((Span(f"Entry {number}"),)), paragraph(f"{number} ", "x" * length)))


@UNHURRIED
@given(st.lists(DOCUMENTS, max_size=4))
def test_payloads_fit_and_keep_every_word(units: list[Document]) -> None:
    """However a post is cut, each message keeps the limits and together they hold every word in order."""
    payloads = compose(post(*units))
    for payload in payloads:
        assert 0 < len(payload["blocks"]) <= limits.MESSAGE_BLOCKS
        assert weigh(payload["blocks"]) <= limits.MESSAGE_TEXT
    whole = compose(post(Document(tuple(block for unit in units for block in unit.blocks))))
    assert words_of([p["blocks"] for p in payloads]) == words_of([p["blocks"] for p in whole])


@UNHURRIED
@given(st.lists(DOCUMENTS, max_size=3))
def test_composing_is_deterministic_json(units: list[Document]) -> None:
    """The same post gives the same payloads, and they survive being stored."""
    payloads = compose(post(*units))
    assert json.loads(json.dumps(payloads)) == payloads == compose(post(*units))


def test_units_share_messages_and_are_not_cut() -> None:
    """As few messages as the limits allow, each entry whole."""
    payloads = compose(post(*(entry(number, 2000) for number in range(9))))
    assert [payload["text"].count("Entry") for payload in payloads] == [4, 4, 1]


def test_more_blocks_than_a_message_holds() -> None:
    """Fifty-one short blocks are two messages."""
    blocks = tuple(Heading((Span(f"{number}"),), 2) for number in range(51))
    payloads = compose(post(*(Document((block,)) for block in blocks)))
    assert [len(payload["blocks"]) for payload in payloads] == [50, 1]


def test_nothing_to_say_is_no_message() -> None:
    """An empty post is no message at all."""
    assert compose(post()) == []
    assert compose(post(Document((paragraph(""),)))) == []


def test_short_rows_stand_side_by_side() -> None:
    """Rows that are cut for phones share a line as long as it is not too long; the numbers of a list stay apart."""
    numbers = tuple(Button(str(number), f"entry {number}") for number in range(1, 6))
    rows = (
        numbers,
        (Button("Next ▶", "page 1"),),
        (Button("Newest first", "page 2"),),
        (Button("长" * 30, "topic a"),),
    )
    payload = compose(post(entry(1), buttons=rows))[-1]
    lines = [block for block in payload["blocks"] if block["type"] == "actions"]
    assert [[element["value"] for element in line["elements"]] for line in lines] == [
        [f"entry {number}" for number in range(1, 6)],
        ["page 1", "page 2"],
        ["topic a"],
    ]


def test_buttons_stand_below_the_last_message() -> None:
    """Buttons that act carry their line back, buttons that open carry their address, every id is another."""
    buttons = ((Button("1", "entry 17"), Button("Paper", url="https://e.org")), (Button("Next ▶", "page 3 5 best"),))
    payloads = compose(post(entry(1, 8900), entry(2), buttons=buttons))
    assert [[block["type"] for block in payload["blocks"]][1:] for payload in payloads] == [[], ["actions"]]
    elements = [element for block in payloads[-1]["blocks"][1:] for element in block["elements"]]
    assert [(element.get("value"), element.get("url")) for element in elements] == [
        ("entry 17", None),
        (None, "https://e.org"),
        ("page 3 5 best", None),
    ]
    assert len({element["action_id"] for element in elements}) == 3
    assert payloads[-1]["text"].endswith("Paper: https://e.org")


def test_buttons_take_their_part_of_the_limits() -> None:
    """A message with buttons has less room for text, and still fits."""
    buttons = tuple((Button("x" * 80, "y" * 64),) for _ in range(10))
    payloads = compose(post(*(entry(number, 800) for number in range(12)), buttons=buttons))
    assert all(len(payload["blocks"]) <= limits.MESSAGE_BLOCKS for payload in payloads)
    assert all(weigh(payload["blocks"]) <= limits.MESSAGE_TEXT for payload in payloads)
    assert check_blocks(payloads[-1]["blocks"])[0] == []


def test_long_rows_of_buttons_are_broken() -> None:
    """A row that no block of buttons holds goes on in the next."""
    payload = compose(post(buttons=(tuple(Button(f"{number}", f"entry {number}") for number in range(60)),)))[0]
    assert [len(block["elements"]) for block in payload["blocks"]] == [25, 25, 10]
    assert check_blocks(payload["blocks"])[0] == []


def test_without_pictures_they_are_links() -> None:
    """A refused picture drops to a link; the words stay, and the second time nothing changes."""
    payload = compose(post(Document((paragraph("a"), Image(PICTURE, "A rabbit"), Image(LOCAL, "A fox")))))[0]
    plainer = degrade(payload, Degradation.NO_IMAGES)
    assert plainer is not None
    assert [block["type"] for block in plainer["blocks"]] == ["rich_text"] * 3
    assert words_of(plainer["blocks"]) == "a🖼Arabbit🖼Afox"
    assert PICTURE in str(plainer["blocks"])
    assert LOCAL not in str(plainer)
    assert degrade(plainer, Degradation.NO_IMAGES) is None


def test_plain_is_text_alone() -> None:
    """In its plainest form a message is text with every word and address in it."""
    payload = compose(post(Document((paragraph("see ", link("this", "https://e.org")), Image(PICTURE, "A rabbit")))))[0]
    plain = degrade(payload, Degradation.PLAIN)
    assert plain == {"text": f"see this (https://e.org)\n\n[A rabbit] {PICTURE}"}
    assert degrade(plain, Degradation.PLAIN) is None
    assert degrade(plain, Degradation.NO_IMAGES) is None
    assert degrade(payload, Degradation.NONE) is None


def test_words_for_a_local_picture_do_not_tell_its_path() -> None:
    """The text of a message never holds an address of this machine."""
    payload = compose(post(Document((Image(LOCAL, "A fox"), paragraph("a")))))[0]
    assert payload["text"] == "[A fox]\n\na"


def test_local_pictures_are_shown_from_their_uploads() -> None:
    """Every local picture, and no other, is replaced by the file it was uploaded as."""
    payload = compose(post(Document((Image(LOCAL, "A fox"), Image(PICTURE, "A rabbit")))))[0]
    assert [picture["image_url"] for picture in local_pictures(payload)] == [LOCAL]
    uploaded = with_files(payload, {LOCAL: "F0123ABCD"})
    assert uploaded["blocks"] == [
        {"type": "image", "slack_file": {"id": "F0123ABCD"}, "alt_text": "A fox"},
        {"type": "image", "image_url": PICTURE, "alt_text": "A rabbit"},
    ]
    assert local_pictures(uploaded) == []


def test_message_is_quiet_and_escaped() -> None:
    """No unfurling, no markup; the three characters that mean something to Slack in a text are escaped."""
    message = as_message({"text": "<!here> & *b*"})
    assert message == {
        "text": "&lt;!here&gt; &amp; *b*",
        "unfurl_links": False,
        "unfurl_media": False,
        "mrkdwn": False,
    }


@pytest.mark.parametrize("text", ["x" * 9000, "中" * 9000, "&" * 9000, "👩‍🔬" * 2000])
def test_words_beside_blocks_are_short(text: str) -> None:
    """Beside blocks the text is what a notification takes, and chat.update: 4,000 bytes; an escape is never cut."""
    sent: list[dict[str, Any]] = [
        as_message({"text": text, "blocks": [{"type": "divider"}]}),
        as_update({"text": text, "blocks": [{"type": "divider"}]}),
    ]
    for message in sent:
        assert len(message["text"].encode()) <= limits.FALLBACK_BYTES
        assert message["text"].endswith("…")
        assert message["text"].count("&") == message["text"].count("&amp;")


def test_plain_text_of_any_length_can_be_edited_in() -> None:
    """chat.update takes little text, so plain text goes into plain sections there, whole."""
    text = "<b> " + "中文 " * 2000
    update = as_update({"text": text})
    assert "".join(block["text"]["text"] for block in update["blocks"]) == text
    assert check_blocks(update["blocks"])[0] == []


def test_platform_composes_and_degrades() -> None:
    """The registry's platform does what this room does."""
    unit = entry(1)
    assert PLATFORM.compose(post(Document((bold_title(),)))) == compose(post(Document((bold_title(),))))
    payload = PLATFORM.compose(post(unit))[0]
    assert PLATFORM.degrade(payload, Degradation.PLAIN) == {"text": payload["text"]}


def bold_title() -> Heading:
    return Heading((bold("Issue 12"),), 1)
