"""Block Kit: what is taken, and how what is not is named."""

from __future__ import annotations

from typing import Any

import pytest

from tests.fakes.slack.blocks import check_blocks
from tests.fakes.slack.reading import buttons_of, words_of
from tests.fakes.transcript import Button

JSON = dict[str, Any]


def plain(text: str) -> JSON:
    return {"type": "plain_text", "text": text}


def mrkdwn(text: str) -> JSON:
    return {"type": "mrkdwn", "text": text}


def section(text: str = "x", **fields: Any) -> JSON:
    return {"type": "section", "text": mrkdwn(text), **fields}


def button(label: str = "More", **fields: Any) -> JSON:
    return {"type": "button", "text": plain(label), "action_id": "more", **fields}


def actions(*elements: JSON) -> JSON:
    return {"type": "actions", "elements": list(elements)}


def rich(*elements: JSON) -> JSON:
    return {"type": "rich_text", "elements": list(elements)}


def leaves(kind: str, *elements: JSON, **fields: Any) -> JSON:
    return {"type": kind, "elements": list(elements), **fields}


def select(**fields: Any) -> JSON:
    options = [{"text": plain(value), "value": value} for value in ("en", "zh")]
    return {"type": "static_select", "action_id": "language", "options": options, **fields}


TEXT = {"type": "text", "text": "NeRF", "style": {"bold": True}}
LINK = {"type": "link", "url": "https://arxiv.org/abs/1", "text": "paper"}
PICTURE = {"type": "image", "image_url": "https://example.org/a.png", "alt_text": "figure"}


@pytest.mark.parametrize(
    "block",
    [
        section("x" * 3000),
        {"type": "section", "fields": [mrkdwn("x" * 2000)] * 10},
        section(accessory=PICTURE),
        section(accessory=button()),
        {"type": "header", "text": plain("x" * 150)},
        {"type": "divider"},
        {**PICTURE, "title": plain("Figure 1")},
        {"type": "context", "elements": [PICTURE, mrkdwn("x"), plain("y")]},
        actions(button(value="1"), button(action_id="next", url="https://example.org"), select()),
        rich(
            leaves("rich_text_section", TEXT, LINK, {"type": "emoji", "name": "tada"}),
            leaves("rich_text_list", leaves("rich_text_section", TEXT), style="ordered", indent=2, offset=3),
            leaves("rich_text_preformatted", {"type": "text", "text": "x = 1"}, border=0),
            leaves("rich_text_quote", TEXT, {"type": "user", "user_id": "U1"}),
        ),
        {"type": "markdown", "text": "**x**"},
        {"type": "input", "label": plain("Language"), "element": select()},
    ],
)
def test_what_fits_is_taken(block: JSON) -> None:
    """Every kind of block the app may use passes at its limits."""
    assert check_blocks([block])[0] == []


@pytest.mark.parametrize(
    ("block", "problem"),
    [
        (section("x" * 3001), "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        (section(""), "must be more than 0 characters [json-pointer:/blocks/0/text/text]"),
        ({"type": "section"}, "missing required field: text or fields [json-pointer:/blocks/0]"),
        (
            {"type": "section", "fields": [mrkdwn("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/fields]",
        ),
        (section(colour="red"), "invalid additional property: colour [json-pointer:/blocks/0]"),
        ({"type": "header", "text": mrkdwn("x")}, "unsupported type: mrkdwn [json-pointer:/blocks/0/text/type]"),
        (
            {"type": "header", "text": plain("x" * 151)},
            "must be less than 151 characters [json-pointer:/blocks/0/text/text]",
        ),
        ({"type": "divider", "text": "x"}, "invalid additional property: text [json-pointer:/blocks/0]"),
        (
            {"type": "image", "image_url": "x.png", "alt_text": "x"},
            "is not a valid URL [json-pointer:/blocks/0/image_url]",
        ),
        ({"type": "image", "image_url": "https://a/b.png"}, "missing required field [json-pointer:/blocks/0/alt_text]"),
        (
            {**PICTURE, "image_url": "https://example.org/a.webp?w=1"},
            "downloading image failed [json-pointer:/blocks/0/image_url]",
        ),
        (
            actions(*[button(action_id=str(n)) for n in range(26)]),
            "no more than 25 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (actions(), "no fewer than 1 items allowed [json-pointer:/blocks/0/elements]"),
        (
            actions(button(), button()),
            "`action_id` more already exists for another element [json-pointer:/blocks/0/elements/1/action_id]",
        ),
        (actions(button("x" * 76)), "must be less than 76 characters [json-pointer:/blocks/0/elements/0/text/text]"),
        (
            actions(button(value="x" * 2001)),
            "must be less than 2001 characters [json-pointer:/blocks/0/elements/0/value]",
        ),
        (actions(button(style="big")), "must be one of primary, danger [json-pointer:/blocks/0/elements/0/style]"),
        (actions(PICTURE), "unsupported type: image [json-pointer:/blocks/0/elements/0/type]"),
        (actions(select(options=[])), "missing required field: options [json-pointer:/blocks/0/elements/0]"),
        (
            actions(select(initial_option={"text": plain("fr"), "value": "fr"})),
            "initial option must be one of the options [json-pointer:/blocks/0/elements/0]",
        ),
        (
            {"type": "context", "elements": [plain("x")] * 11},
            "no more than 10 items allowed [json-pointer:/blocks/0/elements]",
        ),
        (rich(TEXT), "unsupported type: text [json-pointer:/blocks/0/elements/0/type]"),
        (
            rich(leaves("rich_text_section", {"type": "text", "text": ""})),
            "must be more than 0 characters [json-pointer:/blocks/0/elements/0/elements/0/text]",
        ),
        (
            rich(leaves("rich_text_section", {**TEXT, "style": {"big": True}})),
            "invalid additional property: big [json-pointer:/blocks/0/elements/0/elements/0/style]",
        ),
        (
            rich(leaves("rich_text_section", {**LINK, "url": "nowhere"})),
            "is not a valid URL [json-pointer:/blocks/0/elements/0/elements/0/url]",
        ),
        (
            rich(leaves("rich_text_list", TEXT, style="bullet")),
            "a list holds rich_text_section only [json-pointer:/blocks/0/elements/0/elements/0]",
        ),
        (
            rich(leaves("rich_text_list", leaves("rich_text_section", TEXT), style="bullet", indent=9)),
            "must be between 0 and 8 [json-pointer:/blocks/0/elements/0/indent]",
        ),
        (
            rich(leaves("rich_text_preformatted", {"type": "emoji", "name": "tada"})),
            "unsupported type: emoji [json-pointer:/blocks/0/elements/0/elements/0/type]",
        ),
        ({"type": "marquee"}, "unsupported type: marquee [json-pointer:/blocks/0/type]"),
        (section(block_id="x" * 256), "must be less than 256 characters [json-pointer:/blocks/0/block_id]"),
    ],
)
def test_what_does_not_fit_is_named_with_its_place(block: JSON, problem: str) -> None:
    """One thing wrong is one problem, in Slack's words and with a pointer to it."""
    assert check_blocks([block])[0] == [problem]


def test_a_message_holds_fifty_blocks_and_a_view_a_hundred() -> None:
    """The number of blocks depends on where they stand."""
    many = [{"type": "divider"}] * 51
    assert check_blocks(many)[0] == ["no more than 50 items allowed [json-pointer:/blocks]"]
    assert check_blocks(many, surface="modal")[0] == []
    assert check_blocks([{"type": "divider"}] * 101, surface="home")[0] == [
        "no more than 100 items allowed [json-pointer:/blocks]"
    ]


def test_block_ids_are_unique() -> None:
    """Two blocks of one name are one too many; two elements of one name may stand in different blocks."""
    same = [section(block_id="a"), section(block_id="a")]
    assert check_blocks(same)[0] == ["`block_id` a already exists [json-pointer:/blocks/1/block_id]"]
    assert check_blocks([actions(button()), actions(button())])[0] == []


def test_characters_are_words_and_addresses() -> None:
    """What counts towards a message's length is its text and its links, not its names."""
    block = rich(leaves("rich_text_section", {"type": "text", "text": "NeRF"}, {"type": "link", "url": "https://a.io"}))
    assert check_blocks([{**block, "block_id": "x" * 100}, section("four")])[1] == 4 + 12 + 4


def test_a_reader_reads_words_and_buttons() -> None:
    """The words of every block in order; a button's data is its value, or its action without one."""
    blocks = [
        {"type": "header", "text": plain("Digest")},
        section("*NeRF*", accessory=button("Open", value="entry 1")),
        {"type": "section", "fields": [mrkdwn("a"), mrkdwn("b")]},
        rich(
            leaves("rich_text_section", TEXT, {"type": "text", "text": ": "}, LINK),
            leaves(
                "rich_text_list", leaves("rich_text_section", TEXT), leaves("rich_text_section", LINK), style="bullet"
            ),
        ),
        {"type": "context", "elements": [mrkdwn("page 1"), PICTURE]},
        {**PICTURE, "title": plain("Figure 1")},
        actions(button("Next"), button("Site", action_id="site", url="https://a.io"), select()),
    ]
    assert words_of({"blocks": blocks}).split("\n") == [
        "Digest",
        "*NeRF*",
        "a",
        "b",
        "NeRF: paper",
        "NeRF",
        "paper",
        "page 1 figure",
        "Figure 1",
    ]
    assert buttons_of(blocks) == (
        (Button("Open", "entry 1"),),
        (Button("Next", "more"), Button("Site", "site", "https://a.io")),
    )
    assert words_of({"text": "plain"}) == "plain"
